"""parse(serialise(m)) is m for what a tag says; any content is a message or the transmitter's fault."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.concox import PER_DEGREE, AccessPoint, Cell, Fix, parse_decimal_clock
from protocols.errors import ContentError, LocalProtocolError
from protocols.signal import AccountId
from protocols.topin.codec import parse, parse_message, serialise, serialise_message, serialise_number
from protocols.topin.messages import (
    Broken,
    Frame,
    Heartbeat,
    Login,
    Message,
    Press,
    Report,
    Setting,
    Status,
    TimeRequest,
    Unknown,
    Vibration,
)

octets = st.integers(0, 255)
dbm = st.integers(-120, -1)
times = st.integers(0, 3_155_759_999).map(lambda s: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=s))
points = st.builds(AccessPoint, mac=st.binary(min_size=6, max_size=6).map(lambda mac: mac.hex(":")), dbm=dbm)
cells = st.builds(
    Cell, mcc=st.just(240), mnc=st.just(7), lac=st.integers(0, 0xFFFF), cid=st.integers(0, 0xFFFF), dbm=dbm
)
fixes = st.builds(
    Fix,
    satellites=st.integers(0, 15),
    lat=st.integers(-162_000_000, 162_000_000).map(lambda n: round(n / PER_DEGREE, 7)),
    lon=st.integers(-324_000_000, 324_000_000).map(lambda n: round(n / PER_DEGREE, 7)),
    speed_kmh=octets,
    course_deg=st.integers(0, 359),
    positioned=st.booleans(),
)
messages: st.SearchStrategy[Message] = st.one_of(
    st.builds(Login, device=st.integers(10**14, 10**15 - 1).map(lambda n: AccountId(str(n))), software=octets),
    st.sampled_from([Heartbeat(), TimeRequest(), Press(), Vibration()]),
    st.builds(Report, at=times, stored=st.booleans(), fix=fixes),
    st.builds(Report, at=times, stored=st.booleans(), fix=fixes, altitude_m=st.just(-5.0), flags=octets),
    st.builds(
        Report,
        at=times,
        stored=st.booleans(),
        flags=st.none() | octets,
        access_points=st.lists(points, min_size=1, max_size=5).map(tuple),
        cells=st.lists(cells, max_size=3).map(tuple),
    ),
    st.builds(Status, battery_pct=octets, firmware=octets, zone=octets, interval_min=octets),
    st.builds(
        Status,
        battery_pct=octets,
        firmware=octets,
        zone=octets,
        interval_min=octets,
        network=octets,
        temperature=st.binary(min_size=3, max_size=3),
        charging=octets,
        pulse=st.none() | octets,
    ),
    st.builds(Setting, type=st.sampled_from([0x14, 0x41, 0x57]), text=st.from_regex("[0-9]{0,12}", fullmatch=True)),
)


@settings(max_examples=150)
@given(messages)
def test_what_a_tag_says_comes_back_as_it_was(message: Message) -> None:
    assert parse_message(parse(serialise(serialise_message(message)))) == message


@settings(max_examples=150)
@given(octets, st.binary(max_size=80), octets)
def test_any_content_is_a_message_or_the_transmitters_fault(kind: int, content: bytes, stated: int) -> None:
    try:
        parse_message(Frame(kind, content, stated))
    except ContentError:
        assert kind == 0x01


def test_what_has_no_end_or_no_type_is_no_frame() -> None:
    for raw in (b"", b"\x78\x78\x01\x99", b"\x78\x78\x01\r\n"):
        with pytest.raises(ContentError):
            parse(raw)


def test_a_time_in_plain_octets_is_read_where_it_cannot_be_decimal() -> None:
    t0 = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)

    assert parse_decimal_clock(bytes.fromhex("260304050607")) == t0
    assert parse_decimal_clock(bytes.fromhex("1A0304050607")) == t0
    assert parse_decimal_clock(bytes.fromhex("261304050607")) is None
    assert parse_decimal_clock(b"\x26\x03") is None


def test_a_record_too_short_is_broken() -> None:
    for kind, content in ((0x10, b"\x1a" * 17), (0x08, b"\x1a" * 24), (0x13, b"Q@\x01"), (0x69, b"\x26\x03")):
        assert isinstance(parse_message(Frame(kind, content, 0)), Broken)


def test_only_a_number_is_sent_as_a_number() -> None:
    assert serialise_number("+46701740601") == b"\x78\x78\x0d\x41+46701740601\r\n"
    for number in ("", "07 01", "0" * 21, "٣"):
        with pytest.raises(LocalProtocolError):
            serialise_number(number)
    for message in (Unknown(), Broken("x"), Report(at=None, stored=False)):
        with pytest.raises(LocalProtocolError):
            serialise_message(message)
