"""Whom the receiver believes, and what it answers when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.conversation import Account, Fault, Nak, Token
from protocols.dc09 import Dc09Conversation, Recent
from protocols.dc09.codec import open_envelope, parse
from protocols.dc09.framing import Frame, Framer, frame
from protocols.dc09.messages import Message
from protocols.dc09.reception import MAX_OWED, TimeOutsideWindow, TooManyUnanswered
from protocols.errors import ContentError, LocalProtocolError, NotAuthentic
from protocols.signal import AccountId, SignalKind
from tests.protocols.dc09.support import (
    CLEAR,
    KEY,
    NOON,
    SEALED,
    Enrolled,
    conversation,
    draw,
    panic,
    received,
    signals,
)

OTHER_KEY = b"FEDCBA9876543210"


def opened(answer: bytes, key: bytes | None = None) -> Message:
    (found,) = Framer().feed(answer)
    assert isinstance(found, Frame)
    return parse(open_envelope(found.text), key)


def fault(events: object) -> Fault:
    assert isinstance(events, list)
    (found,) = [event for event in events if isinstance(event, Fault)]
    return found


def test_nothing_is_answered_before_the_signals_are_on_disk() -> None:
    receiver = conversation()
    (event,) = received(receiver.receive(panic(), NOON))
    assert event.token is not None
    assert receiver.ack(event.token, NOON) == b'\n1BC10012"ACK"0001L0#1234[]\r'


def test_an_answer_is_given_once() -> None:
    receiver = conversation()
    (event,) = received(receiver.receive(panic(), NOON))
    assert event.token is not None
    receiver.ack(event.token, NOON)
    for call in (lambda t: receiver.ack(t, NOON), lambda t: receiver.nak(t, Nak.NOT_STORED, NOON)):
        with pytest.raises(LocalProtocolError):
            call(event.token)
        with pytest.raises(LocalProtocolError):
            call(Token(99))


def test_answers_may_be_given_in_any_order() -> None:
    receiver = conversation()
    first, second = received(receiver.receive(panic(seq=1) + panic(seq=2), NOON))
    assert first.token is not None
    assert second.token is not None
    assert opened(receiver.ack(second.token, NOON)).header.seq == 2
    assert opened(receiver.ack(first.token, NOON)).header.seq == 1


def test_what_was_not_stored_is_met_with_silence_so_that_the_panel_repeats() -> None:
    receiver = conversation()
    (event,) = received(receiver.receive(panic(), NOON))
    assert event.token is not None
    assert receiver.nak(event.token, Nak.NOT_STORED, NOON) == b""
    (again,) = received(receiver.receive(panic(), NOON + timedelta(seconds=5)))
    assert again.signals[0].repeat_key == event.signals[0].repeat_key


def test_an_alarm_of_an_unknown_account_is_heard_and_the_shell_decides() -> None:
    receiver = conversation()
    (event,) = received(receiver.receive(panic("4321"), NOON))
    assert event.signals[0].kind is SignalKind.PANIC
    assert event.signals[0].device == "4321"
    assert event.token is not None
    assert receiver.nak(event.token, Nak.UNKNOWN_DEVICE, NOON) == b""


def test_an_unknown_account_may_be_answered_duh_if_so_set() -> None:
    receiver = conversation(duh_unknown=True)
    (event,) = received(receiver.receive(panic("4321"), NOON))
    assert event.token is not None
    assert opened(receiver.nak(event.token, Nak.UNKNOWN_DEVICE, NOON)).name == "DUH"
    (event,) = received(receiver.receive(panic("4321"), NOON))
    assert event.token is not None
    assert receiver.nak(event.token, Nak.NOT_STORED, NOON) == b""


def test_a_sealed_message_is_acked_sealed_and_dated() -> None:
    receiver = conversation()
    (event,) = received(receiver.receive(panic("5678", key=KEY), NOON))
    assert event.token is not None
    answer = opened(receiver.ack(event.token, NOON + timedelta(milliseconds=1500)), KEY)
    assert (answer.name, answer.encrypted, answer.sent_at) == ("ACK", True, NOON + timedelta(seconds=1))


@pytest.mark.parametrize("off_s", [-40, -39, -1, 0, 1, 19, 20])
def test_a_sealed_message_within_the_window_is_believed(off_s: int) -> None:
    raw = panic("5678", key=KEY, at=NOON + timedelta(seconds=off_s))
    (event,) = received(conversation().receive(raw, NOON))
    assert event.authentic
    assert event.signals[0].doubts == ()


@pytest.mark.parametrize("off_s", [-86_400, -60, -41, 21, 60, 86_400])
def test_a_sealed_message_outside_the_window_is_told_the_time(off_s: int) -> None:
    raw = panic("5678", key=KEY, at=NOON + timedelta(seconds=off_s))
    (event,) = conversation().receive(raw, NOON)
    assert isinstance(event, Fault)
    assert isinstance(event.error, TimeOutsideWindow)
    assert event.error.off_by == timedelta(seconds=off_s)
    assert event.reply == frame(b'"NAK"0000R0L0A0[]_12:00:05,01-02-2026')
    assert event.raw == raw


def test_a_panel_that_does_not_learn_from_nak_is_heard_as_unproven_and_never_acked() -> None:
    receiver = conversation()
    raw = panic("5678", key=KEY, at=NOON - timedelta(hours=1))
    receiver.receive(raw, NOON)
    events = receiver.receive(raw, NOON + timedelta(seconds=5))
    assert isinstance(events[0], Fault)
    assert events[0].reply
    (event,) = received(events)
    assert (event.authentic, event.token) == (False, None)
    assert event.signals[0].kind is SignalKind.PANIC
    proper = signals(receiver.receive(panic("5678", key=KEY), NOON))[0]
    assert proper.repeat_key != event.signals[0].repeat_key


def test_a_panel_whose_clock_cannot_be_set_may_be_enrolled_so() -> None:
    lenient = replace(SEALED, options={"clock_window": "noted"})
    raw = panic("5678", key=KEY, at=NOON - timedelta(hours=1))
    (event,) = received(conversation(lenient).receive(raw, NOON))
    assert event.signals[0].doubts == ("the transmitter's clock is -3600 s off",)
    assert event.token is not None


def test_a_sealed_message_that_comes_twice_is_the_same_message_and_says_so() -> None:
    shared = Recent()
    raw = panic("5678", key=KEY)
    first = signals(conversation(recent=shared).receive(raw, NOON))[0]
    second = signals(conversation(recent=shared).receive(raw, NOON + timedelta(seconds=5)))[0]
    assert second.repeat_key == first.repeat_key
    assert first.doubts == ()
    assert second.doubts == ("this very frame came before: a copy on the network, or played back",)


def test_a_proper_repeat_with_a_new_time_stamp_is_the_same_message_and_in_no_doubt() -> None:
    receiver = conversation()
    first = signals(receiver.receive(panic("5678", key=KEY), NOON))[0]
    later = NOON + timedelta(seconds=5)
    second = signals(receiver.receive(panic("5678", key=KEY, at=later), later))[0]
    assert second.repeat_key == first.repeat_key
    assert second.doubts == ()


def test_a_played_back_message_with_another_number_is_marked() -> None:
    receiver = conversation()
    raw = panic("5678", key=KEY)
    receiver.receive(raw, NOON)
    (found,) = Framer().feed(raw)
    assert isinstance(found, Frame)
    (signal,) = signals(receiver.receive(frame(found.text.replace(b"0001", b"0002")), NOON))
    assert "played back" in signal.doubts[0]


def test_a_wrong_key_is_a_security_event_without_an_answer_and_the_bytes_are_kept() -> None:
    raw = panic("5678", key=OTHER_KEY)
    (event,) = conversation().receive(raw, NOON)
    assert isinstance(event, Fault)
    assert isinstance(event.error, NotAuthentic)
    assert (event.reply, event.close, event.raw) == (b"", False, raw)


def test_clear_text_from_an_account_with_a_key_is_refused_but_its_alarm_is_heard() -> None:
    events = conversation().receive(panic("5678"), NOON)
    assert isinstance(fault(events).error, NotAuthentic)
    (event,) = received(events)
    assert (event.authentic, event.token) == (False, None)
    assert event.signals[0].repeat_key.startswith("unproven:")


def test_clear_text_without_an_alarm_from_an_account_with_a_key_says_nothing() -> None:
    events = conversation().receive(panic("5678", data=b"#5678|NRP0"), NOON)
    assert received(events) == []
    assert isinstance(fault(events).error, NotAuthentic)


def test_leaving_the_account_out_of_the_header_is_no_way_round_the_key() -> None:
    events = conversation().receive(frame(b'"SIA-DCS"0001L0[#5678|NPA7]'), NOON)
    assert isinstance(fault(events).error, NotAuthentic)
    assert [event.authentic for event in received(events)] == [False]


def test_a_sealed_message_of_an_account_without_a_key_is_not_authentic() -> None:
    (event,) = conversation().receive(panic("1234", key=KEY), NOON)
    assert isinstance(event, Fault)
    assert isinstance(event.error, NotAuthentic)


def test_a_key_of_no_known_length_refuses_without_falling_over() -> None:
    broken = Account(device=AccountId("5678"), secret=b"short")
    for raw in (panic("5678"), panic("5678", key=KEY)):
        assert isinstance(fault(conversation(broken).receive(raw, NOON)).error, NotAuthentic)


def test_a_clear_clock_that_is_off_is_noted_and_never_refused() -> None:
    (event,) = received(conversation().receive(panic(at=NOON - timedelta(days=400)), NOON))
    assert event.signals[0].doubts == ("the transmitter's clock is -34560000 s off",)


@pytest.mark.parametrize("name", [b"ACK", b"DUH", b"RSP"])
def test_an_answer_is_never_answered(name: bytes) -> None:
    (event,) = conversation().receive(frame(b'"%s"0001L0#1234[]' % name), NOON)
    assert isinstance(event, Fault)
    assert isinstance(event.error, ContentError)
    assert event.reply == b""


def test_a_name_that_nobody_knows_is_kept_first_and_then_answered_duh() -> None:
    receiver = conversation()
    (event,) = received(receiver.receive(frame(b'"SIA-PUD"0008R1L0#1234[x]'), NOON))
    assert event.signals[0].kind is SignalKind.UNKNOWN
    assert event.token is not None
    assert receiver.ack(event.token, NOON) == frame(b'"DUH"0008R1L0#1234[]')


def test_the_sequence_goes_round_and_a_restarted_panel_is_heard_anew() -> None:
    receiver = conversation()
    keys = [
        signals(receiver.receive(panic(seq=seq, data=b"#1234|NPA%d" % zone), NOON))[0].repeat_key
        for seq, zone in [(9998, 7), (9999, 7), (1, 7), (2, 7), (1, 8)]
    ]
    assert len(set(keys)) == 5


def test_who_never_waits_for_an_answer_is_held_back() -> None:
    receiver = conversation()
    events = receiver.receive(panic() * (MAX_OWED + 1), NOON)
    assert len(received(events)) == MAX_OWED
    assert isinstance(fault(events).error, TooManyUnanswered)
    token = received(events)[0].token
    assert token is not None
    receiver.ack(token, NOON)
    assert received(receiver.receive(panic(), NOON))


def test_no_error_shows_keys_or_content() -> None:
    for raw in (panic("5678"), panic("5678", key=OTHER_KEY), panic("5678", key=KEY, at=NOON - timedelta(hours=1))):
        words = str(fault(conversation().receive(raw, NOON)).error)
        assert "PA7" not in words
        assert KEY.decode() not in words


@given(
    account=st.sampled_from(["1234", "5678", "4321"]),
    key=st.sampled_from([None, KEY, OTHER_KEY]),
    off_s=st.integers(-100, 100),
    seq=st.integers(0, 9999),
)
def test_no_press_is_ever_lost_without_a_trace(account: str, key: bytes | None, off_s: int, seq: int) -> None:
    raw = panic(account, key=key, seq=seq, at=NOON + timedelta(seconds=off_s))
    events = Dc09Conversation(Enrolled(CLEAR, SEALED), draw=draw).receive(raw, NOON)
    faults = [event for event in events if isinstance(event, Fault)]
    heard = [signal for signal in signals(events) if signal.kind is SignalKind.PANIC]
    assert heard or [event.raw for event in faults] == [raw]
    assert all(event.token is None for event in received(events) if not event.authentic)
