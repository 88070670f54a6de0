"""Cutting a topin stream: what the length octet counts, the six octets of an SOS, and no stalling."""

from __future__ import annotations

from protocols.pieces import CutShort, Whole
from protocols.topin.framing import answers_framer, framer
from tests.protocols.streams import check_linear

LOGIN = bytes.fromhex("78780D010866000000000017020D0A")
SOS = bytes.fromhex("787801990D0A")
POSITION = bytes.fromhex("787812101A0304050607C906371850014C0FD00414B40D0A")
WIFI = bytes.fromhex("787802172603040306070200000000113D0200000000124A0100F0071234ABCD550D0A")


def test_each_type_is_cut_by_what_its_length_counts() -> None:
    status = bytes.fromhex("78780A135140010A64000000000D0A")
    paper_status = bytes.fromhex("787804135140010A0D0A")
    beat = bytes.fromhex("787801080D0A")
    whole = [LOGIN, status, paper_status, SOS, POSITION, WIFI, beat]

    assert framer().receive(b"".join(whole)) == [Whole(raw) for raw in whole]


def test_an_sos_is_whole_with_its_last_octet_and_not_later() -> None:
    cut = framer()

    assert cut.receive(SOS[:-1]) == []
    assert cut.receive(SOS[-1:]) == [Whole(SOS)]
    assert cut.pending_bytes == 0


def test_access_points_are_counted_whatever_octets_they_hold() -> None:
    points = bytes.fromhex("0D0A0D0A0D0A0D") * 3
    tails = (b"\x00\x00\xf0\x07", b"\x00", b"", b"\x01\x00\xf0\x07\x12\x34\xab\xcd\x55", b"\x00\x00\xf0\x07\x10")
    for tail in tails:
        raw = b"\x78\x78\x03\x69\x26\x03\x04\x05\x06\x07" + points + tail + b"\r\n"
        assert framer().receive(raw + SOS) == [Whole(raw), Whole(SOS)]


def test_wide_cells_take_nine_octets() -> None:
    head = b"\x78\x78\x00\x1a\x26\x03\x04\x05\x06\x07\x02\x00\xf0\x07"
    raw = head + b"\r\n345678\x55" * 2 + b"\r\n"

    assert framer().receive(raw + LOGIN) == [Whole(raw), Whole(LOGIN)]


def test_a_length_that_fits_nothing_ends_at_the_next_end() -> None:
    odd = bytes.fromhex("787803135140010A640000000D0A")

    assert framer().receive(odd + SOS) == [Whole(odd), Whole(SOS)]


def test_an_sos_behind_half_a_frame_is_heard_once_the_line_is_silent() -> None:
    cut = framer()

    assert cut.receive(POSITION[:9] + SOS) == []
    assert cut.may_be_whole
    assert cut.give_up() == [CutShort(POSITION[:9]), Whole(SOS)]


def test_answers_are_cut_by_their_type() -> None:
    answers = [
        bytes.fromhex(text)
        for text in (
            "78780D01010D0A",
            "7878073007EA03040506080D0A",
            "787812101A03040506070D0A",
            "787802172603040306070D0A",
            "78780A135140010A64000000000D0A",
            "787801990D0A",
            "78780B41303730313734303630310D0A",
        )
    ]

    assert answers_framer().receive(b"".join(answers)) == [Whole(raw) for raw in answers]


def test_hostile_streams_cost_no_more_than_their_length() -> None:
    check_linear(framer, lambda size: b"\x78" * size)
    check_linear(framer, lambda size: b"\x78\x78\x00\x69" * (size // 4))
    check_linear(framer, lambda size: b"\x78\x78\x09\x99\r\n" * (size // 6))
    check_linear(framer, lambda size: (b"\x78\x78\xff\x1a" + b"\x78\x78\x05" * 40 + b"\r\n") * (size // 126))
