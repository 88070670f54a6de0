"""Extended data: places, times, texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.dc09 import extended
from protocols.dc09.messages import Block
from protocols.signal import Position
from tests.protocols.dc09.support import NOON


@given(lat=st.floats(-90, 90), lon=st.floats(-180, 180))
def test_a_place_comes_back_within_two_metres(lat: float, lon: float) -> None:
    here = extended.read(extended.place(lat, lon)).position
    assert here is not None
    assert abs(here.lat - lat) < 1 / 60_000
    assert abs(here.lon - lon) < 1 / 60_000


def test_a_place_is_written_in_the_official_form() -> None:
    assert extended.place(59.3293, 18.068633) == (Block("X", b"018E04.118"), Block("Y", b"59N19.758"))


def test_the_time_of_the_event_comes_back() -> None:
    assert extended.read([extended.event_time(NOON)]).event_at == NOON


@pytest.mark.parametrize(
    ("longitude", "latitude"),
    [
        ("018E04.118", ""),
        ("018N04.118", "59N19.758"),
        ("018E64.118", "59N19.758"),
        ("181.0", "59.0"),
        ("18.0", "91.0"),
        ("180E00.001", "59N19.758"),
        ("no fix", "no fix"),
        ("nan", "inf"),
    ],
)
def test_a_place_that_cannot_be_is_dropped_and_said(longitude: str, latitude: str) -> None:
    said = extended.read([Block("X", longitude.encode()), Block("Y", latitude.encode())])
    assert said.position is None
    assert said.doubts == ("position dropped: no longitude and latitude that can be read",)


def test_nowhere_at_sea_is_marked_as_no_fix() -> None:
    said = extended.read([Block("X", b"0"), Block("Y", b"0.0")])
    assert said.position == Position(lat=0.0, lon=0.0, valid=False)


def test_decimal_commas_and_an_unbelievable_altitude() -> None:
    said = extended.read([Block("X", b"18,0686"), Block("Y", b"59,3293"), Block("Z", b"99999")])
    assert said.position == Position(lat=59.3293, lon=18.0686)
    assert said.doubts == ("altitude dropped",)


def test_a_time_that_never_was_is_dropped_and_said() -> None:
    said = extended.read([Block("H", b"25:00:00,01-02-2026")])
    assert said.event_at is None
    assert said.doubts == ("time of the event dropped",)


def test_a_key_leaves_no_trace_but_a_doubt() -> None:
    said = extended.read([Block("K", b"00112233445566778899AABBCCDDEEFF")])
    assert said.evidence == ()
    assert "0011" not in repr(said)


@given(blocks=st.lists(st.builds(Block, st.characters(max_codepoint=255), st.binary(max_size=24)), max_size=6))
def test_any_blocks_say_something_and_raise_nothing(blocks: list[Block]) -> None:
    extended.read(blocks)
