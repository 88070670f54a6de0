"""Answered once, sent until answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from protocols.sip import transactions
from protocols.sip.messages import Response
from protocols.sip.transactions import TIMER_F, TIMER_J, ClientTransactions, ReplyTo, ServerTransactions

NOW = datetime(2026, 3, 4, 5, 6, 10, tzinfo=UTC)
KEY = ("z9hG4bK1", "h:5060", "MESSAGE")
ANSWER = ReplyTo(b"200", 5070)


def response(status: int, branch: str = "b1", method: str = "MESSAGE") -> Response:
    return Response(status, "", (("via", f"SIP/2.0/UDP h;branch={branch}"), ("cseq", f"1 {method}")))


def test_a_retransmission_gets_the_same_answer_and_nothing_before_there_is_one() -> None:
    served = ServerTransactions(reliable=False)
    assert served.again(KEY, NOW) is None
    assert served.again(KEY, NOW) == ()
    served.answered(KEY, ANSWER)
    assert served.again(KEY, NOW + TIMER_J) == (ANSWER,)
    assert served.again(KEY, NOW + TIMER_J + timedelta(seconds=1)) is None
    assert served.knows(("z9hG4bK1", "h:5060", "CANCEL"))
    assert not served.knows(("z9hG4bK2", "h:5060", "CANCEL"))


def test_on_a_stream_what_comes_again_is_meant_again() -> None:
    served = ServerTransactions(reliable=True)
    assert [served.again(KEY, NOW), served.again(KEY, NOW)] == [None, None]
    served.answered(KEY, ANSWER)
    assert len(served) == 0


def test_our_message_is_sent_again_at_doubling_times_until_timer_f() -> None:
    sent = ClientTransactions(reliable=False)
    sent.begin("b1", ANSWER, NOW)
    at_s, lost = [], 0
    while (due_at := sent.next_deadline()) is not None:
        again, gone = sent.due(due_at)
        at_s += [(due_at - NOW).total_seconds()] * len(again)
        lost += gone
    assert at_s == [0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
    assert lost == 1


def test_a_final_answer_ends_it_and_nothing_else_does() -> None:
    sent = ClientTransactions(reliable=True)
    sent.begin("b1", ANSWER, NOW)
    assert sent.port_of(b"200") == 5070
    strange = Response(200, "", ())
    assert [sent.heard(each) for each in (response(100), response(200, "b2"), response(200, method="X"), strange)] == [
        False
    ] * 4
    assert sent.next_deadline() == NOW + TIMER_F
    assert sent.heard(response(404))
    assert (sent.next_deadline(), len(sent), sent.port_of(b"200")) == (None, 0, None)


def test_both_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactions, "MAX_TRANSACTIONS", 3)
    monkeypatch.setattr(transactions, "MAX_SENT", 3)
    served, sent = ServerTransactions(reliable=False), ClientTransactions(reliable=False)
    for number in range(9):
        served.again((f"z{number}", "h", "MESSAGE"), NOW)
        sent.begin(f"z{number}", ANSWER, NOW)
    assert (len(served), len(sent)) == (3, 3)


def test_long_answers_are_forgotten_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactions, "MAX_REMEMBERED_BYTES", 10_000)
    served = ServerTransactions(reliable=False)
    for number in range(50):
        key = (f"z{number}", "h", "MESSAGE")
        served.again(key, NOW)
        served.answered(key, ReplyTo(b"x" * 1_000))
    assert len(served) == 9
    assert served.again(("z49", "h", "MESSAGE"), NOW) == (ReplyTo(b"x" * 1_000),)
    assert served.again(("new", "h", "MESSAGE"), NOW + 2 * TIMER_J) is None
    assert len(served) == 1
