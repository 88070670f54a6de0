"""What was agreed with the centres, in memory, so that handing over a case never waits for the database.

The picture is read anew every REFRESH_S and stays as it was while the database is away. Whoever sends waits for the
first reading; where it fails our own proposals hold, and no centre is taken to be in its test state.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

import structlog

from escalation.alarm import AlarmKind
from escalation.ids import OrganisationId
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.domain.forwarding import MappingRow
from larmcentral.domain.forwarding_tests import ForwarderPicture
from larmcentral.flows.running import Loop
from larmcentral.ports import Clock
from larmcentral.ports.forwarders import ForwarderStore

log = structlog.get_logger(__name__)

REFRESH_S: Final = 2.0
FIRST_READING_S: Final = 2.0
"""So long a start waits for it; a case that is due then goes out by our proposals rather than not at all."""


class ForwarderBook:
    """The picture of one organisation. Starts and stops in any order."""

    def __init__(
        self, store: ForwarderStore, organisation_id: OrganisationId, clock: Clock, *, refresh_s: float = REFRESH_S
    ) -> None:
        self._store, self._organisation_id, self._clock = store, organisation_id, clock
        self._refresh_s = refresh_s
        self._picture = ForwarderPicture()
        self._away = False
        self._looked = asyncio.Event()
        self._loop = Loop("forwarder book", self._turn, clock)

    async def start(self) -> None:
        """Begin to read, and wait a little for the first reading, whatever comes of it."""
        self._looked.clear()
        self._loop.start()
        with suppress(TimeoutError):
            async with asyncio.timeout(FIRST_READING_S):
                await self._looked.wait()

    async def stop(self) -> None:
        """Read no more; the picture stays."""
        await self._loop.stop()

    def row(self, receiver: str, kind: AlarmKind, silent: bool) -> MappingRow:
        """Return the row that holds just now."""
        return self._picture.row(receiver, kind, silent)

    def in_test(self, receiver: str) -> bool:
        """Say whether the centre has us in its test state just now."""
        return self._picture.in_test(receiver, self._clock.now())

    async def refresh(self) -> None:
        """Read now. Raises StoreUnavailable; the picture stays then."""
        self._picture = await self._store.forwarder_picture(self._organisation_id)

    async def _turn(self) -> None:
        try:
            await self.refresh()
            self._away = False
        except StoreUnavailable:
            if not self._away:
                log.warning("forwarder_book_not_refreshed")
            self._away = True
        finally:
            self._looked.set()
        await self._clock.sleep(self._refresh_s)
