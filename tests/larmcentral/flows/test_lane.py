"""A lane under a good database, a bad one, and bad content."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from larmcentral.domain.errors import Collision, LaneFull, Poison, StoreUnavailable
from larmcentral.flows.lane import BATCH_LIMIT, Lane
from tests.fakes.virtual_loop import VirtualClock, VirtualLoop

Commit = Callable[[Sequence[str]], Awaitable[None]]


def on_virtual_time(work: Callable[[VirtualClock], Awaitable[None]]) -> None:
    loop = VirtualLoop()
    try:
        loop.run_until_complete(work(VirtualClock(loop)))
    finally:
        loop.close()


class Disk:
    """Commits into a list. fails: what the next commits raise, in turn. poison: items that are refused."""

    def __init__(self, clock: VirtualClock, *fails: Exception, poison: str = "") -> None:
        self.batches: list[list[str]] = []
        self._clock = clock
        self._fails, self._poison = list(fails), poison

    async def __call__(self, batch: Sequence[str]) -> None:
        await self._clock.sleep(0.01)
        if self._fails:
            raise self._fails.pop(0)
        if any(item in self._poison for item in batch):
            raise Poison("bad content")
        self.batches.append(list(batch))


def test_while_one_batch_is_committed_the_next_one_gathers() -> None:
    async def story(clock: VirtualClock) -> None:
        disk = Disk(clock)
        lane: Lane[str] = Lane("alarm", disk, clock, limit=1000)
        lane.start()
        first = asyncio.create_task(lane.put("a"))
        await clock.sleep(0.005)
        await asyncio.gather(first, *(lane.put(item) for item in "bcd"))
        assert disk.batches == [["a"], ["b", "c", "d"]]
        await lane.stop()

    on_virtual_time(story)


def test_a_batch_has_a_limit() -> None:
    async def story(clock: VirtualClock) -> None:
        disk = Disk(clock)
        lane: Lane[str] = Lane("alarm", disk, clock, limit=1000)
        waiting = [asyncio.create_task(lane.put(str(n))) for n in range(BATCH_LIMIT + 5)]
        await asyncio.sleep(0)
        lane.start()
        await asyncio.gather(*waiting)
        assert [len(batch) for batch in disk.batches] == [BATCH_LIMIT, 5]
        await lane.stop()

    on_virtual_time(story)


def test_a_full_batch_does_not_wait_for_company_and_the_rest_does() -> None:
    async def story(clock: VirtualClock) -> None:
        disk = Disk(clock)
        lane: Lane[str] = Lane("telemetry", disk, clock, limit=1000, gather_s=5.0, batch_limit=10)
        lane.start()
        full = [asyncio.create_task(lane.put(str(n))) for n in range(40)]
        rest = asyncio.create_task(lane.put("last"))
        await asyncio.sleep(0)
        await asyncio.gather(*full)
        assert clock.monotonic() < 1.0
        await rest
        assert clock.monotonic() >= 5.0
        assert [len(batch) for batch in disk.batches] == [10, 10, 10, 10, 1]
        await lane.stop()

    on_virtual_time(story)


def test_an_outage_is_waited_out_with_the_same_items_in_the_same_order() -> None:
    async def story(clock: VirtualClock) -> None:
        disk = Disk(clock, *[StoreUnavailable("gone")] * 5)
        lane: Lane[str] = Lane("alarm", disk, clock, limit=10)
        lane.start()
        await asyncio.gather(lane.put("a"), lane.put("b"))
        assert disk.batches == [["a", "b"]]
        await lane.stop()

    on_virtual_time(story)


def test_telemetry_gives_up_when_its_patience_ends_and_alarms_never_do() -> None:
    async def story(clock: VirtualClock) -> None:
        disk = Disk(clock, *[StoreUnavailable("gone")] * 100)
        hasty: Lane[str] = Lane("telemetry", disk, clock, limit=10, patience_s=5)
        hasty.start()
        with pytest.raises(StoreUnavailable, match="patience"):
            await hasty.put("heartbeat")
        assert clock.monotonic() >= 5
        await hasty.stop()
        patient: Lane[str] = Lane("alarm", disk, clock, limit=10)
        patient.start()
        await patient.put("panic")
        assert disk.batches == [["panic"]]
        await patient.stop()

    on_virtual_time(story)


def test_a_collision_is_tried_again_at_once() -> None:
    async def story(clock: VirtualClock) -> None:
        disk = Disk(clock, Collision("open incident"))
        lane: Lane[str] = Lane("alarm", disk, clock, limit=10)
        lane.start()
        await lane.put("a")
        assert disk.batches == [["a"]]
        await lane.stop()

    on_virtual_time(story)


def test_one_bad_item_does_not_take_the_others_along() -> None:
    async def story(clock: VirtualClock) -> None:
        disk = Disk(clock, poison="x")
        lane: Lane[str] = Lane("alarm", disk, clock, limit=100, reduce=str.upper)
        waiting = [asyncio.create_task(lane.put(item)) for item in "abcxdef"]
        await asyncio.sleep(0)
        lane.start()
        await asyncio.gather(*waiting)
        assert sorted(item for batch in disk.batches for item in batch) == sorted("abcXdef")
        await lane.stop()

    on_virtual_time(story)


def test_an_item_that_cannot_be_filed_at_all_is_not_acked() -> None:
    async def story(clock: VirtualClock) -> None:
        lane: Lane[str] = Lane("alarm", Disk(clock, poison="xX"), clock, limit=100, reduce=str.upper)
        lane.start()
        with pytest.raises(StoreUnavailable, match="refused"):
            await lane.put("x")
        await lane.stop()

    on_virtual_time(story)


def test_our_own_bug_in_one_item_does_not_stop_the_lane() -> None:
    async def story(clock: VirtualClock) -> None:
        disk = Disk(clock, KeyError("bug"), KeyError("bug"))
        lane: Lane[str] = Lane("alarm", disk, clock, limit=100)
        lane.start()
        with pytest.raises(StoreUnavailable):
            await lane.put("a")
        disk_works = asyncio.create_task(lane.put("b"))
        with pytest.raises(StoreUnavailable):
            await disk_works
        await lane.put("c")
        assert disk.batches == [["c"]]
        await lane.stop()

    on_virtual_time(story)


def test_a_full_lane_says_so_at_once() -> None:
    async def story(clock: VirtualClock) -> None:
        lane: Lane[str] = Lane("alarm", Disk(clock), clock, limit=2)
        waiting = [asyncio.create_task(lane.put(item)) for item in "ab"]
        await asyncio.sleep(0)
        with pytest.raises(LaneFull):
            await lane.put("c")
        lane.start()
        await asyncio.gather(*waiting)
        await lane.stop()

    on_virtual_time(story)


def test_who_waits_when_the_lane_stops_is_told_that_nothing_is_known() -> None:
    async def story(clock: VirtualClock) -> None:
        lane: Lane[str] = Lane("alarm", Disk(clock, *[StoreUnavailable("gone")] * 1000), clock, limit=10)
        lane.start()
        waiting = asyncio.create_task(lane.put("a"))
        await clock.sleep(0.5)
        later = asyncio.create_task(lane.put("b"))
        await asyncio.sleep(0)
        await lane.stop()
        await lane.stop()
        for one in (waiting, later):
            with pytest.raises(StoreUnavailable, match="stopping"):
                await one

    on_virtual_time(story)
