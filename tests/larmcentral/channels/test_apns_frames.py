"""GOAWAY is found wherever the stream is cut; all else passes untouched."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hyperframe.frame import DataFrame, Frame, GoAwayFrame, PingFrame
from hypothesis import given, settings
from hypothesis import strategies as st

from larmcentral.channels.apns_frames import FrameCutter, GoAway


def _data(body: bytes) -> Frame:
    return DataFrame(1, data=body)


FRAMES = st.lists(
    st.one_of(
        st.binary(max_size=40).map(_data),
        st.just(PingFrame(0, opaque_data=b"12345678")),
        st.builds(
            lambda last, debug: GoAwayFrame(0, last_stream_id=last, error_code=2, additional_data=debug),
            st.integers(0, 2**31 - 1),
            st.binary(max_size=30),
        ),
    ),
    max_size=8,
)


@settings(deadline=None)  # a busy machine is no fault
@given(frames=FRAMES, cuts=st.lists(st.integers(0, 500), max_size=20))
def test_cutting_the_stream_elsewhere_changes_nothing(frames: list[Frame], cuts: list[int]) -> None:
    stream = b"".join(frame.serialize() for frame in frames)
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    cutter = FrameCutter()

    pieces = [piece for start, end in pairwise(edges) for piece in cutter.receive(stream[start:end])]

    assert b"".join(piece for piece in pieces if isinstance(piece, bytes)) == b"".join(
        frame.serialize() for frame in frames if not isinstance(frame, GoAwayFrame)
    )
    assert [piece for piece in pieces if isinstance(piece, GoAway)] == [
        GoAway(frame.last_stream_id, frame.error_code, frame.additional_data)
        for frame in frames
        if isinstance(frame, GoAwayFrame)
    ]


def test_order_is_kept() -> None:
    goaway = GoAwayFrame(0, last_stream_id=5, error_code=0)
    ping = PingFrame(0, opaque_data=b"12345678").serialize()

    pieces = list(FrameCutter().receive(ping + goaway.serialize() + ping))

    assert pieces == [ping, GoAway(5, 0, b""), ping]


@pytest.mark.parametrize("length", [7, 16_385])
def test_a_goaway_of_impossible_length_is_the_servers_fault(length: int) -> None:
    with pytest.raises(ValueError, match="GOAWAY"):
        list(FrameCutter().receive(length.to_bytes(3, "big") + b"\x07\x00" + bytes(4)))
