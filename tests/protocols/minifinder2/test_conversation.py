"""A pendant's connection: who speaks, what is answered and when, and what no bytes can do to it."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.conversation import Fault, Identified, Nak, Reply, SignalsReceived
from protocols.minifinder2.codec import answer, serialise
from protocols.minifinder2.framing import HEAD_BYTES, MAX_BODY_BYTES, framer, size
from protocols.minifinder2.messages import Command, Frame, Item, Key
from protocols.orders import CallBack, Commission, Locate, Reassure, TakesOrders
from protocols.signal import SignalKind
from tests.protocols.streams import NOW, check_cut_anywhere, check_linear, check_survives, hear, openers_of, replies

IMEI = Item(Key.IMEI, b"866000000000017")
SOS = (Item(Key.STATUS, struct.pack("<II", 1772600767, 0x51A00000)), Item(Key.ALARM, struct.pack("<I", 1 << 12)))
LIMIT_BYTES = HEAD_BYTES + MAX_BODY_BYTES

OPENERS = openers_of("minifinder2")


def frame(*items: Item, sequence: int = 7, command: int = Command.DATA, properties: int = 0x10) -> bytes:
    return serialise(Frame(properties, sequence, command, items))


def test_an_alarm_is_answered_only_when_it_is_asked_for_after_the_commit() -> None:
    events, conversation = hear(OPENERS.connection, [frame(IMEI, *SOS)])

    assert isinstance(events[0], Identified)
    assert events[0].device == "866000000000017"
    assert isinstance(events[1], SignalsReceived)
    assert events[1].token is not None
    assert conversation.ack(events[1].token, NOW) == answer(7)


def test_an_alarm_that_was_not_stored_is_not_answered_so_that_it_comes_again() -> None:
    events, conversation = hear(OPENERS.connection, [frame(IMEI, *SOS)])

    assert isinstance(events[1], SignalsReceived)
    assert events[1].token is not None
    assert conversation.nak(events[1].token, Nak.NOT_STORED, NOW) == b""


def test_what_does_not_ask_for_an_answer_gets_none() -> None:
    events, conversation = hear(OPENERS.connection, [frame(IMEI, *SOS, properties=0x08)])

    assert replies(events, conversation) == b""


def test_a_response_is_never_answered() -> None:
    events, conversation = hear(OPENERS.connection, [frame(Item(0), command=Command.RESPONSE)])

    assert replies(events, conversation) == b""


def test_frames_without_a_name_belong_to_who_spoke_before() -> None:
    events, _ = hear(OPENERS.connection, [frame(IMEI, *SOS), frame(*SOS, sequence=8)])
    said = [event for event in events if isinstance(event, SignalsReceived)]

    assert [signal.device for event in said for signal in event.signals] == ["866000000000017"] * 2
    assert sum(isinstance(event, Identified) for event in events) == 1


def test_nobody_is_guessed_before_a_name_was_given() -> None:
    events, _ = hear(OPENERS.connection, [frame(*SOS), frame(Item(Key.IMEI, b"not an IMEI"), *SOS)])

    assert not any(isinstance(event, Identified) for event in events)
    assert [signal.device for e in events if isinstance(e, SignalsReceived) for signal in e.signals] == [None, None]


def test_a_reply_with_the_time_promises_nothing_and_leaves_at_once() -> None:
    events, _ = hear(OPENERS.connection, [frame(IMEI, Item(0x12), command=Command.SERVICES)])

    assert [type(event) for event in events] == [Identified, Reply, SignalsReceived]


def test_an_alarm_beside_a_question_is_answered_after_the_commit_only() -> None:
    events, conversation = hear(OPENERS.connection, [frame(IMEI, *SOS, Item(0x12), command=Command.SERVICES)])

    assert [type(event) for event in events] == [Identified, SignalsReceived]
    assert replies(events, conversation)[8:].hex() == "030512c2bda769"


def test_a_frame_behind_garbage_and_a_damaged_one_is_heard() -> None:
    damaged = bytearray(frame(IMEI, *SOS))
    damaged[-1] ^= 1

    events, _ = hear(OPENERS.connection, [b"\x00noise" + bytes(damaged) + frame(IMEI, *SOS)])

    assert [isinstance(event, Fault) for event in events] == [True, True, False, False]
    assert isinstance(events[3], SignalsReceived)
    assert events[3].signals[0].kind is SignalKind.PANIC


def test_the_longest_frame_that_can_be_stated_is_heard_and_answered() -> None:
    full = [Item(0x5A, bytes(253))] * 256
    longest = frame(IMEI, *SOS, *full, Item(0x5A, bytes(MAX_BODY_BYTES - 36 - 255 * 256)))

    events, conversation = hear(OPENERS.connection, [longest[:40000], longest[40000:]])

    assert len(longest) == LIMIT_BYTES
    assert isinstance(events[1], SignalsReceived)
    assert events[1].signals[0].kind is SignalKind.PANIC
    assert replies(events, conversation) == answer(7)


def test_there_are_no_words_for_any_order() -> None:
    _, conversation = hear(OPENERS.connection, [frame(IMEI, *SOS)])

    assert isinstance(conversation, TakesOrders)
    for order in (Reassure("help is coming"), Locate(), CallBack("+4670"), Commission(fall_detection=True)):
        assert conversation.order(order, NOW) == ()


@pytest.mark.parametrize("head", ["ab10000000000000", "ac10030000000000"])
def test_what_cannot_be_a_head_is_none(head: str) -> None:
    assert size(bytes.fromhex(head)) is None


def test_a_backlog_cut_anywhere_says_the_same() -> None:
    backlog = [item for back in range(8) for item in (Item(Key.STATUS, struct.pack("<II", 1772600767 - back, 0)),)]

    check_cut_anywhere(OPENERS.connection, frame(IMEI, *backlog) + frame(IMEI, *SOS))


@settings(max_examples=100)
@given(st.lists(st.binary(max_size=80), max_size=6))
def test_random_bytes_break_nothing(chunks: list[bytes]) -> None:
    check_survives(OPENERS.connection, chunks, LIMIT_BYTES)


@settings(max_examples=150)
@given(st.binary(max_size=120), st.integers(0, 255))
def test_random_bodies_with_a_right_checksum_break_nothing(body: bytes, command: int) -> None:
    whole = frame(IMEI, command=command)
    crafted = bytes((command,)) + whole[9:] + body
    raw = struct.pack("<BBHHH", 0xAB, 0x10, len(crafted), _crc(crafted), 1) + crafted

    events, conversation = hear(OPENERS.connection, [raw])

    assert not any(isinstance(event, Fault) for event in events)
    assert isinstance(replies(events, conversation), bytes)


@settings(max_examples=100)
@given(st.data())
def test_a_mutated_capture_breaks_nothing(data: st.DataObject) -> None:
    raw = bytearray(frame(IMEI, *SOS, Item(Key.WIFI, bytes(14))))
    for at in data.draw(st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=4)):
        raw[at] = data.draw(st.integers(0, 255))

    check_survives(OPENERS.connection, [bytes(raw), frame(IMEI, *SOS)], LIMIT_BYTES)


def test_hostile_bytes_cost_no_more_than_their_number() -> None:
    for hostile in (b"\xab", b"\xab\x00\x01\x00", b"\xab\x00\x01\x00\x00\x00\x00\x00\x00"):
        check_linear(framer, lambda count, hostile=hostile: (hostile * count)[:count])  # type: ignore[misc]


def _crc(body: bytes) -> int:
    crc = 0
    for octet in body:
        crc ^= octet << 8
        for _ in range(8):
            crc = ((crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc
