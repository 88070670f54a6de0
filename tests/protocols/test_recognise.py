"""Which family the first bytes of a connection are of."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.recognise import LOOKED_AT_BYTES, TLS, family_of

CAPTURES = Path(__file__).parents[1] / "captures"
HTTP = frozenset({"osmand", "owntracks"})


@pytest.mark.parametrize(
    ("first", "families"),
    [
        (b"[3G*8660000001*000B*LK,120,3,81]", {"watch"}),
        (bytes.fromhex("787811010866000000000017360200000001469D0D0A"), {"gt06"}),
        (bytes.fromhex("78780D0108660000000000170001D9DC0D0A"), {"gt06"}),
        (bytes.fromhex("78780D010866000000000017020D0A"), {"topin"}),
        (bytes.fromhex("78780D0108660000"), {"gt06", "topin"}),
        (bytes.fromhex("787801990D0A"), {"gt06", "topin"}),
        (bytes.fromhex("7979000C21000000"), {"gt06"}),
        (bytes.fromhex("000F383636303030303030303030303137"), {"teltonika"}),
        (bytes.fromhex("00000000000000368E01"), {"teltonika"}),
        (bytes.fromhex("0038CAFE0105000F383636303030303030303030303137"), {"teltonika"}),
        (bytes.fromhex("AB000300"), {"minifinder2"}),
        (b"+RESP:GTSOS,1A0800", {"gl200"}),
        (b"+ACK:GTHBD,1A0800", {"gl200"}),
        (b"$$A154,866000000000017,AAA,1", {"meitrack"}),
        (b"!1,866000000000017,V07X", {"minifinder"}),
        (b"!D,4/3/26,5:6:7", {"minifinder"}),
        (b"*HQ,8660000017,V1,050607", {"h02"}),
        (bytes.fromhex("248660000017050607040326"), {"h02"}),
        (bytes.fromhex("676701000C0001"), {"eelink"}),
        (b"EL\x00\x13", {"eelink"}),
        (b"POST /?id=866 HTTP/1.1\r\n", HTTP),
        (b"GET / HTTP/1.1\r\n", HTTP),
        (b'\n955300AB"SIA-DCS"', {"dc09"}),
        (b'\n\xca\xfe00AB"SIA-DCS"', {"dc09"}),
        (b'<?xml version="1.0"?>', {"sos_access"}),
        (b"<alarmrequest><reference>", {"sos_access"}),
        (b"MESSAGE sip:larm@example.se SIP/2.0\r\n", {"scaip"}),
        (b"REGISTER sip:example.se SIP/2.0\r\n", {"scaip"}),
        (b"\x16\x03\x01\x02\x00", {TLS}),
        (b"", set()),
        (b"hello", set()),
        (b"SSH-2.0-OpenSSH_9.6\r\n", set()),
    ],
)
def test_a_family_is_told_by_how_its_frames_begin(first: bytes, families: set[str]) -> None:
    assert family_of(first) == families


def test_every_family_recognises_its_own_captures() -> None:
    """Damaged ones may be anybody's; none is taken for another's alone, and each family is told by some of its own."""
    firsts = _firsts()
    for family, first in firsts:
        found = family_of(first)
        assert not found or family in found, (family, first[:LOOKED_AT_BYTES], found)
    told = {family for family, first in firsts if family in family_of(first)}
    assert told == {family for family, _ in firsts}


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_are_of_some_families_or_none_and_only_the_head_counts(first: bytes) -> None:
    assert family_of(first) == family_of(first[:LOOKED_AT_BYTES])


def _firsts() -> list[tuple[str, bytes]]:
    found = []
    for file in sorted(CAPTURES.glob("*/*.toml")):
        frames: list[dict[str, Any]] = tomllib.loads(file.read_text()).get("frames", [])
        for frame in frames:
            text = frame.get("frame", frame.get("text"))
            if isinstance(text, str) and "error" not in frame and not frame.get("before"):
                raw = bytes.fromhex(text.removeprefix("hex:")) if text.startswith("hex:") else text.encode()
                found.append((file.parent.name, raw))
    return found
