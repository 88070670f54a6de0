"""A run of deadlines, small: each is acted on once, none early, none that was not due. No time of it is looked at."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

from load.processes import children_of
from load.profile import NOTICES_PER_ALARM, load_profile
from load.timers import DECIDED, RECEIVED, run_timers, timers_as_json, timers_as_text

TINY = dataclasses.replace(
    load_profile("smoke"), devices=60, alarms_per_s=20.0, warm_up_s=0.5, run_s=2.0, flood=0, ceiling_s=0.0
)
"""Fifty of the sixty fall due within two and a half seconds; the rest are armed and stay so."""
DUE, COUNTED = 50, 40


async def test_a_small_run_holds_every_fact_and_leaves_nothing_behind(place: Path) -> None:
    before = set(children_of(os.getpid()))
    said: list[str] = []

    result = await run_timers(TINY, "a test", said.append)

    assert [check.what for check in result.checks if not check.holds] == []
    assert result.holds
    assert result.armed_before == 60
    assert (result.checks[0].found, result.checks[0].expected) == (DUE, DUE)
    assert {one.what: one.count for one in result.figures} == {
        DECIDED: COUNTED,
        RECEIVED: COUNTED * NOTICES_PER_ALARM,
    }
    text = timers_as_text(result)
    assert "NO " not in text
    assert "60 deadlines armed when the first fell due" in text
    assert json.loads(timers_as_json(result))["armed_before"] == 60
    assert set(children_of(os.getpid())) <= before
    assert list(place.iterdir()) == []
