"""parse(serialise(frame)) is the frame; items are read as far as they come, and records are told apart."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.errors import ChecksumMismatch, ContentError
from protocols.minifinder2.codec import answer, checksum, parse, parse_items, records, serialise, service_answer
from protocols.minifinder2.messages import Frame, Item

items = st.builds(Item, st.integers(0, 255), st.binary(max_size=254))
frames = st.builds(
    Frame,
    properties=st.integers(0, 255),
    sequence=st.integers(0, 0xFFFF),
    command=st.integers(0, 255),
    items=st.lists(items, max_size=12).map(tuple),
)


@settings(max_examples=100)
@given(frames)
def test_a_frame_that_was_written_is_read_back(frame: Frame) -> None:
    assert parse(serialise(frame)) == frame


@settings(max_examples=150)
@given(st.binary(max_size=60))
def test_any_octets_are_items_as_far_as_they_come(octets: bytes) -> None:
    found, cut_short = parse_items(octets)

    assert sum(len(item.value) + 2 for item in found) <= len(octets)
    assert cut_short in (False, True)


def test_the_checksum_is_xmodem() -> None:
    assert checksum(b"123456789") == 0x31C3


def test_the_plain_answer_repeats_the_sequence() -> None:
    assert answer(7).hex() == "ab00030008c707007f0100"


def test_time_and_position_are_said_where_they_are_asked_for() -> None:
    now = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)

    assert service_answer(9, [0x12], now).hex() == "ab000700ad3b0900030512bfbda769"
    assert service_answer(9, [0x11, 0x10], now)[8:].hex() == "030a11000000000000000000"
    assert service_answer(9, [0x10], now) == b""


def test_a_damaged_frame_is_refused_with_both_checksums() -> None:
    whole = answer(7)

    with pytest.raises(ChecksumMismatch) as refused:
        parse(whole[:-1] + b"\x01")
    assert refused.value.received == 0xC708


@pytest.mark.parametrize("raw", [b"", b"\xab\x00\x03\x00", b"\xac" + bytes(10)])
def test_what_has_no_head_is_refused(raw: bytes) -> None:
    with pytest.raises(ContentError):
        parse(raw)


def test_a_length_of_nothing_is_skipped_and_one_past_the_end_is_told() -> None:
    assert parse_items(b"\x00\x02\x10\x51") == ((Item(0x10, b"\x51"),), False)
    assert parse_items(b"\x05\x22\x01") == ((Item(0x22, b"\x01"),), True)
    assert parse_items(b"\x01\x12\x09") == ((Item(0x12),), True)


def test_a_key_seen_before_begins_the_next_record() -> None:
    first = (Item(0x30), Item(0x24, b"1"), Item(0x02), Item(0x20))
    second = (Item(0x24, b"2"), Item(0x22))

    assert records([Item(0x01), *first, *second]) == (first, second)


def test_many_beacons_and_known_access_points_stay_in_one_record() -> None:
    one = (Item(0x24), Item(0x28), Item(0x28), Item(0x2C), Item(0x2C), Item(0x2A), Item(0x2A))

    assert records(one) == (one,)
    assert records(one * 2) == (one, one)


def test_a_frame_without_records_has_none() -> None:
    assert records([]) == ()
    assert records([Item(0x01, b"866000000000017")]) == ()
