"""CCC records: both ways, and as far as they go where they are broken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.errors import ContentError
from protocols.meitrack.binary import parse_ccc, serialise_ccc
from protocols.meitrack.messages import Cell, Record

RECORDS = st.builds(
    Record,
    raw=st.just(b""),
    events=st.integers(0, 255).map(lambda event: (str(event),)),
    at=st.integers(0, 2**32 - 1).map(lambda seconds: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)),
    fix=st.booleans(),
    lat=st.integers(-90_000_000, 90_000_000).map(lambda micro: micro / 1_000_000),
    lon=st.integers(-180_000_000, 180_000_000).map(lambda micro: micro / 1_000_000),
    satellites=st.integers(0, 255),
    network=st.integers(0, 255),
    speed_kmh=st.integers(0, 65535).map(float),
    course_deg=st.integers(0, 65535).map(float),
    hdop=st.integers(0, 65535).map(lambda tenths: tenths / 10),
    altitude_m=st.integers(-32768, 32767).map(float),
    cells=st.integers(1, 65535).map(lambda number: (Cell(number, number, number, number),)),
    battery_v=st.integers(1, 65535).map(lambda hundredths: hundredths / 100),
)


@settings(max_examples=100)
@given(st.lists(RECORDS, max_size=4).map(tuple), st.integers(0, 2**32 - 1))
def test_what_is_written_is_read_again(records: tuple[Record, ...], waiting: int) -> None:
    said = parse_ccc(serialise_ccc(records, waiting))

    assert [without_rest(record) for record in said.records] == [without_rest(record) for record in records]
    assert (said.waiting, said.count, said.broken) == (waiting, len(records), 0)


def without_rest(record: Record) -> tuple[object, ...]:
    place = (record.events, record.at, record.fix, record.lat, record.lon, record.altitude_m, record.cells)
    return (
        *place,
        record.satellites,
        record.network,
        record.speed_kmh,
        record.course_deg,
        record.hdop,
        record.battery_v,
    )


@settings(max_examples=150)
@given(st.binary(max_size=200))
def test_any_bytes_give_records_or_a_refusal(body: bytes) -> None:
    try:
        said = parse_ccc(body)
    except ContentError:
        assert len(body) < 8
        return
    slots = len(said.records) + said.broken
    assert slots - 1 <= said.count <= slots


def test_a_body_without_its_head_is_refused() -> None:
    with pytest.raises(ContentError):
        parse_ccc(b"\x02\x01\x34")


@pytest.mark.parametrize(
    ("whole", "tail_bytes", "count", "broken"),
    [(0, 0, 0, 0), (2, 12, 2, 1), (2, 13, 2, 0), (0, 51, 1, 0), (0, 1, 1, 1)],
)
def test_no_more_records_are_counted_than_came_whole_and_one_at_least(
    whole: int, tail_bytes: int, count: int, broken: int
) -> None:
    record = Record(raw=b"", events=("1",), lat=57.93, lon=12.09)
    body = serialise_ccc((record,) * (whole + 1), 9)
    said = parse_ccc(body[: 8 + 52 * whole + tail_bytes])

    assert (said.count, said.broken) == (count, broken)


def test_a_version_that_is_not_ours_is_not_read_unless_its_records_have_our_size() -> None:
    record = Record(raw=b"", events=("1",), lat=57.93, lon=12.09)
    body = b"\x05\x01" + serialise_ccc((record,), 1)[2:]

    assert [read.events for read in parse_ccc(body).records] == [("1",)]
    other = parse_ccc(body[:2] + b"\x00\x00" + body[4:])
    assert (other.records, other.count, other.broken) == ((), 1, 1)


def test_a_record_size_beyond_reason_is_the_usual_one() -> None:
    record = Record(raw=b"", events=("1",), lat=57.93, lon=12.09)
    body = serialise_ccc((record, record), 0)

    for size in (0, 1, 12, 1000, 65535):
        said = parse_ccc(body[:2] + size.to_bytes(2, "little") + body[4:])
        assert [read.events for read in said.records] == [("1",), ("1",)]
