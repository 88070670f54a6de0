"""That centres hear from us, and that we learn at once when one does not answer: an unreachable centre is an alarm.

One process beats for all centres: the one that holds the duty in the database, for LEASE at a time. While the database
is away the last holder goes on, and nobody else begins: a centre may count a beat too many as a fault of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from escalation.effects import SystemFault
from escalation.ids import CommitteeId, OrganisationId
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.flows.running import Loop
from larmcentral.ports import Clock, Store
from larmcentral.ports.forwarders import Beat, BeatPlan, Beats, ForwarderStore

log = structlog.get_logger(__name__)

LEASE: Final = timedelta(seconds=15)
RENEW_S: Final = 5.0
"""A third of the lease: two lost renewals do not lose it."""
LOOK_S: Final = 1.0
"""How soon a process that takes over begins to beat."""
MISSED: Final = 2
"""Beats in a row without an answer until a path counts as dead; one may be lost on any line."""

FAULT: Final = SystemFault.RECEIVER_UNREACHABLE.value


class Heartbeats:
    """Beats on each path when it is due. A centre none of whose paths answers is a system alarm of the house."""

    def __init__(
        self,
        centres: Sequence[Beats],
        forwarders: ForwarderStore,
        store: Store,
        home: tuple[OrganisationId, CommitteeId],
        owner: UUID,
        clock: Clock,
    ) -> None:
        """owner: one incarnation of a process."""
        self._centres = [centre for centre in centres if centre.beats()]  # a telephone has no heartbeat to miss
        self._forwarders, self._store = forwarders, store
        self._home, self._owner, self._clock = home, owner, clock
        self._holds = False
        self._last: dict[tuple[str, str], Beat] = {}
        self._stands: bool | None = None  # whether the fault stands; None: another process may have raised it
        self._loops = [Loop("heartbeat duty", self._keep_duty, clock)] if self._centres else []
        self._loops += [self._loop_of(centre, plan.path) for centre in self._centres for plan in centre.beats()]

    @property
    def holds(self) -> bool:
        """Say whether this process is the one that beats."""
        return self._holds

    def start(self) -> None:
        """Begin."""
        for loop in self._loops:
            loop.start()

    async def stop(self) -> None:
        """Beat no more, and let another process begin at once."""
        for loop in self._loops:
            await loop.stop()
        if self._holds:
            self._holds = False
            try:
                await self._forwarders.hold_beats(self._home[0], self._owner, timedelta())
            except StoreUnavailable:
                log.warning("heartbeat_duty_not_given_back")

    def _loop_of(self, centre: Beats, path: str) -> Loop:
        async def turn() -> None:
            if not self._holds:
                await self._clock.sleep(LOOK_S)
                return
            await self.beat(centre, _plan(centre, path))
            # Asked anew: what came of the beat may change how soon the next one is wanted.
            await self._clock.sleep(_plan(centre, path).every.total_seconds())

        return Loop(f"heartbeat {centre.name} {path}", turn, self._clock)

    async def _keep_duty(self) -> None:
        try:
            await self.look_for_duty()
        except StoreUnavailable:
            log.warning("heartbeat_duty_unknown", holds=self._holds)
        await self._clock.sleep(RENEW_S)

    async def look_for_duty(self) -> None:
        """Take or keep the duty. Raises StoreUnavailable; what was last known holds then."""
        held = await self._forwarders.hold_beats(self._home[0], self._owner, LEASE)
        if held and not self._holds:
            # What another process raised is ours to clear, once we have heard every centre ourselves.
            self._last.clear()
            self._stands = None
            log.info("heartbeat_duty_taken", centres=len(self._centres))
        self._holds = held

    async def beat(self, centre: Beats, plan: BeatPlan) -> None:
        """Beat once on a path, write it down, and say what it means for the centre."""
        tried_at = self._clock.now()
        pulse = await centre.beat(plan.path)
        before = self._last.get((centre.name, plan.path))
        beat = Beat(
            receiver=centre.name,
            path=plan.path,
            every=plan.every,
            tried_at=tried_at,
            heard_at=self._clock.now() if pulse.heard else _heard_before(before),
            missed=0 if pulse.heard else (before.missed if before else 0) + 1,
            words=pulse.words,
        )
        self._last[centre.name, plan.path] = beat
        if not pulse.heard:
            log.warning("heartbeat_missed", receiver=centre.name, path=plan.path, missed=beat.missed, why=pulse.words)
        try:
            await self._judge()
            await self._forwarders.keep_beat(self._home[0], beat)
        except StoreUnavailable:
            log.warning("heartbeat_not_written", receiver=centre.name, path=plan.path)

    async def _judge(self) -> None:
        """Raise, or clear. The fault is one for the house: it stands until every centre answers again."""
        dead = [centre.name for centre in self._centres if all(missed >= MISSED for missed in self._missed(centre))]
        if dead:
            log.error("receiver_unreachable", receivers=dead)
            self._stands = True
            await self._store.raise_fault(*self._home, FAULT)
        elif self._stands is not False and all(0 in self._missed(centre) for centre in self._centres):
            await self._store.clear_fault(*self._home, FAULT)
            self._stands = False

    def _missed(self, centre: Beats) -> list[int]:
        """How many beats in a row each path missed; one that was not tried yet says nothing for or against it."""
        lasts = [self._last.get((centre.name, plan.path)) for plan in centre.beats()]
        return [last.missed if last is not None else 1 for last in lasts]


def _plan(centre: Beats, path: str) -> BeatPlan:
    [plan] = [plan for plan in centre.beats() if plan.path == path]
    return plan


def _heard_before(before: Beat | None) -> datetime | None:
    return None if before is None else before.heard_at
