"""A way out that answers nobody is an alarm of the house, also while another stands in for it."""

from __future__ import annotations

from typing import Final

import structlog

from escalation.effects import SystemFault
from escalation.ids import CommitteeId, OrganisationId
from larmcentral.domain.errors import Poison
from larmcentral.ports import Clock, Store

log = structlog.get_logger(__name__)

FAULT: Final = SystemFault.WAY_OUT_DEAD.value
RAISED_AFTER_S: Final = 10.0
"""A provider's own restart is over by then; chains have passed over it all the while."""
CLEARED_AFTER_S: Final = 30.0
"""One that comes and goes is one fault, and not twenty."""
AGAIN_S: Final = 60.0
"""A fault that another process cleared for want of knowledge stands again then."""


class WayFaults:
    """One fault for all of them: it stands until none is dead any more. The board says which.

    fault: another one of the house that is made of several things, any of which may be dead, such as brokers.
    """

    def __init__(
        self, store: Store, home: tuple[OrganisationId, CommitteeId], clock: Clock, *, fault: str = FAULT
    ) -> None:
        self._store, self._home, self._clock, self._fault = store, home, clock, fault
        self._dead_since_s: dict[str, float] = {}
        self._well_since_s: float | None = None
        self._raised_s: float | None = None
        self._stands: bool | None = None  # None: a process before us may have raised it

    async def look(self, dead: frozenset[str]) -> None:
        """Take what is known to be dead just now; raise or clear. Raises StoreUnavailable."""
        now_s = self._clock.monotonic()
        self._dead_since_s = {one: self._dead_since_s.get(one, now_s) for one in dead}
        if not dead:
            self._well_since_s = now_s if self._well_since_s is None else self._well_since_s
            if self._stands is not False and now_s - self._well_since_s >= CLEARED_AFTER_S:
                await self._store.clear_fault(*self._home, self._fault)
                self._stands, self._raised_s = False, None
            return
        self._well_since_s = None
        lasting = sorted(one for one, since_s in self._dead_since_s.items() if now_s - since_s >= RAISED_AFTER_S)
        if lasting and (self._raised_s is None or now_s - self._raised_s >= AGAIN_S):
            log.error(self._fault, providers=lasting)
            try:
                await self._store.raise_fault(*self._home, self._fault)
            except Poison:  # a house without a desk as yet: said once in AGAIN_S, and tried again then
                log.error("fault_not_raised", fault=self._fault, why="the house's committee is not in the database")
            self._stands, self._raised_s = True, now_s
