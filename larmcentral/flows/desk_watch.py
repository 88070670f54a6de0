"""An operator whose screen fell silent is gone: what he owned goes to somebody who is there."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import structlog

from larmcentral.domain.errors import StoreUnavailable
from larmcentral.flows.desk import Desk
from larmcentral.flows.hints import Bell
from larmcentral.flows.means import Means
from larmcentral.flows.running import Loop
from larmcentral.flows.transact import store_now

log = structlog.get_logger(__name__)

GONE_AFTER: Final = timedelta(seconds=60)
"""A screen gives a sign of life every few seconds; a reload or a change of network is over long before."""
BLIND_S: Final = 5.0
"""After a gap like that, or a start, everybody gets his whole time anew: it was we, or the database, that was away."""
POLL_S: Final = 1.0
"""With the promise of two seconds from gone to given on."""


class DeskWatch:
    """Lets those leave of whom nothing was heard."""

    def __init__(self, means: Means, desk: Desk, *, poll_s: float = POLL_S) -> None:
        self._store, self._desk, self._poll_s = means.store, desk, poll_s
        self._clock = means.clock
        self._looked_at_s, self._sees_since_s = float("-inf"), 0.0
        self._bell = Bell()
        self._loop = Loop("desk watch", self._turn, means.clock)

    def start(self) -> None:
        """Begin to look."""
        self._loop.start()

    async def stop(self) -> None:
        """Stop looking."""
        await self._loop.stop()

    def wake(self) -> None:
        """Look now."""
        self._bell.ring()

    async def _turn(self) -> None:
        await self._bell.wait(self._poll_s)
        await self.look()

    async def look(self) -> int:
        """Look once; return how many were gone."""
        async with self._store.transaction() as tx:
            silent_since = await store_now(tx) - GONE_AFTER
            gone = await tx.gone_from_desk(silent_since)
        if not self._has_seen_long_enough():
            return 0
        for seat in gone:
            log.info("operator_gone", user_id=str(seat.operator.user_id))
            try:
                await self._desk.leave(seat.operator.user_id, if_silent_since=silent_since)
            except StoreUnavailable:
                raise
            except Exception:
                # What he had comes loose by its own lapse; the next one's must not wait for that.
                log.exception("not_given_on", user_id=str(seat.operator.user_id))
        return len(gone)

    def _has_seen_long_enough(self) -> bool:
        """An operator whose signs of life we could not have got must not count as gone."""
        now_s = self._clock.monotonic()
        if now_s - self._looked_at_s >= BLIND_S:
            self._sees_since_s = now_s
        self._looked_at_s = now_s
        return now_s - self._sees_since_s >= GONE_AFTER.total_seconds()
