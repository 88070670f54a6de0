"""Beacons as devices and people write them, and the one that was heard loudest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from larmcentral.domain.beacons import HeardBeacon, Hearing, heard_in, loudest, plain_id

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NEAR, FAR = "ac233f000001", "ac233f000002"


@pytest.mark.parametrize("text", ["AC:23:3F:00:00:01", "ac-23-3f-00-00-01", " ac233f000001", "AC23.3F00.0001"])
def test_however_it_is_written_it_is_one_beacon(text: str) -> None:
    assert plain_id(text) == NEAR


@pytest.mark.parametrize("text", ["", "abc", "kök", "AC:23:3F:00:00:0G", "0" * 65])
def test_what_is_no_id_is_none(text: str) -> None:
    assert plain_id(text) is None


def test_the_numbers_of_an_ibeacon_do_not_run_into_each_other() -> None:
    uuid = "000102030405060708090a0b0c0d0e0f"
    dashed = "00010203-0405-0607-0809-0A0B0C0D0E0F"
    assert plain_id(f"{uuid}:7:9") == plain_id(f"{dashed}:7:9") == f"{uuid}0000700009"
    assert plain_id(f"{uuid}:1:23") != plain_id(f"{uuid}:12:3")


@given(st.binary(min_size=6, max_size=6))
def test_every_mac_is_itself_again(mac: bytes) -> None:
    assert plain_id(mac.hex(":").upper()) == plain_id(mac.hex("-")) == mac.hex()


@given(st.lists(st.lists(st.text(max_size=40), max_size=3), max_size=5))
def test_no_evidence_is_too_odd_to_look_through(evidence: list[list[str]]) -> None:
    assert all(plain_id(one.id) == one.id for one in heard_in(evidence))


def test_what_the_families_tell_is_read() -> None:
    told = [
        ("signal", "20"),
        ("beacon", "02:00:00:00:00:21,-61,kök"),
        ("beacon", "02:00:00:00:00:31,,3000 mV,21.00 C"),
        ("beacon", "00010203040506070809:a1a2a3a4a5a6,-81,volt=3.01"),
        ("beacon", "02:00:00:00:00:24"),
        ("beacon", ",-50"),
    ]
    assert heard_in(told) == (
        HeardBeacon("020000000021", -61),
        HeardBeacon("020000000031", None),
        HeardBeacon("00010203040506070809a1a2a3a4a5a6", -81),
        HeardBeacon("020000000024", None),
    )


def test_the_loudest_known_one_of_the_newest_signal_counts() -> None:
    known = {NEAR: "korridor A", FAR: "korridor B"}
    newest = Hearing(NOON, (HeardBeacon(FAR, -90), HeardBeacon("ffff00000000", -20), HeardBeacon(NEAR, -61)))
    older = Hearing(NOON - timedelta(minutes=1), (HeardBeacon(FAR, -30),))
    found = loudest([older, newest], known)
    assert found is not None
    assert (found.beacon, found.known, found.at) == (HeardBeacon(NEAR, -61), "korridor A", NOON)


def test_a_signal_that_heard_strangers_alone_says_nothing() -> None:
    strangers = Hearing(NOON, (HeardBeacon("ffff00000000", -20),))
    before = Hearing(NOON - timedelta(minutes=1), (HeardBeacon(FAR, None), HeardBeacon(NEAR, -99)))
    found = loudest([strangers, before], {NEAR: "A", FAR: "B"})
    assert found is not None
    assert (found.known, found.at) == ("A", before.at), "one that was measured counts before one that was not"
    assert loudest([strangers], {NEAR: "A"}) is None
    assert loudest([], {NEAR: "A"}) is None
