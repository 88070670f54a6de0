"""The steps that the desk goes through for a kind of alarm or at a place, and what comes of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from escalation.alarm import AlarmKind


class StepOutcome(Enum):
    """What came of a step."""

    DONE = "done"
    NOT_POSSIBLE = "not_possible"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One thing to do. key: the same as long as it means the same, 1 to 40 of a-z, 0-9, _ and -."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class StepRecord:
    """What a person said of a step. note: his own words, "" for none."""

    outcome: StepOutcome
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPlan:
    """A plan as it stands in one version. None of kind, unit_id, place_id means any.

    steps: one or more, in the order in which they are gone through, no key twice.
    """

    id: UUID
    name: str
    version: int
    steps: tuple[PlanStep, ...]
    kind: AlarmKind | None = None
    unit_id: UUID | None = None
    place_id: UUID | None = None

    def step(self, key: str) -> PlanStep | None:
        """Return a step by its key, None where the plan has no such step."""
        return next((step for step in self.steps if step.key == key), None)

    def fits(self, kind: AlarmKind, unit_id: UUID | None, place_id: UUID | None) -> bool:
        """True if it is for such an alarm there."""
        return self.kind in (None, kind) and self.unit_id in (None, unit_id) and self.place_id in (None, place_id)


def chosen(
    plans: Iterable[ActionPlan], kind: AlarmKind, unit_id: UUID | None, place_id: UUID | None
) -> ActionPlan | None:
    """Return the plan that goes with an alarm, None where none fits.

    The most specific one: what is written for the place counts before what is for the unit, and that before what is
    for the kind.
    """
    fitting = [plan for plan in plans if plan.fits(kind, unit_id, place_id)]
    return max(fitting, key=_order, default=None)


def _order(plan: ActionPlan) -> tuple[bool, bool, bool, str]:
    """No two that stand are alike in the first three; the id only keeps the choice the same if ever they are."""
    return (plan.place_id is not None, plan.unit_id is not None, plan.kind is not None, str(plan.id))
