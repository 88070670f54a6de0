"""Many devices in one process."""

from __future__ import annotations

import pytest

from devices.fleet import FleetPlan, FleetReport, fleet_settings, numbered, run_fleet
from devices.phone import build as build_phone
from devices.watch import build as build_watch
from protocols.osmand.conversation import OsmandConversation
from protocols.signal import SignalKind
from tests.devices.support import settings, surroundings
from tests.fakes.receiver import Everybody, Receiver, phone_receiver, watch_receiver


async def test_a_fleet_of_watches_connects_and_presses_and_hangs_up() -> None:
    told: list[str] = []
    async with watch_receiver(Receiver()) as receiver:
        plan = FleetPlan(count=200, ramp_s=1.0, run_s=0.5, presses_per_s=40)
        report = await run_fleet(
            build_watch, settings(receiver.port, keepalive_s=60.0, retransmit_s=5.0), plan, surroundings(), told.append
        )

    assert (report.devices, report.pressed, report.acked) == (200, 20, 20)
    assert report.connected is not None
    assert report.connected >= 150
    assert receiver.kinds().count(SignalKind.PANIC) == 20
    assert len({signal.device for signal in receiver.signals}) == 200
    assert told == [f"200 devices started, {report.connected} connected"]


async def test_a_fleet_of_phones_keeps_no_connection() -> None:
    async with phone_receiver(Receiver(), OsmandConversation(Everybody())) as receiver:
        plan = FleetPlan(count=5, ramp_s=0.1, run_s=0.2, presses_per_s=10)
        first = settings(receiver.port, keepalive_s=60.0, retransmit_s=5.0)
        report = await run_fleet(build_phone, first, plan, surroundings())

    assert (report.connected, report.pressed, report.acked) == (None, 2, 2)


def test_devices_are_numbered_on_and_spread_over_a_town() -> None:
    fleet = fleet_settings(settings(1, device="8660000099"), 3, surroundings())

    assert [one.device for one in fleet] == ["8660000099", "8660000100", "8660000101"]
    assert len({(one.lat, one.lon) for one in fleet}) == 3
    assert all(abs(one.lat - 57.93) <= 0.05 for one in fleet)


@pytest.mark.parametrize(("name", "index", "expected"), [("a9", 1, "a10"), ("anna", 2, "anna00002"), ("007", 3, "010")])
def test_a_name_is_counted_on(name: str, index: int, expected: str) -> None:
    assert numbered(name, index) == expected


@pytest.mark.parametrize("count", [0, 25_001])
def test_a_fleet_has_a_limit(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 25000"):
        FleetPlan(count=count, ramp_s=1, run_s=1)


def test_percentiles_are_of_what_was_acked() -> None:
    report = FleetReport(1, 1, 5, 4, (4.0, 1.0, 3.0, 2.0))

    assert [report.percentile_ms(percent) for percent in (0, 50, 99, 100)] == [1.0, 2.0, 4.0, 4.0]
    assert FleetReport(1, 1, 0, 0, ()).percentile_ms(50) is None
