"""Places, shifts, rotas and managers, as decisions ask for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from escalation.chain import Risk
from escalation.ids import CommitteeId, OrganisationId, PersonId, PlaceId, RotaId, UnitId
from escalation.rota import Rota
from larmcentral.domain.place import Area, Flag, KnownPlace, Place, Presence, Situation
from larmcentral.domain.record import Subject
from larmcentral.store import chains
from larmcentral.store.columns import columns
from larmcentral.store.queries import load
from larmcentral.store.work import Work

SQL: Final = load("places")


class PlacePart(Work):
    """ports.PlaceWork."""

    async def situations(self, subjects: Sequence[Subject]) -> Sequence[Situation]:
        """See ports.PlaceWork."""
        if not subjects:
            return []
        rows = [(s.organisation_id, s.person_id, s.device_id, s.unit_id, _plain_key(s)) for s in subjects]
        found = await self._connection.fetch(SQL["situations"], *columns(rows), await self._time())
        return [_situation(row) for row in sorted(found, key=lambda row: row["ord"])]

    async def present(
        self,
        organisation_id: OrganisationId,
        committee_id: CommitteeId,
        *,
        area: Area | None,
        building_id: PlaceId | None,
        fresh_since: datetime,
    ) -> Sequence[Presence]:
        """See ports.PlaceWork."""
        box = (None, None, None, None) if area is None else (area.south, area.west, area.north, area.east)
        rows = await self._connection.fetch(
            SQL["present"], organisation_id, committee_id, *box, building_id, await self._time(), fresh_since
        )
        return [_presence(row) for row in rows]

    async def rotas(self, rota_ids: Collection[RotaId]) -> Mapping[RotaId, Rota]:
        """See ports.PlaceWork."""
        rows = await self._connection.fetch(chains.SQL["rotas"], list(rota_ids))
        return {RotaId(row["id"]): chains.read_rota(row["body"]) for row in rows}

    async def managers(self, unit_ids: Collection[UnitId]) -> Mapping[UnitId, tuple[PersonId, ...]]:
        """See ports.PlaceWork."""
        rows = await self._connection.fetch(chains.SQL["managers"], list(unit_ids))
        return {UnitId(row["unit_id"]): tuple(PersonId(one) for one in row["persons"]) for row in rows}

    async def place(self, place_id: PlaceId) -> KnownPlace | None:
        """See ports.PlaceWork."""
        row = await self._connection.fetchrow(SQL["place"], place_id)
        return None if row is None else known_place(row)

    async def report_coverage(self, place_id: PlaceId, at: datetime, good: bool) -> None:
        """See ports.PlaceWork."""
        await self._connection.execute(SQL["report_coverage"], place_id, at, good)

    async def presence(self, person_id: PersonId) -> Presence | None:
        """See ports.PlaceWork."""
        row = await self._connection.fetchrow(SQL["presence"], person_id)
        return None if row is None else _presence(row)

    async def arrive(self, presence: Presence) -> None:
        """See ports.PlaceWork."""
        await self._connection.execute(
            SQL["arrive"],
            presence.organisation_id,
            presence.committee_id,
            presence.person_id,
            presence.since,
            presence.until,
            presence.place_id,
            presence.building_id,
            presence.lat,
            presence.lon,
            presence.fix_at,
            presence.device_id,
        )

    async def depart(self, person_id: PersonId) -> None:
        """See ports.PlaceWork."""
        await self._connection.execute(SQL["depart"], person_id)


def known_place(row: Any) -> KnownPlace:
    """Read a row of the block `place`."""
    return KnownPlace(
        organisation_id=OrganisationId(row["organisation_id"]),
        committee_id=CommitteeId(row["committee_id"]),
        place=Place(
            id=PlaceId(row["id"]),
            name=row["name"],
            address=row["address"],
            floor=row["floor"],
            door_code=row["door_code"],
            notes=row["notes"],
            lat=row["lat"],
            lon=row["lon"],
            building_id=row["building_id"],
            unit_id=row["unit_id"],
            plan_type=row["plan_type"],
            plan_bounds=area_of(row),
        ),
        flag=None
        if row["risk"] is None
        else Flag(
            risk=Risk(row["risk"]),
            owner_id=PersonId(row["owner_id"]),
            owner_name=row["owner_name"],
            ground=row["ground"],
            review_on=row["review_on"],
            set_at=row["set_at"],
        ),
        no_signal_at=row["no_signal_at"],
    )


def area_of(row: Any) -> Area | None:
    """Read where a plan lies from a row that has its four edges."""
    return None if row["south"] is None else Area(row["south"], row["west"], row["north"], row["east"])


def _plain_key(subject: Subject) -> str:
    """What its open incidents are about, whether they are silent or not."""
    return replace(subject, covert=False, technical=False).key


def _situation(row: Any) -> Situation:
    return Situation(
        unit_id=row["unit_id"],
        place_id=row["place_id"],
        building_id=row["building_id"],
        place_name=row["place_name"],
        lat=row["lat"],
        lon=row["lon"],
        risk=Risk(row["risk"]),
    )


def _presence(row: Any) -> Presence:
    return Presence(
        organisation_id=OrganisationId(row["organisation_id"]),
        committee_id=CommitteeId(row["committee_id"]),
        person_id=PersonId(row["person_id"]),
        since=row["since"],
        until=row["until_at"],
        place_id=row["place_id"],
        building_id=row["building_id"],
        lat=row["lat"],
        lon=row["lon"],
        fix_at=row["fix_at"],
        device_id=row["device_id"],
    )
