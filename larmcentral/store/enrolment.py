"""Enrolled devices, as receivers keep them in memory."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from larmcentral.domain.enrolled import EnrolledDevice
from larmcentral.store.pool import Pool
from larmcentral.store.sealed_secrets import opened
from larmcentral.store.sealing import Sealing
from larmcentral.store.telemetry import enrolled
from protocols.signal import AccountId

_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


async def load_enrolled(pool: Pool, since: datetime | None, sealing: Sealing) -> Sequence[EnrolledDevice]:
    """Read the devices that changed since then, all for None. Raises StoreUnavailable.

    One whose key cannot be unsealed is left out, as if it were not enrolled: without its key it would be taken for
    one that may speak in the clear. What it sends is stored and shown as from a stranger.
    """
    async with pool.connection() as connection:
        rows = await enrolled(connection, since or _EVER)
    found = []
    for row in rows:
        secret: bytes | None = row["secret"]
        if secret is not None:
            secret = opened(sealing, row["organisation_id"], row["id"], secret)
            if secret is None:
                continue
        coming: bytes | None = row["next_secret"]
        if coming is not None:
            coming = opened(sealing, row["organisation_id"], row["id"], coming)
        found.append(
            EnrolledDevice(
                protocol=row["protocol"],
                account=AccountId(row["account"]),
                changed_at=row["changed_at"],
                secret=secret,
                next_secret=coming,
                model=row["model"],
                options=json.loads(row["options"]),
            )
        )
    return found
