"""What was agreed with centres, on disk: for the server's own work, and for people in the web's role."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from escalation.alarm import AlarmKind
from escalation.ids import OrganisationId, UserId
from larmcentral.domain.errors import Collision
from larmcentral.domain.forwarding import MappingRow
from larmcentral.domain.forwarding_tests import (
    AgreedRow,
    ForwarderPicture,
    InTest,
    RowKey,
    RowTest,
    Signature,
    dump_row,
    load_row,
)
from larmcentral.domain.roles import Scope
from larmcentral.ports.forwarders import Beat
from larmcentral.store.access import looking
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load
from larmcentral.store.work import database_time

SQL: Final = load("forwarders")


class Forwarders:
    """ports.ForwarderStore, in the service's role."""

    def __init__(self, service: Pool) -> None:
        self._service = service

    async def forwarder_picture(self, organisation_id: OrganisationId) -> ForwarderPicture:
        """See ports.ForwarderStore."""
        async with self._service.connection() as connection:
            return await _picture(connection, organisation_id)

    async def hold_beats(self, organisation_id: OrganisationId, owner: UUID, length: timedelta) -> bool:
        """See ports.ForwarderStore."""
        async with self._service.connection() as connection:
            now = await database_time(connection)
            held = await connection.fetchval(SQL["hold"], organisation_id, owner, now, now + length)
        return held is not None

    async def keep_beat(self, organisation_id: OrganisationId, beat: Beat) -> None:
        """See ports.ForwarderStore."""
        async with self._service.connection() as connection:
            await connection.execute(
                SQL["keep_beat"],
                organisation_id,
                beat.receiver,
                beat.path,
                beat.every.total_seconds(),
                beat.tried_at,
                beat.heard_at,
                beat.missed,
                beat.words,
            )


class ForwarderDesk:
    """ports.ForwarderDesk, in the web's role."""

    def __init__(self, web: Pool) -> None:
        self._web = web

    async def picture(self, scope: Scope) -> ForwarderPicture:
        """See ports.ForwarderDesk."""
        async with looking(self._web, scope) as connection:
            found = await _picture(connection, scope.organisation_id)
            signatures = await connection.fetch(SQL["signatures"], scope.organisation_id)
        return ForwarderPicture(found.rows, found.states, tuple(map(_signature, signatures)))

    async def beats(self, scope: Scope) -> Mapping[str, tuple[Beat, ...]]:
        """See ports.ForwarderDesk."""
        async with looking(self._web, scope) as connection:
            rows = await connection.fetch(SQL["beats"], scope.organisation_id)
        found: defaultdict[str, tuple[Beat, ...]] = defaultdict(tuple)
        for row in rows:
            found[row["receiver"]] += (_beat(row),)
        return found

    async def save_row(
        self, scope: Scope, receiver: str, row: MappingRow, *, version: int, by: UserId, now: datetime
    ) -> int:
        """See ports.ForwarderDesk."""
        values = (scope.organisation_id, receiver, row.kind.value, row.silent, json.dumps(dump_row(row)), now, by)
        async with looking(self._web, scope) as connection:
            if version == 0:
                made = await connection.fetchval(SQL["new_row"], *values)
            else:
                made = await connection.fetchval(SQL["next_row"], *values, version)
        if made is None:
            raise Collision(f"row {row.kind.value} of {receiver}")
        return int(made)

    async def remove_row(self, scope: Scope, receiver: str, kind: AlarmKind, silent: bool) -> None:
        """See ports.ForwarderDesk."""
        async with looking(self._web, scope) as connection:
            await connection.execute(SQL["remove_row"], scope.organisation_id, receiver, kind.value, silent)

    async def set_test_state(
        self, scope: Scope, receiver: str, until: datetime | None, *, by: UserId, now: datetime
    ) -> None:
        """See ports.ForwarderDesk."""
        async with looking(self._web, scope) as connection:
            await connection.execute(SQL["set_state"], scope.organisation_id, receiver, until, now, by)

    async def row_test(self, scope: Scope, test_id: UUID) -> RowTest | None:
        """See ports.ForwarderDesk."""
        async with looking(self._web, scope) as connection:
            row = await connection.fetchrow(SQL["row_test"], scope.organisation_id, test_id)
        if row is None:
            return None
        detail = json.loads(row["detail"])
        return RowTest(
            id=row["id"],
            receiver=row["receiver"],
            kind=AlarmKind(detail["kind"]),
            silent=detail["silent"] == "true",
            fingerprint=detail["fingerprint"],
            state=row["state"],
            asked_at=row["asked_at"],
            settled_at=row["settled_at"],
            reason=row["reason"] or "",
            answer=row["answer"] or "",
        )

    async def sign(self, scope: Scope, signature: Signature) -> None:
        """See ports.ForwarderDesk."""
        async with looking(self._web, scope) as connection:
            await connection.execute(
                SQL["sign"],
                scope.organisation_id,
                signature.id,
                signature.receiver,
                signature.kind.value,
                signature.silent,
                signature.fingerprint,
                signature.test_id,
                signature.tested_at,
                signature.path,
                signature.signed_at,
                signature.signed_by,
                signature.note,
            )


async def _picture(connection: asyncpg.Connection, organisation_id: OrganisationId) -> ForwarderPicture:
    rows: dict[RowKey, AgreedRow] = {}
    for row in await connection.fetch(SQL["rows"], organisation_id):
        kind = AlarmKind(row["kind"])
        rows[row["receiver"], kind, row["silent"]] = AgreedRow(
            receiver=row["receiver"],
            row=load_row(kind, row["silent"], json.loads(row["body"])),
            version=row["version"],
            made_at=row["made_at"],
            made_by=row["made_by"],
        )
    states = {
        row["receiver"]: InTest(
            receiver=row["receiver"],
            until=row["test_until"],
            changed_at=row["changed_at"],
            changed_by=row["changed_by"],
        )
        for row in await connection.fetch(SQL["states"], organisation_id)
    }
    return ForwarderPicture(rows, states)


def _signature(row: asyncpg.Record) -> Signature:
    said = {**row, "kind": AlarmKind(row["kind"])}
    del said["organisation_id"]
    return Signature(**said)


def _beat(row: asyncpg.Record) -> Beat:
    return Beat(
        receiver=row["receiver"],
        path=row["path"],
        every=timedelta(seconds=row["every_s"]),
        tried_at=row["tried_at"],
        heard_at=row["heard_at"],
        missed=row["missed"],
        words=row["words"],
    )
