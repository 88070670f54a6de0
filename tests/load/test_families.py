"""A fleet is mixed evenly, and whoever is in it can be built and told from the others."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from devices.device import Address, DeviceSettings, Surroundings
from load.families import FAMILIES, account_of, builder_of, complaints_of, family_of

MIXED = (("watch", 6), ("gt06", 3), ("h02", 1))


@pytest.mark.parametrize(("first", "every"), [(0, 1), (0, 2), (1, 2), (2, 3)])
def test_each_generator_has_its_part_of_every_family(first: int, every: int) -> None:
    counted = Counter(family_of(MIXED, device) for device in range(first, 1000 * every, every))

    assert [round(counted[family] / 100) for family, _ in MIXED] == [6, 3, 1]


def test_every_hundred_presses_have_their_part_of_every_family() -> None:
    counted = Counter(family_of(MIXED, device) for device in range(5000, 5100))

    assert [counted[family] for family, _ in MIXED] == pytest.approx([60, 30, 10], abs=2)


def test_no_two_devices_have_the_same_name_and_each_has_the_digits_of_its_family() -> None:
    names = [account_of(family, device) for device, family in enumerate(sorted(FAMILIES))]

    assert len(set(names)) == len(names)
    assert {len(name) for name in names} == {10, 15}


@pytest.mark.parametrize("family", sorted(FAMILIES))
async def test_every_family_can_be_built(family: str) -> None:
    settings = DeviceSettings(account_of(family, 7), (Address("127.0.0.1", 9),))
    device = builder_of(family)(settings, Surroundings(random.Random(1)))

    await device.close()


@pytest.mark.parametrize(
    ("shares", "said"), [((), "at least one"), ((("watch", 0),), "1 or more parts"), ((("fax", 1),), "family fax")]
)
def test_what_cannot_be_mixed_is_said(shares: tuple[tuple[str, int], ...], said: str) -> None:
    assert any(said in each for each in complaints_of(shares))
    assert complaints_of(MIXED) == []
