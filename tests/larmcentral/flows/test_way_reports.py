"""Several processes on the virtual clock: what they tell each other of their ways out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

from escalation.chain import Channel
from escalation.ids import CommitteeId, OrganisationId
from larmcentral.domain.notice import Probe
from larmcentral.domain.way_health import WayState
from larmcentral.domain.way_report import FRESH
from larmcentral.flows.way_faults import FAULT, WayFaults
from larmcentral.flows.way_reports import EVERY_S, WayReports
from larmcentral.flows.ways_out import WayOut, WaysOut
from tests.fakes.channel import DOWN, OK, FakeChannel
from tests.fakes.memory_store import MemoryStore
from tests.fakes.memory_ways import MemoryWays
from tests.fakes.virtual_loop import NoMeasures, VirtualClock, VirtualLoop

HOME = (OrganisationId(UUID(int=1)), CommitteeId(UUID(int=2)))
SMS = frozenset({Channel.SMS})


class Process:
    """One incarnation. sends False: of the web alone."""

    def __init__(self, town: Town, number: int, *, sends: bool = True) -> None:
        self.measures = NoMeasures()
        self.reports = WayReports(town.kept, UUID(int=number), town.clock)
        self.ways = WaysOut(
            [WayOut(provider="46elks", channel=Channel.SMS, port=FakeChannel(town.clock), at_once=4)], town.clock
        )
        if sends:
            self.reports.sends_with(self.ways, self.measures, WayFaults(town.store, HOME, town.clock))
        self.reports.start()

    def fail(self) -> None:
        for _ in range(3):
            self.ways.told("46elks", DOWN, 5.0)


class Town:
    """What processes share."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock, self.kept, self.store = clock, MemoryWays(clock), MemoryStore(clock)
        self.processes: list[Process] = []

    def process(self, *, sends: bool = True) -> Process:
        self.processes.append(Process(self, len(self.processes) + 1, sends=sends))
        return self.processes[-1]

    async def pass_(self, seconds: float = 2 * EVERY_S) -> None:
        await self.clock.sleep(seconds)


def story(told: Callable[[Town], Awaitable[None]]) -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        clock = VirtualClock(runner.get_loop())

        async def run() -> None:
            town = Town(clock)
            await told(town)
            for process in town.processes:
                await process.reports.stop()

        runner.run(run())


def test_alone_a_process_believes_itself_at_once() -> None:
    async def told(town: Town) -> None:
        one = town.process()
        await town.pass_()
        one.fail()
        assert one.reports.dead() == SMS
        assert one.reports.dead_providers() == {"46elks"}
        one.ways.told("46elks", OK, 0.1)
        assert one.reports.dead() == frozenset()

    story(told)


def test_a_channel_is_dead_when_all_who_send_find_it_so() -> None:
    async def told(town: Town) -> None:
        one, two = town.process(), town.process()
        await town.pass_()
        one.fail()
        await town.pass_()
        assert one.reports.dead() == two.reports.dead() == frozenset()
        assert two.reports.dead_elsewhere() == {"46elks"}
        assert one.reports.dead_elsewhere() == frozenset()
        two.fail()
        await town.pass_()
        assert one.reports.dead() == two.reports.dead() == SMS

    story(told)


def test_a_web_process_knows_what_those_who_send_know() -> None:
    async def told(town: Town) -> None:
        one, web = town.process(), town.process(sends=False)
        await town.pass_()
        one.fail()
        await town.pass_()
        assert web.reports.dead() == SMS
        assert one.reports.dead() == SMS  # the web's silence is no veto
        one.ways.told("46elks", OK, 0.1)
        await town.pass_()
        assert web.reports.dead() == frozenset()

    story(told)


def test_a_process_that_died_has_no_vote_for_long_and_one_that_left_none_at_all() -> None:
    async def told(town: Town) -> None:
        one, crashed = town.process(), town.process()
        await town.pass_()
        one.fail()
        await town.pass_()
        assert one.reports.dead() == frozenset()
        await crashed.reports._loop.stop()  # gone from one moment to the next
        await town.pass_(FRESH.total_seconds() + 2 * EVERY_S)
        assert one.reports.dead() == SMS

        left = town.process()
        await town.pass_()
        assert one.reports.dead() == frozenset()
        await left.reports.stop()
        await town.pass_()
        assert one.reports.dead() == SMS

    story(told)


def test_what_others_said_counts_no_longer_than_it_is_fresh_while_the_database_is_away() -> None:
    async def told(town: Town) -> None:
        one, two, web = town.process(), town.process(), town.process(sends=False)
        await town.pass_()
        two.ways.told("46elks", OK, 0.1)
        one.fail()
        await town.pass_()
        town.kept.available = False
        assert one.reports.dead() == frozenset()
        await town.pass_(FRESH.total_seconds() + EVERY_S)
        assert one.reports.dead() == SMS
        assert web.reports.dead() == frozenset()
        town.kept.available = True

    story(told)


def test_a_line_of_ours_that_is_cut_is_no_reason_for_others_to_pass_over() -> None:
    async def told(town: Town) -> None:
        one, two = town.process(), town.process()
        two.ways.probed("46elks", Probe(True))
        for _ in range(2):
            one.ways.probed("46elks", Probe(False, "no route"))
        await town.pass_()
        assert one.ways.is_dead("46elks")
        assert one.reports.dead() == two.reports.dead() == frozenset()

    story(told)


def test_figures_are_written_down_and_none_is_lost_while_the_database_is_away() -> None:
    async def told(town: Town) -> None:
        one = town.process()
        await town.pass_()
        one.ways.told("46elks", OK, 0.1)
        await town.pass_()
        town.kept.available = False
        one.ways.told("46elks", OK, 0.2)
        await town.pass_()
        town.kept.available = True
        await town.pass_()
        one.ways.told("46elks", DOWN, 5.0)
        await one.reports.stop()  # what is left goes at the end
        assert [(row.sent, row.retried) for row in town.kept.minutes.values()] == [(2, 1)]

    story(told)


def test_how_each_way_does_is_told_to_the_metrics() -> None:
    async def told(town: Town) -> None:
        one = town.process()
        one.fail()
        await town.pass_()
        assert ("way_state", "46elks", WayState.DEAD) in one.measures.told

    story(told)


def test_a_way_that_stays_dead_is_an_alarm_of_the_house() -> None:
    async def told(town: Town) -> None:
        one = town.process()
        one.fail()
        await town.pass_(16)
        assert FAULT in {fault for _, fault, *_ in town.store.tables.faults}
        one.ways.told("46elks", OK, 0.1)
        await town.pass_(40)
        assert FAULT not in {fault for _, fault, *_ in town.store.tables.faults}

    story(told)


def test_a_process_ends_beside_a_database_that_is_away() -> None:
    async def told(town: Town) -> None:
        one = town.process()
        await town.pass_()
        one.ways.told("46elks", OK, 0.1)
        town.kept.available = False
        await one.reports.stop()
        town.kept.available = True
        await town.pass_(600)
        two = town.process()
        await town.pass_()
        assert two.reports.dead() == frozenset()
        assert {process for _, process in town.kept.rows} == {UUID(int=2)}  # the other was swept

    story(told)
