"""Journey 5: the power goes with 500 live chains. No step is lost, and each timeline says that it was late."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from escalation.effects import EntryKind
from escalation.ids import IncidentId, NoticeId
from larmcentral.domain.register import Device
from larmcentral.domain.timeline import first_broken
from tests.fakes.memory_store import MemoryRegister
from tests.stories.world import World
from tests.world import DAVID, HOME, T0, an_id

LIVE, FEW = 500, 40


def calls_for_help(world: World, devices: int) -> None:
    """So many devices press at one moment; nobody wears them, and each has an incident of its own."""

    async def enrol() -> None:
        register = MemoryRegister(world.store)
        for number in range(devices):
            device = Device(id=an_id(f"device {number}"), protocol="watch", account=f"77{number:08}")
            await register.device(HOME, device, T0)

    world.do(enrol())
    for number in range(devices):
        world.press(f"77{number:08}")
    world.run(seconds=1)


@pytest.fixture
def town(world: World) -> World:
    """500 live chains."""
    calls_for_help(world, LIVE)
    return world


@pytest.fixture
def village(world: World) -> World:
    """So few that it can die many times."""
    calls_for_help(world, FEW)
    return world


def entries(world: World, kind: EntryKind, **detail: str) -> Counter[IncidentId]:
    """How often each incident's timeline has such a line; its chain of hashes is looked at too."""
    found: Counter[IncidentId] = Counter()
    for incident_id in world.store.tables.incidents:
        lines = world.store.tables.timeline[incident_id]
        assert first_broken(incident_id, lines) is None
        for line in lines:
            said = dict(line.entry.detail)
            if line.entry.kind is kind and all(said.get(name) == value for name, value in detail.items()):
                found[incident_id] += 1
    return found


def second_steps(world: World) -> Counter[IncidentId]:
    return entries(world, EntryKind.STEP_BEGUN, step="1", round="1")


def davids_pushes(world: World) -> Counter[NoticeId]:
    """Tries of the second step's first notices."""
    tries = [sent.notice for channel in world.channels.values() for sent in channel.sent]
    return Counter(one.id for one in tries if one.person_id == DAVID and one.attempt == 1)


def dies_after(world: World, awaits: int) -> None:
    """The process dies so many turns of its loop from now, wherever its tasks are then."""

    async def some_turns() -> None:
        for _ in range(awaits):
            await asyncio.sleep(0)

    world._loop.run_until_complete(some_turns())
    world.crash()


def test_all_of_500_steps_fire_within_five_seconds_of_the_start_and_once(town: World) -> None:
    for _ in range(3):  # the power goes three times
        town.run(seconds=5)
        town.crash()
    town.run(seconds=60)
    assert not second_steps(town)
    town.restart()
    town.run(seconds=5)
    assert sorted(second_steps(town).values()) == [1] * LIVE
    assert sorted(davids_pushes(town).values()) == [1] * LIVE


def test_the_restart_is_shown_on_each_affected_timeline(town: World) -> None:
    town.crash()
    town.run(seconds=60)
    town.restart()
    town.run(seconds=5)
    late = entries(town, EntryKind.FIRED_LATE, what="next_step")
    assert sorted(late.values()) == [1] * LIVE
    lines = [line.entry for line in town.store.tables.timeline[next(iter(late))]]
    (line,) = [entry for entry in lines if entry.kind is EntryKind.FIRED_LATE]
    assert timedelta(seconds=30) < timedelta(seconds=float(dict(line.detail)["late_s"])) < timedelta(seconds=36)


def test_a_process_that_stays_up_says_nothing_of_the_kind(town: World) -> None:
    town.run(seconds=60)
    assert sorted(second_steps(town).values()) == [1] * LIVE
    assert not entries(town, EntryKind.FIRED_LATE)


@pytest.mark.parametrize("awaits", [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377])
def test_wherever_it_dies_in_the_middle_of_firing_nothing_is_lost_and_repeats_are_known(
    village: World, awaits: int
) -> None:
    village.run(seconds=28.5)
    dies_after(village, awaits)
    village.restart()
    dies_after(village, awaits)
    village.restart()
    village.run(seconds=25)  # the dead process's lease on what it held runs out after 15 s
    assert sorted(second_steps(village).values()) == [1] * FEW
    # A notice may go out twice, but only under the one name that it has; no step has two of them.
    assert len(davids_pushes(village)) == FEW
