"""Up in large steps until one breaks, then in small ones from the last that held; the knee is the highest below."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest

from load.afterwards import Batches
from load.figures import LATE, LATE_MS, NOTICE, figure
from load.ramp.plan import RampPlan
from load.ramp.steps import Step, ended, knee, next_rate

PLAN = RampPlan(step_per_s=20.0, fine_per_s=5.0, tries=1)
TWICE = dataclasses.replace(PLAN, tries=2)


def step(per_s: float, notice_s: float = 0.1, *, notices: int = 30, late_s: float = 0.001) -> Step:
    return Step(
        per_s=per_s,
        for_s=1.0,
        presses=10,
        noticed_per_s=per_s,
        notices=figure(NOTICE, [notice_s] * notices, 1000),
        acks=None,
        feed=None,
        late=figure(LATE, [late_s], LATE_MS),
        parts=(),
        completed=10,
        batches=Batches((), ()),
    )


def climbed(takes_per_s: float) -> list[float]:
    """The rates that are tried on a house that takes so many."""
    steps: list[Step] = []
    while (per_s := next_rate(steps, PLAN, 20.0)) is not None:
        steps.append(step(per_s, 0.1 if per_s <= takes_per_s else 1.5))
    return [one.per_s for one in steps]


@pytest.mark.parametrize(
    ("takes_per_s", "tried"),
    [
        (62.0, [20, 40, 60, 80, 65]),
        (71.0, [20, 40, 60, 80, 65, 70, 75]),
        (79.0, [20, 40, 60, 80, 65, 70, 75]),
        (10.0, [20]),
    ],
)
def test_the_rate_rises_coarsely_and_then_finely(takes_per_s: float, tried: Sequence[float]) -> None:
    assert climbed(takes_per_s) == tried


def test_the_knee_is_the_highest_rate_that_held_below_the_lowest_that_broke() -> None:
    found = knee([step(20), step(40), step(60, 1.5), step(45), step(50, 1.2)], PLAN)

    assert found is not None
    assert found.per_s == 45
    assert knee([step(20, 1.5)], PLAN) is None


def test_a_rate_is_tried_again_before_it_counts_as_broken() -> None:
    steps = [step(20), step(40, 1.5)]

    assert next_rate(steps, TWICE, 20.0) == 40
    assert next_rate([*steps, step(40, 1.5)], TWICE, 20.0) == 25
    assert next_rate([*steps, step(40)], TWICE, 20.0) == 60
    assert next_rate([step(20, 1.5), step(20, 1.5)], TWICE, 20.0) is None


def test_a_rate_that_held_at_its_second_try_can_be_the_knee() -> None:
    found = knee([step(20), step(40, 1.5), step(40), step(60, 1.5), step(60, 1.5)], TWICE)

    assert found is not None
    assert (found.per_s, found.held(1000.0)) == (40, True)


def test_a_step_with_a_notice_that_never_came_did_not_hold_however_fast_the_others_were() -> None:
    assert step(20).held(1000.0)
    assert not step(20, notices=29).held(1000.0)
    assert not step(20, notices=0).held(1000.0)


def test_nothing_is_tried_past_the_generators_limit_and_the_end_says_so() -> None:
    steps = [step(20), step(40, late_s=0.2)]

    assert next_rate(steps, PLAN, 20.0) is None
    assert ended(steps, PLAN).startswith("the generators were the limit at 40")


def test_the_end_names_the_rate_that_broke_or_that_nobody_was_left_to_press() -> None:
    assert ended([step(20), step(40, 1.5)], PLAN).endswith("once at 40 alarms/s")
    assert ended([step(20), step(40)], PLAN).startswith("no devices were left")
