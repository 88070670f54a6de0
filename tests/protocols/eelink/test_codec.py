"""parse(serialise(envelope)) is the envelope, over TCP and UDP; answers repeat type and sequence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.eelink.codec import answer_to, bcd, checksum, command, imei_of, parse, parse_command, serialise
from protocols.eelink.messages import Envelope, Fix, Package, Spot
from protocols.eelink.places import DEGREES, parse_old_spot, parse_spot, place_in_words, serialise_spot
from protocols.errors import ContentError, LocalProtocolError
from tests.protocols.streams import NOW

packages = st.builds(Package, st.integers(0, 255), st.integers(0, 0xFFFF), st.binary(max_size=60))
imeis = st.from_regex(r"[1-9][0-9]{14}", fullmatch=True)
u16 = st.integers(0, 0xFFFF)
units = st.integers(-2_000_000_000, 2_000_000_000).map(lambda count: count / DEGREES)
fixes = st.builds(Fix, units, units, u16, u16, st.integers(-500, 9000), st.integers(0, 255))
cells = st.tuples(u16, u16, u16, st.integers(0, 0xFFFFFFFF), st.integers(0, 255)).map(
    lambda numbers: ("cell", ",".join(map(str, numbers)))
)
points = st.tuples(st.binary(min_size=6, max_size=6), st.integers(-128, 127)).map(
    lambda heard: ("wifi", f"{heard[0].hex(':')},{heard[1]}")
)
spots = st.builds(
    lambda at_s, fix, cell, near: Spot(at_s, fix, (*cell, *near)),
    st.integers(0, 0xFFFFFFFF),
    st.none() | fixes,
    st.lists(cells, max_size=1),
    st.lists(points, max_size=3),
)


@settings(max_examples=100)
@given(st.lists(packages, min_size=1, max_size=4).map(tuple), st.none() | imeis)
def test_an_envelope_that_was_written_is_read_back(carried: tuple[Package, ...], imei: str | None) -> None:
    assert parse(serialise(Envelope(carried, imei))) == Envelope(carried, imei)


@settings(max_examples=100)
@given(spots)
def test_a_position_block_that_was_written_is_read_back(spot: Spot) -> None:
    written = serialise_spot(spot)

    assert parse_spot(written + b"rest") == (spot, len(written), True)


@settings(max_examples=150)
@given(st.binary(max_size=80))
def test_any_octets_are_a_position_block_as_far_as_they_come(octets: bytes) -> None:
    spot, at, whole = parse_spot(octets)

    assert 0 <= at <= len(octets)
    assert whole or at == len(octets)
    assert (spot is None) == (len(octets) < 4)
    assert (parse_old_spot(octets)[0] is None) == (len(octets) < 25)


def test_the_sum_rotates_and_adds() -> None:
    assert checksum(b"123456789") == 0x63C5


def test_the_imei_is_written_in_digits() -> None:
    assert bcd("866000000000017").hex() == "0866000000000017"
    assert imei_of(bytes.fromhex("0866000000000017")) == "866000000000017"
    for given_ in ("x", "12345678901234567", "８6"):
        with pytest.raises(LocalProtocolError):
            bcd(given_)


def test_a_log_in_is_told_the_time_and_others_an_empty_answer() -> None:
    assert answer_to(Package(0x01, 1), NOW) == Package(0x01, 1, bytes.fromhex("69a7bdc2000100"))
    for kind in (0x03, 0x04, 0x05, 0x12, 0x14, 0x15, *range(0x16, 0x1C), 0x1E, 0x1F, 0x77):
        assert answer_to(Package(kind, 9, b"x"), NOW) == Package(kind, 9)


@pytest.mark.parametrize("kind", [0x02, 0x80, 0x81])
def test_our_own_types_and_the_old_location_are_not_answered(kind: int) -> None:
    assert answer_to(Package(kind, 9), NOW) is None


def test_a_command_is_the_bytes_of_the_table() -> None:
    asked = serialise(Envelope((command(0x10, 42, "WHERE#"),)))

    assert asked.hex().upper() == "676780000D0010010000002A574845524523"
    assert parse_command(parse(asked).packages[0].content) == (1, 42, b"WHERE#")
    with pytest.raises(LocalProtocolError):
        command(1, 1, "där")
    with pytest.raises(ContentError):
        parse_command(b"\x01\x00")


def test_octets_that_are_no_package_are_refused_or_kept_as_rest() -> None:
    with pytest.raises(ContentError):
        parse(b"hello")
    assert parse(bytes.fromhex("67670300040001008967")).rest == b"\x67"


def test_a_place_in_words_is_read_and_nothing_else_is() -> None:
    assert place_in_words("Lat:S57.930000,Lon:W12.090000,Course:180.5") == Fix(-57.93, -12.09, None, 180)
    assert place_in_words("Lat:N1.5,Lon:E2.5") == Fix(1.5, 2.5, None, None)
    for words in ("", "OK", "Lat:N..,Lon:E..", "Lat:57,Lon:12"):
        assert place_in_words(words) is None
