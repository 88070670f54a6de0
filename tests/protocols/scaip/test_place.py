"""Where a request was sent from."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.scaip.messages import Mrq
from protocols.scaip.place import place

NOW = datetime(2026, 3, 4, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize("geo", ["57.93,12.09", "57.93 ; 12.09", "+57.93 12.09"])
def test_coordinates_in_the_spellings_that_occur(geo: str) -> None:
    position = place(Mrq(geo=geo), NOW).position
    assert position is not None
    assert (position.lat, position.lon, position.fix_at) == (57.93, 12.09, None)


def test_the_southern_and_the_western_half_and_a_fix_before_midnight() -> None:
    found = place(Mrq(gga="$GNGGA,235959.00,3351.5000,s,07030.0000,W,1,09,1.1,520.0,M"), NOW)
    assert found.position is not None
    assert (found.position.lat, found.position.lon) == (-33.8583333, -70.5)
    assert found.position.fix_at == datetime(2026, 3, 3, 23, 59, 59, tzinfo=UTC)
    assert (found.position.valid, found.satellites) == (True, "09")


@pytest.mark.parametrize(
    ("mrq", "doubts"),
    [
        (Mrq(geo="57.93"), ("a position that cannot be read",)),
        (Mrq(geo="nan,1"), ("a position that cannot be read",)),
        (Mrq(geo="91,12"), ("position outside the globe dropped",)),
        (Mrq(gga="$GPRMC,1"), ("a position that cannot be read",)),
        (Mrq(gga="$GPGGA,000000,,,,,0,00,,,M"), ("a position without coordinates",)),
        (Mrq(geo="1,2", tim="yesterday"), ("a time of the position that cannot be read",)),
        (Mrq(geo="1,2", tim="1970-01-01T00:00:00Z"), ("time 1970-01-01T00:00:00Z dropped",)),
        (Mrq(geo="1,2", tim="2026-03-04T00:00:00"), ("the time of the position has no zone; taken as UTC",)),
        (Mrq(geo="1,2", tim="0001-01-01T00:00:00+14"), ("a time of the position that cannot be read",)),
    ],
)
def test_what_is_not_believed_is_said(mrq: Mrq, doubts: tuple[str, ...]) -> None:
    assert place(mrq, NOW).doubts == doubts


def test_where_one_cannot_be_read_the_other_counts() -> None:
    found = place(Mrq(geo="?", gga="$GPGGA,000000,5755.8,N,01205.4,E,1,,,,"), NOW)
    assert found.position is not None
    assert (found.position.lat, found.satellites, found.doubts) == (57.93, None, ("a position that cannot be read",))


@settings(max_examples=100)
@given(
    st.text(max_size=30), st.text(max_size=30), st.lists(st.text("0123456789.,NSEW$GPGA-", max_size=10), max_size=10)
)
def test_any_text_gives_a_place_or_a_doubt(geo: str, tim: str, fields: list[str]) -> None:
    found = place(Mrq(geo=geo, tim=tim, gga="$GPGGA," + ",".join(fields)), NOW)
    assert found.position is not None or found.doubts
