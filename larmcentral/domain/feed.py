"""Where a reader of the feed stands, and what has changed since."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from escalation.ids import CommitteeId, IncidentId, OrganisationId, PersonId
from larmcentral.domain.roles import Reach, Scope

# A transaction's number (xid8) and a line's number, both decimal; at most nineteen digits fit what the store takes.
_CURSOR: Final = re.compile(r"(\d{1,19}):(\d{1,18})", re.ASCII)
_LARGEST_XACT: Final = 2**63 - 1


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """Everything up to this place of the timeline has been seen. Ordered as the feed is."""

    xact: int
    feed: int

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        """Read what str() wrote; None for anything else."""
        found = _CURSOR.fullmatch(text)
        if found is None or int(found[1]) > _LARGEST_XACT:
            return None
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.xact}:{self.feed}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """An incident with new lines. seqs: their numbers, ascending. told: the persons on it as responders."""

    organisation_id: OrganisationId
    committee_id: CommitteeId
    incident_id: IncidentId
    person_id: PersonId | None
    test: bool
    silent: bool
    told: frozenset[PersonId]
    seqs: tuple[int, ...]

    def concerns(self, scope: Scope) -> bool:
        """Say whether a scope may reach it; the store decides in the end, this saves asking in vain."""
        if self.organisation_id != scope.organisation_id or self.committee_id not in scope.committees:
            return False
        if self.test and not scope.tests:
            return False
        match scope.reach:
            case Reach.ALL:
                return True
            case Reach.TOLD:
                return scope.person_id in self.told
            case Reach.OWN:
                return scope.person_id == self.person_id and not self.silent


def concerned(scopes: Iterable[Scope], touched: Sequence[Touched]) -> Mapping[Scope, Sequence[Touched]]:
    """Return what each scope may reach of some changes; scopes that none of them concerns are left out.

    Thousands of phones have a scope each, and a change is about a handful of persons: the rest are passed over by one
    look at who is named at all.
    """
    named = {one.person_id for one in touched}.union(*(one.told for one in touched))
    found = {}
    for scope in scopes:
        if scope.reach is Reach.ALL or scope.person_id in named:
            reached = [one for one in touched if one.concerns(scope)]
            if reached:
                found[scope] = reached
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """One reading of the feed.

    cursor: everything up to here is in this or an earlier reading. ahead: lines told beyond the cursor, behind a
    transaction that is still under way; the next reading leaves them out. alarms: the standing system alarms.
    more: the reading was cut at its limit.
    """

    cursor: Cursor
    touched: tuple[Touched, ...]
    ahead: frozenset[Cursor]
    alarms: frozenset[StandingAlarm]
    more: bool


@dataclass(frozen=True, slots=True)
class StandingAlarm:
    """A system alarm that nobody has cleared."""

    organisation_id: OrganisationId
    committee_id: CommitteeId
    id: UUID
    raised_at: datetime
