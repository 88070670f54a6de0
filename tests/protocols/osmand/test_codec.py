"""parse(serialise(m)) is m in both forms; any bytes are a report or a content error."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.errors import ContentError
from protocols.osmand.codec import parse_json, parse_query, serialise_json, serialise_query
from protocols.osmand.messages import Report
from protocols.phone import MAX_RECORDS
from protocols.signal import AccountId

tokens = st.text("abcdefghijkABC0123456789:-_", min_size=1, max_size=12)
reports = st.builds(
    Report,
    device=tokens.map(AccountId),
    at=st.none()
    | st.integers(1_000_000_000_000, 2_147_483_647_999).map(lambda ms: datetime.fromtimestamp(ms / 1000, UTC)),
    lat=st.integers(-90_000_000, 90_000_000).map(lambda n: n / 1_000_000),
    lon=st.integers(-180_000_000, 180_000_000).map(lambda n: n / 1_000_000),
    accuracy_m=st.none() | st.integers(1, 99_999).map(lambda n: n / 10),
    altitude_m=st.none() | st.integers(-5000, 99_999).map(lambda n: n / 10),
    speed_mps=st.none() | st.integers(0, 99_999).map(lambda n: n / 1000),
    course_deg=st.none() | st.integers(0, 3600).map(lambda n: n / 10),
    mock=st.booleans(),
    battery_pct=st.none() | st.integers(0, 100),
    charging=st.none() | st.booleans(),
    alarms=st.lists(st.sampled_from(["sos", "fallDown", "general", "x9", "lowBattery"]), unique=True, max_size=3).map(
        tuple
    ),
    event=st.none() | st.sampled_from(["heartbeat", "motionchange", "check_in"]),
    uuid=st.none() | tokens,
    evidence=st.lists(
        st.tuples(st.sampled_from(["cell", "wifi", "hdop"]), tokens), max_size=3, unique_by=lambda pair: pair[0]
    ).map(tuple),
)


@given(reports)
def test_a_query_comes_back_as_it_was(report: Report) -> None:
    query = urlencode(serialise_query(report))

    assert parse_query(parse_qsl(query, keep_blank_values=True)) == report


@given(reports)
def test_a_json_body_comes_back_as_it_was(report: Report) -> None:
    body = json.dumps(serialise_json(report)).encode()

    assert parse_json(body) == (report,)


@given(
    st.lists(
        st.tuples(st.sampled_from(["id", "timestamp", "lat", "lon", "alarm", "speed", "batt"]), st.text()), max_size=8
    )
)
def test_any_fields_are_a_report(pairs: list[tuple[str, str]]) -> None:
    parse_query(pairs)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["device_id", "location", "coords", "latitude", "longitude", "timestamp", "battery", "level"]
            )
            | st.sampled_from(["alarm", "extras", "event", "speed", "heading", "is_charging", "uuid", "x"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(anything)
def test_any_json_is_reports_or_a_content_error(value: object) -> None:
    try:
        reports_found = parse_json(json.dumps(value).encode())
    except ContentError:
        return
    assert reports_found


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b"1" * 5000, b"[]", b"[1,2]", b"null"]
)
def test_what_is_no_report_is_the_phones_fault(body: bytes) -> None:
    with pytest.raises(ContentError):
        parse_json(body)


def test_a_list_without_end_is_refused() -> None:
    with pytest.raises(ContentError, match="more than 1000 records"):
        parse_json(b"[" + b",".join([b"{}"] * (MAX_RECORDS + 1)) + b"]")


@pytest.mark.parametrize(
    ("text", "at", "doubts"),
    [
        ("1772600767", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), ()),
        ("1772600767.5", datetime(2026, 3, 4, 5, 6, 7, 500_000, tzinfo=UTC), ()),
        ("1772600767000", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), ()),
        ("2147483647", datetime(2038, 1, 19, 3, 14, 7, tzinfo=UTC), ()),
        ("2147483648", datetime(1970, 1, 25, 20, 31, 23, 648_000, tzinfo=UTC), ()),
        ("2026-03-04T05:06:07Z", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), ()),
        ("2026-03-04T06:06:07.250+01:00", datetime(2026, 3, 4, 5, 6, 7, 250_000, tzinfo=UTC), ()),
        ("2026-03-04T06:06:07 01:00", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), ()),
        ("2026-03-04T05:06:07", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), ("time without a zone taken as UTC",)),
        ("2026-03-04 05:06:07", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), ("time without a zone taken as UTC",)),
        ("yesterday", None, ("time unreadable",)),
        ("0001-01-01T00:00:00+14:00", None, ("time unreadable",)),
        ("9" * 16, None, ("time unreadable",)),
        ("", None, ()),
    ],
)
def test_a_time_is_read_in_each_of_its_forms(text: str, at: datetime | None, doubts: tuple[str, ...]) -> None:
    report = parse_query([("id", "1"), ("timestamp", text)])

    assert (report.at, report.doubts) == (at, doubts)
