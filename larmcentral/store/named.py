"""Whom or what somebody means who types a name at the command line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final
from uuid import UUID

from escalation.ids import CommitteeId, OrganisationId
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load

_SQL: Final = load("named")

OFFERED: Final = 10
"""As many as one reads through; who means another types more of the name."""


class Sort(Enum):
    """What can be called by its name."""

    PERSON = "person"
    UNIT = "unit"
    COMMITTEE = "committee"


@dataclass(frozen=True, slots=True)
class Named:
    """One that has a name. committee: the name of the one it belongs to; its own, if it is one."""

    id: UUID
    name: str
    committee_id: CommitteeId
    committee: str


class Unclear(LookupError):
    """A name that nothing has, or more than one. candidates: what may be meant, at most OFFERED."""

    def __init__(self, sort: Sort, name: str, candidates: tuple[Named, ...], *, several: bool) -> None:
        self.sort, self.name, self.candidates, self.several = sort, name, candidates, several
        lines = "".join(f"\n  {one.id}  {one.name} ({one.committee})" for one in candidates)
        if several:
            said = f"more than one {sort.value} is called {name!r}; give the id of the one you mean:"
        elif candidates:
            said = f"no {sort.value} is called {name!r}; do you mean"
        else:
            said = f"no {sort.value} is called {name!r}, nor anything like it"
        super().__init__(said + lines)


class Names:
    """Looks names up. service: a pool of the service's role, as an administrator may look everywhere."""

    def __init__(self, service: Pool) -> None:
        self._service = service

    async def find(
        self, organisation_id: OrganisationId, sort: Sort, name: str, committee_id: CommitteeId | None = None
    ) -> Named:
        """Return the one of exactly that name, in small or capital letters. Raises Unclear."""
        async with self._service.connection() as connection:
            rows = await connection.fetch(_SQL[sort.value], organisation_id, name.strip(), committee_id, OFFERED)
        found = tuple(Named(row["id"], row["name"], CommitteeId(row["committee_id"]), row["committee"]) for row in rows)
        exact = tuple(one for one, row in zip(found, rows, strict=True) if row["exact"])
        if len(exact) == 1:
            return exact[0]
        raise Unclear(sort, name, exact or found, several=len(exact) > 1)
