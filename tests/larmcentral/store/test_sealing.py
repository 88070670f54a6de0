"""A seal opens with its key, in its place, and nowhere else."""

from __future__ import annotations

import hashlib
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from larmcentral.store.sealing import (
    ID_BYTES,
    MAGIC,
    NONCE_BYTES,
    SHORTEST,
    OtherKey,
    SealBroken,
    SealedPlace,
    Sealing,
    SealingKey,
    is_sealed,
    key_id_of,
)

TOWN, OTHER_TOWN = UUID(int=1), UUID(int=2)
KEY, NEXT = SealingKey(b"k" * 32), SealingKey(b"n" * 32)
PANEL = SealedPlace("devices", TOWN, "panel")


def sealing(key: SealingKey = KEY, previous: SealingKey | None = None) -> Sealing:
    return Sealing(key, previous, draw=lambda length: bytes(range(length)))


def test_a_sealed_secret_names_its_key_and_hides_all_else() -> None:
    sealed = sealing().seal(b"granris", PANEL)
    assert sealed[: len(MAGIC)] == b"larmseal"
    assert key_id_of(sealed) == KEY.id == hashlib.sha256(b"k" * 32).digest()[:ID_BYTES]
    assert sealed[len(MAGIC) + ID_BYTES :][:NONCE_BYTES] == bytes(range(NONCE_BYTES))
    assert len(sealed) == SHORTEST + len(b"granris")
    assert b"granris" not in sealed
    assert sealing().open(sealed, PANEL) == b"granris"


def test_the_same_secret_twice_is_sealed_differently() -> None:
    kernel = Sealing(KEY)
    assert kernel.seal(b"granris", PANEL) != kernel.seal(b"granris", PANEL)


@pytest.mark.parametrize(
    "place",
    [
        SealedPlace("devices", TOWN, "other"),
        SealedPlace("devices", OTHER_TOWN, "panel"),
        SealedPlace("sealed_secrets", TOWN, "panel"),
        SealedPlace("device", TOWN, "spanel"),
    ],
)
def test_a_row_put_into_another_place_does_not_open(place: SealedPlace) -> None:
    with pytest.raises(SealBroken):
        sealing().open(sealing().seal(b"granris", PANEL), place)


@given(st.binary(max_size=64), st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_is_noticed(secret: bytes, where: int, by: int) -> None:
    sealed = bytearray(sealing().seal(secret, PANEL))
    sealed[where % len(sealed)] ^= by
    with pytest.raises((SealBroken, OtherKey)):
        sealing().open(bytes(sealed), PANEL)


def test_another_key_is_named_by_its_id_and_by_nothing_of_the_key() -> None:
    sealed = sealing(NEXT).seal(b"granris", PANEL)
    with pytest.raises(OtherKey, match=NEXT.id.hex()) as caught:
        sealing(KEY).open(sealed, PANEL)
    assert caught.value.key_id == NEXT.id.hex()
    assert ("n" * 32).encode().hex() not in str(caught.value)


def test_the_key_before_this_one_still_opens_and_seals_no_more() -> None:
    old = sealing(KEY).seal(b"granris", PANEL)
    rotated = sealing(NEXT, KEY)
    assert rotated.open(old, PANEL) == b"granris"
    assert key_id_of(rotated.seal(b"granris", PANEL)) == NEXT.id
    assert rotated.known == {KEY.id, NEXT.id}


def test_a_clear_secret_is_none_that_was_sealed() -> None:
    for clear in (b"", b"larmseal", b"x" * 200, hashlib.sha256(b"phone").digest()):
        assert not is_sealed(clear)
        with pytest.raises(SealBroken):
            sealing().open(clear, PANEL)


def test_a_key_has_32_bytes_and_is_never_shown() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        SealingKey(b"short")
    assert "k" * 8 not in repr(KEY)
