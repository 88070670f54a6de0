"""Many devices in one process."""

from __future__ import annotations

import pytest

from devices.device import Device, DeviceSettings, Surroundings
from devices.fleet import FleetPlan, FleetReport, Share, fleet_settings, numbered, run_fleet, run_mixed
from devices.phone import build as build_phone
from devices.talk import What
from devices.tracker import Tracker
from devices.watch import build as build_watch
from protocols.osmand.conversation import OsmandConversation
from protocols.signal import SignalKind
from tests.devices.scripted import LineTalk, Script, listening
from tests.devices.support import settings, surroundings
from tests.fakes.receiver import Everybody, Receiver, phone_receiver, watch_receiver


async def test_a_fleet_of_watches_connects_and_presses_and_hangs_up() -> None:
    told: list[str] = []
    async with watch_receiver(Receiver()) as receiver:
        plan = FleetPlan(count=100, ramp_s=0.5, run_s=2.0, presses_per_s=10)
        patient = settings(receiver.port, keepalive_s=60.0, retransmit_s=5.0, give_up_s=60.0)
        report = await run_fleet(build_watch, patient, plan, surroundings(), told.append)

    assert (report.devices, report.pressed, report.acked) == (100, 20, 20)
    assert report.connected is not None
    assert report.connected > 0
    assert receiver.kinds().count(SignalKind.PANIC) == 20
    assert len({signal.device for signal in receiver.signals}) > 50, "those that a busy machine let connect in time"
    assert told == [f"100 devices started, {report.connected} connected"]


async def test_a_fleet_of_phones_keeps_no_connection() -> None:
    async with phone_receiver(Receiver(), OsmandConversation(Everybody())) as receiver:
        plan = FleetPlan(count=5, ramp_s=0.1, run_s=0.2, presses_per_s=10)
        first = settings(receiver.port, keepalive_s=60.0, retransmit_s=5.0)
        report = await run_fleet(build_phone, first, plan, surroundings())

    assert (report.connected, report.pressed, report.acked) == (None, 2, 2)


async def test_a_mixed_fleet_counts_acks_and_what_can_only_be_sent_and_leaves_out_who_has_no_button() -> None:
    def build_mute(settings: DeviceSettings, world: Surroundings) -> Device:
        return Tracker(settings, world, LineTalk(answers=False))

    def build_buttonless(settings: DeviceSettings, world: Surroundings) -> Device:
        return Tracker(settings, world, LineTalk(unspoken=frozenset({What.PRESS})))

    async with watch_receiver(Receiver()) as receiver, listening(Script()) as script:
        shares = [
            Share(build_watch, settings(receiver.port, keepalive_s=60.0, retransmit_s=5.0), 2),
            Share(build_mute, settings(script.port, keepalive_s=60.0), 2),
            Share(build_buttonless, settings(script.port, keepalive_s=60.0, retransmit_s=5.0), 1),
        ]
        plan = FleetPlan(count=5, ramp_s=0.3, run_s=0.3, presses_per_s=100)
        report = await run_mixed(shares, plan, surroundings())

    assert (report.devices, report.connected) == (5, 5)
    assert report.acked + report.sent == report.pressed < 30
    assert report.acked == receiver.kinds().count(SignalKind.PANIC)
    assert report.sent == sum("press" in told for told in script.told())
    assert min(report.acked, report.sent) > 0


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
