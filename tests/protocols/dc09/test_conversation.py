"""One connection from its first byte to its end; single datagrams."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.conversation import Close, Conversation, Event, Fault, SignalsReceived
from protocols.dc09 import Dc09Conversation, Dc09Datagram
from protocols.dc09.conversation import FRAME_TIME, IDLE_TIME
from protocols.dc09.framing import MAX_FRAME_BYTES, frame
from protocols.errors import FramingError
from protocols.signal import SignalKind
from tests.protocols.dc09.support import (
    CLEAR,
    KEY,
    NOON,
    SEALED,
    Enrolled,
    conversation,
    draw,
    hostile_bytes,
    panic,
    received,
    signals,
)

A_SECOND = timedelta(seconds=1)


def datagram() -> Dc09Datagram:
    return Dc09Datagram(Enrolled(CLEAR, SEALED), draw=draw)


def test_both_keep_the_contract() -> None:
    kept: list[Conversation] = [conversation(), datagram()]
    assert len(kept) == 2


def test_frames_of_several_accounts_share_a_connection() -> None:
    events = conversation().receive(panic() + panic("5678", key=KEY) + panic("4321"), NOON)
    assert [signal.device for signal in signals(events)] == ["1234", "5678", "4321"]


def test_a_damaged_frame_gets_no_answer_and_costs_no_other() -> None:
    events = conversation().receive(panic().replace(b"PA7", b"PA6") + panic(), NOON)
    assert [type(event) for event in events] == [Fault, SignalsReceived]
    assert isinstance(events[0], Fault)
    assert (events[0].reply, events[0].close) == (b"", False)


@given(stream=hostile_bytes(), cuts=st.lists(st.integers(0, 300), max_size=6))
def test_cutting_the_stream_anywhere_changes_nothing(stream: bytes, cuts: list[int]) -> None:
    whole, parts = conversation(), conversation()
    expected = whole.receive(stream, NOON)
    edges = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    heard: list[Event] = [e for start, end in pairwise(edges) for e in parts.receive(stream[start:end], NOON)]
    assert repr(heard) == repr(list(expected))


@given(chunks=st.lists(hostile_bytes(), max_size=4), waits_s=st.lists(st.integers(0, 900), min_size=4, max_size=4))
def test_whatever_comes_and_whenever_nothing_is_raised(chunks: list[bytes], waits_s: list[int]) -> None:
    for receiver in (conversation(opened_at=NOON), datagram()):
        now = NOON
        for chunk, wait_s in zip(chunks, waits_s, strict=False):
            events: list[Event] = list(receiver.receive(chunk, now))
            for event in received(events):
                if event.token is not None:
                    assert receiver.ack(event.token, now)
            now += timedelta(seconds=wait_s)
            receiver.deadline_passed(now)


@given(before=hostile_bytes())
def test_a_press_is_heard_behind_whatever_came_before_it_on_the_line(before: bytes) -> None:
    events = conversation().receive(before + b"\r" + panic(seq=4711), NOON)
    assert [signal.kind for signal in signals(events)][-1:] == [SignalKind.PANIC]


def test_a_frame_that_drips_in_is_cut_off_after_its_time() -> None:
    receiver = conversation(opened_at=NOON)
    receiver.receive(panic()[:1], NOON)  # a line feed alone begins nothing yet
    now = NOON
    for byte in panic()[1:9]:
        assert receiver.receive(bytes([byte]), now) == []
        assert receiver.next_deadline() == NOON + FRAME_TIME
        now += A_SECOND
    assert receiver.deadline_passed(now) == []
    (event,) = receiver.deadline_passed(NOON + FRAME_TIME)
    assert isinstance(event, Fault)
    assert isinstance(event.error, FramingError)
    assert (event.close, event.raw) == (True, panic()[:9])


def test_each_frame_has_its_own_time() -> None:
    receiver = conversation(opened_at=NOON)
    receiver.receive(panic()[:20], NOON)
    later = NOON + timedelta(seconds=9)
    receiver.receive(panic()[20:] + panic()[:20], later)
    assert receiver.next_deadline() == later + FRAME_TIME
    receiver.receive(panic()[20:], later)
    assert receiver.next_deadline() == later + IDLE_TIME


def test_a_line_feed_or_blanks_left_behind_begin_no_frame() -> None:
    receiver = conversation(opened_at=NOON)
    receiver.receive(panic() + b"\r\n\0\0", NOON)
    assert receiver.next_deadline() == NOON + IDLE_TIME


def test_a_connection_that_says_nothing_is_closed() -> None:
    receiver = conversation(opened_at=NOON)
    assert receiver.next_deadline() == NOON + IDLE_TIME
    assert receiver.deadline_passed(NOON + IDLE_TIME - A_SECOND) == []
    (event,) = receiver.deadline_passed(NOON + IDLE_TIME)
    assert event == Close("no frame for 600 s")


def test_rubbish_does_not_keep_a_connection_open() -> None:
    receiver = conversation(opened_at=NOON)
    now = NOON
    while now < NOON + IDLE_TIME:
        receiver.receive(b"rubbish\r", now)
        now += timedelta(seconds=30)
    assert [type(event) for event in receiver.deadline_passed(now)] == [Close]


def test_a_closed_conversation_says_nothing_more_but_still_gives_the_answers_it_owes() -> None:
    receiver = conversation(opened_at=NOON)
    (event,) = received(receiver.receive(panic(), NOON))
    receiver.deadline_passed(NOON + IDLE_TIME)
    assert receiver.receive(panic(), NOON + IDLE_TIME) == []
    assert receiver.next_deadline() is None
    assert receiver.deadline_passed(NOON + IDLE_TIME * 2) == []
    assert event.token is not None
    assert receiver.ack(event.token, NOON)


def test_without_an_opening_time_nothing_is_due_before_the_first_bytes() -> None:
    receiver = conversation()
    assert receiver.next_deadline() is None
    receiver.receive(b"\0", NOON)
    assert receiver.next_deadline() == NOON + IDLE_TIME


def test_a_datagram_is_a_frame_and_nothing_is_kept_between_two() -> None:
    receiver = datagram()
    half = len(panic()) // 2
    (first,) = receiver.receive(panic()[:half], NOON)
    (second,) = receiver.receive(panic()[half:], NOON)
    assert isinstance(first, Fault)
    assert isinstance(second, Fault)
    (event,) = received(receiver.receive(panic() + b"\0\0", NOON))
    assert event.token is not None
    assert receiver.ack(event.token, NOON) == b'\n1BC10012"ACK"0001L0#1234[]\r'
    assert receiver.next_deadline() is None
    assert receiver.deadline_passed(NOON) == []


def test_an_oversized_datagram_is_a_fault() -> None:
    assert all(isinstance(event, Fault) for event in datagram().receive(b'\n00000FFF"' + b"x" * 60_000, NOON))


def waiting_bytes(events: Sequence[Event]) -> int:
    return sum(len(event.raw) for event in events if isinstance(event, Fault | SignalsReceived))


DENSE = frame(b'"SIA-DCS"0001L0#1234[#1234|N' + b"PA/" * 1350 + b"]")
HOSTILE = {"dense reports": DENSE, "line feeds": b"\n", "headers": b'\n00000FFF"', "presses": panic()}


@pytest.mark.parametrize("pattern", HOSTILE.values(), ids=HOSTILE)
def test_time_stays_linear_and_memory_bounded_on_hostile_input(pattern: bytes) -> None:
    receiver = Dc09Conversation(Enrolled(CLEAR), draw=draw)
    stream = (pattern * (100_000 // len(pattern) + 1))[:100_000]
    began_s = time.process_time()
    events = receiver.receive(stream, NOON)
    assert time.process_time() - began_s < 3  # 0.1 to 0.6 s here
    assert waiting_bytes(events) <= len(stream)
    assert len(stream) > MAX_FRAME_BYTES
