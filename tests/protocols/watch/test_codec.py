"""parse(serialise(m)) is m, both ways, for frames, messages and downlinks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.errors import ContentError, LocalProtocolError
from protocols.signal import AccountId
from protocols.watch.codec import (
    MAX_FIELDS,
    escape,
    parse,
    parse_downlink,
    parse_message,
    serialise,
    serialise_downlink,
    serialise_message,
    unescape,
)
from protocols.watch.messages import (
    AccessPoint,
    Answer,
    Call,
    Cell,
    Downlink,
    FallDetection,
    Find,
    Frame,
    KeepAlive,
    Locate,
    Message,
    Network,
    Picture,
    Plain,
    PlayVoice,
    PositionReport,
    Setting,
    ShowMessage,
    Voice,
    VoicePart,
)

counts = st.integers(0, 100_000)
percents = st.integers(0, 100)
names = st.text(st.characters(exclude_categories=["C"], exclude_characters=",\x7f"), max_size=20)
words = st.from_regex(r"[A-Z]{3}[A-Z0-9_]{0,8}", fullmatch=True)
tenths = st.integers(-50_000, 50_000).map(lambda n: n / 10)
times = st.integers(0, 3_155_759_999).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
access_points = st.builds(
    AccessPoint,
    name=names.map(str.strip).filter(lambda name: ":" not in name),
    mac=st.binary(min_size=6, max_size=6).map(lambda octets: octets.hex(":")),
    dbm=st.none() | st.integers(-120, 0),
)
cells = st.builds(Cell, lac=counts, cid=counts, signal=st.none() | st.integers(-120, 120))
networks = st.builds(
    Network,
    mcc=st.none() | st.integers(1, 999),
    mnc=st.none() | st.integers(0, 999),
    cells=st.lists(cells, min_size=1, max_size=7).map(tuple),
    timing_advance=st.none() | st.integers(0, 63),
)
reports = st.builds(
    PositionReport,
    word=st.sampled_from(["UD", "UD2", "UD3", "UD_LTE", "UD_WCDMA", "WT", "AL", "AL_LTE", "ALCUSTOMER1"]),
    at=st.none() | times,
    fix=st.booleans(),
    lat=st.none() | st.integers(-90_000_000, 90_000_000).map(lambda n: n / 1_000_000),
    lon=st.none() | st.integers(-1_800_000_000, 1_800_000_000).map(lambda n: n / 10_000_000),
    speed_kmh=st.none() | st.integers(0, 20_000).map(lambda n: n / 100),
    course_deg=st.none() | tenths,
    altitude_m=st.none() | tenths,
    satellites=st.none() | percents,
    network_pct=st.none() | percents,
    battery_pct=st.none() | percents,
    steps=st.none() | counts,
    rolls=st.none() | counts,
    status=st.none() | st.integers(0, 2**32 - 1),
    network=st.none() | networks,
    access_points=st.lists(access_points, max_size=5).map(tuple),
    accuracy_m=st.none() | st.integers(0, 9999).map(lambda n: n / 10),
)
plain_fields = st.lists(names.filter(bool), max_size=4).map(tuple)
NOT_PLAIN = ("UD", "AL", "LK", "WT", "TK", "JXTK", "IMG")
messages: st.SearchStrategy[Message] = st.one_of(
    st.just(KeepAlive()),
    st.builds(KeepAlive, steps=counts, rolls=counts, battery_pct=percents),
    reports,
    st.builds(Voice, word=st.sampled_from(["TK", "TK2"]), payload=st.binary(max_size=300)),
    st.builds(VoicePart, first=words, file=words, part=words, parts=words, payload=st.binary(max_size=300)),
    st.builds(Picture, first=words, taken=words, payload=st.binary(max_size=300)),
    st.builds(Plain, word=words.filter(lambda word: not word.startswith(NOT_PLAIN)), fields=plain_fields),
)
digits = st.text("0123456789+", min_size=1, max_size=15)
downlinks: st.SearchStrategy[Downlink] = st.one_of(
    st.sampled_from(
        [Answer("LK"), Answer("AL"), Answer("INIT", ("1",)), Answer("TK", ("1",)), Answer("JXTKR", ("1",))]
    ),
    st.sampled_from([Locate(), Find()]),
    st.builds(ShowMessage, text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)),
    st.builds(Call, number=digits),
    st.builds(FallDetection, on=st.booleans(), call=st.booleans()),
    st.builds(PlayVoice, payload=st.binary(min_size=2, max_size=300)),
    st.builds(
        Setting,
        word=st.sampled_from(["SOS1", "SOS2", "SOS3", "SOSSMS", "LOWBAT", "REMOVE", "UPLOAD", "LZ", "PHB"]),
        fields=st.lists(digits, max_size=3).map(tuple),
    ),
)


@given(messages)
def test_what_a_watch_says_comes_back_as_it_was(message: Message) -> None:
    assert parse_message(serialise_message(message)) == message


@given(downlinks)
def test_what_a_receiver_says_comes_back_as_it_was(downlink: Downlink) -> None:
    assert parse_downlink(serialise_downlink(downlink)) == downlink


@given(
    st.from_regex(r"[0-9A-Za-z]{2}", fullmatch=True),
    st.from_regex(r"[0-9]{10}|[0-9]{15}", fullmatch=True),
    st.none() | st.from_regex(r"[0-9A-Fa-f]{4}", fullmatch=True),
    messages,
)
def test_a_frame_comes_back_as_it_was(maker: str, device: str, index: str | None, message: Message) -> None:
    frame = Frame(maker, AccountId(device), index, serialise_message(message))

    assert parse(serialise(frame)) == frame


@given(st.binary(max_size=300))
def test_any_content_is_a_message_and_a_downlink(content: bytes) -> None:
    parse_message(content)
    parse_downlink(content)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_frame_or_a_content_error(raw: bytes) -> None:
    try:
        parse(raw)
    except ContentError:
        return
    assert raw.startswith(b"[")


@given(st.binary(max_size=300))
def test_escaped_content_holds_no_sign_of_a_frame_and_comes_back(payload: bytes) -> None:
    assert not set(escape(payload)) & set(b"[],*")
    assert unescape(escape(payload)) == payload


@pytest.mark.parametrize(
    ("downlink", "content"),
    [
        (Find(), b"FIND"),
        (ShowMessage("Hjälp"), b"MESSAGE,0048006A00E4006C0070"),
        (Call("0700000000"), b"CALL,0700000000"),
        (FallDetection(on=True, call=False), b"FALLDOWN,1,0"),
        (Locate(), b"CR"),
        (Setting("SOS1", ("0700000001",)), b"SOS1,0700000001"),
        (Setting("RESET"), b"RESET"),
        (PlayVoice(b"#!AMR[,"), b"TK,#!AMR\x7d\x02\x7d\x04"),
    ],
)
def test_downlinks_are_spelled_as_in_the_vendors_paper(downlink: Downlink, content: bytes) -> None:
    assert serialise_downlink(downlink) == content
    assert parse_downlink(content) == downlink


@pytest.mark.parametrize("number", ["1,2", "1]", "[1"])
def test_a_number_that_would_break_the_frame_is_our_own_fault(number: str) -> None:
    with pytest.raises(LocalProtocolError):
        serialise_downlink(Call(number))


def test_a_list_without_end_is_read_to_its_limit() -> None:
    message = parse_message(b"ZZ" + b",1" * 5000)

    assert message == Plain("ZZ", ("1",) * MAX_FIELDS)


def test_controls_in_a_name_are_spelled_out_so_that_every_store_can_hold_them() -> None:
    report = parse_message(b"AL" + b",0" * 16 + b",0,1,a\x00\xff,02:00:00:00:00:11,-61")

    assert isinstance(report, PositionReport)
    assert report.access_points == (AccessPoint("a\\u0000\\xff", "02:00:00:00:00:11", -61),)
