"""The mixed fleet: every family has its share, and no two devices have one name."""

from __future__ import annotations

import pytest

from devices.cli import BUILDERS
from larmcentral.seed_wearables import WATCH_SHARE, WEARABLES, fleet_parts
from protocols.registry import PROTOCOLS


@pytest.mark.parametrize("count", [0, 1, 7, 20, 100])
def test_a_fleet_is_shared_out_to_the_last_device(count: int) -> None:
    parts = fleet_parts(count)

    assert sum(part.count for part in parts) == count
    names = [(part.protocol, name) for part in parts for name in part.accounts()]
    assert len(set(names)) == count


def test_a_fleet_of_twenty_has_every_family() -> None:
    assert {part.protocol for part in fleet_parts(20)} == {"watch", *(one.protocol for one in WEARABLES)}
    assert fleet_parts(20)[0].count >= WATCH_SHARE


def test_the_fleets_devices_are_none_that_somebody_of_the_play_wears() -> None:
    worn = {(one.protocol, one.account) for one in WEARABLES}

    assert not worn & {(part.protocol, name) for part in fleet_parts(500) for name in part.accounts()}


def test_every_family_of_the_play_is_spoken_and_emulated() -> None:
    assert {one.protocol for one in WEARABLES} <= set(PROTOCOLS)
    assert {one.protocol for one in WEARABLES} <= set(BUILDERS)
    assert len({one.port for one in WEARABLES}) == len(WEARABLES)
