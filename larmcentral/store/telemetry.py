"""What is written in bulk beside the alarms: last words of devices, and bytes nobody understood."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg

from larmcentral.domain.arrival import UnknownBytes
from larmcentral.domain.outbox import DeviceState
from larmcentral.store.columns import columns
from larmcentral.store.signals import SQL
from larmcentral.store.subjects import app_person

SAMPLE_LIMIT_BYTES: Final = 4096
"""Enough to see what it was; a flood must not fill the disk."""


async def fold(connection: asyncpg.Connection, states: Sequence[DeviceState], now: datetime | None) -> None:
    """Write the last word of each device, and where those on shift are; a device we do not know is left out.

    now: what the clock says that the states' times are of; None where it is the database's own.
    """
    for covert in (False, True):
        rows = [
            (s.organisation_id, s.protocol, s.account, s.last_seen_at, s.battery_pct, s.charging, s.receiver)
            for s in {(s.organisation_id, s.protocol, s.account): s for s in states if s.covert is covert}.values()
        ]
        if rows:
            await connection.execute(SQL["fold_telemetry"], *columns(rows), now, covert)
    fixes = [
        (
            s.organisation_id,
            s.protocol,
            s.account,
            app_person(s.protocol, s.account),
            s.lat,
            s.lon,
            s.fix_at or s.last_seen_at,
            s.last_seen_at,
        )
        for s in states
        if s.lat is not None and s.lon is not None
    ]
    if fixes:
        await connection.execute(SQL["fold_presences"], *columns(fixes), now)


async def keep(connection: asyncpg.Connection, found: Sequence[UnknownBytes]) -> None:
    """Keep and count bytes by receiver and content."""
    counted: dict[tuple[Any, ...], tuple[UnknownBytes, datetime, int]] = {}
    for unknown in found:
        key = (unknown.receiver.organisation_id, unknown.receiver.name, hashlib.sha256(unknown.raw).digest())
        first, _, times = counted.get(key, (unknown, unknown.received_at, 0))
        counted[key] = (first, unknown.received_at, times + 1)
    rows = [
        (
            key[0],
            unknown.receiver.committee_id,
            key[1],
            key[2],
            unknown.reason,
            unknown.raw[:SAMPLE_LIMIT_BYTES],
            unknown.received_at,
            last_at,
            times,
        )
        for key, (unknown, last_at, times) in sorted(counted.items(), key=lambda item: item[0])
    ]
    if rows:
        await connection.execute(SQL["keep_unknown"], *columns(rows))


async def enrolled(connection: asyncpg.Connection, since: datetime) -> list[Any]:
    """Return the rows of devices that changed since then."""
    return await connection.fetch(SQL["enrolled"], since)
