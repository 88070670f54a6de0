"""The fault of a dead way out: raised when it lasts, cleared when it is over, and not once for each change."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from escalation.ids import CommitteeId, OrganisationId
from larmcentral.domain.errors import Poison, StoreUnavailable
from larmcentral.flows.way_faults import AGAIN_S, CLEARED_AFTER_S, FAULT, RAISED_AFTER_S, WayFaults
from tests.fakes.memory_store import MemoryStore
from tests.fakes.virtual_loop import VirtualClock, VirtualLoop

HOME = (OrganisationId(UUID(int=1)), CommitteeId(UUID(int=2)))
DEAD, NOBODY = frozenset({"46elks"}), frozenset[str]()


class Rig:
    """One process beside a store."""

    def __init__(self, clock: VirtualClock, store: MemoryStore) -> None:
        self.clock, self.store = clock, store
        self.faults = WayFaults(store, HOME, clock)

    async def see(self, dead: frozenset[str], *, for_s: float) -> None:
        """It is so for a while, and looked at every 2 s."""
        until_s = self.clock.monotonic() + for_s
        while self.clock.monotonic() < until_s:
            await self.faults.look(dead)
            await self.clock.sleep(2)
        await self.faults.look(dead)

    def stands(self) -> bool:
        """Whether the fault is on the desk."""
        return FAULT in {fault for _, fault, *_ in self.store.tables.faults}


def story(told: Callable[[Rig], Awaitable[None]]) -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        clock = VirtualClock(runner.get_loop())

        async def run() -> None:
            await told(Rig(clock, MemoryStore(clock)))

        runner.run(run())


def test_it_stands_when_the_death_lasts_and_until_some_while_after_it() -> None:
    async def told(rig: Rig) -> None:
        await rig.see(DEAD, for_s=RAISED_AFTER_S - 2)
        assert not rig.stands()
        await rig.see(DEAD, for_s=4)
        assert rig.stands()
        await rig.see(NOBODY, for_s=CLEARED_AFTER_S - 2)
        assert rig.stands()
        await rig.see(NOBODY, for_s=4)
        assert not rig.stands()

    story(told)


def test_a_hiccup_is_no_fault() -> None:
    async def told(rig: Rig) -> None:
        for _ in range(20):
            await rig.see(DEAD, for_s=4)
            await rig.see(NOBODY, for_s=2)
            assert not rig.stands()

    story(told)


def test_one_that_comes_and_goes_is_one_fault() -> None:
    async def told(rig: Rig) -> None:
        await rig.see(DEAD, for_s=RAISED_AFTER_S + 2)
        for _ in range(10):
            await rig.see(NOBODY, for_s=20)
            await rig.see(DEAD, for_s=4)
            assert rig.stands()

    story(told)


def test_it_stands_on_while_another_way_has_died_meanwhile() -> None:
    async def told(rig: Rig) -> None:
        await rig.see(DEAD, for_s=RAISED_AFTER_S + 2)
        await rig.see(frozenset({"apns"}), for_s=CLEARED_AFTER_S + 20)
        assert rig.stands()

    story(told)


def test_a_new_process_clears_what_one_before_it_raised_and_no_sooner() -> None:
    async def told(rig: Rig) -> None:
        await rig.store.raise_fault(*HOME, FAULT)
        await rig.see(NOBODY, for_s=CLEARED_AFTER_S - 2)
        assert rig.stands()
        await rig.see(NOBODY, for_s=4)
        assert not rig.stands()

    story(told)


def test_what_another_process_cleared_by_mistake_stands_again() -> None:
    async def told(rig: Rig) -> None:
        await rig.see(DEAD, for_s=RAISED_AFTER_S + 2)
        await rig.store.clear_fault(*HOME, FAULT)
        await rig.see(DEAD, for_s=AGAIN_S + 2)
        assert rig.stands()

    story(told)


def test_a_store_that_was_away_hears_of_it_at_the_next_look() -> None:
    async def told(rig: Rig) -> None:
        await rig.see(DEAD, for_s=RAISED_AFTER_S - 2)
        rig.store.available = False
        await rig.clock.sleep(4)
        with pytest.raises(StoreUnavailable):
            await rig.faults.look(DEAD)
        rig.store.available = True
        await rig.faults.look(DEAD)
        assert rig.stands()

    story(told)


def test_a_house_that_has_no_place_for_the_fault_is_told_so_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    async def told(rig: Rig) -> None:
        asked: list[float] = []

        async def refuses(*_: object) -> None:
            asked.append(rig.clock.monotonic())
            raise Poison("ForeignKeyViolationError")

        monkeypatch.setattr(rig.store, "raise_fault", refuses)
        until_s = rig.clock.monotonic() + 2 * AGAIN_S + 30
        while rig.clock.monotonic() < until_s:
            await rig.faults.look(DEAD)
            await rig.clock.sleep(2)
        assert len(asked) == 3
        monkeypatch.undo()
        await rig.see(DEAD, for_s=AGAIN_S)
        assert rig.stands()

    story(told)
