"""Places for people: to choose one, to read one, and what managers write down about them."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import date, datetime
from typing import Final
from uuid import UUID

import asyncpg

from escalation.chain import Risk
from escalation.ids import CommitteeId, PersonId, PlaceId
from larmcentral.domain.beacons import PlacedBeacon
from larmcentral.domain.errors import NotFound
from larmcentral.domain.ids import uuid7
from larmcentral.domain.place import KnownPlace, Place
from larmcentral.domain.register import Home, PlaceFlag, SitePlan
from larmcentral.domain.roles import Scope, Viewer
from larmcentral.domain.views import PlanBounds
from larmcentral.domain.views_places import Beacon, FlagView, PlaceChoice, PlaceView
from larmcentral.store import beacons, places, register_places
from larmcentral.store.access import Shown, looking, record_shown
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load
from larmcentral.store.work import database_time

_SQL: Final = load("reading_places")

PLACE_LIMIT: Final = 1000
"""A list to choose from; who has more places types a part of the name."""


class Places:
    """Places of a scope's committees, read and written in the web's role. All raise NotFound for one elsewhere."""

    def __init__(self, web: Pool) -> None:
        self._web = web

    async def places(self, scope: Scope, *, part: str) -> tuple[PlaceChoice, ...]:
        """Return places with `part` in their names or addresses, by name; '' is in every name."""
        async with looking(self._web, scope) as connection:
            rows = await connection.fetch(
                _SQL["choices"], scope.organisation_id, list(scope.committees), part, PLACE_LIMIT
            )
        return tuple(PlaceChoice(**{**dict(row), "risk": Risk(row["risk"]).name.lower()}) for row in rows)

    async def place(self, scope: Scope, place_id: PlaceId, *, by: Viewer, now: datetime) -> PlaceView:
        """Return one whole, and write down that its door code and its dangers were shown."""
        async with looking(self._web, scope) as connection:
            row = await connection.fetchrow(places.SQL["place"], place_id)
            if row is None or row["organisation_id"] != scope.organisation_id:
                raise NotFound(f"place {place_id}")
            known = places.known_place(row)
            hanging = await beacons.of_place(connection, scope, place_id)
            shown = Shown(committee_id=known.committee_id, about=place_id, place_id=place_id)
            await record_shown(
                connection, scope, [shown], by=by.user_id, action="place_shown", ground="register", now=now
            )
        return _view_of(known, hanging)

    async def plan(self, scope: Scope, place_id: PlaceId) -> tuple[str, bytes]:
        """Return the site plan: its media type and its content."""
        async with looking(self._web, scope) as connection:
            row = await connection.fetchrow(_SQL["plan"], scope.organisation_id, list(scope.committees), place_id)
        if row is None:
            raise NotFound(f"plan of {place_id}")
        return row["media_type"], row["body"]

    async def save(self, scope: Scope, committee_id: CommitteeId, place: Place) -> None:
        """Enter a place, or the same one again with what is new about it. Its plan is kept beside it, not by this."""
        if committee_id not in scope.committees:
            raise NotFound(f"committee {committee_id}")
        async with looking(self._web, scope) as connection:
            if not await connection.fetchval(
                _SQL["known"], scope.organisation_id, list(scope.committees), place.building_id, place.unit_id
            ):
                raise NotFound(f"building or unit of {place.id}")
            row = register_places.place_row(Home(scope.organisation_id, committee_id), place)
            # Again at the end for whoever entered the same place between the two.
            for attempt in ("update", "enter", "update"):
                if await connection.fetchval(_SQL[attempt], *row) is not None:
                    return
            raise NotFound(f"place {place.id}")

    async def remove(self, scope: Scope, place_id: PlaceId) -> None:
        """Take a place out of the register. Sessions that run there go on, and what was recorded there is kept."""
        async with looking(self._web, scope) as connection:
            at = await database_time(connection)
            found = await connection.fetchval(
                _SQL["remove"], scope.organisation_id, list(scope.committees), place_id, at
            )
            if found is None:
                raise NotFound(f"place {place_id}")

    async def save_plan(self, scope: Scope, plan: SitePlan, now: datetime) -> None:
        """Keep a site plan, and where it lies, in place of the one that was there."""
        async with self._holding(scope, plan.place_id) as (connection, home):
            await connection.execute(register_places.SQL["site_plan"], *register_places.plan_row(home, plan, now))

    async def remove_plan(self, scope: Scope, place_id: PlaceId) -> None:
        """Drop the site plan, if there is one."""
        async with self._holding(scope, place_id) as (connection, home):
            await connection.execute(_SQL["remove_plan"], home.organisation_id, place_id)

    async def set_beacons(self, scope: Scope, place_id: PlaceId, hanging: Sequence[PlacedBeacon]) -> None:
        """Write down all beacons that hang at a place; those left out are forgotten."""
        async with self._holding(scope, place_id) as (connection, home):
            await beacons.hang(connection, home, place_id, hanging)

    async def set_flag(
        self,
        scope: Scope,
        place_id: PlaceId,
        *,
        risk: Risk,
        owner_id: PersonId,
        ground: str,
        review_on: date,
        now: datetime,
    ) -> None:
        """Record a risk in place of the one that stood. Raises NotFound for an owner out of sight, too."""
        async with self._holding(scope, place_id) as (connection, home):
            if not await connection.fetchval(
                _SQL["person_known"], scope.organisation_id, list(scope.committees), owner_id
            ):
                raise NotFound(f"person {owner_id}")
            flag = PlaceFlag(
                id=_flag_id(place_id, owner_id, now),
                place_id=place_id,
                risk=risk,
                owner_id=owner_id,
                ground=ground,
                review_on=review_on,
            )
            await connection.execute(register_places.SQL["lift_flag"], home.organisation_id, place_id, now, flag.id)
            await connection.execute(register_places.SQL["flag"], *register_places.flag_row(home, flag, now))

    async def lift_flag(self, scope: Scope, place_id: PlaceId, now: datetime) -> None:
        """Say that the risk is over; what was recorded is kept."""
        async with self._holding(scope, place_id) as (connection, home):
            await connection.execute(register_places.SQL["lift_flag"], home.organisation_id, place_id, now, None)

    async def report_coverage(self, scope: Scope, place_id: PlaceId, *, good: bool, now: datetime) -> None:
        """Remember that there was a signal there, or was none."""
        async with self._holding(scope, place_id) as (connection, _):
            await connection.execute(places.SQL["report_coverage"], place_id, now, good)

    @asynccontextmanager
    async def _holding(self, scope: Scope, place_id: PlaceId) -> AsyncIterator[tuple[asyncpg.Connection, Home]]:
        """Lend a connection that holds the place's row, and say whose it is. Raises NotFound."""
        async with looking(self._web, scope) as connection:
            owner = await connection.fetchval(_SQL["hold"], scope.organisation_id, list(scope.committees), place_id)
            if owner is None:
                raise NotFound(f"place {place_id}")
            yield connection, Home(scope.organisation_id, CommitteeId(owner))


def _flag_id(place_id: PlaceId, owner_id: PersonId, now: datetime) -> UUID:
    """Name a flag after its place, its owner and its moment, so that the same one twice is one."""
    digest = hashlib.sha256(place_id.bytes + owner_id.bytes + now.isoformat().encode()).digest()
    return uuid7(now, digest[:10])


def _view_of(known: KnownPlace, hanging: tuple[Beacon, ...]) -> PlaceView:
    place, flag = known.place, known.flag
    return PlaceView(
        id=place.id,
        committee_id=known.committee_id,
        name=place.name,
        address=place.address,
        floor=place.floor,
        door_code=place.door_code,
        notes=place.notes,
        lat=place.lat,
        lon=place.lon,
        building_id=place.building_id,
        unit_id=place.unit_id,
        plan_type=place.plan_type,
        flag=None
        if flag is None
        else FlagView(
            risk=flag.risk.name.lower(),
            owner_id=flag.owner_id,
            owner=flag.owner_name,
            ground=flag.ground,
            review_on=flag.review_on,
            set_at=flag.set_at,
        ),
        no_signal_at=known.no_signal_at,
        plan_bounds=None if place.plan_bounds is None else PlanBounds(**asdict(place.plan_bounds)),
        beacons=hanging,
    )
