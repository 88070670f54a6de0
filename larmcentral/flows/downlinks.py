"""Words down to devices: filed with the decision, said by whichever process the device is connected to."""

from __future__ import annotations

from typing import Final

import structlog

from larmcentral.domain.errors import Collision
from larmcentral.flows.hints import Bell
from larmcentral.flows.means import Means
from larmcentral.flows.running import Loop
from larmcentral.ports import Speaks

log = structlog.get_logger(__name__)

POLL_S: Final = 1.0
"""Somebody waits to hear that he was heard; a second is soon enough, and half the queries of a half."""


class Downlinks:
    """Claims what waits for devices that are connected here, and says it."""

    def __init__(self, means: Means, speaks: Speaks, *, poll_s: float = POLL_S) -> None:
        self._store, self._clock, self._speaks, self._poll_s = means.store, means.clock, speaks, poll_s
        self._bell = Bell()
        self._loop = Loop("downlinks", self._turn, means.clock)

    def start(self) -> None:
        """Begin to say."""
        self._loop.start()

    async def stop(self) -> None:
        """Stop; what was not said waits for the device, until it is worth nothing."""
        await self._loop.stop()

    def wake(self) -> None:
        """Something may have been filed: look now."""
        self._bell.ring()

    async def _turn(self) -> None:
        await self._bell.wait(self._poll_s)
        await self.say()

    async def say(self) -> int:
        """Say what waits for those who are connected; return how many words went to the network.

        They are settled in the same transaction, after they were handed over: a crash in between says them twice.
        """
        connected = self._speaks.connected()
        if not connected:
            return 0
        try:
            async with self._store.transaction() as tx:
                now = self._clock.now()
                waiting = await tx.claim_downlinks(connected, now)
                said = [downlink.id for downlink in waiting if self._speaks.say(downlink)]
                if said:
                    await tx.settle_downlinks(said, now)
        except Collision:
            return 0
        if said:
            log.info("downlinks_said", downlinks=len(said))
        return len(said)
