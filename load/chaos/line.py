"""What one drill says: a line of figures, what must hold, and what was wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from load.afterwards import Check


@dataclass(frozen=True, slots=True)
class Wanted:
    """A figure held against what was hoped for; it decides nothing."""

    what: str
    found: float
    limit: float

    @property
    def ratio(self) -> float:
        """What was found over what was wanted."""
        return self.found / self.limit if self.limit else 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """One drill. not_run: why it was not played; then nothing of it counts as passed."""

    drill: str
    figures: str
    checks: Sequence[Check] = ()
    wanted: Sequence[Wanted] = field(default_factory=tuple)
    not_run: str = ""

    @property
    def holds(self) -> bool:
        """True if every fact does."""
        return all(check.holds for check in self.checks)


def seconds(figures: Sequence[float]) -> str:
    """Return the median and the worst of some times, for a line."""
    return f"p50 {median(figures):.2f} s, worst {max(figures):.2f} s" if figures else "none"
