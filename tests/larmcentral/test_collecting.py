"""Everything is looked through when it is worth it and the process has time, and never else."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys

from larmcentral.collecting import LATE_S, LOOK_EVERY_S, OLD, WORTH_IT, Collecting, Garbage
from tests.fakes.virtual_loop import VirtualClock, VirtualLoop


class SlowClock(VirtualClock):
    """On a machine that others have filled: whoever sleeps wakes late."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds + 2 * LATE_S)


class Heap:
    """Garbage that a test makes up: how much has grown, and how busy the processor was between two looks."""

    def __init__(self, *, grown: int, busy: float) -> None:
        self.rounds, self.busy, self.used, self.collected = grown, busy, 0.0, 0

    def garbage(self) -> Garbage:
        return Garbage(collect=self.collect, grown=lambda: self.rounds, used_s=lambda: self.used)

    def collect(self) -> int:
        self.collected += 1
        self.rounds = 0
        return 17


def looked_through(heap: Heap, looks: int, *, crowded: bool = False) -> int:
    """Let it look so many times; return how often everything was looked through."""

    async def story(clock: VirtualClock) -> None:
        its_own = SlowClock(asyncio.get_running_loop()) if crowded else clock
        collecting = Collecting(its_own, heap.garbage())
        collecting.start()
        for _ in range(looks):
            await clock.sleep(LOOK_EVERY_S / 2)
            heap.used += heap.busy * LOOK_EVERY_S
            await clock.sleep(LOOK_EVERY_S / 2)
        await collecting.stop()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(story(VirtualClock(runner.get_loop())))
    return heap.collected


def test_a_quiet_process_that_has_grown_looks_through_everything_once() -> None:
    assert looked_through(Heap(grown=WORTH_IT, busy=0.05), looks=5) == 1


def test_a_busy_process_does_not_stop_for_it() -> None:
    assert looked_through(Heap(grown=WORTH_IT, busy=0.9), looks=5) == 0


def test_who_wakes_late_leaves_the_machine_to_the_others() -> None:
    assert looked_through(Heap(grown=WORTH_IT, busy=0.0), looks=5, crowded=True) == 0


def test_a_process_that_has_not_grown_has_nothing_to_look_for() -> None:
    assert looked_through(Heap(grown=WORTH_IT - 1, busy=0.0), looks=5) == 0


def test_memory_has_an_end_and_so_has_patience() -> None:
    """In a process of its own: the rhythm is the whole interpreter's."""
    said = subprocess.run(
        [sys.executable, "-c", "import gc; from larmcentral.collecting import keep_out_of_the_way as k; k(); "
         "print(gc.get_threshold()[2], gc.get_freeze_count() > 1000)"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip

    assert said.stdout.split() == [str(OLD), "True"]
    assert gc.get_threshold()[2] != OLD
