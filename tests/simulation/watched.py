"""A transaction with somebody who looks over its shoulder: what it commits goes into the journal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from escalation.effects import (
    About,
    ArmTimer,
    DropTimer,
    EntryKind,
    ForwardNotice,
    InHouseNotice,
    OutwardNotice,
    TimerKind,
)
from escalation.ids import NoticeId
from escalation.incident import State
from escalation.vigil import VigilKind
from larmcentral.domain.device import Downlink
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.outbox import Lease, NoticeState, Settled
from larmcentral.domain.record import Change
from larmcentral.domain.vigil import VigilChange
from larmcentral.flows.supervise import KINDS as LOOKED_AFTER
from larmcentral.flows.vigil_keeper import KINDS as KEPT
from tests.simulation.journal import BY_CLOCK, HUMAN, Firing, Leased

if TYPE_CHECKING:
    from tests.simulation.faults import StoreDoor

_NEEDED: Final = {State.OPEN: TimerKind.NEXT_STEP, State.ACKNOWLEDGED: TimerKind.LAPSE}
EPS: Final = timedelta(milliseconds=1)
NOBODY: Final = UUID(int=0)


class Watched:
    """ports.Transaction; hands everything on, and remembers what was written until the commit."""

    def __init__(self, door: StoreDoor, tx: Any) -> None:
        self._world, self._door = door.world, door
        self.tx = tx
        self.wrote = False
        self._changes: list[Change] = []
        self._vigils: list[VigilChange] = []
        self._leased: list[NoticeId] = []
        self._retries: list[datetime] = []
        self._spoke = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.tx, name)

    async def file_signals(self, signals: Sequence[Any]) -> Any:
        self.wrote = True
        return await self.tx.file_signals(signals)

    async def save(self, changes: Sequence[Change], *, lease: Lease) -> Sequence[OutgoingNotice]:
        self.wrote = self.wrote or bool(changes)
        notices: Sequence[OutgoingNotice] = await self.tx.save(changes, lease=lease)
        self._changes.extend(changes)
        self._leased.extend(notice.id for notice in notices)
        if any(isinstance(e, ForwardNotice) and e.about is About.OVER for change in changes for e in change.effects):
            self._claimed_in_turn()
        return notices

    async def save_vigils(self, changes: Sequence[VigilChange], *, lease: Lease) -> Sequence[OutgoingNotice]:
        self.wrote = self.wrote or bool(changes)
        notices: Sequence[OutgoingNotice] = await self.tx.save_vigils(changes, lease=lease)
        self._vigils.extend(changes)
        self._leased.extend(notice.id for notice in notices)
        return notices

    async def claim_notices(self, *, lease: Lease, held: Collection[NoticeId], limit: int) -> Sequence[OutgoingNotice]:
        notices: Sequence[OutgoingNotice] = await self.tx.claim_notices(lease=lease, held=held, limit=limit)
        self.wrote = self.wrote or bool(notices)
        self._leased.extend(notice.id for notice in notices)
        return notices

    async def settle(self, results: Sequence[Settled], now: datetime) -> None:
        self.wrote = True
        await self.tx.settle(results, now)
        self._retries.extend(r.due_at for r in results if r.state is NoticeState.PENDING and r.due_at is not None)
        if any(result.receiver is not None for result in results):
            self._claimed_in_turn()

    async def file_downlinks(self, downlinks: Sequence[Downlink]) -> None:
        self._spoke = self.wrote = True
        await self.tx.file_downlinks(downlinks)

    def _claimed_in_turn(self) -> None:
        """What a centre is told next is found by the polls, once the notice before it is settled or its lease ends."""
        now = self._world.clock.now()
        self._retries += [now, now + Lease(NOBODY).length]

    def committed(self) -> None:
        """It stands."""
        if not self.wrote:
            return
        world, journal = self._world, self._world.journal
        now = world.clock.now()
        for change in self._changes:
            self._one(change, now)
        for vigil in self._vigils:
            before = vigil.before
            if before is not None and before.core.due_at is not None and now > before.core.due_at + EPS:
                journal.late(vigil.after.id, vigil.after.kind.value, before.core.due_at, now)
            if vigil.after.core.due_at is not None:
                self._wake_at(vigil.after.core.due_at, now)
        self._wake_keepers()
        for notice_id in self._leased:
            journal.leases[notice_id] = Leased(now, now)
        for due_at in self._retries:
            world.look_again_in((due_at - now).total_seconds() + 0.2)
        if self._changes or self._vigils:
            journal.tell(
                now,
                *(
                    (c.after.incident.id, c.after.incident.state.value, c.after.last_hash.hex()[:8])
                    for c in self._changes
                ),
                *((v.after.id, v.after.kind.value, v.after.version) for v in self._vigils),
            )

    def known(self) -> None:
        """The process knows that it stands."""
        if self._leased:
            now = self._world.clock.now()
            for notice_id in self._leased:
                self._world.journal.leases[notice_id].known_at = now

    def _one(self, change: Change, now: datetime) -> None:
        journal, incident = self._world.journal, change.after.incident
        armed = journal.armed
        kinds = {line.entry.kind for line in change.lines}
        step = armed.get((incident.id, TimerKind.NEXT_STEP, None))
        by_clock = bool(kinds & BY_CLOCK) and not kinds & HUMAN
        if by_clock and step is not None and step[0] > now + EPS:
            journal.firings.append(Firing(incident.id, TimerKind.NEXT_STEP.value, step[0], now, early=True))
        lapse = armed.get((incident.id, TimerKind.LAPSE, None))
        if EntryKind.ACKNOWLEDGEMENT_LAPSED in kinds and lapse is not None and lapse[0] > now + EPS:
            journal.firings.append(Firing(incident.id, TimerKind.LAPSE.value, lapse[0], now, early=True))
        for effect in change.effects:
            match effect:
                case ArmTimer(kind, due_at, fence, person_id):
                    key = (incident.id, kind, person_id)
                    if key in armed:
                        journal.gone(key, now)
                    armed[key] = (due_at, fence)
                    self._wake_at(due_at, now)
                case DropTimer(kind, person_id):
                    for key in [k for k in armed if k[0] == incident.id and k[1] is kind and person_id in (None, k[2])]:
                        journal.gone(key, now)
                        del armed[key]
                case InHouseNotice() | OutwardNotice() | ForwardNotice():
                    journal.filed(effect, incident.id)
        needed = _NEEDED.get(incident.state)
        if needed is not None and (incident.id, needed, None) not in armed:
            journal.unarmed.append((now, incident.id))
        if incident.state is State.STOOD_DOWN:
            journal.ended.setdefault(incident.id, now)

    def _wake_keepers(self) -> None:
        """A loop that waits for a later deadline than one that was just filed finds it by its next poll."""
        for kinds in (None, KEPT, LOOKED_AFTER):
            if dues := self._filed_dues(kinds):
                for server in self._world.servers:
                    server.wake_for(kinds, min(dues))
        if self._spoke:
            for server in self._world.servers:
                server.downlinks.wake()

    def _filed_dues(self, kinds: Collection[VigilKind] | None) -> list[datetime]:
        if kinds is None:
            return [e.due_at for change in self._changes for e in change.effects if isinstance(e, ArmTimer)]
        return [
            vigil.after.core.due_at
            for vigil in self._vigils
            if vigil.after.kind in kinds and vigil.after.core.due_at is not None
        ]

    def _wake_at(self, due_at: datetime, now: datetime) -> None:
        """A process whose own clock is wrong finds what is due by its short polls alone."""
        if self._world.house_clock.off:
            self._world.look_again_in((due_at - now).total_seconds() + 0.05)
