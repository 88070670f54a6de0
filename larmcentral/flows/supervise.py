"""Supervision: a transmitter that falls silent is an event, many together are one outage."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import structlog

from escalation.ids import VigilId
from escalation.plan import SafetyPlan
from escalation.supervision import SupervisionClass, start_supervision
from escalation.vigil import VigilKind
from larmcentral.domain.device import Heard
from larmcentral.domain.errors import Collision, StoreUnavailable
from larmcentral.domain.record import Subject
from larmcentral.domain.vigil import VigilChange
from larmcentral.flows.apart import each_apart
from larmcentral.flows.hints import Bell
from larmcentral.flows.means import Means
from larmcentral.flows.running import Loop
from larmcentral.flows.silence import device_of, look_after
from larmcentral.flows.store_time import StoreTime
from larmcentral.flows.vigils import begun

log = structlog.get_logger(__name__)

KINDS: Final = (VigilKind.SUPERVISION,)
CLAIM_LIMIT: Final = 200
"""Most looks find a device that lives and only move its next look on; a silent town is 20,000 looks in ten seconds."""
POLL_S: Final = 1.0
"""The shortest window is 20 seconds."""
TAKE_UP_EVERY_S: Final = 30.0
"""How long a device that speaks for the first time may go unsupervised; its own window is longer."""


class Supervise:
    """Looks when a device was heard last, whenever that is due, and takes up devices that nobody looks after yet."""

    def __init__(self, means: Means, *, poll_s: float = POLL_S) -> None:
        self._means, self._poll_s = means, poll_s
        self._bell, self._time = Bell(), StoreTime(means.clock)
        self._taken_up_s: float | None = None
        self._loop = Loop("supervision", self._turn, means.clock)

    def start(self) -> None:
        """Begin to look."""
        self._loop.start()

    async def stop(self) -> None:
        """Stop; what is due stays due."""
        await self._loop.stop()

    def wake(self) -> None:
        """Something may be due sooner: look now."""
        self._bell.ring()

    async def _turn(self) -> None:
        clock = self._means.clock
        waited_s = TAKE_UP_EVERY_S if self._taken_up_s is None else clock.monotonic() - self._taken_up_s
        if waited_s >= TAKE_UP_EVERY_S and await self.take_up() < CLAIM_LIMIT:
            self._taken_up_s = clock.monotonic()
        next_due = await self._means.store.next_vigil_due(KINDS)
        early_s = self._poll_s if next_due is None else self._time.seconds_until(next_due)
        if early_s > 0:
            await self._bell.wait(min(early_s, self._poll_s))
        elif not await self.look():
            await self._bell.wait(min(self._poll_s, POLL_S))

    async def look(self) -> int:
        """Look after what is due now, up to the claim limit; return how many devices that were."""
        store = self._means.store
        try:
            return await self._look()
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("supervision_failed")
            return await each_apart(await store.overdue_vigils(KINDS, CLAIM_LIMIT), self._look, store.put_off_vigil)

    async def _look(self, only: VigilId | None = None) -> int:
        means = self._means
        try:
            async with means.store.transaction() as tx:
                locked = await tx.lock_due_vigils(KINDS, CLAIM_LIMIT, only)
                self._time.learn(locked.now)
                records = list(locked.records.values())
                notices = await look_after(tx, records, means, locked.now) if records else []
        except Collision:
            return 0
        if records:
            means.hand_over(notices)
            means.hints.changed()
        return len(records)

    async def take_up(self) -> int:
        """Supervise devices that nobody looks after yet, from now on; return how many that were."""
        means = self._means
        try:
            async with means.store.transaction() as tx:
                subjects = [subject for subject in await tx.unwatched(CLAIM_LIMIT) if subject.device_id is not None]
                if not subjects:
                    return 0
                now = (await tx.lock_running([(VigilKind.SUPERVISION, subject) for subject in subjects])).now
                heard = await tx.heard([device_of(subject) for subject in subjects])
                plans = await tx.plans(subjects)
                changes = [
                    _taken_up(subject, plan, found, means, now)
                    for subject, plan in zip(subjects, plans, strict=True)
                    if (found := heard.get(device_of(subject))) is not None
                ]
                await tx.save_vigils(changes, lease=means.lease)
        except Collision:
            return 0
        return len(changes)


def _taken_up(subject: Subject, plan: SafetyPlan, heard: Heard, means: Means, now: datetime) -> VigilChange:
    of_class = plan.wearable_window if heard.supervision is SupervisionClass.WEARABLE else heard.supervision.window
    decision = start_supervision(
        device_of(subject),
        subject.person_id,
        heard.agreed or of_class,
        now,
        session_window=plan.session_window,
        heard_at=heard.at,
        in_session=heard.in_session,
    )
    return begun(subject, VigilKind.SUPERVISION, decision, means)
