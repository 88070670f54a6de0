"""Bytes to frames: wherever the stream is cut, whatever lies between the frames."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.dc09.framing import (
    MAX_FRAME_BYTES,
    MAX_TEXT_BYTES,
    Damaged,
    Frame,
    Framer,
    LengthMismatch,
    checksum,
    frame,
)
from protocols.errors import ChecksumMismatch, FrameTooLong, FramingError, LocalProtocolError
from tests.protocols.dc09.support import hostile_bytes, panic

GOOD = panic()
TEXT = b'"SIA-DCS"0001L0#1234[#1234|NPA7]'


def texts(found: list[Frame | Damaged]) -> list[bytes]:
    return [item.text for item in found if isinstance(item, Frame)]


def errors(found: list[Frame | Damaged]) -> list[type[Exception]]:
    return [type(item.error) for item in found if isinstance(item, Damaged)]


def test_the_checksum_is_the_one_that_the_catalogues_call_arc() -> None:
    assert checksum(b"123456789") == 0xBB3D


def test_a_frame_is_written_as_the_facts_page_has_it() -> None:
    assert frame(TEXT) == b"\n95530020" + TEXT + b"\r"


def test_several_frames_in_one_segment_come_out_one_by_one() -> None:
    assert texts(Framer().feed(GOOD * 3)) == [TEXT] * 3


def test_blanks_between_frames_mean_nothing_and_are_no_begun_frame() -> None:
    framer = Framer()
    assert framer.feed(b"\0\0" + GOOD + b"\0\r\n\0\0" + GOOD + b"\r\n\r\n\0") == Framer().feed(GOOD * 2)
    assert framer.partial == b""


def test_rubbish_between_frames_is_one_fault_and_costs_no_frame() -> None:
    found = Framer().feed(b"GET / HTTP/1.1\r" + GOOD + b"rubbish" + GOOD)
    assert texts(found) == [TEXT, TEXT]
    assert errors(found) == [FramingError, FramingError]


def test_a_frame_that_lost_its_end_costs_only_itself() -> None:
    found = Framer().feed(GOOD[:25] + GOOD)
    assert texts(found) == [TEXT]
    assert errors(found) == [LengthMismatch]


@pytest.mark.parametrize("kept_bytes", range(1, len(GOOD)))
def test_wherever_a_frame_is_cut_off_the_next_one_is_heard(kept_bytes: int) -> None:
    assert texts(Framer().feed(GOOD[:kept_bytes] + GOOD)) == [TEXT]


def test_a_wrong_bit_is_a_checksum_mismatch_that_names_the_account() -> None:
    (found,) = Framer().feed(GOOD.replace(b"PA7", b"PA6"))
    assert isinstance(found, Damaged)
    assert isinstance(found.error, ChecksumMismatch)
    assert found.error.account == "1234"
    assert found.error.received == 0x9553
    assert found.raw == GOOD.replace(b"PA7", b"PA6")


def test_a_wrong_length_says_both() -> None:
    (found,) = Framer().feed(GOOD.replace(b"0020", b"0021"))
    assert isinstance(found, Damaged)
    assert isinstance(found.error, LengthMismatch)
    assert (found.error.declared_bytes, found.error.found_bytes) == (0x21, 0x20)


def test_a_binary_checksum_may_hold_line_feed_and_carriage_return() -> None:
    for number in range(3000):
        text = b'"SIA-DCS"%04dL0#1234[#1234|NPA7]' % number
        raw = frame(text, binary_checksum=True)
        assert Framer().feed(raw + GOOD) == [Frame(raw, text, True), Frame(GOOD, TEXT)]


def test_the_longest_frame_passes_and_one_byte_more_does_not() -> None:
    longest = TEXT.ljust(MAX_TEXT_BYTES, b"x")
    assert texts(Framer().feed(frame(longest))) == [longest]
    with pytest.raises(LocalProtocolError):
        frame(longest + b"x")
    too_long = b"\n00001000" + longest + b"xx\r"
    found = Framer().feed(too_long + GOOD)
    assert errors(found)[0] is FrameTooLong
    assert texts(found) == [TEXT]


def test_a_frame_without_end_is_given_up_and_the_line_feed_within_reach_begins_anew() -> None:
    endless = b"\n95530020" + b'"' + b"x" * (MAX_TEXT_BYTES - len(GOOD) - 5)
    found = Framer().feed(endless + GOOD[:-1] + b"x" * 20 + b"\r")
    assert errors(found)[0] is FrameTooLong
    assert texts(Framer().feed(endless + b"y" * len(GOOD) + b"\n" + GOOD)) == [TEXT]


def test_text_that_no_frame_can_hold_is_our_own_fault() -> None:
    for text in (b"no quote", b'"with\nline feed', b'"with\rreturn'):
        with pytest.raises(LocalProtocolError):
            frame(text)


@given(stream=hostile_bytes(), cuts=st.lists(st.integers(0, 300), max_size=8))
def test_cutting_the_stream_anywhere_changes_nothing(stream: bytes, cuts: list[int]) -> None:
    whole, parts = Framer(), Framer()
    expected = whole.feed(stream)
    edges = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    found = [item for start, end in pairwise(edges) for item in parts.feed(stream[start:end])]
    assert repr(found) == repr(expected)
    assert parts.partial == whole.partial


@given(stream=hostile_bytes())
def test_byte_by_byte_is_the_same_as_at_once(stream: bytes) -> None:
    whole, parts = Framer(), Framer()
    expected = whole.feed(stream)
    assert repr([item for byte in stream for item in parts.feed(bytes([byte]))]) == repr(expected)


@given(before=hostile_bytes())
def test_a_good_frame_behind_whatever_ended_is_always_heard(before: bytes) -> None:
    assert texts(Framer().feed(before + b"\r" + GOOD))[-1:] == [TEXT]


@given(stream=hostile_bytes())
def test_no_byte_is_in_two_reports_and_what_waits_is_bounded(stream: bytes) -> None:
    framer = Framer()
    found = framer.feed(stream)
    assert sum(len(item.raw) for item in found) + len(framer.partial) <= len(stream)
    assert len(framer.partial) <= MAX_FRAME_BYTES


HOSTILE = {
    "line feeds": b"\n",
    "returns": b"\r",
    "headers": b'\n00000FFF"',
    "binary headers": b'\nxy0FFF"',
    "half headers": b"\n0000",
    "good frames": GOOD,
    "letters": b"x",
    "frames without end": b"\n95530020" + TEXT,
    "right lengths": b"".join(b'\n00000%03X"' % (4000 - 10 * turn) for turn in range(400)),
}


@pytest.mark.parametrize("pattern", HOSTILE.values(), ids=HOSTILE)
def test_time_and_memory_stay_linear_on_hostile_input(pattern: bytes) -> None:
    framer = Framer()
    stream = (pattern * (200_000 // len(pattern) + 1))[:200_000]
    began_s = time.process_time()
    found = framer.feed(stream)
    assert time.process_time() - began_s < 1.5  # 0.02 to 0.5 s here
    assert sum(len(item.raw) for item in found) <= len(stream)
    assert len(framer.partial) <= MAX_FRAME_BYTES
