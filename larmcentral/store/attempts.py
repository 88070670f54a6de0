"""Counts of tried log-ins, common to all web processes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from larmcentral.domain.users import AttemptLimit, Tries
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load

_SQL: Final = load("attempts")

FORGET_AFTER: Final = timedelta(days=1)


class Attempts:
    """Counts a try before the password is looked at, and takes it back when it was right."""

    def __init__(self, service: Pool) -> None:
        self._service = service

    async def admit(self, keys: Mapping[str, AttemptLimit], now: datetime) -> timedelta:
        """Count a try under all keys and return zero; or, where one of them must wait, how long, counting nothing.

        keys: always in the same order of their kinds, since each is locked.
        """
        async with self._service.transaction() as connection:
            await connection.execute(_SQL["forget_old"], now - FORGET_AFTER)
            counts = {}
            for key in keys:
                [row] = await connection.fetch(_SQL["lock"], key, now)
                counts[key] = Tries(*row)
            wait = max(tries.wait(now) for tries in counts.values())
            if wait:
                return wait
            for key, limit in keys.items():
                tries = counts[key].counted(limit, now)
                await connection.execute(_SQL["save"], key, tries.failures, tries.last_at, tries.blocked_until)
            return wait

    async def succeeded(self, login_key: str, address_key: str) -> None:
        """The password was right: forget the login's failures, and this one try of the address."""
        async with self._service.transaction() as connection:
            await connection.execute(_SQL["forgive"], address_key)
            await connection.execute(_SQL["forget"], login_key)
