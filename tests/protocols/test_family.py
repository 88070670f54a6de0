"""What all families share: tokens, deadlines, broken frames, who speaks. Spoken here: lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from protocols.conversation import Close, Event, Fault, Identified, Nak, Reply, SignalsReceived, Token
from protocols.errors import ContentError, FrameTooLong, LocalProtocolError
from protocols.family import MAX_BROKEN, MAX_OWED, FamilyConversation, FamilyDatagram, Heard, Patience, no_part
from protocols.orders import Locate, Order, Reassure
from protocols.pieces import CutShort, Garbage, Piece, TooLong, Whole
from protocols.signal import AccountId, Signal, SignalKind

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
PATIENCE = Patience(idle=timedelta(minutes=10))
LIMIT_BYTES = 20


class Lines:
    """A line is a frame; what begins with # is garbage."""

    def __init__(self) -> None:
        self._buffer = b""

    @property
    def pending_bytes(self) -> int:
        return len(self._buffer)

    @property
    def may_be_whole(self) -> bool:
        return self._buffer.endswith(b"!")

    def receive(self, chunk: bytes) -> list[Piece]:
        *lines, self._buffer = (self._buffer + chunk).split(b"\n")
        if len(self._buffer) > LIMIT_BYTES:
            self._buffer = b""
            return [TooLong(b"", LIMIT_BYTES)]
        return [Garbage(line) if line.startswith(b"#") else Whole(line) for line in lines]

    def give_up(self) -> list[Piece]:
        pending, self._buffer = self._buffer, b""
        return [] if not pending else [Whole(pending) if pending.endswith(b"!") else CutShort(pending)]


class Words:
    """`login NAME` names the device; `sos` is an alarm; `what` is asked for the time; `bye` hangs up."""

    def __init__(self) -> None:
        self.device: AccountId | None = None

    def hear(self, raw: bytes, now: datetime) -> Heard:
        word, _, rest = raw.rstrip(b"!").decode().partition(" ")
        if word == "login":
            self.device = AccountId(rest)
            return Heard(answer=b"welcome\n")
        if word == "sos":
            return Heard(signals=(Signal(kind=SignalKind.PANIC, device=self.device, repeat_key="1"),), answer=b"ok\n")
        if word == "time":
            return Heard(reply=b"noon\n")
        if word == "bye":
            return Heard(close="it said goodbye")
        raise ContentError(word)

    def hear_part(self, raw: bytes, now: datetime) -> Heard:
        return self.hear(raw, now) if raw.startswith(b"sos") else no_part(raw)

    def order(self, order: Order, now: datetime) -> Sequence[bytes]:
        return [b"where\n"] if order == Locate() else []


def begin() -> FamilyConversation:
    return FamilyConversation(Lines(), Words(), PATIENCE, NOW)


def tokens(events: Sequence[Event]) -> list[Token]:
    return [event.token for event in events if isinstance(event, SignalsReceived) and event.token is not None]


def test_a_name_is_said_once_and_again_when_it_changes() -> None:
    events = begin().receive(b"login a\nlogin a\nlogin b\n", NOW)

    assert [event.device for event in events if isinstance(event, Identified)] == ["a", "b"]


def test_an_answer_leaves_only_for_its_token_and_once() -> None:
    conversation = begin()
    (token,) = tokens(conversation.receive(b"sos\n", NOW))

    assert conversation.ack(token, NOW) == b"ok\n"
    with pytest.raises(LocalProtocolError):
        conversation.ack(token, NOW)


def test_what_was_not_stored_is_met_with_silence_and_a_stranger_is_answered() -> None:
    conversation = begin()
    first, second = tokens(conversation.receive(b"sos\nlogin x\n", NOW))

    assert conversation.nak(first, Nak.NOT_STORED, NOW) == b""
    assert conversation.nak(second, Nak.UNKNOWN_DEVICE, NOW) == b"welcome\n"


def test_what_promises_nothing_is_said_at_once() -> None:
    events = begin().receive(b"time\n", NOW)

    assert events[0] == Reply(b"noon\n")
    assert tokens(events) == []


def test_a_broken_frame_costs_no_other_and_too_many_in_a_row_cost_the_connection() -> None:
    conversation = begin()
    events = conversation.receive(b"#\nnonsense\nsos\n", NOW)

    assert [type(event) for event in events] == [Fault, Fault, SignalsReceived]
    more = conversation.receive(b"nonsense\n" * (MAX_BROKEN + 3), NOW)
    assert [event.close for event in more if isinstance(event, Fault)] == [False] * (MAX_BROKEN - 1) + [True]
    assert conversation.receive(b"sos\n", NOW) == ()


def test_a_frame_without_an_end_costs_the_connection() -> None:
    (event,) = begin().receive(b"x" * (LIMIT_BYTES + 1), NOW)

    assert isinstance(event, Fault)
    assert isinstance(event.error, FrameTooLong)
    assert event.close


def test_who_sends_and_never_takes_an_answer_is_hung_up_on() -> None:
    events = begin().receive(b"sos\n" * (MAX_OWED + 5), NOW)

    assert len(tokens(events)) == MAX_OWED
    assert isinstance(events[-1], Fault)
    assert events[-1].close


def test_silence_ends_a_connection_sooner_before_the_first_frame() -> None:
    conversation = begin()
    assert conversation.next_deadline() == NOW + PATIENCE.first_frame
    conversation.receive(b"login a\n", NOW)
    assert conversation.next_deadline() == NOW + PATIENCE.idle

    assert conversation.deadline_passed(NOW + PATIENCE.idle - timedelta(seconds=1)) == ()
    assert conversation.deadline_passed(NOW + PATIENCE.idle) == (Close("idle"),)
    assert conversation.next_deadline() is None


def test_an_alarm_whose_frame_never_ended_still_counts_and_the_connection_ends() -> None:
    conversation = begin()
    conversation.receive(b"sos", NOW)
    events = conversation.deadline_passed(NOW + PATIENCE.partial_frame)

    assert [type(event) for event in events] == [SignalsReceived, Close]


def test_what_may_be_whole_is_settled_by_a_short_silence_and_the_connection_stays() -> None:
    conversation = begin()
    conversation.receive(b"sos!", NOW)
    due_at = conversation.next_deadline()

    assert due_at == NOW + PATIENCE.settle
    assert [type(event) for event in conversation.deadline_passed(due_at)] == [SignalsReceived]
    assert conversation.next_deadline() is not None


def test_a_farewell_closes_after_the_answer() -> None:
    assert begin().receive(b"bye\n", NOW)[-1] == Close("it said goodbye")


def test_a_datagram_ends_where_it_ends() -> None:
    events = FamilyDatagram(Lines(), Words(), PATIENCE, NOW).receive(b"sos\nlogin a\nsos", NOW)

    assert [type(event) for event in events] == [SignalsReceived, Identified, SignalsReceived, SignalsReceived]
    assert isinstance(FamilyDatagram(Lines(), Words(), PATIENCE, NOW).receive(b"hal", NOW)[-1], Fault)


def test_an_order_is_said_in_the_familys_words_or_not_at_all() -> None:
    assert begin().order(Locate(), NOW) == [b"where\n"]
    assert begin().order(Reassure("hej"), NOW) == []
