"""Reading registers for people: persons, devices, and bytes nobody understood."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import asyncpg

from escalation.supervision import SupervisionClass
from larmcentral.domain import views
from larmcentral.domain.device_health import is_low, is_silent, is_test_due
from larmcentral.domain.roles import Scope
from larmcentral.store.access import looking
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load
from larmcentral.store.rows import device_of, person_of

_SQL: Final = load("registers")

PERSON_LIMIT: Final = 1000
"""A list to choose from; who has more persons types a part of the name."""
DEVICE_LIMIT: Final = 2000
UNKNOWN_LIMIT: Final = 200


class Registers:
    """Lists of a scope's committees, read in the web's role."""

    def __init__(self, web: Pool) -> None:
        self._web = web

    async def persons(self, scope: Scope, *, part: str, now: datetime) -> tuple[views.PersonChoice, ...]:
        """Return persons by name, those that carry `part` in it; '' is in every name."""
        async with looking(self._web, scope) as connection:
            rows = await connection.fetch(
                _SQL["persons"], scope.organisation_id, list(scope.committees), now.date(), part, PERSON_LIMIT
            )
        return tuple(views.PersonChoice(**dict(row)) for row in rows)

    async def devices(self, scope: Scope, *, now: datetime) -> tuple[views.DeviceHealth, ...]:
        """Return devices, those longest unheard first."""
        async with looking(self._web, scope) as connection:
            rows = await connection.fetch(
                _SQL["devices"], scope.organisation_id, list(scope.committees), now, DEVICE_LIMIT
            )
        return tuple(_health_of(row, now) for row in rows)

    async def unknown_input(self, scope: Scope) -> tuple[views.UnknownInput, ...]:
        """Return what nobody understood, newest first."""
        async with looking(self._web, scope) as connection:
            rows = await connection.fetch(
                _SQL["unknown_input"], scope.organisation_id, list(scope.committees), UNKNOWN_LIMIT
            )
        return tuple(views.UnknownInput(**dict(row)) for row in rows)


def _health_of(row: asyncpg.Record, now: datetime) -> views.DeviceHealth:
    supervision = SupervisionClass(row["supervision"])
    silent = is_silent(supervision, heard_at=row["last_seen_at"], enrolled_at=row["changed_at"], now=now)
    return views.DeviceHealth(
        device=device_of(row),
        person=person_of(row),
        charging=row["charging"],
        supervised=row["supervised"],
        silent=row["supervised"] and silent,
        low_battery=is_low(row["battery_pct"]),
        tested_at=row["tested_at"],
        test_due=is_test_due(row["tested_at"], now),
        pool=row["pool"],
        supervision=supervision.value,
    )
