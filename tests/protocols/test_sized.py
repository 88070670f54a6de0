"""Frames whose head states their length: cut anywhere, found again behind garbage, bounded on hostile bytes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.pieces import CutShort, Garbage, TooLong, Whole
from protocols.sized import MAX_GARBAGE_BYTES, SizedFramer
from tests.protocols.streams import check_linear

LIMIT_BYTES = 200


def size(head: bytes) -> int | None:
    """A frame here is a mark of two octets, its length, and so many octets more."""
    return 3 + head[2] if head[2] <= LIMIT_BYTES else None


def framer() -> SizedFramer:
    return SizedFramer((b"gg", b"EL"), 3, size)


def test_frames_touch_and_either_mark_begins_one() -> None:
    assert framer().receive(b"gg\x02abEL\x00gg\x01c") == [Whole(b"gg\x02ab"), Whole(b"EL\x00"), Whole(b"gg\x01c")]


def test_a_frame_waits_for_its_last_byte() -> None:
    one = framer()

    assert one.receive(b"gg\x02a") == []
    assert one.pending_bytes == 4
    assert one.receive(b"b") == [Whole(b"gg\x02ab")]
    assert one.pending_bytes == 0


def test_garbage_is_reported_once_and_the_frame_behind_it_is_found() -> None:
    assert framer().receive(b"??g?gg\xffgg\x01a") == [Garbage(b"??g?gg\xff"), Whole(b"gg\x01a")]


def test_a_mark_that_is_not_yet_whole_is_kept() -> None:
    one = framer()

    assert one.receive(b"??E") == [Garbage(b"??")]
    assert one.receive(b"L\x01a") == [Whole(b"EL\x01a")]


def test_line_ends_between_frames_are_nobodys_fault() -> None:
    assert framer().receive(b"gg\x00\r\n\x00gg\x00\r\n") == [Whole(b"gg\x00"), Whole(b"gg\x00")]


def test_a_length_beyond_the_limit_is_no_head() -> None:
    assert framer().receive(b"gg\xc9" + b"a" * 9) == [Garbage(b"gg\xc9" + b"a" * 9)]


def test_who_gives_up_says_what_was_pending() -> None:
    one = framer()
    one.receive(b"gg\x05ab")

    assert one.give_up() == [CutShort(b"gg\x05ab")]
    assert one.give_up() == []
    assert one.receive(b"g") == []
    assert one.give_up() == [Garbage(b"g")]


def test_endless_garbage_is_too_long() -> None:
    one = framer()
    pieces = [piece for _ in range(100) for piece in one.receive(b"?" * 1024)]

    assert pieces == [Garbage(b"?" * 512), TooLong(b"?" * 512, MAX_GARBAGE_BYTES)]
    assert one.receive(b"gg\x00") == []


@settings(max_examples=150)
@given(st.lists(st.sampled_from([b"g", b"gg", b"E", b"EL", b"\x02", b"\xff", b"ab"]), max_size=30), st.data())
def test_cutting_the_stream_changes_no_frame(parts: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=5)))
    one, other = framer(), framer()
    chunks = [stream[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]

    whole = [piece for piece in one.receive(stream) if isinstance(piece, Whole)]
    cut = [piece for chunk in chunks for piece in other.receive(chunk) if isinstance(piece, Whole)]

    assert (cut, other.pending_bytes) == (whole, one.pending_bytes)


def test_hostile_bytes_cost_no_more_than_their_number() -> None:
    for hostile in (b"g", b"gg\xff", b"gg\x00", b"E", b"\x00"):
        check_linear(framer, lambda count, hostile=hostile: (hostile * count)[:count])  # type: ignore[misc]
