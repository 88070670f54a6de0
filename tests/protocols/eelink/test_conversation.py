"""An eelink device's connection: every code, names by log-in or envelope, answers, orders, and hostile bytes."""

from __future__ import annotations

import struct
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.conversation import Account, Fault, Identified, SignalsReceived
from protocols.eelink.codec import command, serialise
from protocols.eelink.codes import CODES
from protocols.eelink.framing import MAX_PACKAGE_BYTES, framer
from protocols.eelink.messages import Envelope, Package
from protocols.orders import CallBack, Commission, Locate, Reassure
from protocols.signal import AccountId, Signal, SignalKind
from tests.protocols.captured import Enrolled
from tests.protocols.streams import NOW, check_cut_anywhere, check_linear, check_survives, hear, openers_of, replies

IMEI = "866000000000017"
T0_S = 1772600767
LIMIT_BYTES = 4 + MAX_PACKAGE_BYTES
OPENERS = openers_of("eelink")
LOGIN = bytes.fromhex("676701000C000108660000000000170120")


def warning(code: int, at_s: int = T0_S, sequence: int = 1) -> bytes:
    return serialise(Envelope((Package(0x14, sequence, struct.pack(">IBBH", at_s, 0, code, 0x80)),)))


def signals(*chunks: bytes, now: Any = NOW, enrolled: Enrolled | None = None) -> list[Signal]:
    events, _ = hear(openers_of("eelink", enrolled).connection, chunks, now)
    return [signal for event in events if isinstance(event, SignalsReceived) for signal in event.signals]


@pytest.mark.parametrize("code", range(256))
def test_each_code_says_what_the_table_says_and_an_unknown_one_is_an_alarm(code: int) -> None:
    told = {
        0x01: SignalKind.EXTERNAL_POWER_LOST,
        0x02: SignalKind.PANIC,
        0x03: SignalKind.LOW_BATTERY,
        0x04: SignalKind.POSITION,
        0x08: SignalKind.DEVICE_FAULT,
        0x09: SignalKind.DEVICE_FAULT,
        0x25: SignalKind.REMOVED,
        0x81: SignalKind.POSITION,
        0x82: SignalKind.POSITION,
        0x83: SignalKind.ZONE_ENTER,
        0x84: SignalKind.ZONE_EXIT,
        0x86: SignalKind.FALL,
    }
    (signal,) = signals(warning(code))

    assert signal.kind is told.get(code, SignalKind.UNSPECIFIED_ALARM)
    assert signal.code == f"{code:02X}"
    assert (code in CODES) == (code in told or code == 0x85)


def test_a_log_in_names_the_connection_and_is_answered_after_the_commit() -> None:
    events, conversation = hear(OPENERS.connection, [LOGIN, warning(2)])

    assert isinstance(events[0], Identified)
    assert events[0].device == IMEI
    assert isinstance(events[1], SignalsReceived)
    assert events[1].token is not None
    assert isinstance(events[2], SignalsReceived)
    assert events[2].signals[0].device == IMEI
    assert replies(events, conversation).hex() == "676701000900" + "0169a7bdc2000100" + "67671400020001"


def test_the_same_record_under_another_sequence_is_the_same_signal() -> None:
    first, again, other = signals(warning(2), warning(2, sequence=9), warning(2, T0_S + 1))

    assert first.repeat_key == again.repeat_key != other.repeat_key
    assert first.repeat_window is None


def test_an_alarm_without_a_believable_time_is_known_by_its_sequence_and_for_a_minute() -> None:
    (first,), (again,) = signals(warning(2, 9)), signals(warning(2, 9), now=NOW + timedelta(seconds=5))
    (other,) = signals(warning(2, 9, sequence=2))

    assert first.repeat_key == again.repeat_key != other.repeat_key
    assert first.repeat_window == timedelta(minutes=1)


def test_a_model_whose_device_may_fall_alone_still_raises_a_fall_with_a_doubt() -> None:
    enrolled = Enrolled(Account(AccountId(IMEI), options={"fall": "device"}))

    _, fall = signals(LOGIN, warning(0x86), enrolled=enrolled)

    assert fall.kind is SignalKind.FALL
    assert fall.doubts == ("this model's code 86 may be a fall of the device alone",)


def test_where_are_you_is_asked_over_tcp_and_in_an_envelope_where_the_device_used_one() -> None:
    conversation: Any = OPENERS.connection(NOW)
    assert conversation.order(Locate(), NOW) == (serialise(Envelope((command(1, 1, "WHERE#"),))),)
    assert conversation.order(Locate(), NOW) == (serialise(Envelope((command(2, 2, "WHERE#"),))),)

    conversation.receive(serialise(Envelope((Package(0x03, 1, b"\0\0"),), IMEI)), NOW)

    assert conversation.order(Locate(), NOW) == (serialise(Envelope((command(3, 3, "WHERE#"),), IMEI)),)


def test_other_orders_have_no_words() -> None:
    conversation: Any = OPENERS.connection(NOW)

    for order in (Reassure("heard"), CallBack("+4670"), Commission(fall_detection=True)):
        assert conversation.order(order, NOW) == ()


def test_an_imei_that_is_no_number_is_answered_without_an_envelope() -> None:
    envelope = bytearray(serialise(Envelope((Package(0x03, 1, b"\0\0"),), IMEI)))
    envelope[6:14] = b"\x0a" * 8
    assert OPENERS.datagram is not None

    events, conversation = hear(OPENERS.datagram, [bytes(envelope)])

    assert isinstance(events[0], Identified)
    assert events[0].device == "a0a0a0a0a0a0a0a"
    assert replies(events, conversation).hex() == "67670300020001"


def test_half_a_datagram_is_a_fault() -> None:
    assert OPENERS.datagram is not None

    events, _ = hear(OPENERS.datagram, [serialise(Envelope((Package(0x12, 1, bytes(9)),), IMEI))[:-1]])

    assert [type(event) for event in events] == [Fault]


def test_an_alarm_in_a_package_that_was_cut_short_counts_and_is_not_answered() -> None:
    assert OPENERS.datagram is not None

    for raw in (warning(2)[:-1], serialise(Envelope((Package(3, 1, b"\0\0"),), IMEI)) + warning(2)[:-1]):
        events, conversation = hear(OPENERS.datagram, [raw])
        last = events[-1]
        assert isinstance(last, SignalsReceived)
        assert [(signal.kind, signal.doubts) for signal in last.signals] == [(SignalKind.PANIC, ("package cut short",))]
        assert last.token is None
    assert replies(events, conversation).hex() == "454c0011f267086600000000001767670300020001"


def test_what_stands_behind_the_last_package_of_an_envelope_is_told() -> None:
    envelope = serialise(Envelope((Package(3, 1, b"\0\0"),), IMEI))
    longer = bytearray(envelope + warning(2)[:-2])
    longer[2:4] = (len(longer) - 4).to_bytes(2, "big")

    (heartbeat, sos) = signals(bytes(longer))

    assert (heartbeat.kind, sos.kind) == (SignalKind.HEARTBEAT, SignalKind.PANIC)
    assert sos.doubts == ("checksum wrong", "package cut short")


def test_an_old_alarm_without_a_fix_is_known_by_its_sequence_too() -> None:
    def old(sequence: int, flags: int) -> bytes:
        place = struct.pack(">IiiBHHHH3sB", T0_S, 0, 0, 0, 0, 240, 7, 1, b"\0\0\1", flags)
        return serialise(Envelope((Package(0x04, sequence, place + b"\x02"),)))

    standing = signals(old(1, 0), old(1, 0), old(2, 0))
    moving = signals(old(1, 1), old(2, 1))

    assert standing[0].repeat_key == standing[1].repeat_key != standing[2].repeat_key
    assert moving[0].repeat_key == moving[1].repeat_key


def test_packages_of_both_kinds_cut_anywhere_say_the_same() -> None:
    check_cut_anywhere(OPENERS.connection, LOGIN + warning(2) + serialise(Envelope((Package(3, 1, b"\0\0"),), IMEI)))


@settings(max_examples=100)
@given(st.lists(st.binary(max_size=80), max_size=6))
def test_random_bytes_break_nothing(chunks: list[bytes]) -> None:
    check_survives(OPENERS.connection, chunks, LIMIT_BYTES)


@settings(max_examples=200)
@given(st.integers(0, 255), st.binary(max_size=90), st.none() | st.just(IMEI))
def test_random_content_of_any_type_gives_a_signal(kind: int, content: bytes, imei: str | None) -> None:
    events, conversation = hear(OPENERS.connection, [serialise(Envelope((Package(kind, 1, content),), imei))])

    assert len([signal for e in events if isinstance(e, SignalsReceived) for signal in e.signals]) == 1
    assert isinstance(replies(events, conversation), bytes)


@settings(max_examples=100)
@given(st.data())
def test_a_mutated_capture_breaks_nothing(data: st.DataObject) -> None:
    raw = bytearray(serialise(Envelope((Package(0x12, 1, struct.pack(">IBHH", T0_S, 0, 0x81, 3905)),), IMEI)))
    for at in data.draw(st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=4)):
        raw[at] = data.draw(st.integers(0, 255))

    check_survives(OPENERS.connection, [bytes(raw), LOGIN], LIMIT_BYTES)


def test_hostile_bytes_cost_no_more_than_their_number() -> None:
    for hostile in (b"g", b"EL", b"gg\x01\x00\x02\x00\x01", b"gg\xff\xff\xff", b"gE"):
        check_linear(framer, lambda count, hostile=hostile: (hostile * count)[:count])  # type: ignore[misc]
