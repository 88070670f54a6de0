"""parse(serialise(message)) is the message; what cannot be read is None and costs nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.errors import ContentError, LocalProtocolError
from protocols.minifinder.codec import command, parse, serialise, telephone
from protocols.minifinder.messages import CommandReply, Heartbeat, Login, Message, Other, Report

counts = st.integers(0, 999).map(float)
words = st.text("abcXYZ012 .+-", max_size=12).map(str.strip)
times = st.integers(1_420_070_400, 3_786_825_600).map(lambda at_s: datetime.fromtimestamp(at_s, UTC))
micro = st.integers(-90_000_000, 90_000_000).map(lambda n: n / 1_000_000)
reports = st.builds(
    Report,
    word=st.sampled_from(["D", "B"]),
    at=times,
    lat=micro,
    lon=micro,
    speed_kmh=counts,
    course_deg=counts,
    flags=st.integers(0, 0xFFFFFF),
    altitude_m=counts,
    battery_pct=counts,
    satellites=counts,
    in_view=counts,
    hdop=counts,
).map(lambda report: replace(report, flags_text=f"{report.flags:x}"))
messages = st.one_of(
    st.builds(Login, st.from_regex(r"[0-9]{15}", fullmatch=True), words.filter(bool), counts),
    st.builds(Heartbeat, counts, st.sampled_from(["A", "V"]), counts),
    st.builds(CommandReply, st.sampled_from(["3", "4"]), words),
    st.builds(Other, st.sampled_from(["7", "E"]), st.lists(words.filter(bool), min_size=1, max_size=4).map(tuple)),
    reports,
)


@settings(max_examples=150)
@given(messages)
def test_a_message_that_was_written_is_read_back(message: Message) -> None:
    assert parse(serialise(message)) == message


@settings(max_examples=150)
@given(st.binary(max_size=120))
def test_any_octets_behind_the_mark_are_a_message(octets: bytes) -> None:
    assert isinstance(parse(b"!D," + octets), Report)
    assert parse(b"!" + octets + b";") is not None


@pytest.mark.parametrize(
    ("date", "time", "at"),
    [
        ("4/3/26", "5:6:7", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("04/03/2026", "05:06:07", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("31/2/26", "5:6:7", None),
        ("4/3/26", "25:0:0", None),
        ("4-3-26", "5:6:7", None),
        ("", "", None),
    ],
)
def test_dates_need_no_leading_zeros_and_absurd_ones_are_none(date: str, time: str, at: datetime | None) -> None:
    message = parse(f"!A,{date},{time},1,2,0,0,0;".encode())

    assert isinstance(message, Report)
    assert message.at == at


def test_types_are_read_in_lower_case_too() -> None:
    assert parse(b"!d,4/3/26,5:6:7,1,2,0,0,40") == parse(b"!D,4/3/26,5:6:7,1,2,0,0,40;")


def test_what_is_no_message_is_refused() -> None:
    for raw in (b"", b"!", b"D,1"):
        with pytest.raises(ContentError):
            parse(raw)


def test_a_mark_inside_a_field_is_not_written() -> None:
    with pytest.raises(LocalProtocolError):
        serialise(CommandReply("3", "a;b"))


def test_commands_carry_the_password_and_nothing_that_ends_them() -> None:
    assert command("123456", "A1,+4670") == b"123456A1,+4670"
    for password, words_ in (("12 34", "F1"), ("", "F1"), ("123456", "F1;"), ("123456", "F1\nP1")):
        with pytest.raises(LocalProtocolError):
            command(password, words_)


def test_a_telephone_number_is_digits() -> None:
    assert telephone("+46 (0)70-123 45 67") == "+460701234567"
    for given_ in ("", "+", "12;F0", "anna"):
        with pytest.raises(LocalProtocolError):
            telephone(given_)
