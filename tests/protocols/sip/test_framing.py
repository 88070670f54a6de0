"""A SIP stream to messages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.pieces import CutShort, Garbage, Piece, TooLong, Whole
from protocols.sip.codec import MAX_MESSAGE_BYTES
from protocols.sip.framing import PING, SipFramer
from tests.protocols.streams import check_linear

FIRST = b"MESSAGE sip:a@b SIP/2.0\r\nContent-Length: 5\r\n\r\n\r\n\r\nx"
SECOND = b"SIP/2.0 200 OK\r\nl : 0\r\n\r\n"
STREAM = FIRST + PING + SECOND + b"\r\n" + FIRST + PING


@settings(max_examples=150)
@given(st.lists(st.integers(0, len(STREAM)), max_size=6))
def test_how_the_stream_is_cut_changes_nothing(cuts: list[int]) -> None:
    framer, pieces, begun = SipFramer(), list[Piece](), 0
    for cut in [*sorted(cuts), len(STREAM)]:
        pieces += framer.receive(STREAM[begun:cut])
        begun = cut
    assert pieces == [Whole(FIRST), Whole(PING), Whole(SECOND), Whole(FIRST), Whole(PING)]
    assert framer.pending_bytes == 0


@pytest.mark.parametrize("garbage", [b"\x16\x03\x01", b"[3G*866", b"<mrq>", b"A" * 33])
def test_garbage_ends_the_stream_at_once(garbage: bytes) -> None:
    framer = SipFramer()
    assert framer.receive(FIRST + garbage) == [Whole(FIRST), Garbage(garbage)]
    assert framer.receive(FIRST) == []


@pytest.mark.parametrize(
    "flood",
    [b"MESSAGE " + b"a" * MAX_MESSAGE_BYTES, b"MESSAGE a SIP/2.0\r\nl: 99999999\r\n\r\n"],
)
def test_what_never_ends_is_given_up(flood: bytes) -> None:
    framer = SipFramer()
    (piece,) = framer.receive(flood)
    assert isinstance(piece, TooLong)
    assert framer.pending_bytes == 0


def test_half_a_message_is_given_back_and_half_a_keep_alive_is_nothing() -> None:
    framer = SipFramer()
    assert framer.receive(b"\r\n") == []
    assert framer.pending_bytes == 0
    assert framer.receive(FIRST[:30]) == []
    assert framer.pending_bytes == 30
    assert framer.give_up() == [CutShort(FIRST[:30])]
    assert not framer.may_be_whole


HOSTILE: dict[str, Callable[[int], bytes]] = {
    "line breaks": lambda size: b"\r\n" * (size // 2),
    "one endless line": lambda size: b"MESSAGE " + b"a" * size,
    "many tiny messages": lambda size: b"A /\n\n" * (size // 5),
    "line feeds and a letter": lambda size: b"A \r\n" * (size // 4),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_the_work_is_linear(name: str) -> None:
    check_linear(SipFramer, HOSTILE[name])
