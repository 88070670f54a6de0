"""A whole ramp, tiny: it climbs until nobody is left to press, and loses nothing. No time of it is looked at."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from load.profile import load_profile
from load.ramp.plan import RampPlan
from load.ramp.run import ramp

PLAN = RampPlan(step_per_s=20.0, fine_per_s=20.0, limit_ms=60_000.0)
TINY = dataclasses.replace(
    load_profile("smoke"),
    devices=24,
    alarms_per_s=10.0,
    warm_up_s=0.2,
    run_s=0.5,
    stand_down_after_s=0.0,
    flood=0,
    ceiling_s=0.1,
    plan=PLAN,
)


async def test_a_small_ramp_climbs_until_nobody_is_left_to_press_and_loses_nothing(place: Path) -> None:
    assert TINY.complaints() == []

    result = await ramp(TINY, PLAN, "a test", lambda _: None)

    assert [check.what for check in result.checks if not check.holds] == []
    assert result.ended.startswith(("no devices were left", "the generators were the limit"))
    assert [(step.per_s, step.presses) for step in result.steps[:1]] == [(10.0, 5)]
    assert all(step.notices is not None and step.notices.count == 3 * step.presses for step in result.steps)
    assert result.knee is not None
    assert result.of_ceiling is not None
    assert list(place.iterdir()) == []
