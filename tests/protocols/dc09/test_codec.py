"""Text to message and back."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.dc09.codec import open_envelope, parse, parse_nak, parse_stamp, serialise, serialise_nak, stamp_text
from protocols.dc09.messages import Block, Header, Message, TimeRefused, next_seq
from protocols.errors import ContentError, LocalProtocolError, NotAuthentic, RemoteProtocolError
from tests.protocols.dc09.support import KEY, NOON, draw, hostile_bytes, messages, moments

CLEAR = Message(name="SIA-DCS", header=Header(1, None, "0", "1234"), data=b"#1234|NPA7")
KEYS = st.sampled_from([KEY, bytes(range(24)), bytes(range(32))])


@given(message=messages(encrypted=False))
def test_a_clear_message_comes_back_as_it_was(message: Message) -> None:
    assert parse(open_envelope(serialise(message))) == message


@given(message=messages(encrypted=True), key=KEYS, chance=st.binary(min_size=31, max_size=31))
def test_a_sealed_message_comes_back_as_it_was_with_every_key_length(
    message: Message, key: bytes, chance: bytes
) -> None:
    text = serialise(message, key, lambda count: chance[:count])
    assert parse(open_envelope(text), key) == message


@given(moment=moments())
def test_a_nak_comes_back_as_it_was(moment: datetime) -> None:
    assert parse_nak(serialise_nak(TimeRefused(moment))) == TimeRefused(moment)


@pytest.mark.parametrize(
    "text",
    [
        b'"NAK"0000R0L0A0[]_12:00:00,01-02-2026',
        b'"NAK"0000L0R0A0[]_12:00:00,01-02-2026',
        b'"NAK"0000L0#000[]_12:00:00,01-02-2026',
        b'"NAK"0000NoneL0A0[]_12:00:00,01-02-2026',
    ],
)
def test_a_nak_is_read_by_its_name_and_time_only(text: bytes) -> None:
    assert parse_nak(text) == TimeRefused(datetime(2026, 1, 2, 12, 0, tzinfo=UTC))


def test_a_nak_without_a_time_is_still_a_nak_and_cannot_be_sent() -> None:
    assert parse_nak(b'"NAK"0000R0L0A0[]') == TimeRefused(None)
    assert parse_nak(b'"ACK"0000L0#1234[]') is None
    with pytest.raises(LocalProtocolError):
        serialise_nak(TimeRefused(None))


@given(text=hostile_bytes() | st.binary(max_size=60).map(lambda rest: b'"SIA-DCS"0001L0#1234[' + rest))
def test_any_text_gives_a_message_or_a_remote_error(text: bytes) -> None:
    parse_nak(text)
    with suppress(RemoteProtocolError):
        envelope = open_envelope(text)
        parse(envelope, KEY)
        parse(replace(envelope, encrypted=True), KEY)


@given(digits=st.binary(min_size=16, max_size=160))
def test_what_was_sealed_with_another_key_never_opens(digits: bytes) -> None:
    sealed = digits[: len(digits) // 16 * 16].hex().encode()
    with pytest.raises(NotAuthentic):
        parse(open_envelope(b'"*SIA-DCS"0001L0#1234[' + sealed), KEY)


def test_a_sealed_message_without_a_key_is_not_authentic() -> None:
    with pytest.raises(NotAuthentic) as caught:
        parse(open_envelope(b'"*SIA-DCS"0001L0#1234[' + b"0" * 32))
    assert caught.value.account == "1234"


@pytest.mark.parametrize("digits", [b"", b"0", b"00" * 15, b"zz" * 16, b"00" * 16 + b"]"])
def test_a_sealed_part_that_is_no_row_of_blocks_is_a_content_error(digits: bytes) -> None:
    with pytest.raises(ContentError):
        parse(open_envelope(b'"*SIA-DCS"0001L0#1234[' + digits), KEY)


@pytest.mark.parametrize(
    "text", [b'""0001L0#1234[]', b'"SIA-DCS"001L0#1234[]', b'"SIA-DCS"0001L0#1234', b'"SIA-DCS"0001X0[]']
)
def test_no_header_is_a_content_error(text: bytes) -> None:
    with pytest.raises(ContentError):
        open_envelope(text)


@pytest.mark.parametrize(
    "message",
    [
        replace(CLEAR, data=b"a]b"),
        replace(CLEAR, data=b"a[b"),
        replace(CLEAR, name="sia-dcs"),
        replace(CLEAR, name=""),
        replace(CLEAR, header=Header(10_000, None, "0", "1234")),
        replace(CLEAR, header=Header(1, "1234567", "0", "1234")),
        replace(CLEAR, header=Header(1, None, "0", "å234")),
        replace(CLEAR, blocks=(Block("XY", b""),)),
        replace(CLEAR, blocks=(Block("X", b"]"),)),
        replace(CLEAR, sent_at=NOON.replace(microsecond=1)),
        replace(CLEAR, sent_at=NOON.replace(tzinfo=None)),
        replace(CLEAR, encrypted=True),
    ],
)
def test_what_the_protocol_cannot_say_is_our_own_fault(message: Message) -> None:
    with pytest.raises(LocalProtocolError):
        serialise(message)


def test_nak_and_duh_are_never_sealed() -> None:
    with pytest.raises(LocalProtocolError):
        serialise(replace(CLEAR, name="DUH", data=b"", encrypted=True), KEY, draw)


def test_a_time_stamp_is_utc_whatever_zone_it_comes_from() -> None:
    stockholm = NOON.astimezone(timezone(timedelta(hours=1)))
    assert stamp_text(stockholm) == b"_12:00:05,01-02-2026"
    assert parse_stamp("12:00:05,01-02-2026") == NOON
    assert parse_stamp("12:00:05,13-02-2026") is None
    assert parse_stamp("12:00:05,01-02-0000") is None
    assert parse_stamp("١٢:00:05,01-02-2026") is None


def test_the_sequence_goes_round_without_passing_zero() -> None:
    assert next_seq(1) == 2
    assert next_seq(9999) == 1
    assert next_seq(0) == 1
