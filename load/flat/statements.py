"""Which SQL statements cost more in the old house than in the new one. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

GREW: Final = 1.5
FEWEST_CALLS: Final = 5
LEAST_MS: Final = 0.02
"""Below that a statement's mean is the machine's mood."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One statement as pg_stat_statements has it."""

    calls: int
    total_ms: float

    @property
    def mean_ms(self) -> float:
        """Of one call."""
        return self.total_ms / max(self.calls, 1)


@dataclass(frozen=True, slots=True)
class Compared:
    """One statement in both houses."""

    query: str
    new: Counted
    old: Counted

    @property
    def ratio(self) -> float:
        """Mean time in the old house by that in the new one."""
        return self.old.mean_ms / max(self.new.mean_ms, 1e-6)

    @property
    def grew(self) -> bool:
        """True if it costs clearly more, in both meanings: by its ratio, and by what can be measured."""
        enough = min(self.new.calls, self.old.calls) >= FEWEST_CALLS
        return enough and self.ratio > GREW and self.old.mean_ms - self.new.mean_ms > LEAST_MS

    @property
    def more_ms(self) -> float:
        """What it cost more in all, at the old house's number of calls."""
        return (self.old.mean_ms - self.new.mean_ms) * self.old.calls


def compare(new: Mapping[str, Counted], old: Mapping[str, Counted]) -> list[Compared]:
    """Return the statements that both houses ran, those that cost more first."""
    both = [Compared(query, new[query], old[query]) for query in new.keys() & old.keys()]
    return sorted(both, key=lambda one: (-one.more_ms, one.query))


def grown(found: Sequence[Compared]) -> list[Compared]:
    """Return those whose mean time grew."""
    return [one for one in found if one.grew]
