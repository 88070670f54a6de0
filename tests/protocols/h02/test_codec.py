"""H02 text: what is written can be read, and whatever is read is a message."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.errors import ContentError, LocalProtocolError
from protocols.h02.codec import MAX_FIELDS, parse, parse_message, serialise, serialise_report
from protocols.h02.messages import Cell, Frame, Network, Plain, Report
from protocols.signal import AccountId

DEVICE = AccountId("8660000017")
MOMENTS = st.integers(1_420_070_400, 3_155_673_599).map(lambda at_s: datetime.fromtimestamp(at_s, UTC))


def message(text: str) -> Report | Plain:
    """Read one frame's message."""
    return parse_message(parse(text.encode()))


@given(
    at=MOMENTS,
    fix=st.booleans(),
    lat=st.floats(-89.9, 89.9),
    lon=st.floats(-179.9, 179.9),
    knots=st.integers(0, 200),
    course=st.integers(0, 359),
    battery=st.none() | st.integers(0, 100),
    status=st.integers(0, 0xFFFFFFFF),
    cell=st.none() | st.tuples(st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFF)),
)
@settings(max_examples=100)
def test_a_report_reads_back_as_it_was_written(
    at: datetime,
    fix: bool,
    lat: float,
    lon: float,
    knots: int,
    course: int,
    battery: int | None,
    status: int,
    cell: tuple[int, int] | None,
) -> None:
    report = Report(
        word="V1",
        at=at.replace(microsecond=0),
        fix=fix,
        lat=lat,
        lon=lon,
        knots=float(knots),
        course_deg=float(course),
        battery=battery,
        status=status,
        network=Network(240, 7, (Cell(*cell),)) if cell else None,
    )
    read = message(serialise_report("HQ", DEVICE, report).decode())

    assert isinstance(read, Report)
    assert read.lat == pytest.approx(lat, abs=1e-6)
    assert read.lon == pytest.approx(lon, abs=1e-6)
    for name in ("at", "fix", "knots", "course_deg", "battery", "status", "network", "broken", "words"):
        assert getattr(read, name) == getattr(report, name), name


@given(st.binary(max_size=200))
@settings(max_examples=200)
def test_any_content_is_a_message_or_the_devices_fault(content: bytes) -> None:
    for start in (
        b"*HQ,8660000017,V1,",
        b"*HQ,1,NBR,",
        b"*HQ,1,V3,",
        b"*hq,1,VP1,V,",
        b"*hq,1,VP1,A,",
        b"*HQ,1,V19,",
        b"*",
    ):
        try:
            frame = parse(start + content)
        except ContentError:
            continue
        assert isinstance(parse_message(frame), Report | Plain)


@given(
    st.lists(st.sampled_from(["", "050607", "A", "V", "5755.8000", "N", "040326", "FFFFFBFD", "x", "3"]), max_size=24)
)
@settings(max_examples=200)
def test_fields_in_any_order_are_read_without_a_word_of_complaint(fields: list[str]) -> None:
    for word in ("V1", "V4", "V19", "LINK", "NBR", "V3", "VP1", "ALRM", "ZZ"):
        read = parse_message(Frame("HQ", DEVICE, word, tuple(fields)))
        assert read.word == word


def test_a_frame_without_maker_id_and_type_is_refused() -> None:
    with pytest.raises(ContentError):
        parse(b"*HQ;8660000017#")


def test_more_fields_than_a_frame_may_have_are_left_unread() -> None:
    assert len(parse(b"*HQ,1,ZZ" + b",1" * 1000 + b"#").fields) == MAX_FIELDS


def test_a_sign_that_frames_are_made_of_cannot_be_written() -> None:
    with pytest.raises(LocalProtocolError):
        serialise(Frame("HQ", DEVICE, "D1", ("1#",)))


def test_a_digit_for_the_fix_is_a_fix_only_if_it_is_zero() -> None:
    fixes = [message(f"*HQ,1,V1,050607,{sign},5755.8,N,01205.4,E,0,0,040326,FFFFFFFF#") for sign in "A0V1B"]

    assert [report.fix for report in fixes if isinstance(report, Report)] == [True, True, False, False, False]


def test_a_battery_before_the_date_is_told_from_the_date() -> None:
    with_battery = message("*HQ,1,V1,050607,A,5755.8,N,01205.4,E,0,0,66,040326,FFFFFFFF#")
    without = message("*HQ,1,V1,050607,A,5755.8,N,01205.4,E,0,0,040326,FFFFFFFF#")

    assert isinstance(with_battery, Report)
    assert isinstance(without, Report)
    assert (with_battery.battery, without.battery) == (66, None)
    assert with_battery.at == without.at == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def test_what_cannot_be_read_is_named_and_the_rest_stays() -> None:
    read = message("*HQ,1,V1,256199,A,57x,N,01205.4,E,0,0,040326,notstatus#")

    assert isinstance(read, Report)
    assert (read.at, read.lat, read.status, read.broken) == (None, None, None, ("time", "position", "status"))


@pytest.mark.parametrize(
    "content",
    [
        "NBR,050607,240,7,0,7,4660,43981,54,4660,43982,40,040326,FFFFFBFD",  # more cells counted than listed
        "NBR,050607,240,7,0,2,4660,43981,54,4660,43982,40,000000,FFFFFBFD,5",  # a clock that was never set
        "NBR,050607,240,7,0,1,4660,43981,54,,FFFFFBFD",
        "NBR,050607,240,7,0,,040326,FFFFFBFD",
        "V3,050607,24007,3,4660,43981,54,,0E7F,0,X,040326,FFFFFBFD",
        "LINK,050607,20,0,81,040326,FFFFFBFD",  # no steps, no rolls
        "LINK,050607,20,0,81,120,0,7,040326,FFFFFBFD",
        "V1,050607,A,5755.8000,N,01205.4000,E,002.00,180,FFFFFBFD",  # no date
        "V1,050607,A,5755.8000,N,01205.4000,E,002.00,180,81,7,040326,FFFFFBFD",  # two fields before the date
        "V1,050607,V,040326,FFFFFBFD",  # no place
        "V1,050607,V,5755.8000,N,01205.4000,E,002.00,180,000000,FFFFFBFD",
        "V19,050607,A,5755.8000,N,01205.4000,E,002.00,180,040326,12345678,,FFFFFBFD",  # a SIM number like a status
        "V4,D1,30,050608,,V,,,,,,,,FFFFFBFD",
    ],
)
def test_the_status_is_found_wherever_the_fields_before_it_were_left_out_or_added(content: str) -> None:
    read = message(f"*HQ,8660000017,{content}#")

    assert isinstance(read, Report)
    assert read.status == 0xFFFFFBFD


def test_heartbeats_say_per_cent_and_a_field_behind_the_cell_says_a_level() -> None:
    for said in ("HTBT,5", "LINK,050607,20,0,5,120,0,040326,FFFFFFFF", "V1,050607,V,,,,,,,5,040326,FFFFFFFF"):
        read = message(f"*HQ,1,{said}#")
        assert isinstance(read, Report)
        assert (read.battery, read.battery_in_pct) == (5, True)
    read = message("*HQ,1,V1,050607,V,,,,,,,040326,FFFFFFFF,240,07,4660,43981,5#")
    assert isinstance(read, Report)
    assert (read.battery, read.battery_in_pct) == (5, False)


def test_blanks_around_the_id_are_no_part_of_it() -> None:
    assert parse(b"*HQ, 8660000017 ,HTBT#").device == DEVICE
