"""A ramp that could not rise, or not be measured, says why."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from load.profile import load_profile
from load.ramp.plan import RampPlan

RAMP = load_profile("ramp")


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (RampPlan(fine_per_s=0.0), "no more than step_per_s"),
        (RampPlan(step_per_s=5.0, fine_per_s=10.0), "no more than step_per_s"),
        (RampPlan(limit_ms=0.0), "above zero"),
        (RampPlan(tries=0), "tries is 1 or more"),
    ],
)
def test_steps_rise_and_have_a_limit(plan: RampPlan, said: str) -> None:
    assert any(said in each for each in plan.complaints(RAMP))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"stand_down_after_s": 5.0}, "nothing is stood down"),
        ({"flood": 10}, "no flood comes"),
        ({"devices": 400}, "nobody presses twice"),
    ],
)
def test_a_profile_that_would_measure_something_else_is_refused(changes: dict[str, Any], said: str) -> None:
    assert RampPlan().complaints(RAMP) == []
    assert any(said in each for each in RampPlan().complaints(dataclasses.replace(RAMP, **changes)))
