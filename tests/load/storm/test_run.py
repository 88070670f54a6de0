"""A whole storm, tiny: it must find that nothing was lost, and leave nothing behind. No time of it is looked at."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

from load.processes import children_of
from load.profile import load_profile
from load.storm.plan import StormPlan
from load.storm.report import storm_as_json, storm_as_text, storm_page
from load.storm.run import storm

PLAN = StormPlan(
    units=20, buffered=100, buffered_s=0.5, panics=3, capacity_s=2.0, times=2.0, flood_s=1.0, presses_per_s=2.0
)
TINY = dataclasses.replace(load_profile("storm"), devices=8, ramp_s=0.2, teams=2, plan=PLAN)


async def test_a_small_storm_holds_every_fact_and_leaves_nothing_behind(place: Path) -> None:
    before = set(children_of(os.getpid()))

    result = await storm(TINY, PLAN, "a test", lambda words: None)

    assert [check.what for check in result.checks if not check.holds] == []
    assert result.backlog.offered.totals == (100, 100, 100)
    assert (len(result.backlog.journeys), len(result.flood.journeys)) == (3, 2)
    due, written, acked = result.flood.offered.totals
    assert due == round(result.flood_per_s * PLAN.flood_s)
    assert 0 < acked <= written <= due
    assert result.capacity_per_s > 0
    assert set(children_of(os.getpid())) <= before
    assert list(place.iterdir()) == []
    assert "All facts hold." in storm_as_text(result)
    assert json.loads(storm_as_json(result))["holds"] is True
    assert storm_page(result).count("<svg") >= 8
