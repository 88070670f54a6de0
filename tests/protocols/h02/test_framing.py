"""Text and binary on one connection, wherever it is cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.h02.framing import BLOCK_BYTES, MAX_FRAME_BYTES, MAX_GARBAGE_BYTES, DatagramFramer, Framer
from protocols.pieces import CutShort, Garbage, Piece, TooLong, Whole
from tests.protocols.streams import check_linear

TEXT = b"*HQ,8660000017,HTBT,81#"
SHORT = bytes.fromhex("2486600000170506070403265755800006012054000E002180FFFFFBFDFF0000")
TAILED = SHORT + bytes(range(1, 14))
LONG = bytes.fromhex("248660000000000170050607040326575580001E012054000E002180FFFFFBFD01020304050607080900")
BLOCK = b"X" + bytes(BLOCK_BYTES - 1)


def pieces(*chunks: bytes) -> list[Piece]:
    """Feed a new framer."""
    framer = Framer()
    return [piece for chunk in chunks for piece in framer.receive(chunk)]


@given(st.lists(st.sampled_from([TEXT, SHORT, LONG, BLOCK, b"\r\n"]), max_size=8), st.integers(1, 40))
@settings(max_examples=100)
def test_a_stream_is_cut_into_its_frames_however_it_comes(frames: list[bytes], size: int) -> None:
    stream = b"".join([*frames, TEXT])
    expected = [Whole(frame) for frame in (*frames, TEXT) if frame != b"\r\n"]

    assert pieces(*(stream[at : at + size] for at in range(0, len(stream), size))) == expected


def test_a_tailed_message_is_known_by_what_does_not_follow_it() -> None:
    assert pieces(TAILED + TAILED + TEXT) == [Whole(TAILED), Whole(TAILED), Whole(TEXT)]


@pytest.mark.parametrize("sign", [b"*", b"$", b"\r", b"*H\x01"])
def test_a_tail_that_begins_like_a_frame_is_a_tail(sign: bytes) -> None:
    tailed = SHORT + sign.ljust(13, b"\xaa")

    for cut in range(1, len(tailed)):
        assert pieces(tailed[:cut], tailed[cut:], TEXT) == [Whole(tailed), Whole(TEXT)]


def test_three_bytes_more_of_a_tail_are_no_garbage() -> None:
    stream = TAILED + b"\x0e\x0f\x10" + SHORT + TEXT

    for cut in range(1, len(stream)):
        assert pieces(stream[:cut], stream[cut:]) == [Whole(TAILED), Whole(SHORT), Whole(TEXT)]
    for stream in (TAILED + b"\x0e\x0f\x10" + BLOCK + TEXT, TAILED + b"\x0e" + BLOCK + TEXT):
        assert pieces(*(stream[at : at + 1] for at in range(len(stream)))) == pieces(stream)
    assert pieces(TAILED + b"\x0e\x0f\x10\x11" + TEXT) == [Whole(TAILED), Garbage(b"\x11"), Whole(TEXT)]


def test_silence_settles_a_lone_short_message_and_the_next_one_does_not_wait() -> None:
    framer = Framer()

    assert framer.receive(SHORT) == []
    assert framer.may_be_whole
    assert framer.give_up() == [Whole(SHORT)]
    assert framer.receive(SHORT) == [Whole(SHORT)]


def test_a_framer_that_lost_its_place_finds_the_next_head() -> None:
    framer = Framer()
    assert framer.receive(SHORT + TEXT) == [Whole(SHORT), Whole(TEXT)]
    found = framer.receive(TAILED + TEXT + SHORT + TEXT)

    assert found[0] == Whole(SHORT)
    assert isinstance(found[1], Garbage)
    assert found[2:] == [Whole(TEXT), Whole(SHORT), Whole(TEXT)]


def test_an_x_inside_garbage_is_garbage() -> None:
    assert pieces(b"?XX" + TEXT) == [Garbage(b"?XX"), Whole(TEXT)]


def test_a_head_inside_a_frame_ends_it() -> None:
    assert pieces(b"*HQ,8660000017,V1,05", TEXT) == [CutShort(b"*HQ,8660000017,V1,05"), Whole(TEXT)]


@pytest.mark.parametrize("pending", [b"*HQ,8660000017,V1", b"$\x86\x60\x00\x00\x17\x05"])
def test_what_never_ends_is_cut_short(pending: bytes) -> None:
    framer = Framer()

    assert framer.receive(pending) == []
    assert not framer.may_be_whole
    assert framer.give_up() == [CutShort(pending)]
    assert framer.pending_bytes == 0


def test_a_text_that_forgot_its_last_sign_is_settled_once_it_has_said_its_status() -> None:
    framer = Framer()
    said = []
    for chunk in (b"*HQ,8660000017,V1,050607,V,,,,,,,040326,FFFFFB", b"FD"):
        framer.receive(chunk)
        said.append(framer.may_be_whole)
    assert said == [False, True]
    assert framer.give_up() == [Whole(b"*HQ,8660000017,V1,050607,V,,,,,,,040326,FFFFFBFD")]


def test_a_text_without_an_end_is_too_long() -> None:
    framer = Framer()
    found = framer.receive(b"*HQ,8660000017,V1," + b"1" * MAX_FRAME_BYTES)

    assert isinstance(found[0], TooLong)
    assert (framer.receive(TEXT), framer.pending_bytes) == ([], 0)


def test_garbage_has_an_end() -> None:
    found = pieces(b"\xff" * 100, b"\xff" * MAX_GARBAGE_BYTES, TEXT)

    assert [type(piece) for piece in found] == [Garbage, TooLong]


def test_a_datagram_is_one_binary_message_whatever_its_tail() -> None:
    assert DatagramFramer().receive(TAILED + b"\x01\x02\x03") == [Whole(TAILED + b"\x01\x02\x03")]
    assert DatagramFramer().receive(TEXT + TEXT) == [Whole(TEXT), Whole(TEXT)]


@pytest.mark.parametrize("hostile", [b"*HQ,1,", b"$\x11", b"\xff", b"*H", b"X", b"\r\n", b"$\x99\x99\x99\x99\x99"])
def test_hostile_bytes_cost_no_more_than_their_number(hostile: bytes) -> None:
    check_linear(Framer, lambda size: (hostile * (size // len(hostile) + 1))[:size])
