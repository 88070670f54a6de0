"""One request and its answer, from the transmitter's side."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from protocols.conversation import Fault
from protocols.errors import ContentError, LocalProtocolError
from protocols.sos_access.codec import serialise
from protocols.sos_access.conversation import Answered, Exchange, Unanswered
from protocols.sos_access.messages import AlarmResponse, PingResponse
from tests.protocols.sos_access.support import ALARM, PING

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(seconds=10)
TOOK = AlarmResponse(status=0, info="OK")
ANSWER = serialise(TOOK)


def exchange() -> Exchange:
    return Exchange(ALARM, NOON)


def test_the_request_goes_out_and_the_answer_ends_it() -> None:
    begun = exchange()
    assert begun.request_bytes == serialise(ALARM)
    assert begun.next_deadline() == LATER
    assert begun.receive(ANSWER, NOON) == [Answered(TOOK)]
    assert begun.over
    assert begun.next_deadline() is None


@pytest.mark.parametrize("at", range(1, len(ANSWER)))
def test_an_answer_may_come_in_pieces(at: int) -> None:
    begun = exchange()
    assert begun.receive(ANSWER[:at], NOON) == []
    assert begun.receive(ANSWER[at:], NOON) == [Answered(TOOK)]


def test_a_second_answer_a_late_one_and_the_end_say_nothing_more() -> None:
    begun = exchange()
    assert begun.receive(ANSWER + ANSWER, NOON) == [Answered(TOOK)]
    assert begun.receive(ANSWER, NOON) == []
    assert begun.closed() == []
    assert begun.deadline_passed(LATER) == []


def test_silence_ends_at_the_deadline_and_not_before() -> None:
    begun = exchange()
    assert begun.deadline_passed(LATER - timedelta(microseconds=1)) == []
    assert begun.deadline_passed(LATER) == [Unanswered("no answer")]
    assert begun.receive(ANSWER, LATER) == []


def test_an_answer_that_breaks_off_is_told_from_silence() -> None:
    begun, cut, shut = exchange(), exchange(), exchange()
    begun.receive(ANSWER[:60], NOON)
    cut.receive(ANSWER[:60], NOON)
    assert begun.deadline_passed(LATER) == [Unanswered("the answer broke off")]
    assert cut.closed() == [Unanswered("closed in mid-answer")]
    assert shut.closed() == [Unanswered("closed without an answer")]


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 400\r\n", b"<a/>", serialise(PingResponse(status=0, info="OK")), serialise(PING), b"\x00"]
)
def test_what_is_no_answer_to_the_request_is_a_fault(answer: bytes) -> None:
    begun = exchange()
    (fault,) = begun.receive(answer, NOON)
    assert isinstance(fault, Fault)
    assert isinstance(fault.error, ContentError)
    assert fault.close
    assert begun.over


def test_a_request_that_cannot_be_written_never_becomes_a_connection() -> None:
    with pytest.raises(LocalProtocolError):
        Exchange(replace(ALARM, event_code=""), NOON)
