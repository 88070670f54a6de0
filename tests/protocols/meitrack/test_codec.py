"""Meitrack frames both ways, and the checksum that all share."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.errors import ChecksumMismatch, ContentError
from protocols.meitrack.codec import DOWN, UP, checksum, next_flag, parse, serialise
from protocols.meitrack.messages import Frame
from protocols.signal import AccountId

IMEI = AccountId("866000000000017")


def test_the_checksum_is_the_tables() -> None:
    assert checksum(b"123456789") == 0xDD


@pytest.mark.parametrize(
    ("flag", "command", "body", "written"),
    [
        ("Q", "A10", b"", b"@@Q25,866000000000017,A10*48\r\n"),
        ("S", "A11", b"10", b"@@S28,866000000000017,A11,10*DB\r\n"),
        ("T", "C02", b"0,0700000000,Hej", b"@@T42,866000000000017,C02,0,0700000000,Hej*FF\r\n"),
        ("z", "AAC", b"1", b"@@z27,866000000000017,AAC,1*F3\r\n"),
    ],
)
def test_downlinks_are_the_tables(flag: str, command: str, body: bytes, written: bytes) -> None:
    frame = Frame(flag, IMEI, command, body)

    assert serialise(frame, DOWN) == written
    assert parse(written) == frame


@settings(max_examples=100)
@given(st.sampled_from("AZaz"), st.from_regex(r"[A-Z][0-9]{2}", fullmatch=True), st.binary(max_size=80))
def test_what_is_written_is_read_again(flag: str, command: str, body: bytes) -> None:
    frame = Frame(flag, IMEI, command, body)

    assert parse(serialise(frame, UP)) == frame


def test_a_damaged_frame_is_refused_and_says_whose_it_was() -> None:
    with pytest.raises(ChecksumMismatch) as refused:
        parse(b"$$z27,866000000000017,AAC,2*BB\r\n")

    assert (refused.value.account, refused.value.received, refused.value.computed) == (IMEI, 0xBB, 0xBC)


@pytest.mark.parametrize(
    "raw", [b"", b"$$", b"$$z27,866000000000017\r\n", b"$$z27,,AAC,1*BB\r\n", b"$$z27,1,AAC,1\r\n"]
)
def test_what_lacks_id_command_or_checksum_is_refused(raw: bytes) -> None:
    with pytest.raises(ContentError):
        parse(raw)


def test_flags_count_through_the_letters() -> None:
    assert [next_flag(flag) for flag in "AYz"] == ["B", "Z", "A"]
