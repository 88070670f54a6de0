"""Which incident a signal opens, joins or belongs to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from escalation.alarm import AlarmKind
from escalation.effects import EntryKind, SystemFault
from protocols.signal import Position, SignalKind
from tests.stories.world import World
from tests.world import ANNA, BO


@pytest.fixture
def world() -> Iterator[World]:
    made = World(hours=True)
    yield made
    made.close()


def kinds(world: World) -> set[tuple[AlarmKind, str]]:
    """Kinds of the incidents and the side each is on."""
    sides = {True: "covert", False: "visible"}
    return {
        (r.incident.kind, "technical" if r.subject.technical else sides[r.subject.covert]) for r in world.incidents()
    }


def test_a_silent_alarm_has_an_incident_of_its_own_beside_the_visible_one(world: World) -> None:
    world.press(kind=SignalKind.FALL)
    world.press(kind=SignalKind.PANIC, silent=True)
    assert kinds(world) == {(AlarmKind.FALL, "visible"), (AlarmKind.PANIC, "covert")}
    world.press(kind=SignalKind.DURESS)
    assert len(world.incidents()) == 2, "the second silent one joins the first"


def test_a_flat_battery_is_the_devices_own_incident_on_a_chain_of_its_own(world: World) -> None:
    world.press(kind=SignalKind.LOW_BATTERY, battery_pct=7)
    world.run(seconds=1)
    assert kinds(world) == {(AlarmKind.LOW_BATTERY, "technical")}
    assert set(world.called) == {"desk"}, "nobody made a chain for it, so that the desk alone hears it"
    assert SystemFault.NO_CHAIN.value not in {fault for _, fault, _, _ in world.store.tables.faults}


def test_power_that_is_back_is_told_on_the_devices_incident_and_ends_nothing(world: World) -> None:
    world.press(kind=SignalKind.POWER_OFF)
    world.run(seconds=1)
    world.press(kind=SignalKind.POWER_ON)
    world.run(seconds=1)
    assert world.state == "open"
    assert "device_mended" in world.story


def test_a_panic_does_not_join_what_its_device_suffers_from(world: World) -> None:
    world.press(kind=SignalKind.LOW_BATTERY)
    world.run(seconds=1)
    world.press()
    assert kinds(world) == {(AlarmKind.LOW_BATTERY, "technical"), (AlarmKind.PANIC, "visible")}


def test_an_unknown_devices_battery_is_nobodys_incident(world: World) -> None:
    world.press("8669999999", SignalKind.LOW_BATTERY)
    world.run(seconds=1)
    assert not world.incidents()


def test_positions_go_to_the_covert_incident_where_one_is_open(world: World) -> None:
    world.press(kind=SignalKind.FALL)
    world.press(kind=SignalKind.PANIC, silent=True)
    (covert,) = [record for record in world.incidents() if record.subject.covert]
    world.heartbeat(position=Position(lat=59.4, lon=13.5))
    world.run(seconds=1)
    told = {
        record.incident.id
        for record in world.incidents()
        if any(line.entry.kind is EntryKind.MOVED for line in world.store.tables.timeline[record.incident.id])
    }
    assert told == {covert.incident.id}


def test_a_group_alarm_is_an_alarm_like_any_other(world: World) -> None:
    world.press(kind=SignalKind.GROUP_ALARM)
    assert world.incident.kind is AlarmKind.GROUP_ALARM
    assert "bo" in world.called


def test_a_panic_from_the_phones_app_is_its_persons(world: World) -> None:
    world.fall(confirmed=True, person_id=BO)
    assert world.incident.subject == BO
    assert "bo" not in world.called
    assert world.incident.subject != ANNA
