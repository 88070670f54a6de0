"""parse(serialise(m)) is m for what the emulator says and hears; any content is a message; wrong frames say why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.concox import PER_DEGREE, Cell, Fix, checksum
from protocols.errors import ChecksumMismatch, ContentError, FramingError, LocalProtocolError
from protocols.gt06.codec import (
    parse,
    parse_command,
    parse_login,
    parse_message,
    parse_unended,
    serialise,
    serialise_command,
    serialise_heartbeat,
    serialise_login,
    serialise_text_reply,
)
from protocols.gt06.messages import Broken, Command, Facts, Frame, Heartbeat, Login, Report, Skipped, Status, TextReply
from protocols.gt06.reports import serialise_alarm, serialise_position
from protocols.signal import AccountId

FEW = settings(max_examples=60)
octets = st.integers(0, 255)
frames = st.builds(
    Frame,
    type=octets.filter(lambda kind: kind not in (0x17, 0x69)),
    content=st.binary(max_size=120),
    serial=st.integers(0, 0xFFFF),
    long=st.booleans(),
    points=st.none(),
    doubts=st.just(()),
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
times = st.integers(0, 3_155_759_999).map(lambda s: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=s))


def test_the_checksum_is_x25() -> None:
    assert checksum(b"123456789") == 0x906E


@FEW
@given(frames)
def test_a_frame_comes_back_as_it_was(frame: Frame) -> None:
    assert parse(serialise(frame)) == frame


@FEW
@given(
    st.integers(10**14, 10**15 - 1),
    st.integers(0, 0xFFFF),
    st.none() | st.integers(-12 * 60, 14 * 60).map(lambda minutes: timedelta(minutes=minutes)),
)
def test_a_login_comes_back_as_it_was(imei: int, model: int, zone: timedelta | None) -> None:
    login = Login(AccountId(str(imei)), model, zone)

    assert parse_login(serialise_login(login)) == login


@FEW
@given(times, fixes, st.integers(0, 255), st.integers(0, 0xFFFF), st.booleans(), octets, octets, octets)
def test_a_record_comes_back_as_it_was(
    at: datetime, fix: Fix, mnc: int, cid: int, wide: bool, info: int, battery: int, code: int
) -> None:
    cell = Cell(240, mnc, 0x1234, cid)
    status = Status(info, battery, None, 3, code | (0x500 if wide else 0))
    alarm = Report(identity=b"", at=at, fix=fix, cells=(cell,), status=status)
    for kind, content in (
        (0xA4 if wide else 0x26, serialise_alarm(alarm, wide=wide)),
        (0x22, serialise_position(alarm)),
    ):
        report = parse_message(Frame(kind, content, 1))
        assert isinstance(report, Report)
        assert (report.at, report.fix, report.cells) == (at, fix, (cell,))
        assert (report.status, report.reupload) == ((None, 0) if kind == 0x22 else (status, None))


@FEW
@given(
    st.integers(0, 2**32 - 1), st.text(st.characters(max_codepoint=0x2FF, exclude_categories=["C", "Z"]), max_size=60)
)
def test_a_reply_comes_back_as_it_was(flag: int, text: str) -> None:
    assert parse_message(Frame(0x21, serialise_text_reply(TextReply(flag, text)), 1, long=True)) == TextReply(
        flag, text
    )


@FEW
@given(st.integers(0, 2**32 - 1), st.from_regex(r"[A-Z]{3,8}(,[0-9]{1,12}){0,3}#", fullmatch=True))
def test_a_command_comes_back_as_it_was(flag: int, text: str) -> None:
    assert parse_command(serialise_command(Command(flag, text))) == Command(flag, text)


def test_a_heartbeat_comes_back_as_it_was() -> None:
    status = Status(0x44, 5, None, 3, 1)

    assert parse_message(Frame(0x13, serialise_heartbeat(status), 1)) == Heartbeat(status)


def test_a_heartbeat_of_another_length_says_only_its_first_octet() -> None:
    for content in (b"\x20", b"\x20\x05\x01\x01", b"\x20\x05\x01\x01\x01\x01\x01\x01"):
        assert parse_message(Frame(0x13, content, 1)) == Heartbeat(Status(0x20))


@settings(max_examples=200)
@given(octets, st.binary(max_size=120), st.booleans(), st.none() | octets)
def test_any_content_is_a_message(kind: int, content: bytes, long: bool, count: int | None) -> None:
    parse_message(Frame(kind, content, 1, long, count))


@FEW
@given(st.sampled_from([b"\x78\x78", b"\x79\x79"]), st.binary(max_size=60))
def test_any_octets_are_a_frame_or_the_transmitters_fault(head: bytes, rest: bytes) -> None:
    try:
        parse(head + rest)
    except (ContentError, ChecksumMismatch):
        return


def test_every_type_of_the_tables_that_is_cut_is_broken_and_not_lost() -> None:
    cut = [kind for kind in range(256) if isinstance(parse_message(Frame(kind, b"\x1a\x03\x04", 1)), Broken)]

    assert cut == [
        0x01, 0x10, 0x11, 0x12, 0x16, 0x18, 0x19, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x2A, 0x2C, 0x2E,
        0x31, 0x36, 0x95, 0xA0, 0xA1, 0xA2, 0xA4, 0xA5,
    ]  # fmt: skip


def test_what_another_frame_interrupted_counts_only_with_a_right_checksum() -> None:
    whole = serialise(Frame(0x13, b"\x40\x04\x03\x00\x02", 9))

    assert parse_unended(whole[:-2]) == Frame(0x13, b"\x40\x04\x03\x00\x02", 9, doubts=("frame without its end",))
    for broken in (whole[:-3], whole[:5], whole[:3], whole[:-4] + b"\x00\x00"):
        with pytest.raises(FramingError, match="cut short"):
            parse_unended(broken)


def test_a_command_holds_no_more_than_its_length_octet_can_say() -> None:
    for text in ("x" * 201, "å"):
        with pytest.raises(LocalProtocolError):
            serialise_command(Command(1, text))
    for content in (b"", b"\x03\x00\x00\x00\x00"):
        with pytest.raises(ContentError):
            parse_command(content)


def test_facts_are_told_in_words() -> None:
    names = bytes.fromhex("0866000000000017024007012345678989460700000000000001")
    for content, facts in (
        (b"\x00\x04\xb0", Facts((), 12.0)),
        (b"\x04ALM1=FF;", Facts((("settings", "ALM1=FF;"),))),
        (b"\x05\x01", Facts((("doors", "01"),))),
        (b"\x05\x1a\x03\x04\x05\x06\x07\x01", Facts((("doors", "01"),))),
        (b"\x0a" + names, Facts((
            ("imei", "866000000000017"), ("imsi", "240070123456789"), ("iccid", "89460700000000000001")))),
        (b"\x0b\x01", Facts((("sub", "0B"), ("content", "01")))),
    ):  # fmt: skip
        assert parse_message(Frame(0x94, content, 1, long=True)) == facts


def test_what_is_a_vehicles_is_known_and_skipped() -> None:
    for frame in (Frame(0x37, b"x", 1), Frame(0x9B, b"x", 1, long=True), Frame(0x36, bytes(43), 1)):
        assert parse_message(frame) == Skipped(known=True)
    place = bytes.fromhex("1A0304050607C906371850014C0FD00414B4")
    for kind, size, known in ((0x22, 55, True), (0x25, 73, True), (0x7E, 20, False)):
        skipped = parse_message(Frame(kind, place.ljust(size, b"\x00"), 1))
        assert isinstance(skipped, Skipped)
        assert skipped.known is known
        assert skipped.report is not None
        assert skipped.report.at == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
