"""ports.Transaction in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from escalation.alarm import AlarmKind
from escalation.chain import Contact, EscalationChain, PersonTarget, Roster, Target, TeamTarget
from escalation.effects import (
    ArmTimer,
    DropTimer,
    InHouseNotice,
    OutwardNotice,
    RaiseSystemAlarm,
    WithdrawNotices,
)
from escalation.ids import CommitteeId, IncidentId, NoticeId, OrganisationId, PersonId, SignalId
from escalation.incident import State
from escalation.purpose import Purpose
from larmcentral.domain.errors import Collision
from larmcentral.domain.notice import InHouse, NoticeText, OutgoingNotice, Outward
from larmcentral.domain.outbox import Lease, NoticeState, Settled
from larmcentral.domain.record import Change, Deadline, FiledSignal, NewSignal, Record, Subject
from larmcentral.ports import Clock, Locked
from tests.fakes.memory_state import NoticeRow, SignalRow, Tables


class MemoryTransaction:
    """ports.Transaction on a copy of the tables."""

    def __init__(self, tables: Tables, clock: Clock, sight: frozenset[CommitteeId] | None) -> None:
        self.tables, self._clock, self._sight = tables, clock, sight

    async def file_signals(self, signals: Sequence[NewSignal]) -> Sequence[FiledSignal]:
        return [self._file(new) for new in signals]

    async def tracked(self, signals: Sequence[NewSignal]) -> frozenset[SignalId]:
        about = {
            r.subject.key
            for r in self.tables.incidents.values()
            if r.incident.state is not State.STOOD_DOWN and r.incident.purpose is not Purpose.DRILL
        }
        return frozenset(new.id for new in signals if new.authentic and self._subject(new).key in about)

    async def lock_open(self, subjects: Sequence[Subject]) -> Locked:
        wanted = {(s.organisation_id, s.key, s.purpose) for s in subjects}
        return Locked(
            self._clock.now(),
            {
                i: r
                for i, r in self._seen().items()
                if r.incident.state is not State.STOOD_DOWN
                and (r.subject.organisation_id, r.subject.key, r.incident.purpose) in wanted
            },
        )

    async def lock(self, incident_ids: Sequence[IncidentId]) -> Locked:
        return Locked(self._clock.now(), {i: r for i, r in self._seen().items() if i in incident_ids})

    async def lock_due(self, limit: int) -> tuple[Locked, Sequence[Deadline]]:
        now = self._clock.now()
        due = sorted((d for d in self.tables.deadlines.values() if d.due_at <= now), key=lambda d: d.due_at)
        held = {d.incident_id: self.tables.incidents[d.incident_id] for d in due[:limit]}
        return Locked(now, held), [d for d in due if d.incident_id in held]

    async def chains(self, wanted: Sequence[tuple[Subject, AlarmKind]]) -> Sequence[EscalationChain | None]:
        return [self._chain(subject, kind) for subject, kind in wanted]

    async def roster(self, organisation_id: OrganisationId, targets: Collection[Target]) -> Roster:
        contacts: dict[Target, tuple[Contact, ...]] = {}
        for target in targets:
            match target:
                case PersonTarget(person_id):
                    people = [person_id] if person_id in self.tables.persons else []
                case TeamTarget(team_id):
                    people = [i for i, (_, person) in self.tables.persons.items() if team_id in person.teams]
                case _:
                    continue
            found = tuple(contact for person_id in sorted(people) for contact in self._contacts(person_id))
            if found:
                contacts[target] = found
        return Roster(contacts)

    async def subject_of_person(self, person_id: PersonId) -> Subject | None:
        if person_id not in self.tables.persons:
            return None
        home, person = self.tables.persons[person_id]
        if self._sight is not None and home.committee_id not in self._sight:
            return None
        return Subject(
            organisation_id=home.organisation_id,
            committee_id=home.committee_id,
            protocol="drill",
            account=str(person_id),
            person_id=person_id,
            unit_id=person.unit_id,
            label=person.name,
            language=person.language,
        )

    async def save(self, changes: Sequence[Change], *, lease: Lease) -> Sequence[OutgoingNotice]:
        filed: list[NoticeId] = []
        for change in changes:
            if not change.nothing:
                self._save(change, lease, filed)
        return [self._outgoing(i) for i in filed if self.tables.notices[i].state is NoticeState.PENDING]

    async def claim_notices(self, *, lease: Lease, held: Collection[NoticeId], limit: int) -> Sequence[OutgoingNotice]:
        now = self._clock.now()
        due = [
            (row.due_at, i)
            for i, row in self.tables.notices.items()
            if row.state is NoticeState.PENDING
            and row.due_at <= now
            and (
                row.lease_until is None or row.lease_until <= now or (row.lease_owner == lease.owner and i not in held)
            )
        ]
        taken = [i for _, i in sorted(due)[:limit]]
        for i in taken:
            self.tables.notices[i] = replace(
                self.tables.notices[i], lease_owner=lease.owner, lease_until=now + lease.length
            )
        return [self._outgoing(i) for i in taken]

    async def settle(self, results: Sequence[Settled], now: datetime) -> None:
        for result in results:
            row = self.tables.notices[result.notice_id]
            went_out = result.state in {NoticeState.SENT, NoticeState.DELIVERED}
            if row.state not in {NoticeState.PENDING, NoticeState.SENT} and not (
                row.state is NoticeState.WITHDRAWN and went_out
            ):
                continue
            self.tables.notices[result.notice_id] = replace(
                row,
                state=result.state,
                tries=result.tries,
                due_at=result.due_at or row.due_at,
                lease_owner=None,
                lease_until=None,
                sent_at=row.sent_at or (result.at if went_out else None),
                delivered_at=row.delivered_at or (result.at if result.state is NoticeState.DELIVERED else None),
                provider_id=result.provider_id or row.provider_id,
                reason=result.reason,
            )
            if result.state is NoticeState.GONE and result.point_id is not None:
                person_id, point, _ = self.tables.points[result.point_id]
                self.tables.points[result.point_id] = (person_id, point, True)

    def _seen(self) -> dict[IncidentId, Record]:
        if self._sight is None:
            return self.tables.incidents
        return {i: r for i, r in self.tables.incidents.items() if r.subject.committee_id in self._sight}

    def _file(self, new: NewSignal) -> FiledSignal:
        key = (new.organisation_id, new.protocol, new.account, new.signal.repeat_key)
        window = new.signal.repeat_window
        for signal_id in self.tables.repeats.get(key, []):
            row = self.tables.signals[signal_id]
            if window is None or row.new.received_at > new.received_at - window:
                self.tables.signals[signal_id] = replace(row, attempts=row.attempts + 1)
                return FiledSignal(id=signal_id, fresh=False, new=new, subject=self._subject(new))
        subject = self._subject(new)
        self.tables.signals[new.id] = SignalRow(new=new, subject=subject)
        self.tables.repeats[key] = [*self.tables.repeats.get(key, []), new.id]
        return FiledSignal(id=new.id, fresh=True, new=new, subject=subject)

    def _subject(self, new: NewSignal) -> Subject:
        found = self.tables.devices.get((new.protocol, new.account)) if new.authentic else None
        if found is None:
            return Subject(
                organisation_id=new.organisation_id,
                committee_id=new.fallback_committee_id,
                protocol=new.protocol,
                account=new.account,
                label=new.account,
            )
        home, device = found
        worn = self.tables.persons.get(device.worn_by) if device.worn_by is not None else None
        return Subject(
            organisation_id=home.organisation_id,
            committee_id=worn[0].committee_id if worn else home.committee_id,
            protocol=new.protocol,
            account=new.account,
            device_id=device.id,
            person_id=device.worn_by,
            unit_id=worn[1].unit_id if worn else None,
            purpose=Purpose(device.purpose),
            label=worn[1].name if worn else device.label or device.account,
            language=worn[1].language if worn else "sv",
        )

    def _chain(self, subject: Subject, kind: AlarmKind) -> EscalationChain | None:
        purpose = "test" if subject.purpose is Purpose.TEST else "real"
        fitting = [
            choice
            for home, choice in self.tables.choices.values()
            if home.committee_id == subject.committee_id
            and choice.purpose == purpose
            and choice.unit_id in (None, subject.unit_id)
            and choice.kind in (None, kind)
        ]
        fitting.sort(key=lambda choice: (choice.unit_id is None, choice.kind is None))
        return fitting[0].chain if fitting else None

    def _contacts(self, person_id: PersonId) -> list[Contact]:
        _, person = self.tables.persons[person_id]
        if person.ends_on is not None and person.ends_on < self._clock.now().date():
            return []
        points = [p for owner, p, retired in self.tables.points.values() if owner == person_id and not retired]
        points.sort(key=lambda point: (point.rank, point.id))
        return [Contact(p.id, person_id, p.channel, external=person.external) for p in points]

    def _save(self, change: Change, lease: Lease, filed: list[NoticeId]) -> None:
        t, incident, subject = self.tables, change.after.incident, change.after.subject
        if change.before is None:
            for other in t.incidents.values():
                if (other.subject.key, other.incident.purpose) == (subject.key, incident.purpose) and (
                    other.incident.state is not State.STOOD_DOWN
                ):
                    raise Collision("open incident")
        t.incidents[incident.id] = change.after
        t.timeline[incident.id] = t.timeline.get(incident.id, ()) + change.lines
        for signal_id in change.signals:
            t.signals[signal_id] = replace(t.signals[signal_id], incident_id=incident.id)
        now = self._clock.now()
        for effect in change.effects:
            match effect:
                case ArmTimer(kind, due_at, fence, person_id):
                    t.deadlines[(incident.id, kind, person_id)] = Deadline(incident.id, kind, person_id, due_at, fence)
                case DropTimer(kind, person_id):
                    for key in [k for k in t.deadlines if k[:2] == (incident.id, kind)]:
                        if person_id in (None, key[2]):
                            del t.deadlines[key]
                case WithdrawNotices(persons):
                    for notice_id, row in t.notices.items():
                        his = persons is None or row.notice.person_id in persons
                        if his and row.incident_id == incident.id and row.state is NoticeState.PENDING:
                            t.notices[notice_id] = replace(
                                row, state=NoticeState.WITHDRAWN, lease_owner=None, lease_until=None
                            )
                case RaiseSystemAlarm(fault, step):
                    t.faults.add((subject.committee_id, fault.value, incident.id, step))
                case InHouseNotice() | OutwardNotice():
                    if effect.channel.outward and incident.purpose is not Purpose.REAL:
                        raise AssertionError("a drill or a test cannot leave the house")
                    if effect.id not in t.notices:
                        filed.append(effect.id)
                        t.notices[effect.id] = NoticeRow(
                            notice=effect,
                            incident_id=incident.id,
                            state=NoticeState.PENDING,
                            filed_at=now,
                            due_at=now,
                            lease_owner=lease.owner,
                            lease_until=now + lease.length,
                        )
        if incident.state is State.STOOD_DOWN:
            t.faults = {fault for fault in t.faults if fault[2] != incident.id}

    def _outgoing(self, notice_id: NoticeId) -> OutgoingNotice:
        row = self.tables.notices[notice_id]
        record = self.tables.incidents[row.incident_id]
        point = self.tables.points.get(row.notice.point_id) if row.notice.point_id else None
        person = self.tables.persons.get(row.notice.person_id) if row.notice.person_id else None
        build: Callable[..., OutgoingNotice] = Outward if isinstance(row.notice, OutwardNotice) else InHouse
        return build(
            id=notice_id,
            organisation_id=record.subject.organisation_id,
            committee_id=record.subject.committee_id,
            incident_id=row.incident_id,
            purpose=row.notice.purpose,
            channel=row.notice.channel,
            person_id=row.notice.person_id,
            point_id=row.notice.point_id,
            address="" if point is None or point[2] else point[1].address,
            attempt=row.notice.attempt,
            tries=row.tries,
            filed_at=row.filed_at,
            text=NoticeText(
                kind=record.incident.kind,
                silent=record.incident.silent,
                subject=record.subject.label,
                opened_at=record.incident.opened_at,
                lateness_s=None if record.lateness is None else record.lateness.total_seconds(),
                language=person[1].language if person else "sv",
                about=row.notice.about,
            ),
        )
