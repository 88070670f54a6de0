"""The server, broken on purpose: each takes one law away, and some checker must name it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from escalation.chain import Channel
from escalation.effects import (
    About,
    ArmTimer,
    DropTimer,
    ForwardNotice,
    InHouseNotice,
    TimerKind,
    WithdrawNotices,
)
from escalation.ids import CommitteeId, IncidentId, PersonId
from escalation.purpose import Purpose
from larmcentral.domain.arrival import Arrival
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.domain.notice import Delivery, OutgoingNotice
from larmcentral.domain.record import Change, Deadline
from larmcentral.flows.intake import Intake
from larmcentral.flows.means import Means
from larmcentral.flows.sessions import LoneWork
from larmcentral.ports import Locked
from tests.simulation.faults import ChannelDoor, StoreDoor
from tests.simulation.server import REST_S, Server


class AckBeforeCommit(Server):
    """Says yes to a device at once and files what it said afterwards, if it lives."""

    def make_intake(self, means: Means) -> Intake:
        return _Hasty(means, poll_s=REST_S)


class _Hasty(Intake):
    async def take_in(self, arrival: Arrival) -> None:
        self.later = asyncio.get_running_loop().create_task(self._afterwards(arrival))

    async def _afterwards(self, arrival: Arrival) -> None:
        with suppress(StoreUnavailable):
            await super().take_in(arrival)


class _Meddling(StoreDoor):
    """A store that is told something else than was decided."""

    def transaction(self, sight: frozenset[CommitteeId] | None = None) -> AbstractAsyncContextManager[Any]:
        return self._meddled(sight)

    @asynccontextmanager
    async def _meddled(self, sight: frozenset[CommitteeId] | None) -> AsyncIterator[Any]:
        async with super().transaction(sight) as tx:
            yield self.meddler(tx)

    def meddler(self, tx: Any) -> _Meddler:
        return _Meddler(tx, self)

    def change(self, change: Change) -> Change:
        return change


class _Meddler:
    def __init__(self, tx: Any, store: _Meddling) -> None:
        self._tx, self._store = tx, store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    async def save(self, changes: Sequence[Change], **more: Any) -> Any:
        return await self._tx.save([self._store.change(change) for change in changes], **more)


class ForgetsToArm(Server):
    """Now and then a decision does not wait for the next step."""

    def store(self) -> StoreDoor:
        return _Forgetful(self.world, self.incarnation)


class _Forgetful(_Meddling):
    def change(self, change: Change) -> Change:
        step = any(isinstance(e, ArmTimer) and e.kind is TimerKind.NEXT_STEP for e in change.effects)
        if not step or self.world.chance.random() > 0.05:
            return change
        kept = (e for e in change.effects if not (isinstance(e, ArmTimer) and e.kind is TimerKind.NEXT_STEP))
        return replace(change, effects=(*kept, DropTimer(TimerKind.NEXT_STEP)))


class KeepsRinging(Server):
    """Takes no notice back."""

    def store(self) -> StoreDoor:
        return _Stubborn(self.world, self.incarnation)


class _Stubborn(_Meddling):
    def change(self, change: Change) -> Change:
        return replace(change, effects=tuple(e for e in change.effects if not isinstance(e, WithdrawNotices)))

    async def withdrawn(self, notices: Collection[Any]) -> frozenset[Any]:
        return frozenset()


class DrillsGoOut(Server):
    """Hands what is meant for our own app to the text message road as well."""

    def channel(self, channel: Channel) -> Any:
        return _Leaky(self.world, self.incarnation, channel)


class _Leaky(ChannelDoor):
    async def send(self, notice: OutgoingNotice) -> Delivery:
        if notice.purpose is Purpose.DRILL and notice.person_id is not None:
            self.world.handed(replace(notice, channel=Channel.SMS), accepted=True)
        return await super().send(notice)


class DuressShows(Server):
    """Thinks a moment longer before it says yes, where the PIN was the one for duress."""

    def __init__(self, world: Any, incarnation: int) -> None:
        super().__init__(world, incarnation)
        self.lone_work = _Thoughtful(self.means)


class _Thoughtful(LoneWork):
    async def cancel_pre_alarm(self, person_id: PersonId, *, how: str, duress: bool = False) -> None:
        await super().cancel_pre_alarm(person_id, how=how, duress=duress)
        if duress:
            await self._means.clock.sleep(2)


class FiresEarly(Server):
    """Its store says that everything is due a while before it is."""

    def store(self) -> StoreDoor:
        return _Impatient(self.world, self.incarnation)


AHEAD = timedelta(seconds=5)


class _Impatient(_Meddling):
    async def next_due(self) -> datetime | None:
        due = await super().next_due()
        return None if due is None else due - AHEAD

    def meddler(self, tx: Any) -> _Meddler:
        return _Hurried(tx, self)


class _Hurried(_Meddler):
    async def lock_due(self, limit: int, only: IncidentId | None = None) -> tuple[Locked, Sequence[Deadline]]:
        world = self._store.world
        due = [
            row
            for row in world.store.tables.deadlines.values()
            if row.due_at <= world.clock.now() + AHEAD and only in (None, row.incident_id)
        ]
        return await self._tx.lock([row.incident_id for row in due]), due


class CallsTheWearer(Server):
    """Rings the person it is about as well."""

    def store(self) -> StoreDoor:
        return _Tactless(self.world, self.incarnation)


class _Tactless(_Meddling):
    def change(self, change: Change) -> Change:
        subject = change.after.incident.subject
        if subject is None or self.world.chance.random() > 0.2:
            return change
        effects = [
            replace(e, person_id=subject) if isinstance(e, InHouseNotice) and _rings(e) else e for e in change.effects
        ]
        return replace(change, effects=tuple(effects))


def _rings(effect: InHouseNotice) -> bool:
    return effect.about is About.ALARM and effect.person_id is not None


class ForgetsTheCentre(Server):
    """Hands cases over, and never says that they are over."""

    def store(self) -> StoreDoor:
        return _Forgetting(self.world, self.incarnation)


class _Forgetting(_Meddling):
    def change(self, change: Change) -> Change:
        kept = (e for e in change.effects if not (isinstance(e, ForwardNotice) and e.about is About.OVER))
        return replace(change, effects=tuple(kept))


class LosesSessions(Server):
    """Sessions are not looked at when their time has come."""

    def __init__(self, world: Any, incarnation: int) -> None:
        super().__init__(world, incarnation)
        self.parts.remove(self.vigil_keeper)
