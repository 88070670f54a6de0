"""Cutting a gt06 stream: lengths that lie, frames within frames, garbage, and no more memory than one frame."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.concox_framing import MAX_FRAME_BYTES, MAX_GARBAGE_BYTES
from protocols.gt06.codec import serialise
from protocols.gt06.framing import framer
from protocols.gt06.messages import Frame
from protocols.pieces import CutShort, Garbage, Piece, TooLong, Whole
from tests.protocols.streams import check_linear

BEAT = bytes.fromhex("78780A1344050300020002B3EE0D0A")
LONG = serialise(Frame(0x94, b"\x0d\x0a" * 20, 7, long=True))


def test_both_heads_are_cut_by_their_length_whatever_the_content_holds() -> None:
    assert framer().receive(BEAT + LONG + BEAT) == [Whole(BEAT), Whole(LONG), Whole(BEAT)]


def test_line_ends_between_frames_are_nobodys_fault() -> None:
    assert framer().receive(b"\r\n\x00" + BEAT + b"\r\n" + BEAT) == [Whole(BEAT), Whole(BEAT)]


def test_garbage_is_told_once_and_the_next_frame_is_heard() -> None:
    assert framer().receive(b"GET / HTTP/1.1\r\nabc" + BEAT) == [Garbage(b"GET / HTTP/1.1\r\nabc"), Whole(BEAT)]


def test_a_frame_inside_one_that_never_ended_is_whole() -> None:
    assert framer().receive(BEAT[:7] + BEAT) == [CutShort(BEAT[:7]), Whole(BEAT)]
    cut = framer()
    assert cut.receive(b"\x78" + BEAT + BEAT) == []  # what follows the stray octet looks like a length of 120
    assert cut.give_up() == [CutShort(b"\x78"), Whole(BEAT), Whole(BEAT)]


def test_a_length_too_small_ends_at_the_next_end() -> None:
    lying = BEAT[:2] + b"\x06" + BEAT[3:]
    assert framer().receive(lying + BEAT) == [Whole(lying), Whole(BEAT)]


def test_a_length_too_large_waits_and_is_whole_when_the_line_is_silent() -> None:
    lying, cut = BEAT[:2] + b"\x40" + BEAT[3:], framer()

    assert cut.receive(lying) == []
    assert cut.may_be_whole
    assert cut.give_up() == [Whole(lying)]
    assert cut.pending_bytes == 0
    assert cut.receive(BEAT) == [Whole(BEAT)]


def test_what_lacks_only_its_end_may_be_whole() -> None:
    cut = framer()

    settled = [(cut.receive(chunk), cut.may_be_whole) for chunk in (BEAT[:-3], BEAT[-3:-2])]

    assert settled == [([], False), ([], True)]
    assert cut.give_up() == [CutShort(BEAT[:-2])]


def test_what_is_no_frame_at_all_can_be_given_up() -> None:
    cut = framer()
    cut.receive(b"\x79")

    assert not cut.may_be_whole
    assert cut.give_up() == [Garbage(b"\x79")]
    assert cut.give_up() == []


def test_a_length_beyond_every_frame_is_not_waited_for() -> None:
    assert framer().receive(b"\x79\x79\xff\xff\x94" + BEAT) == [CutShort(b"\x79\x79\xff\xff\x94"), Whole(BEAT)]


def test_after_too_much_garbage_nothing_more_is_taken() -> None:
    cut, pieces = framer(), list[Piece]()
    for _ in range(MAX_GARBAGE_BYTES // 1024 + 1):
        pieces += cut.receive(b"z" * 1024)

    assert [type(piece) for piece in pieces] == [Garbage, TooLong]
    assert cut.receive(BEAT) == []
    assert cut.pending_bytes == 0


def test_hostile_streams_cost_no_more_than_their_length() -> None:
    check_linear(framer, lambda size: b"z" * size)
    check_linear(framer, lambda size: b"\x78" * size)
    check_linear(framer, lambda size: b"\x79\x79\x08\x00\x94" * (size // 5))
    check_linear(framer, lambda size: b"\x78\x78\x00\x13\r\n" * (size // 6))
    check_linear(framer, lambda size: (b"\x78\x78\xff\x69" + b"\x78\x78\x05" * 40 + b"\r\n") * (size // 126))
    check_linear(framer, lambda size: b"\x78" * (MAX_FRAME_BYTES - 2) + b"\r\n" + b"\x78\x78" * (size // 2))


@settings(max_examples=100)
@given(st.lists(st.sampled_from([BEAT, LONG, BEAT[:5], b"\x78\x78", b"\r\n", b"\x79\x79\x00", b"z"]), max_size=12))
def test_frames_come_out_in_the_order_of_the_stream_and_never_twice(parts: list[bytes]) -> None:
    stream, cut = b"".join(parts), framer()
    pieces = [*cut.receive(stream), *cut.give_up()]
    framed = [piece.raw for piece in pieces if isinstance(piece, Whole | CutShort)]

    at = 0
    for raw in framed:
        at = stream.index(raw, at) + len(raw)
    assert sum(map(len, framed)) <= len(stream)
    assert cut.pending_bytes == 0
