"""Cutting is linear and bounded, whatever comes; another family's bytes are told at once."""

from __future__ import annotations

import pytest

from protocols.pieces import CutShort, Garbage, TooLong, Whole
from protocols.teltonika.framing import MAX_FRAME_BYTES, MAX_GARBAGE_BYTES, Framer
from tests.protocols.streams import check_linear

LOGIN = bytes.fromhex("000F383636303030303030303030303137")
SOS = bytes.fromhex(
    "00000000000000368E010000019CB73D3218010000000000000000002300B400000000EC0004000300F00000715100EC01000100430F41"
    "00000000000001000058C2"
)
HOSTILE = {
    "zeros": lambda size: bytes(size),
    "pings": lambda size: b"\xff" * size,
    "heads of a log-in": lambda size: b"!" + b"\x00\x0f86600" * (size // 7),
    "heads of data": lambda size: b"!" + (bytes(8) + b"\x08") * (size // 9),
    "the longest frame, slowly": lambda size: bytes(6) + b"\xff\x00" + b"\x08" * size,
    "random text": lambda size: b"*HQ,123,V1#" * (size // 11),
}


def test_a_login_a_ping_and_data_follow_each_other() -> None:
    assert Framer().receive(LOGIN + b"\xff" + SOS + b"\xff") == [
        Whole(LOGIN),
        Whole(b"\xff"),
        Whole(SOS),
        Whole(b"\xff"),
    ]


@pytest.mark.parametrize(
    "strange",
    [
        b"78780D01086600000000001700013ECC0D0A",
        bytes.fromhex("78780D01086600000000001700013ECC0D0A"),
        b"*HQ,8660000001,V1,050607,A#",
        bytes.fromhex("0003414243"),
        bytes.fromhex("0000000100000036"),
        bytes.fromhex("0000000000010000"),
        bytes.fromhex("0038CAFE0205000F"),
        bytes.fromhex("0038CAFE0105000F3833!!".replace("!!", "21")),
    ],
)
def test_what_is_no_frame_is_garbage_as_soon_as_that_can_be_told(strange: bytes) -> None:
    pieces = Framer().receive(strange)

    assert [type(piece) for piece in pieces] == [Garbage]


def test_after_garbage_the_next_frame_is_found_again() -> None:
    framer = Framer()

    assert framer.receive(b"GET / HTTP/1.1\r\n\r\n" + SOS[:5]) == [Garbage(b"GET / HTTP/1.1\r\n\r\n" + SOS[:5])]
    assert framer.receive(SOS[5:] + LOGIN) == [Whole(SOS), Whole(LOGIN)]


def test_a_frame_that_never_ends_is_given_up_as_it_is() -> None:
    framer = Framer()
    assert framer.receive(SOS[:30]) == []
    assert framer.pending_bytes == 30

    assert framer.give_up() == [CutShort(SOS[:30])]
    assert framer.pending_bytes == 0
    assert framer.give_up() == []


def test_endless_garbage_ends_the_connection_and_is_not_kept() -> None:
    framer = Framer()
    pieces = [piece for _ in range(MAX_GARBAGE_BYTES // 512 + 2) for piece in framer.receive(b"x" * 512)]

    assert [type(piece) for piece in pieces] == [Garbage, TooLong]
    assert framer.receive(SOS) == []
    assert framer.pending_bytes == 0


def test_no_more_than_one_frame_is_kept() -> None:
    framer = Framer()
    for _ in range(MAX_FRAME_BYTES // 512):
        framer.receive(bytes(6) + b"\xff\x00" + b"\x08" * 504)
        assert framer.pending_bytes <= MAX_FRAME_BYTES


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_twice_the_bytes_are_twice_the_work(name: str) -> None:
    check_linear(Framer, HOSTILE[name])
