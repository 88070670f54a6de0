"""A storm that cannot be run says why."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from load.profile import load_profile
from load.storm.plan import StormPlan

PROFILE = load_profile("storm")
PLAN = PROFILE.plan
assert isinstance(PLAN, StormPlan)


def test_the_storm_is_what_was_promised() -> None:
    assert isinstance(PLAN, StormPlan)
    assert (PLAN.buffered, PLAN.buffered_s, PLAN.panics) == (20_000, 60.0, 12)
    assert (PLAN.times, PLAN.presses_per_s, PLAN.panic_p99_ms) == (10.0, 1.0, 250.0)
    assert PLAN.complaints(PROFILE) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"units": 0}, "divide evenly"),
        ({"buffered": 20_001}, "whole number of messages"),
        ({"panics": 0}, "one or more"),
        ({"capacity_s": 1.0}, "above one second"),
        ({"presses_per_s": 100.0}, "a device of its own"),
        ({"events": 0.0}, "nothing could be lost"),
        ({"events": 0.9}, "shares of one"),
    ],
)
def test_a_storm_that_would_measure_something_else_is_refused(changes: dict[str, Any], said: str) -> None:
    assert isinstance(PLAN, StormPlan)
    assert any(said in one for one in dataclasses.replace(PLAN, **changes).complaints(PROFILE))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"families": (("watch", 1),)}, "among the families"),
        ({"roles": ("all",)}, "separate roles"),
        ({"stand_down_after_s": 1.0}, "nothing is stood down"),
    ],
)
def test_it_needs_a_house_that_fits(changes: dict[str, Any], said: str) -> None:
    assert isinstance(PLAN, StormPlan)
    assert any(said in one for one in PLAN.complaints(dataclasses.replace(PROFILE, **changes)))
