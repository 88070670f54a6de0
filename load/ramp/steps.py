"""The steps of a rising rate: which comes next, which held, and where the knee is. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from load.afterwards import Batches
from load.figures import Figure, was_the_limit
from load.processes import Part
from load.profile import NOTICES_PER_ALARM
from load.ramp.plan import RampPlan

_AS_GOOD_AS: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Step:
    """What came of one rate. noticed_per_s: alarms with all their notices, from the first press to the last notice.

    notices, acks, feed: counted from the intended press. late: the generators' own. completed: alarms whose last
    notice came while `parts` was counted, for_s.
    """

    per_s: float
    for_s: float
    presses: int
    noticed_per_s: float
    notices: Figure | None
    acks: Figure | None
    feed: Figure | None
    late: Figure | None
    parts: Sequence[Part]
    completed: int
    batches: Batches

    def held(self, limit_ms: float) -> bool:
        """Whether every notice came, and 999 of a thousand in time."""
        whole = self.notices is not None and self.notices.count == self.presses * NOTICES_PER_ALARM
        return whole and self.notices is not None and self.notices.p999_ms < limit_ms


def next_rate(steps: Sequence[Step], plan: RampPlan, first_per_s: float) -> float | None:
    """Return the rate of the next step; None where the knee is found, or cannot be.

    Up in large steps until one breaks, as often as it may; then from the last that held in small ones. It cannot be
    found where the generators are the limit, nor where the very first step breaks.
    """
    if not steps:
        return first_per_s
    if was_the_limit(steps[-1].late):
        return None
    last_per_s, broken = steps[-1].per_s, _lowest_broken(steps, plan)
    if not steps[-1].held(plan.limit_ms) and broken != last_per_s:
        return last_per_s
    if broken is None:
        return last_per_s + plan.step_per_s
    found = knee(steps, plan)
    if found is None or found.per_s + plan.fine_per_s > broken - _AS_GOOD_AS:
        return None
    return found.per_s + plan.fine_per_s


def knee(steps: Sequence[Step], plan: RampPlan) -> Step | None:
    """Return the step of the highest rate that held, below the lowest that broke; None where the first one broke."""
    broken = _lowest_broken(steps, plan)
    holding = [step for step in steps if step.held(plan.limit_ms) and (broken is None or step.per_s < broken)]
    return max(holding, key=lambda step: step.per_s, default=None)


def ended(steps: Sequence[Step], plan: RampPlan) -> str:
    """Say in words why the ramp went no further."""
    if steps and was_the_limit(steps[-1].late):
        return f"the generators were the limit at {steps[-1].per_s:g} alarms/s: the house may take more than is shown"
    broken = _lowest_broken(steps, plan)
    if broken is None:
        return "no devices were left that had not pressed: the house may take more than is shown"
    times = "once" if plan.tries == 1 else f"{plan.tries} times"
    return f"p99.9 of the notices passed {plan.limit_ms:g} ms, or one never came, {times} at {broken:g} alarms/s"


def _lowest_broken(steps: Sequence[Step], plan: RampPlan) -> float | None:
    """Return the lowest rate that broke as often as it was allowed to and never held; None if there is none."""
    held = {step.per_s for step in steps if step.held(plan.limit_ms)}
    times = Counter(step.per_s for step in steps)
    return min((per_s for per_s, count in times.items() if per_s not in held and count >= plan.tries), default=None)
