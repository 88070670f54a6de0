"""AAA and AFF records: both ways where the emulator writes them, and with anything missing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.meitrack.messages import Cell, Record
from protocols.meitrack.text import parse_text, serialise_text

RECORD = Record(
    raw=b"",
    events=("1",),
    at=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
    fix=True,
    lat=57.93,
    lon=-12.09,
    satellites=9,
    network=20,
    speed_kmh=4.0,
    course_deg=180.0,
    hdop=0.9,
    altitude_m=-5.0,
    cells=(Cell(240, 7, 0x1234, 0xABCDEF),),
    battery_steps=0x185,
)


def test_what_is_written_is_read_again() -> None:
    body = serialise_text(RECORD)
    (read,) = parse_text("AAA", body).records

    assert read.raw == body
    assert (read.events, read.at, read.fix, read.lat, read.lon) == (("1",), RECORD.at, True, 57.93, -12.09)
    assert (read.satellites, read.network, read.speed_kmh, read.course_deg) == (9, 20, 4.0, 180.0)
    assert (read.hdop, read.altitude_m, read.cells, read.battery_steps) == (0.9, -5.0, RECORD.cells, 0x185)


def test_a_backlog_number_is_no_part_of_the_record() -> None:
    body = serialise_text(RECORD)
    live, stored = parse_text("AAA", body), parse_text("AFF", b"12," + body)

    assert live.records == stored.records
    assert (live.waiting, stored.waiting) == (None, 12)


@pytest.mark.parametrize("at", ["", "261304050607", "2603040506", "x"])
def test_a_time_that_is_none_is_a_doubt(at: str) -> None:
    (read,) = parse_text("AAA", f"1,57.93,12.09,{at},A".encode()).records

    assert (read.at, read.doubts) == (None, ("time unreadable",))


@settings(max_examples=150)
@given(
    st.sampled_from(["AAA", "AFF"]),
    st.lists(st.one_of(st.binary(max_size=20), st.sampled_from([b"1", b"A", b"1|2|3|4"])), max_size=25),
)
def test_any_fields_give_one_record(command: str, fields: list[bytes]) -> None:
    assert len(parse_text(command, b",".join(fields)).records) == 1
