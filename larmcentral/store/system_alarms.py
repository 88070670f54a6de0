"""System alarms as people take them down, in the web's role."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from escalation.ids import UserId
from escalation.incident import Refused
from larmcentral.domain.dealt_with import may_be_dealt_with
from larmcentral.domain.errors import NotFound
from larmcentral.domain.roles import Reach, Scope
from larmcentral.store.access import SQL as ACCESS
from larmcentral.store.access import look_id, looking
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load
from larmcentral.store.work import database_time

SQL: Final = load("system_alarms")
ACTION: Final = "system_alarm_dealt_with"


class SystemAlarms:
    """What stands because our own side failed. Raises StoreUnavailable."""

    def __init__(self, web: Pool) -> None:
        self._web = web

    async def deal_with(self, scope: Scope, alarm_id: UUID, *, by: UserId, note: str) -> None:
        """Take one down because a person has seen to it, and write down who and what he did. Repeatable.

        Raises NotFound for one out of sight, and Refused (house_clears_it) where the house itself knows when it ends.
        """
        if scope.reach is not Reach.ALL:
            raise NotFound(f"system alarm {alarm_id}")
        async with looking(self._web, scope) as connection:
            row = await connection.fetchrow(SQL["standing"], scope.organisation_id, alarm_id, list(scope.committees))
            if row is None:
                raise NotFound(f"system alarm {alarm_id}")
            if row["cleared_at"] is not None:
                return
            if not may_be_dealt_with(row["fault"]):
                raise Refused("house_clears_it")
            now = await database_time(connection)
            await connection.execute(SQL["deal_with"], scope.organisation_id, alarm_id, now, by, note)
            await connection.execute(
                ACCESS["record"],
                scope.organisation_id,
                row["committee_id"],
                look_id(by, alarm_id, now, ACTION),
                now,
                by,
                ACTION,
                None,
                row["incident_id"],
                row["fault"],
                None,
            )
