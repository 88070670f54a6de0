"""Enrolled devices, as receivers keep them in memory."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from larmcentral.domain.enrolled import EnrolledDevice
from larmcentral.store.pool import Pool
from larmcentral.store.telemetry import enrolled
from protocols.signal import AccountId

_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


async def load_enrolled(pool: Pool, since: datetime | None) -> Sequence[EnrolledDevice]:
    """Read the devices that changed since then, all for None. Raises StoreUnavailable."""
    async with pool.connection() as connection:
        rows = await enrolled(connection, since or _EVER)
    return [
        EnrolledDevice(
            protocol=row["protocol"],
            account=AccountId(row["account"]),
            changed_at=row["changed_at"],
            secret=row["secret"],
            model=row["model"],
            options=json.loads(row["options"]),
        )
        for row in rows
    ]
