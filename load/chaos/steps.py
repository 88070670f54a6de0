"""Whether each case's steps began when they were due, given that a server that is dead can begin none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

GRACE_S: Final = 5.0
"""Everything due fires so soon after the server serves again."""


@dataclass(frozen=True, slots=True)
class Outage:
    """From the kill until it served again; seconds of one clock."""

    from_s: float
    to_s: float


@dataclass(frozen=True, slots=True)
class Walk:
    """One case. begun_s: when each of its steps began, the first one first. quiet_s: since when nobody is to be told,
    None while it is open. Seconds of the same clock as the outages."""

    incident_id: UUID
    begun_s: Sequence[float]
    quiet_s: float | None


@dataclass(frozen=True, slots=True)
class Judged:
    """begun: steps that began, the first ones left out. late_s: by how much too late, of those that were. missing: due,
    past their grace, and not begun. early: begun before they were due."""

    begun: int
    late_s: Sequence[float]
    missing: Sequence[tuple[UUID, int]]
    early: int


EARLY_S: Final = 0.05
"""The line of a step is stamped a moment before its wait begins."""


def judge(walks: Sequence[Walk], outages: Sequence[Outage], *, steps: int, step_s: float, now_s: float) -> Judged:
    """Hold cases against their chain.

    steps: of the chain. step_s: between any two. A step is due when the wait of the one before it is over; it may
    begin until GRACE_S after that, and until GRACE_S after the end of any outage that comes before it has.
    """
    begun, early = 0, 0
    late_s: list[float] = []
    missing: list[tuple[UUID, int]] = []
    for walk in walks:
        for step in range(1, steps):
            if len(walk.begun_s) < step:
                break
            due_s = walk.begun_s[step - 1] + step_s
            until_s = latest_s(due_s, outages)
            if len(walk.begun_s) > step:
                at_s = walk.begun_s[step]
                begun += 1
                early += at_s < due_s - EARLY_S
                if at_s > until_s:
                    late_s.append(at_s - until_s)
            elif now_s > until_s and (walk.quiet_s is None or walk.quiet_s > until_s):
                missing.append((walk.incident_id, step))
    return Judged(begun, late_s, missing, early)


def latest_s(due_s: float, outages: Sequence[Outage]) -> float:
    """Return by when something due must have begun. outages: in order of time."""
    until_s = due_s + GRACE_S
    for outage in outages:
        if outage.from_s < until_s and outage.to_s > due_s:
            until_s = max(until_s, outage.to_s + GRACE_S)
    return until_s
