"""The receiver's end of a gl200 unit's connection: answers, repeats, zones, orders, and bad days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.conversation import Account, Event, Fault, Nak, SignalsReceived
from protocols.errors import FramingError, LocalProtocolError
from protocols.family import FamilyConversation
from protocols.gl200.framing import MAX_FRAME_BYTES
from protocols.orders import CallBack, Commission, Locate, Reassure
from protocols.signal import AccountId, Signal, SignalKind
from tests.protocols.captured import Enrolled, captures
from tests.protocols.streams import NOW, check_cut_anywhere, check_survives, hear, openers_of, replies

IMEI = AccountId("866000000000017")
HEAD = "1A0800,866000000000017,"
BLOCK = "1,3.6,180,35.0,12.090000,57.930000,20260304050607,0240,0007,1234,ABCD,"
SOS = f"+RESP:GTSOS,{HEAD},0,0,1,{BLOCK},81,20260304050610,00A2$".encode()
LOST = f"+RESP:GTSOS,{HEAD},0,0,1,0,,,,,,,0240,0007,1234,ABCD,,81,20260304060610,00A3$".encode()
OPENERS = openers_of("gl200")
FRAMES = [row["frame"].encode() for _, _, row in captures("gl200", "frames") if not row["frame"].startswith("hex:")]


def signals(*chunks: bytes, options: dict[str, str] | None = None) -> list[Signal]:
    accounts = Enrolled(Account(IMEI, options=options or {}))
    events, _ = hear(openers_of("gl200", accounts).connection, chunks)
    return [signal for event in events if isinstance(event, SignalsReceived) for signal in event.signals]


def test_told_again_from_memory_it_is_the_same_message() -> None:
    (live,) = signals(SOS)
    (stored,) = signals(SOS.replace(b"+RESP", b"+BUFF"))
    (renumbered,) = signals(SOS.replace(b"00A2$", b"0000$"))

    assert live.repeat_key == stored.repeat_key == renumbered.repeat_key
    assert (live.buffered, stored.buffered) == (False, True)


def test_a_second_press_is_another_message() -> None:
    (first,), (second,) = signals(SOS), signals(SOS.replace(b"050610,00A2", b"050640,00A2"))

    assert first.repeat_key != second.repeat_key


def test_points_of_one_message_are_told_apart() -> None:
    first, second = signals(f"+RESP:GTFRI,{HEAD},0,0,2,{BLOCK},{BLOCK},81,20260304050610,00A2$".encode())

    assert first.repeat_key != second.repeat_key


def test_an_alarm_without_a_believable_time_is_known_for_a_minute_only() -> None:
    (alarm,) = signals(LOST.replace(b"20260304060610", b"20040101000000"))

    assert alarm.event_at is None
    assert alarm.repeat_window == timedelta(seconds=60)


def test_the_send_time_is_local_and_the_account_knows_the_zone() -> None:
    (guessed,) = signals(LOST)
    (known,) = signals(LOST, options={"zone": "60"})

    assert guessed.event_at == NOW + timedelta(hours=1)
    assert guessed.doubts == ("sent time taken as UTC, but it is +01:00 off",)
    assert (known.event_at, known.sent_at, known.doubts) == (NOW, NOW, ())


def test_an_account_without_answers_gets_none_but_for_its_heartbeat() -> None:
    accounts = Enrolled(Account(IMEI, options={"sack": "off"}))
    heartbeat = f"+ACK:GTHBD,{HEAD},20260304050600,00A1$".encode()
    events, conversation = hear(openers_of("gl200", accounts).connection, [SOS + heartbeat])

    assert replies(events, conversation) == b"+SACK:GTHBD,1A0800,00A1$"


def test_an_unknown_unit_is_answered_and_a_failing_store_keeps_silent() -> None:
    events, conversation = hear(OPENERS.connection, [SOS, SOS])
    first, second = (event.token for event in events if isinstance(event, SignalsReceived))
    assert first is not None
    assert second is not None

    assert conversation.nak(first, Nak.UNKNOWN_DEVICE, NOW) == b"+SACK:00A2$"
    assert conversation.nak(second, Nak.NOT_STORED, NOW) == b""


def test_an_sos_whose_end_never_came_counts_and_is_not_answered() -> None:
    conversation = OPENERS.connection(NOW)
    assert conversation.receive(SOS[:60], NOW) == []
    due_at = conversation.next_deadline()
    assert due_at is not None
    events = conversation.deadline_passed(due_at)
    (received,) = (event for event in events if isinstance(event, SignalsReceived))

    assert [signal.kind for signal in received.signals] == [SignalKind.PANIC]
    assert received.token is None


@pytest.mark.parametrize("part", [SOS.replace(b"SOS", b"FRI")[:60], SOS[:9]])
def test_any_other_part_is_refused(part: bytes) -> None:
    conversation = OPENERS.connection(NOW)
    conversation.receive(part, NOW)
    due_at = conversation.next_deadline()
    assert due_at is not None
    fault = conversation.deadline_passed(due_at)[0]

    assert isinstance(fault, Fault)


def test_a_datagram_that_was_cut_off_is_settled_at_once() -> None:
    assert OPENERS.datagram is not None
    events, _ = hear(OPENERS.datagram, [SOS[:60]])
    others, _ = hear(OPENERS.datagram, [b"+RESP:GTFRI,1A0800"])

    assert any(isinstance(event, SignalsReceived) for event in events)
    assert [type(event.error) for event in others if isinstance(event, Fault)] == [FramingError]


def test_locate_is_said_in_the_units_own_words() -> None:
    plain, _ = speaking({})
    with_password, _ = speaking({"password": "secret1"})

    assert plain.order(Locate(), NOW) == (b"AT+GTRTO=gl300,1,,,,,,0001$",)
    assert plain.order(Locate(), NOW) == (b"AT+GTRTO=gl300,1,,,,,,0002$",)
    assert with_password.order(Locate(), NOW) == (b"AT+GTRTO=secret1,1,,,,,,0001$",)


def test_there_are_no_words_for_other_orders() -> None:
    conversation, _ = speaking({})

    for order in (Reassure("Help is coming"), CallBack("0700000000"), Commission(report_every_s=60)):
        assert conversation.order(order, NOW) == ()


def test_before_the_unit_has_said_its_name_nothing_can_be_said_to_it() -> None:
    conversation = OPENERS.connection(NOW)
    assert isinstance(conversation, FamilyConversation)

    with pytest.raises(LocalProtocolError):
        conversation.order(Locate(), NOW)


def speaking(options: dict[str, str]) -> tuple[FamilyConversation, list[Event]]:
    events, conversation = hear(openers_of("gl200", Enrolled(Account(IMEI, options=options))).connection, [SOS])
    assert isinstance(conversation, FamilyConversation)
    return conversation, events


def test_a_day_of_frames_may_be_cut_anywhere() -> None:
    check_cut_anywhere(
        OPENERS.connection, b"".join((SOS, SOS[:30], LOST, b"\r\n\x00", bytes.fromhex("2B484244010A00112233"), LOST))
    )


PIECES = [
    b"+RESP:GT",
    b"SOS",
    b"+ACK:GTHBD",
    b",",
    b"$",
    b"\x00",
    b"+RSP\x00",
    b"866000000000017",
    b"12.090000,57.930000,20260304050607",
]


@settings(max_examples=150)
@given(st.lists(st.one_of(st.sampled_from([*PIECES, *FRAMES]), st.binary(max_size=8)), max_size=25))
def test_any_bytes_give_signals_or_faults(chunks: list[bytes]) -> None:
    check_survives(OPENERS.connection, chunks, MAX_FRAME_BYTES)


@settings(max_examples=150)
@given(st.sampled_from(FRAMES), st.data())
def test_a_frame_with_any_field_changed_still_gives_signals_or_faults(frame: bytes, data: st.DataObject) -> None:
    fields = frame.split(b",")
    fields[data.draw(st.integers(0, len(fields) - 1))] = data.draw(
        st.one_of(st.binary(max_size=12), st.sampled_from(PIECES))
    )
    check_survives(OPENERS.connection, [b",".join(fields) + b"$"], MAX_FRAME_BYTES)
