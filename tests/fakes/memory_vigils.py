"""Vigils in the memory store."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from escalation.ids import NoticeId, VigilId
from escalation.pre_alarm import PreAlarm
from escalation.vigil import VigilKind
from larmcentral.domain.errors import Collision
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.outbox import Lease, NoticeState
from larmcentral.domain.record import Subject
from larmcentral.domain.vigil import VigilChange, VigilRecord, watched
from larmcentral.ports import LockedVigils
from tests.fakes.memory_notices import MemoryNotices
from tests.fakes.memory_state import NoticeRow, running_key


class MemoryVigils(MemoryNotices):
    """Part of ports.Transaction."""

    async def lock_running(self, wanted: Sequence[tuple[VigilKind, Subject]]) -> LockedVigils:
        keys = [(subject.organisation_id, kind, watched(kind, subject)) for kind, subject in wanted]
        return self._locked_vigils(sorted({i for key in keys for i in self.tables.running.of(key)}))

    async def lock_vigils(self, vigil_ids: Sequence[VigilId]) -> LockedVigils:
        return self._locked_vigils(sorted(i for i in set(vigil_ids) if i in self.tables.vigils))

    async def lock_last_ended(self, kind: VigilKind, subject: Subject) -> LockedVigils:
        key, found = (subject.organisation_id, watched(kind, subject)), []
        for record in self.tables.vigils.values():
            about = (record.subject.organisation_id, watched(record.kind, record.subject))
            silent = isinstance(record.core, PreAlarm) and record.core.silent
            if record.kind is kind and about == key and record.core.ended_at is not None and not silent:
                found.append((record.core.ended_at, record.id))
        return self._locked_vigils([i for _, i in sorted(found)[-1:]])

    async def lock_due_vigils(
        self, kinds: Collection[VigilKind], limit: int, only: VigilId | None = None
    ) -> LockedVigils:
        due = self.tables.overdue_vigils(kinds, self._clock.now())
        return self._locked_vigils([i for i in due if only in (None, i)][:limit])

    async def save_vigils(self, changes: Sequence[VigilChange], *, lease: Lease) -> Sequence[OutgoingNotice]:
        filed: list[NoticeId] = []
        for change in changes:
            if not change.nothing:
                self._save_vigil(change, lease, filed)
        return [self._outgoing(i) for i in filed if self.tables.notices[i].pending]

    def _locked_vigils(self, vigil_ids: Iterable[VigilId]) -> LockedVigils:
        found = {i: self.tables.vigils[i] for i in vigil_ids}
        return LockedVigils(self._clock.now(), {i: r for i, r in found.items() if self._may_see_vigil(r)})

    def _may_see_vigil(self, record: VigilRecord) -> bool:
        return self._may_see(record.subject.committee_id)

    def _save_vigil(self, change: VigilChange, lease: Lease, filed: list[NoticeId]) -> None:
        t, after, now = self.tables, change.after, self._clock.now()
        if change.before is None:
            key = running_key(after)
            if after.id in t.vigils or (key is not None and t.running.of(key)):
                raise Collision("running vigil")
        t.put_off.pop(after.id, None)
        t.vigils[after.id] = after
        t.vigil_log.extend(after.id, change.log)
        if after.core.ended_at is not None:
            self._withdraw(after.id, None)
            self._clear_faults(after.id)
        for notice, due_at, detail in change.notices:
            row = NoticeRow(
                notice=notice,
                incident_id=None,
                vigil_id=after.id,
                state=NoticeState.PENDING,
                filed_at=now,
                due_at=now,
                lease_owner=lease.owner,
                lease_until=now + lease.length,
                speaks_of=due_at,
                detail=detail,
            )
            self._file_notice(row, after.subject.purpose, filed)
