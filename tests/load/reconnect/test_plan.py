"""An outage that cannot be run says why."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from load.profile import load_profile
from load.reconnect.plan import ReconnectPlan

PROFILE = load_profile("reconnect")
PLAN = ReconnectPlan()


def test_ten_thousand_devices_come_back_and_are_looked_for_meanwhile() -> None:
    plan = PROFILE.plan
    assert isinstance(plan, ReconnectPlan)
    assert (PROFILE.devices, plan.complaints(PROFILE)) == (10_000, [])
    assert plan.silence_s + plan.silent_for_s > 300 + PROFILE.keepalive_s - 60, (
        "a wearable is missed after five minutes"
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"presses": 0}, "a device of its own"),
        ({"presses": 5001}, "a device of its own"),
        ({"outage_s": 0.0}, "above zero"),
        ({"silence_s": -1.0}, "above zero"),
    ],
)
def test_an_outage_that_would_measure_something_else_is_refused(changes: dict[str, Any], said: str) -> None:
    assert any(said in one for one in dataclasses.replace(PLAN, **changes).complaints(PROFILE))


@pytest.mark.parametrize("changes", [{"roles": ("all",)}, {"stand_down_after_s": 1.0}])
def test_it_needs_a_house_that_fits(changes: dict[str, Any]) -> None:
    assert any("separate roles" in one for one in PLAN.complaints(dataclasses.replace(PROFILE, **changes)))
