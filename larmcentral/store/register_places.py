"""Places in the register: what is known of them, their drawings, and the risks recorded there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from datetime import datetime
from typing import Final

from escalation.ids import PlaceId
from larmcentral.domain.beacons import PlacedBeacon
from larmcentral.domain.errors import NotFound
from larmcentral.domain.place import Place
from larmcentral.domain.register import Home, PlaceFlag, SitePlan
from larmcentral.store.beacons import hang
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load

SQL: Final = load("register")


class RegisterPart:
    """The pool in the server's own role, and one statement at a time."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def _execute(self, name: str, *values: object) -> None:
        async with self._pool.connection() as connection:
            await connection.execute(SQL[name], *values)


class PlaceRegister(RegisterPart):
    """Enters places, each call one transaction."""

    async def place(self, home: Home, place: Place) -> None:
        """Enter a place. Raises NotFound where its id is another committee's."""
        async with self._pool.connection() as connection:
            if not await connection.fetch(SQL["place"], *place_row(home, place)):
                raise NotFound(f"place {place.id}")

    async def site_plan(self, home: Home, plan: SitePlan, now: datetime) -> None:
        """Keep a drawing in place of the one that was there."""
        await self._execute("site_plan", *plan_row(home, plan, now))

    async def beacons(self, home: Home, place_id: PlaceId, beacons: Sequence[PlacedBeacon]) -> None:
        """Write down all beacons that hang at a place; those left out are forgotten."""
        async with self._pool.transaction() as connection:
            await hang(connection, home, place_id, beacons)

    async def flag(self, home: Home, flag: PlaceFlag, now: datetime) -> None:
        """Record a risk in place of the one that stands."""
        async with self._pool.transaction() as connection:
            await connection.execute(SQL["lift_flag"], home.organisation_id, flag.place_id, now, flag.id)
            await connection.execute(SQL["flag"], *flag_row(home, flag, now))

    async def lift_flag(self, home: Home, place_id: PlaceId, now: datetime) -> None:
        """Say that the risk is over; what was recorded is kept."""
        await self._execute("lift_flag", home.organisation_id, place_id, now, None)


def place_row(home: Home, place: Place) -> tuple[object, ...]:
    """Return the values of the block `place`."""
    return (
        home.organisation_id,
        home.committee_id,
        place.id,
        place.name,
        place.address,
        place.floor,
        place.door_code,
        place.notes,
        place.lat,
        place.lon,
        place.building_id,
        place.unit_id,
    )


def plan_row(home: Home, plan: SitePlan, now: datetime) -> tuple[object, ...]:
    """Return the values of the block `site_plan`."""
    edges = (None,) * 4 if plan.bounds is None else astuple(plan.bounds)
    return (home.organisation_id, home.committee_id, plan.place_id, plan.media_type, plan.body, now, *edges)


def flag_row(home: Home, flag: PlaceFlag, now: datetime) -> tuple[object, ...]:
    """Return the values of the block `flag`."""
    return (
        home.organisation_id,
        home.committee_id,
        flag.id,
        flag.place_id,
        flag.risk.value,
        flag.owner_id,
        flag.ground,
        now,
        flag.review_on,
    )
