"""A run of ways out, small: nothing is lost, nothing comes twice, what is dead waits. No time of it is looked at."""

from __future__ import annotations

import dataclasses
import json
import os

import pytest

from load.processes import children_of
from load.profile import ROUNDS_A_TURN, WARM_UP, load_profile
from load.ways import run_ways
from load.ways_report import ways_as_json, ways_as_text, ways_page
from load.ways_town import FIVE

TOLD = 4
TINY = dataclasses.replace(load_profile("ways"), told=TOLD, rounds=1, devices=(TOLD + WARM_UP) * ROUNDS_A_TURN)


async def test_a_small_run_holds_every_fact_and_leaves_nothing_behind() -> None:
    before = set(children_of(os.getpid()))
    said: list[str] = []

    result = await run_ways(TINY, "a test", said.append)

    assert [check.what for check in result.checks if not check.holds] == []
    assert {(one.dead, one.channel): one.figure.count for one in result.figures} == {
        (dead and dead.channel.value, way.channel.value): TOLD if dead else TOLD * 5
        for dead in (None, *FIVE)
        for way in FIVE
        if way is not dead
    }
    assert [one.figure.count for one in result.together] == [TOLD * 5 * 5, *[TOLD * 4] * 5]
    assert all(one.ratio == 1.0 for one in (*result.figures, *result.together) if one.dead is None)
    text = ways_as_text(result)
    assert "NO " not in text
    assert "webhook dead: its notices still wait: 4 (must be 4)" in text
    assert len(json.loads(ways_as_json(result))["figures"]) == len(result.figures)
    assert "The report of the terminal" in ways_page(result)
    assert set(children_of(os.getpid())) <= before


def test_each_channel_is_silent_in_turn() -> None:
    assert 2 * len(FIVE) == ROUNDS_A_TURN


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"told": 0}, "told and rounds are 1 or more"),
        ({"rounds": 100}, "each incident needs a wearer of its own: 210000 devices"),
        ({"timers": True}, "deadlines, centres and ways out are measured each in a run of its own"),
    ],
)
def test_a_profile_that_cannot_be_run_says_why(changes: dict[str, object], words: str) -> None:
    assert words in dataclasses.replace(load_profile("ways"), **changes).complaints()  # type: ignore[arg-type]  # by name
