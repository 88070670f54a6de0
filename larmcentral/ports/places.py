"""Where people work and are just now, and who is on call, as decisions need it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from escalation.ids import CommitteeId, OrganisationId, PersonId, PlaceId, RotaId, UnitId
from escalation.rota import Rota
from larmcentral.domain.place import Area, KnownPlace, Presence, Situation
from larmcentral.domain.record import Subject


class PlaceWork(Protocol):
    """Part of a transaction."""

    async def situations(self, subjects: Sequence[Subject]) -> Sequence[Situation]:
        """Return where each alarm comes from as far as it is known: newest position, place, building, risk, unit."""
        ...

    async def present(
        self,
        organisation_id: OrganisationId,
        committee_id: CommitteeId,
        *,
        area: Area | None,
        building_id: PlaceId | None,
        fresh_since: datetime,
    ) -> Sequence[Presence]:
        """Return who is on shift now within an area (with a position not older than fresh_since), or in a building."""
        ...

    async def rotas(self, rota_ids: Collection[RotaId]) -> Mapping[RotaId, Rota]:
        """Return rotas in their newest version; an unknown one is absent."""
        ...

    async def managers(self, unit_ids: Collection[UnitId]) -> Mapping[UnitId, tuple[PersonId, ...]]:
        """Return the managers of units."""
        ...

    async def place(self, place_id: PlaceId) -> KnownPlace | None:
        """Return a place with its standing flag and what is remembered of its coverage; None if it may not be seen."""
        ...

    async def report_coverage(self, place_id: PlaceId, at: datetime, good: bool) -> None:
        """Remember that there was, or was not, contact at a place."""
        ...

    async def presence(self, person_id: PersonId) -> Presence | None:
        """Lock and return a person's presence as it stands, one that has run out too; None if he is not on shift."""
        ...

    async def arrive(self, presence: Presence) -> None:
        """Somebody is on shift, or has moved to another place; replaces what stood."""
        ...

    async def depart(self, person_id: PersonId) -> None:
        """His shift is over: his last position is forgotten with it."""
        ...
