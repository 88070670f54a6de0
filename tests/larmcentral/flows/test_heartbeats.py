"""Heartbeats to centres on the virtual clock: in time, from one process, and an alarm when nobody answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

from escalation.ids import CommitteeId, OrganisationId
from larmcentral.domain.roles import Scope
from larmcentral.flows.heartbeats import FAULT, Heartbeats
from larmcentral.ports.forwarders import BeatPlan, Pulse
from tests.fakes.memory_forwarders import MemoryForwarders
from tests.fakes.memory_store import MemoryStore
from tests.fakes.virtual_loop import VirtualClock, VirtualLoop

HOUSE = OrganisationId(UUID(int=1))
COMMITTEE = CommitteeId(UUID(int=2))
SCOPE = Scope(organisation_id=HOUSE, committees=frozenset({COMMITTEE}))
EVERY = timedelta(seconds=30)


@dataclass
class Centre:
    """A centre whose paths answer or do not. beaten: path and time of each beat. soon: the pause after a first miss."""

    clock: VirtualClock
    name: str = "nord"
    paths: Sequence[str] = ("one", "two")
    every: timedelta = EVERY
    silent: set[str] = field(default_factory=set)
    beaten: list[tuple[str, float]] = field(default_factory=list)
    soon: timedelta | None = None

    def beats(self) -> Sequence[BeatPlan]:
        every = self.soon if self.soon is not None and len(self.beaten) % 2 == 1 else self.every
        return [BeatPlan(path, every) for path in self.paths]

    async def beat(self, path: str) -> Pulse:
        self.beaten.append((path, self.clock.monotonic()))
        return Pulse(path not in self.silent, "no answer in time" if path in self.silent else "ACK")


@dataclass
class Rig:
    clock: VirtualClock
    store: MemoryStore
    kept: MemoryForwarders

    def process(self, number: int, *centres: Centre) -> Heartbeats:
        home = (HOUSE, COMMITTEE)
        return Heartbeats(centres, self.kept, self.store, home, UUID(int=number), self.clock)

    @property
    def faults(self) -> set[str]:
        return {fault for _, fault, *_ in self.store.tables.faults}


def story(told: Callable[[Rig], Awaitable[None]]) -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        clock = VirtualClock(runner.get_loop())

        async def run() -> None:
            await told(Rig(clock, MemoryStore(clock), MemoryForwarders(clock)))

        runner.run(run())


def test_a_centre_that_only_has_telephones_is_not_dead_for_want_of_heartbeats() -> None:
    async def told(rig: Rig) -> None:
        jour, nord = Centre(rig.clock, "jour", paths=()), Centre(rig.clock, silent={"one", "two"})
        process = rig.process(1, jour, nord)
        process.start()
        await rig.clock.sleep(100)
        assert rig.faults == {FAULT}
        nord.silent.clear()
        await rig.clock.sleep(31)
        assert rig.faults == set()
        await process.stop()

    story(told)


def test_every_path_is_beaten_in_time_and_people_see_it() -> None:
    async def told(rig: Rig) -> None:
        centre = Centre(rig.clock)
        process = rig.process(1, centre)
        process.start()
        await rig.clock.sleep(95)
        await process.stop()
        for path in ("one", "two"):
            at = [at for beaten, at in centre.beaten if beaten == path]
            assert len(at) == 4
            assert max(later - sooner for sooner, later in pairwise(at)) <= 30.001
        [one, two] = (await rig.kept.beats(SCOPE))["nord"]
        assert (one.path, one.missed, one.words, one.every) == ("one", 0, "ACK", EVERY)
        assert one.heard_at is not None
        assert two.path == "two"
        assert rig.faults == set()

    story(told)


def test_a_centre_none_of_whose_paths_answers_is_a_fault_until_one_does() -> None:
    async def told(rig: Rig) -> None:
        centre = Centre(rig.clock, silent={"one"})
        process = rig.process(1, centre)
        process.start()
        await rig.clock.sleep(200)
        assert rig.faults == set(), "the secondary answers"
        centre.silent.add("two")
        await rig.clock.sleep(31)
        assert rig.faults == set(), "one beat may be lost"
        await rig.clock.sleep(31)
        assert rig.faults == {FAULT}
        assert [beat.missed >= 2 for beat in (await rig.kept.beats(SCOPE))["nord"]] == [True, True]
        centre.silent.clear()
        await rig.clock.sleep(31)
        assert rig.faults == set()
        await process.stop()

    story(told)


def test_the_fault_stands_until_every_centre_answers() -> None:
    async def told(rig: Rig) -> None:
        north, south = Centre(rig.clock, silent={"one", "two"}), Centre(rig.clock, "syd", silent={"one", "two"})
        process = rig.process(1, north, south)
        process.start()
        await rig.clock.sleep(65)
        assert rig.faults == {FAULT}
        north.silent.clear()
        await rig.clock.sleep(65)
        assert rig.faults == {FAULT}
        south.silent.clear()
        await rig.clock.sleep(65)
        assert rig.faults == set()
        await process.stop()

    story(told)


def test_one_process_beats_and_the_next_takes_over_when_it_ends() -> None:
    async def told(rig: Rig) -> None:
        first, second = Centre(rig.clock), Centre(rig.clock)
        one, two = rig.process(1, first), rig.process(2, second)
        one.start()
        await rig.clock.sleep(1)
        two.start()
        await rig.clock.sleep(120)
        assert (len(first.beaten) > 4, second.beaten) == (True, [])
        await one.stop()
        stopped_at = rig.clock.monotonic()
        await rig.clock.sleep(10)
        assert second.beaten
        assert second.beaten[0][1] - stopped_at <= 6.5
        await two.stop()

    story(told)


def test_a_process_that_froze_is_followed_when_its_lease_is_over() -> None:
    async def told(rig: Rig) -> None:
        frozen = UUID(int=9)
        assert await rig.kept.hold_beats(HOUSE, frozen, timedelta(seconds=15))
        centre = Centre(rig.clock)
        process = rig.process(1, centre)
        process.start()
        await rig.clock.sleep(14)
        assert centre.beaten == []
        await rig.clock.sleep(8)
        assert len(centre.beaten) == 2
        await process.stop()

    story(told)


def test_whoever_takes_over_clears_what_another_raised() -> None:
    async def told(rig: Rig) -> None:
        await rig.store.raise_fault(HOUSE, COMMITTEE, FAULT)
        process = rig.process(1, Centre(rig.clock))
        process.start()
        await rig.clock.sleep(2)
        assert rig.faults == set()
        await process.stop()

    story(told)


def test_while_the_database_is_away_the_one_that_beats_goes_on_and_no_faster() -> None:
    async def told(rig: Rig) -> None:
        first, second = (Centre(rig.clock, silent={"one", "two"}) for _ in range(2))
        one, two = rig.process(1, first), rig.process(2, second)
        one.start()
        await rig.clock.sleep(1)
        two.start()
        await rig.clock.sleep(5)
        rig.kept.available = rig.store.available = False
        before = len(first.beaten)
        await rig.clock.sleep(300)
        assert len(first.beaten) - before == 20
        assert second.beaten == []
        rig.kept.available = rig.store.available = True
        await rig.clock.sleep(40)
        assert rig.faults == {FAULT}, "whoever has the duty now"
        assert one.holds is not two.holds
        for process in (one, two):
            await process.stop()

    story(told)


def test_a_centre_may_change_how_often_it_wants_to_hear_us() -> None:
    async def told(rig: Rig) -> None:
        centre = Centre(rig.clock, paths=("one",))
        process = rig.process(1, centre)
        process.start()
        await rig.clock.sleep(2)
        centre.every = timedelta(seconds=300)
        await rig.clock.sleep(30)
        before = len(centre.beaten)
        await rig.clock.sleep(290)
        assert len(centre.beaten) == before
        await process.stop()

    story(told)


def test_a_missed_beat_may_be_repeated_soon_so_that_hours_do_not_pass_before_the_fault() -> None:
    async def told(rig: Rig) -> None:
        centre = Centre(rig.clock, paths=("one",), every=timedelta(hours=8), silent={"one"}, soon=timedelta(seconds=60))
        process = rig.process(1, centre)
        process.start()
        await rig.clock.sleep(90)
        assert (len(centre.beaten), rig.faults) == (2, {FAULT})
        await rig.clock.sleep(3600)
        assert len(centre.beaten) == 2
        await process.stop()

    story(told)


def test_without_centres_there_is_nothing_to_do() -> None:
    async def told(rig: Rig) -> None:
        process = rig.process(1)
        process.start()
        await rig.clock.sleep(10)
        assert not process.holds
        await process.stop()

    story(told)
