"""Incidents, their deadlines and timeline in the memory store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from escalation.effects import (
    ArmTimer,
    DropTimer,
    ForwardNotice,
    InHouseNotice,
    OutwardNotice,
    RaiseSystemAlarm,
    TellWearer,
    WithdrawNotices,
)
from escalation.ids import CommitteeId, IncidentId, NoticeId, OrganisationId, PlaceId, UserId, VigilId
from escalation.incident import State
from escalation.purpose import Purpose
from escalation.session import Session
from larmcentral.domain.errors import Collision
from larmcentral.domain.notice import OutgoingNotice, pairs_of
from larmcentral.domain.outbox import Lease, NoticeState
from larmcentral.domain.record import SESSION_ECHO, Change, Deadline, Record, Subject
from larmcentral.domain.vigil import VigilCore
from larmcentral.ports import Locked
from tests.fakes.memory_notices import MemoryNotices
from tests.fakes.memory_state import FaultRow, NoticeRow


class MemoryIncidents(MemoryNotices):
    """Part of ports.Transaction."""

    async def lock_open(self, subjects: Sequence[Subject]) -> Locked:
        keys = {(s.organisation_id, s.key, s.purpose): None for s in subjects}
        return self._locked(i for key in keys for i in self.tables.open_about.of(key))

    async def lock(self, incident_ids: Sequence[IncidentId]) -> Locked:
        return self._locked(i for i in incident_ids if i in self.tables.incidents)

    async def lock_due(self, limit: int, only: IncidentId | None = None) -> tuple[Locked, Sequence[Deadline]]:
        now = self._clock.now()
        due = [self.tables.deadlines[key] for key in self.tables.due.until(now) if only in (None, key[0])]
        held = {deadline.incident_id for deadline in due[:limit]}
        return self._locked(held), [deadline for deadline in due if deadline.incident_id in held]

    async def owned_by(self, user_id: UserId) -> Locked:
        return self._locked(self.tables.owned.of(user_id))

    async def stale_tests(self, opened_before: datetime, limit: int) -> Locked:
        stale = [
            (record.incident.opened_at, i)
            for state in (State.OPEN, State.ACKNOWLEDGED)
            for i in self.tables.in_state.of(state)
            if (record := self.tables.incidents[i]).incident.purpose is Purpose.TEST
            and record.incident.opened_at < opened_before
        ]
        return Locked(self._clock.now(), self._seen(i for _, i in sorted(stale)[:limit]))

    async def still_open(self, limit: int) -> Sequence[Record]:
        found = [
            record
            for state in (State.OPEN, State.ACKNOWLEDGED)
            for record in self._seen(self.tables.in_state.of(state)).values()
            if record.incident.purpose is not Purpose.TEST
        ]
        return sorted(found, key=lambda record: (record.incident.opened_at, record.incident.id))[:limit]

    async def save(self, changes: Sequence[Change], *, lease: Lease) -> Sequence[OutgoingNotice]:
        filed: list[NoticeId] = []
        for change in changes:
            if not change.nothing:
                self._save(change, lease, filed)
        return [self._outgoing(i) for i in filed if self.tables.notices[i].pending]

    async def set_fault(
        self,
        organisation_id: OrganisationId,
        committee_id: CommitteeId,
        fault: str,
        *,
        raised: bool,
        vigil_id: VigilId | None = None,
    ) -> None:
        key = (committee_id, fault, vigil_id, None)
        if raised and key not in self.tables.faults:
            self.tables.faults[key] = FaultRow(vigil_id, self._clock.now())
        elif not raised:
            self.tables.faults.pop(key, None)

    async def clear_fault_of(
        self, organisation_id: OrganisationId, committee_id: CommitteeId, incident_id: IncidentId, fault: str
    ) -> None:
        for key in self.tables.faults_of.of(incident_id):
            if key[:2] == (committee_id, fault):
                del self.tables.faults[key]

    def _locked(self, incident_ids: Iterable[IncidentId]) -> Locked:
        return Locked(self._clock.now(), self._seen(sorted(set(incident_ids))))

    def _seen(self, incident_ids: Iterable[IncidentId]) -> dict[IncidentId, Record]:
        found = {i: self.tables.incidents[i] for i in incident_ids}
        return {i: record for i, record in found.items() if self._may_see(record.subject.committee_id)}

    def _where(self, record: Record) -> PlaceId | None:
        t, subject, at = self.tables, record.subject, record.incident.opened_at
        session = presence = None
        if subject.person_id is not None:
            session = max((t.vigils[i].core for i in t.sessions_of.of(subject.person_id)), key=_began, default=None)
            presence = t.presences.get(subject.person_id)
        if isinstance(session, Session) and (session.ended_at is None or session.ended_at >= at - SESSION_ECHO):
            found = session.place_id
        else:
            found = None
        if found is None and presence is not None and presence.since <= at < presence.until:
            found = presence.place_id
        if found is None and (device := t.device(subject.device_id)) is not None:
            found = device[1].place_id
        return found if found in t.places and self._may_see(t.places[found][0].committee_id) else None

    def _save(self, change: Change, lease: Lease, filed: list[NoticeId]) -> None:
        t, incident, subject = self.tables, change.after.incident, change.after.subject
        if change.before is None and t.open_about.of((subject.organisation_id, subject.key, incident.purpose)):
            raise Collision("open incident")
        place_id = self._where(change.after) if change.before is None else t.incidents[incident.id].place_id
        t.incidents[incident.id] = replace(change.after, place_id=place_id)
        t.timeline.extend(incident.id, change.lines)
        for signal_id in change.signals:
            t.signals[signal_id] = replace(t.signals[signal_id], incident_id=incident.id)
        now = self._clock.now()
        for effect in change.effects:
            match effect:
                case ArmTimer(kind, due_at, fence, person_id):
                    t.deadlines[(incident.id, kind, person_id)] = Deadline(incident.id, kind, person_id, due_at, fence)
                case DropTimer(kind, person_id):
                    for key in t.deadlines_of.of(incident.id):
                        if key[1] is kind and person_id in (None, key[2]):
                            del t.deadlines[key]
                case WithdrawNotices(persons):
                    self._withdraw(incident.id, persons)
                case RaiseSystemAlarm(fault, step):
                    t.faults.setdefault(
                        (subject.committee_id, fault.value, incident.id, step), FaultRow(incident.id, now)
                    )
                case InHouseNotice() | OutwardNotice() | ForwardNotice():
                    row = NoticeRow(
                        notice=effect,
                        incident_id=incident.id,
                        state=NoticeState.PENDING,
                        filed_at=now,
                        due_at=now,
                        lease_owner=lease.owner,
                        lease_until=now + lease.length,
                        detail=pairs_of(effect, subject.person_id),
                    )
                    self._file_notice(row, incident.purpose, filed)
                case TellWearer():
                    pass  # flows/saving.py has put notices and downlinks in its place
        if change.ends:
            self._clear_faults(incident.id)


def _began(core: VigilCore) -> datetime:
    if not isinstance(core, Session):
        raise AssertionError("the kind says what a core is")
    return core.started_at
