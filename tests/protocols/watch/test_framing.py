"""Cutting is linear and bounded, whatever comes."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from protocols.pieces import CutShort, Garbage, TooLong, Whole
from protocols.watch.framing import MAX_FRAME_BYTES, Framer

HOSTILE = {
    "opening brackets": lambda size: b"[" * size,
    "closing brackets": lambda size: b"]" * size,
    "brackets in a frame": lambda size: b"[3G*1*0000*" + b"[" * size,
    "heads": lambda size: b"[3G*1*" * (size // 6),
    "almost heads": lambda size: b"[3G*11111111111111111111" * (size // 24),
    "pairs in a frame": lambda size: b"[3G*1*0000*" + b"[]" * (size // 2),
    "voice without escapes": lambda size: b"[3G*1*0000*TK," + bytes(range(256)) * (size // 256),
}


def steps_for(stream: bytes, chunk_bytes: int) -> int:
    """Count the lines of framing.py that run: a measure of work that no busy machine can change."""
    framer = Framer()
    steps = 0

    def count(frame: object, event: str, arg: object) -> object:
        nonlocal steps
        steps += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)  # type: ignore[arg-type]
    try:
        for start in range(0, len(stream), chunk_bytes):
            framer.receive(stream[start : start + chunk_bytes])
    finally:
        sys.settrace(before)
    return steps


@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_bytes_are_at_most_twice_the_work(name: str) -> None:
    make: Callable[[int], bytes] = HOSTILE[name]
    small, large = (steps_for(make(size), 512) for size in (20_000, 40_000))

    assert large <= small * 2.1 + 50


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_of_hostile_bytes_leaves_no_more_than_one_frame_in_memory(name: str) -> None:
    stream = HOSTILE[name](1_000_000)
    framer = Framer()
    for start in range(0, len(stream), 4096):
        framer.receive(stream[start : start + 4096])
        assert framer.pending_bytes <= MAX_FRAME_BYTES


def test_frames_may_touch_and_names_may_hold_balanced_brackets() -> None:
    pieces = Framer().receive(b"[3G*1*0002*LK][3G*1*0000*UD,[a[b]],x][3G*1*0002*LK]")

    assert pieces == [Whole(b"[3G*1*0002*LK]"), Whole(b"[3G*1*0000*UD,[a[b]],x]"), Whole(b"[3G*1*0002*LK]")]


def test_a_head_inside_a_frame_starts_a_new_one() -> None:
    pieces = Framer().receive(b"[3G*1*0000*UD,04[3G*1*0000*UD,a[b]\r\n[3G*1*0002*LK]")

    assert pieces == [CutShort(b"[3G*1*0000*UD,04"), Whole(b"[3G*1*0000*UD,a[b]"), Whole(b"[3G*1*0002*LK]")]


def test_what_is_pending_can_be_given_up() -> None:
    for pending, piece in (
        (b"[3G*1*0000*UD,04", CutShort(b"[3G*1*0000*UD,04")),
        (b"[3G*1*0000*UD,[]", Whole(b"[3G*1*0000*UD,[]")),
        (b"[3G*", Garbage(b"[3G*")),
    ):
        framer = Framer()
        framer.receive(pending)
        assert framer.give_up() == [piece]
        assert framer.give_up() == []
        assert framer.receive(b"[3G*1*0002*LK]") == [Whole(b"[3G*1*0002*LK]")]


def test_an_alarm_that_has_said_its_status_is_not_waited_for_longer_than_a_frame_that_may_be_whole() -> None:
    said = b"[3G*8660000001*0007*00A7*AL_LTE,040326,050607,V,0,N,0,E,0.00,0.0,0.0,0,80,81,120,3, 00010000"
    for alarm, is_said in ((said, True), (said + b",1,0,2", True), (said[:-1], False), (said + b"0", False)):
        framer = Framer()
        framer.receive(alarm)
        assert framer.may_be_whole is is_said
        assert framer.give_up() == [CutShort(alarm)]
    framer.receive(said.replace(b"AL_LTE", b"UD_LTE"))
    assert not framer.may_be_whole


def test_after_too_long_a_frame_nothing_more_is_taken() -> None:
    framer = Framer()
    pieces = framer.receive(b"[3G*1*0000*TK," + b"a" * MAX_FRAME_BYTES)

    assert [type(piece) for piece in pieces] == [TooLong]
    assert framer.receive(b"[3G*1*0002*LK]") == []
    assert framer.pending_bytes == 0
