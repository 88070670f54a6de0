"""H02's binary form: nibble by nibble."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.errors import ContentError, LocalProtocolError
from protocols.h02.binary import SHORT_BYTES, is_long, parse_binary, serialise_binary
from protocols.h02.messages import Report
from protocols.signal import AccountId

DEVICE = AccountId("8660000017")
SOS = bytes.fromhex("2486600000170506070403265755800006012054000E002180FFFFFBFDFF0000")
LONG = bytes.fromhex("248660000000000170050607040326575580001E012054000E002180FFFFFBFD01020304050607080900")


@given(
    at=st.integers(1_420_070_400, 3_155_673_599).map(lambda at_s: datetime.fromtimestamp(at_s, UTC)),
    fix=st.booleans(),
    lat=st.floats(-89.9, 89.9),
    lon=st.floats(-179.9, 179.9),
    status=st.integers(0, 0xFFFFFFFF),
    battery=st.integers(0, 255),
)
@settings(max_examples=100)
def test_a_report_reads_back_as_it_was_written(
    at: datetime, fix: bool, lat: float, lon: float, status: int, battery: int
) -> None:
    raw = serialise_binary(DEVICE, Report(word="$", at=at, fix=fix, lat=lat, lon=lon, status=status, battery=battery))
    device, read = parse_binary(raw)

    assert len(raw) == SHORT_BYTES
    assert (device, read.at, read.fix, read.status, read.battery) == (DEVICE, at, fix, status, battery)
    assert read.lat == pytest.approx(lat, abs=1e-6)
    assert read.lon == pytest.approx(lon, abs=1e-6)


@given(st.binary(max_size=60))
@settings(max_examples=200)
def test_any_bytes_are_a_report_or_the_devices_fault(octets: bytes) -> None:
    for start in (b"$", SOS[:6], SOS[:20], LONG[:24]):
        try:
            _, report = parse_binary(start + octets)
        except ContentError:
            continue
        assert report.status is not None


def test_the_long_form_is_known_by_what_it_says() -> None:
    assert (is_long(SOS), is_long(LONG)) == (False, True)
    assert parse_binary(LONG)[0] == "866000000000017"


def test_a_date_or_place_that_is_none_is_named_and_the_status_stays() -> None:
    spoilt = SOS[:6] + bytes.fromhex("996070040326997580") + SOS[15:]
    _, read = parse_binary(spoilt)

    assert (read.at, read.lat, read.broken, read.status) == (None, None, ("time", "position"), 0xFFFFFBFD)


def test_only_a_short_decimal_id_and_a_time_can_be_written() -> None:
    with pytest.raises(LocalProtocolError):
        serialise_binary(AccountId("866000000000017"), Report(word="$", at=datetime(2026, 3, 4, tzinfo=UTC)))
    with pytest.raises(LocalProtocolError):
        serialise_binary(DEVICE, Report(word="$"))
