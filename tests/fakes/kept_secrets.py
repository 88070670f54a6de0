"""Secrets kept in a dictionary, with the ways in which keeping can break off."""

from __future__ import annotations

import asyncio

from larmcentral.domain.errors import StoreUnavailable


class KeptSecrets:
    """ports.KeepsSecrets. away: nothing can be read or written. writes: how often something was kept.

    hold_before, hold_after: the writing of that number waits for ever, before or after it is on disk; held is set then.
    """

    def __init__(self) -> None:
        self.on_disk: dict[str, str] = {}
        self.away = False
        self.writes = 0
        self.hold_before: int | None = None
        self.hold_after: int | None = None
        self.held = asyncio.Event()

    async def kept(self, name: str) -> str | None:
        if self.away:
            raise StoreUnavailable("away")
        return self.on_disk.get(name)

    async def keep(self, name: str, secret: str) -> None:
        if self.away:
            raise StoreUnavailable("away")
        self.writes += 1
        if self.writes == self.hold_before:
            await self._hold()
        self.on_disk[name] = secret
        if self.writes == self.hold_after:
            await self._hold()

    async def _hold(self) -> None:
        self.held.set()
        await asyncio.get_running_loop().create_future()
