"""Silence: one device, one in a session, many at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from escalation.alarm import AlarmKind
from escalation.supervision import Supervision
from larmcentral.domain.register import Device
from tests.fakes.memory_store import MemoryRegister
from tests.stories.world import World
from tests.world import BO, HOME, T0, WATCH, an_id

MANY = [f"86600001{n:02}" for n in range(12)]


@pytest.fixture
def world() -> Iterator[World]:
    made = World(supervising=True, hours=True)
    yield made
    made.close()


def faults(world: World) -> set[str]:
    return {fault for _, fault, _, _ in world.store.tables.faults}


def heard(world: World, *accounts: str) -> None:
    """These are heard, and the house looks after them from now on."""
    for account in accounts:
        world.heartbeat(account)
    world.run(seconds=35)


def looked_for_together(world: World) -> None:
    """All devices fall due with the last of them, as in a town there is always one that does."""
    vigils = world.store.tables.vigils
    cores = {i: record.core for i, record in vigils.items() if isinstance(record.core, Supervision)}
    last = max(core.look_at for core in cores.values())
    for i, core in cores.items():
        vigils[i] = replace(vigils[i], core=replace(core, look_at=last))


def test_a_wearable_that_is_silent_for_five_minutes_is_a_technical_incident(world: World) -> None:
    heard(world, WATCH)
    world.run(seconds=260)
    assert not world.incidents()
    world.run(seconds=45)
    (record,) = world.incidents()
    assert (record.incident.kind, record.subject.technical) == (AlarmKind.SILENT_DEVICE, True)
    assert set(world.called) == {"desk"}


def test_its_return_is_told_on_the_incident_and_a_person_ends_it(world: World) -> None:
    heard(world, WATCH)
    world.run(seconds=320)
    heard(world, WATCH)
    assert "contact_regained" in world.story
    assert world.state == "open"


def test_a_device_that_beats_is_never_lost(world: World) -> None:
    world.beat(minutes=30)
    assert not world.incidents()
    assert not faults(world)


def test_a_device_nobody_has_heard_is_not_supervised(world: World) -> None:
    world.run(seconds=3600)
    assert not world.store.tables.vigils


def test_a_session_shortens_the_patience_at_once_and_makes_the_call_itself(world: World) -> None:
    heard(world, WATCH)
    world.start_session(minutes=60)
    world.run(seconds=182)
    (record,) = world.incidents()
    assert (record.incident.kind, record.subject.technical) == (AlarmKind.LOST_CONTACT, False)
    assert world.session_of().lost_contact_at is not None


def test_silence_is_told_on_the_incident_that_is_open_about_its_wearer(world: World) -> None:
    heard(world, WATCH)
    world.press()
    panic = world.incident_id
    world.run(seconds=310)
    kinds = [line.entry.kind.value for line in world.store.tables.timeline[panic]]
    assert "contact_lost" in kinds


def test_many_that_fall_silent_together_are_one_outage_and_not_many_incidents(world: World) -> None:
    for account in MANY:
        device = Device(id=an_id(account), protocol="watch", account=account)
        world.do(MemoryRegister(world.store).device(HOME, device, T0))
    heard(world, *MANY)
    world.run(seconds=320)
    assert faults(world) == {"outage"}
    assert not world.incidents()

    world.run(seconds=3600)
    assert faults(world) == {"outage"}
    assert not world.incidents(), "an outage that lasts is still one outage"

    heard(world, *MANY)
    assert not faults(world)
    assert not world.incidents()


def test_a_house_that_hears_nobody_misses_nobody_one_by_one(world: World) -> None:
    town = [f"86600001{number:02d}" for number in range(30)]
    for account in town:
        world.do(
            MemoryRegister(world.store).device(HOME, Device(id=an_id(account), protocol="watch", account=account), T0)
        )
    heard(world, *town)
    for account in town:
        world.heartbeat(account)
        world.run(seconds=2)
    world.run(seconds=400)
    assert faults(world) == {"outage"}
    assert not world.incidents(), "five would have been missed before it was known that all were silent"


def test_one_who_is_silent_while_the_others_are_heard_is_missed_by_himself(world: World) -> None:
    town = [f"86600001{number:02d}" for number in range(30)]
    for account in town:
        world.do(
            MemoryRegister(world.store).device(HOME, Device(id=an_id(account), protocol="watch", account=account), T0)
        )
    heard(world, *town)
    for _ in range(6):
        for account in town[1:]:
            world.heartbeat(account)
        world.run(seconds=60)
    (record,) = world.incidents()
    assert record.subject.account == town[0]
    assert not faults(world)


def test_who_is_still_silent_ten_minutes_after_an_outage_is_shown_by_himself(world: World) -> None:
    for account in MANY:
        device = Device(id=an_id(account), protocol="watch", account=account)
        world.do(MemoryRegister(world.store).device(HOME, device, T0))
    heard(world, *MANY)
    world.run(seconds=320)
    for _ in range(12):
        for account in MANY[1:]:
            world.heartbeat(account)
        world.run(seconds=60)
    (record,) = world.incidents()
    assert record.subject.account == MANY[0]
    assert not faults(world)


def test_who_works_alone_is_missed_though_others_lie_silent_in_a_drawer_for_an_hour(world: World) -> None:
    for account in MANY:
        device = Device(id=an_id(account), protocol="watch", account=account)
        world.do(MemoryRegister(world.store).device(HOME, device, T0))
    heard(world, *MANY)
    world.run(seconds=3600)
    assert faults(world) == {"outage"}
    heard(world, WATCH)
    world.start_session(minutes=60)
    world.run(seconds=100)
    looked_for_together(world)
    world.run(seconds=85)
    assert [record.incident.kind for record in world.incidents()] == [AlarmKind.LOST_CONTACT]
    assert faults(world) == {"outage"}


def test_a_device_that_changed_hands_speaks_for_whoever_has_it_now(world: World) -> None:
    heard(world, WATCH)
    home, device = world.store.tables.devices[("watch", WATCH)]
    world.store.tables.devices[("watch", WATCH)] = (home, replace(device, worn_by=BO))
    world.start_session(BO, minutes=60)
    world.run(seconds=310)
    assert {record.incident.subject for record in world.incidents()} == {BO}


def test_a_device_that_is_taken_out_of_use_is_supervised_no_more(world: World) -> None:
    heard(world, WATCH)
    del world.store.tables.devices[("watch", WATCH)]
    world.run(seconds=400)
    (vigil,) = world.store.tables.vigils.values()
    assert isinstance(vigil.core, Supervision)
    assert vigil.core.ended_at is not None
    assert not world.incidents()


def test_the_silence_is_counted_from_the_last_word_and_not_from_when_somebody_looked(world: World) -> None:
    heard(world, WATCH)
    world.run(seconds=100)
    world.heartbeat()
    heard_at = world.clock.now()
    world.run(seconds=320)
    assert timedelta(seconds=300) <= world.incident.opened_at - heard_at < timedelta(seconds=303)
