"""Two hundred towns for a week each, with everything going wrong that a seed can think of."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from typing import Final

from tests.simulation.run import Verdict, again, live, summary, twins

SEEDS: Final = range(1, 201)
DAYS: Final = 7.0

FOUND: Final[dict[int, str]] = {
    4: "our clock 41 s fast: a lone worker's silent device was missed that much too late",
    89: "our clock 140 s slow: a device heard every 55 s was lost every 55 s, an alarm each time",
    92: "our clock 10 min fast: silence at a session's start went unnoticed for 8 min",
}
"""Seeds that found something, and what; they run whatever SEEDS says."""

TWINS: Final = range(1, 9)
TWIN_DAYS: Final = 3.0


def test_whatever_goes_wrong_every_promise_holds(cores: ProcessPoolExecutor) -> None:
    began_s = time.monotonic()
    seeds = sorted({*SEEDS, *FOUND})
    verdicts = list(cores.map(live, seeds, [DAYS] * len(seeds), chunksize=2))

    _show(summary(verdicts, DAYS, time.monotonic() - began_s))
    assert _words(verdicts) == []


def test_no_worker_s_phone_can_tell_a_duress_pin_from_the_normal_one(cores: ProcessPoolExecutor) -> None:
    told = cores.map(twins, TWINS, [TWIN_DAYS] * len(TWINS))

    assert {seed: words for seed, words in zip(TWINS, told, strict=True) if words} == {}


def test_the_same_seed_is_the_same_week_in_every_process(cores: ProcessPoolExecutor) -> None:
    first, second = cores.map(live, [7, 7], [2.0, 2.0])

    assert first.trace == second.trace
    assert first.handings > 0


def test_two_seeds_are_two_weeks(cores: ProcessPoolExecutor) -> None:
    first, second = cores.map(live, [1, 2], [1.0, 1.0])

    assert first.trace != second.trace


def _words(verdicts: list[Verdict]) -> list[str]:
    return [f"{again(verdict.seed, DAYS)}: {words}" for verdict in verdicts for words in verdict.wrong]


def _show(words: str) -> None:
    """Shown with -s, and with a failure."""
    sys.stdout.write(f"\n{words}\n")
