"""How a gl200 stream is cut, and that hostile bytes cost no more than their number."""

from __future__ import annotations

from protocols.gl200.framing import MAX_FRAME_BYTES, MAX_GARBAGE_BYTES, Framer
from protocols.pieces import CutShort, Garbage, Piece, TooLong, Whole
from tests.protocols.streams import check_linear

HBD = b"+ACK:GTHBD,1A0800,866000000000017,,20260304050600,00A1"
OPEN = b"+RESP:GTSOS,1A0800,866000000000017,,0"


def pieces(*chunks: bytes) -> list[Piece]:
    framer = Framer()
    return [piece for chunk in chunks for piece in framer.receive(chunk)]


def test_text_ends_at_its_mark_at_nul_and_at_the_next_head() -> None:
    assert pieces(HBD + b"$\r\n" + HBD + b"\x00" + HBD + b"\r\n" + HBD + b"$") == [
        Whole(HBD + b"$"),
        Whole(HBD + b"\x00"),
        Whole(HBD),
        Whole(HBD + b"$"),
    ]


def test_a_message_that_the_next_one_interrupts_is_cut_short() -> None:
    assert pieces(OPEN + HBD + b"$") == [CutShort(OPEN), Whole(HBD + b"$")]
    assert pieces(OPEN.lower() + HBD.lower() + b"$") == [CutShort(OPEN.lower()), Whole(HBD.lower() + b"$")]


def test_binary_frames_are_cut_by_their_length_whatever_they_hold() -> None:
    hbd = bytes.fromhex("2B484244010A") + b"$\x00+R"
    login = b"+LGN\x01\x02\x00\x0b$$$"
    inf = b"+INF\x01\x02\x03\x00\x0a+"
    short = b"+\x00\x00\x06$+"
    ack = b"+ACK\x01\x02\x09$$"

    for frame in (hbd, login, inf, short, ack):
        assert pieces(frame + HBD + b"$") == [Whole(frame), Whole(HBD + b"$")]


def test_a_binary_length_that_cannot_be_makes_its_head_garbage() -> None:
    wrong = b"+RSP\x00\x00\x00\x00\x00\x00\x03"

    assert pieces(wrong + HBD + b"$") == [Garbage(wrong), Whole(HBD + b"$")]


def test_what_lacks_only_its_mark_may_be_whole() -> None:
    framer = Framer()
    seen = []
    for part in (HBD[:-2], HBD[-2:]):
        framer.receive(part)
        seen.append(framer.may_be_whole)
    assert seen == [False, True]
    assert framer.pending_bytes == len(HBD)
    assert framer.give_up() == [Whole(HBD)]
    assert framer.pending_bytes == 0


def test_what_is_given_up_before_its_last_fields_is_cut_short() -> None:
    framer = Framer()
    framer.receive(OPEN)
    assert not framer.may_be_whole
    assert framer.give_up() == [CutShort(OPEN)]
    framer.receive(b"+RE")
    assert framer.give_up() == [Garbage(b"+RE")]
    assert framer.give_up() == []


def test_a_frame_and_garbage_without_end_are_refused() -> None:
    (frame,) = pieces(b"+RESP:" + b"x" * MAX_FRAME_BYTES)
    begun, garbage = pieces(b"z", b"z" * 100, b"z" * MAX_GARBAGE_BYTES)

    assert frame == TooLong(b"+RESP:" + b"x" * 506, MAX_FRAME_BYTES)
    assert isinstance(begun, Garbage)
    assert isinstance(garbage, TooLong)


def test_after_too_much_nothing_more_is_taken() -> None:
    framer = Framer()
    framer.receive(b"z" * (MAX_GARBAGE_BYTES + 1))
    assert framer.receive(HBD + b"$") == []
    assert framer.pending_bytes == 0


def test_hostile_bytes_cost_no_more_than_their_number() -> None:
    for unit in (
        b"+RESP:GTSOS,",
        b"+RSP\x00\x00\x00\x00\x00\x00\x00",
        b"+",
        b"$",
        b"x\x00\x00\x00",
        b"+RESP:G" + b"+" * 40,
    ):
        check_linear(Framer, lambda size, unit=unit: unit * (size // len(unit)))  # type: ignore[misc]
