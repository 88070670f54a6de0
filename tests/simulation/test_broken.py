"""Break the server on purpose: a checker must say so, by name. A checker that no breakage can rouse checks nothing."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from typing import Final

import pytest

from tests.simulation import broken
from tests.simulation.run import live, twins
from tests.simulation.server import Server

DAYS: Final = 4.0
SEEDS: Final = range(1, 31)
AT_ONCE: Final = 4

BREAKAGES: Final[tuple[tuple[type[Server], str], ...]] = (
    (broken.AckBeforeCommit, "acked_is_stored"),
    (broken.ForgetsToArm, "open_is_armed"),
    (broken.KeepsRinging, "no_alarm_after_the_end"),
    (broken.DrillsGoOut, "drills_stay_in"),
    (broken.FiresEarly, "deadlines_in_time"),
    (broken.CallsTheWearer, "the_wearer_hears_nothing"),
    (broken.ForgetsTheCentre, "centres_hear_the_end"),
    (broken.LosesSessions, "sessions_call_in_time"),
)


@pytest.mark.parametrize(("server", "checker"), BREAKAGES, ids=[server.__name__ for server, _ in BREAKAGES])
def test_a_checker_names_what_is_broken(cores: ProcessPoolExecutor, server: type[Server], checker: str) -> None:
    for first in range(SEEDS.start, SEEDS.stop, AT_ONCE):
        seeds = range(first, first + AT_ONCE)
        verdicts = cores.map(live, seeds, [DAYS] * AT_ONCE, [server] * AT_ONCE)
        if any(words.startswith(f"{checker}:") for verdict in verdicts for words in verdict.wrong):
            return
    pytest.fail(f"{server.__name__} went unnoticed by {checker} in seeds {SEEDS.start} to {SEEDS.stop}")


def test_a_phone_that_shows_the_duress_pin_is_found_by_its_twin(cores: ProcessPoolExecutor) -> None:
    told = cores.map(twins, range(1, 9), [DAYS] * 8, [broken.DuressShows] * 8)

    assert any(told)
