"""How a meitrack stream is cut: by the stated length, and without it where it is wrong."""

from __future__ import annotations

from protocols.meitrack.framing import MAX_FRAME_BYTES, MAX_GARBAGE_BYTES, Framer
from protocols.pieces import CutShort, Garbage, Piece, TooLong, Whole
from tests.protocols.streams import check_linear

AAC = b"$$z27,866000000000017,AAC,1*BB\r\n"
CCC = b"$$C36,866000000000017,CCC,*00\r\n$$x9,*AA\r\n"


def pieces(*chunks: bytes) -> list[Piece]:
    framer = Framer()
    return [piece for chunk in chunks for piece in framer.receive(chunk)]


def test_a_frame_is_as_long_as_it_says_whatever_it_holds() -> None:
    assert pieces(AAC + CCC + b"\r\n" + AAC) == [Whole(AAC), Whole(CCC), Whole(AAC)]


def test_text_with_a_wrong_length_ends_at_its_line_end() -> None:
    for wrong in (b"$$z9,", b"$$z33,", b"$$z99999,", b"$$z0,"):
        frame = AAC.replace(b"$$z27,", wrong)
        assert pieces(frame + AAC) == [Whole(frame), Whole(AAC)]


def test_binary_with_a_wrong_length_ends_at_its_checksum_or_before_the_next_head() -> None:
    frame = b"$$C30,866000000000017,CCC,\r\n12*00\r\n"
    endless = b"$$C30,866000000000017,CCC,\r\n123456789"

    assert pieces(frame + AAC) == [Whole(frame), Whole(AAC)]
    assert pieces(endless + AAC) == [CutShort(endless), Whole(AAC)]


def test_what_ends_with_a_checksum_may_be_whole() -> None:
    framer = Framer()
    seen = []
    for part in (AAC[:-5], AAC[-5:-2]):
        framer.receive(part)
        seen.append(framer.may_be_whole)

    assert seen == [False, True]
    assert framer.give_up() == [Whole(AAC[:-2])]


def test_what_is_given_up_before_is_cut_short() -> None:
    framer = Framer()
    framer.receive(AAC[:20])
    assert framer.give_up() == [CutShort(AAC[:20])]
    framer.receive(b"$$")
    assert framer.give_up() == [Garbage(b"$$")]
    assert framer.give_up() == []


def test_a_frame_and_garbage_without_end_are_refused() -> None:
    head = b"$$A9,866000000000017,AAA,"
    (frame,) = pieces(head + b"1" * MAX_FRAME_BYTES)
    begun, garbage = pieces(b"z", b"z" * MAX_GARBAGE_BYTES)

    assert frame == TooLong(head + b"1" * (512 - len(head)), MAX_FRAME_BYTES)
    assert isinstance(begun, Garbage)
    assert isinstance(garbage, TooLong)


def test_after_too_much_nothing_more_is_taken() -> None:
    framer = Framer()
    framer.receive(b"z" * (MAX_GARBAGE_BYTES + 1))
    assert framer.receive(AAC) == []
    assert framer.pending_bytes == 0


def test_hostile_bytes_cost_no_more_than_their_number() -> None:
    for unit in (b"$$A9999,", b"$$A9,1,CCC,*0", b"$", b"$$", b"$$A5,\r\n", b"$$A14,8660000000001,A", b"*00\r\n"):
        check_linear(Framer, lambda size, unit=unit: unit * (size // len(unit)))  # type: ignore[misc]
