"""gl200 text both ways, and what odd units send."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.errors import ContentError, LocalProtocolError
from protocols.gl200.codec import MAX_FIELDS, moment, parse, parse_downlink, serialise, serialise_downlink
from protocols.gl200.messages import Binary, Command, Head, Message, Sack
from protocols.signal import AccountId

IMEI = "866000000000017"
FIELD = st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters=",$"), max_size=12).map(str.strip)
COUNTER = st.integers(0, 0xFFFF).map("{:04X}".format)


@settings(max_examples=100)
@given(st.sampled_from(["RESP", "BUFF", "ACK"]), st.from_regex(r"[A-Z]{3}", fullmatch=True), st.lists(FIELD), COUNTER)
def test_what_is_written_is_read_again(head: str, name: str, body: list[str], counter: str) -> None:
    fields = (f"+{head}:GT{name}", "1A0800", IMEI, "", *body, "20260304050610", counter)
    sent = datetime(2026, 3, 4, 5, 6, 10, tzinfo=UTC)
    message = Message(Head(head), name, "1A0800", AccountId(IMEI), fields, sent, counter)

    assert parse(serialise(message)) == message


@settings(max_examples=100)
@given(COUNTER, st.none() | st.from_regex(r"[0-9A-F]{6}", fullmatch=True), FIELD.filter(lambda text: "=" not in text))
def test_answers_and_commands_are_read_again(counter: str, version: str | None, argument: str) -> None:
    command = Command("RTO", "gl300", ("1", argument), counter)

    for downlink in (Sack(counter, version), command):
        assert parse_downlink(serialise_downlink(downlink)) == downlink


def test_the_locate_command_is_the_tables() -> None:
    command = Command("RTO", "gl300", ("1", "", "", "", "", ""), "0001")

    assert serialise_downlink(command) == b"AT+GTRTO=gl300,1,,,,,,0001$"


def test_a_sign_that_ends_a_field_is_not_written() -> None:
    with pytest.raises(LocalProtocolError):
        serialise_downlink(Command("RTO", "a,b", (), "0001"))


@pytest.mark.parametrize(
    ("text", "version", "device", "device_type"),
    [
        (f"+ACK:GTHBD,1A0800,{IMEI},,20260304050600,00A1", "1A0800", IMEI, "1A"),
        (f"+ACK:GTHBD,8020040200,{IMEI},,20260304050600,00A1", "8020040200", IMEI, "802004"),
        (f"+ACK:GTHBD,{IMEI},,20260304050600,00A1", "", IMEI, ""),
        ("+ACK:GTHBD,210102,a1000043d20139,,20260304050600,00A1", "210102", "A1000043D20139", "21"),
        ("+ACK:GTHBD,1A0800,unit7,,20260304050600,00A1", "1A0800", "unit7", "1A"),
        ("+ACK:GTHBD,1A0800,,,20260304050600,00A1", "1A0800", None, "1A"),
    ],
)
def test_who_speaks_is_found_with_and_without_a_version(
    text: str, version: str, device: str | None, device_type: str
) -> None:
    message = parse(text.encode() + b"$")

    assert isinstance(message, Message)
    assert (message.version, message.device, message.device_type) == (version, device, device_type)
    assert (message.sent, message.counter) == (datetime(2026, 3, 4, 5, 6, tzinfo=UTC), "00A1")


def test_without_a_counter_the_last_field_may_be_the_send_time() -> None:
    timed, bare = parse(f"+RESP:GTPFA,1A0800,{IMEI},,20260304050600$".encode()), parse(b"+RESP:GTSOS$")

    assert isinstance(timed, Message)
    assert isinstance(bare, Message)
    assert (timed.sent, timed.counter) == (datetime(2026, 3, 4, 5, 6, tzinfo=UTC), None)
    assert (bare.name, bare.device, bare.sent, bare.counter) == ("SOS", None, None, None)


def test_the_end_of_an_endless_message_is_still_found() -> None:
    message = parse(f"+RESP:GTSOS,1A0800,{IMEI},{',' * 2 * MAX_FIELDS}20260304050600,00A1$".encode())

    assert isinstance(message, Message)
    assert len(message.fields) == MAX_FIELDS + 2
    assert message.counter == "00A1"


@pytest.mark.parametrize("raw", [b"+RESP:", b"+RESP:,1", b"+RESP:GT-1,2$", b"+RE"])
def test_what_has_no_name_is_refused(raw: bytes) -> None:
    with pytest.raises(ContentError):
        parse(raw)


def test_binary_is_known_by_its_head() -> None:
    assert parse(b"+RSP\x00\x01") == Binary("+RSP")
    assert parse(b"+ACK\x00\x01") == Binary("+ACK")
    assert parse(b"+\x00\x00\x04") == Binary("binary")


@pytest.mark.parametrize(
    "text", ["", "2026030405061", "20261304050610", "20260230050610", "00000304050610", "2026O304050610"]
)
def test_no_time_is_none(text: str) -> None:
    assert moment(text) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"+SACK:",
        b"+SACK:XYZW$",
        b"AT+GTRTO",
        b"AT+GTRTO=pw$",
        b"AT+GTRTO,a,b$",
        b"AT+GTRTO=a,1,\x00,1$",
        b"AT+GTRTO,A=a,1,1$",
    ],
)
def test_what_is_no_word_of_ours_is_none(raw: bytes) -> None:
    assert parse_downlink(raw) is None
