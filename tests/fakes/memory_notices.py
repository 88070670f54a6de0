"""The outbox of the memory store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.chain import Channel
from escalation.effects import About, ForwardNotice, OutwardNotice
from escalation.ids import NoticeId, PersonId
from escalation.incident import Incident, State
from escalation.purpose import Purpose
from larmcentral.domain.life_safety import LIFE_SAFETY
from larmcentral.domain.notice import Forward, InHouse, NoticeText, OutgoingNotice, Outward
from larmcentral.domain.outbox import Lease, NoticeState, Settled
from larmcentral.domain.own_points import withheld
from larmcentral.domain.record import Record, Subject
from tests.fakes.memory_cases import case_of
from tests.fakes.memory_points import facts_of
from tests.fakes.memory_state import NoticeRow, Tables
from tests.fakes.memory_work import MemoryWork

_OUT = frozenset({NoticeState.SENT, NoticeState.DELIVERED})
_LOST = frozenset({NoticeState.REFUSED, NoticeState.GONE, NoticeState.FAILED})


class MemoryNotices(MemoryWork):
    """Part of ports.Transaction."""

    async def claim_notices(self, *, lease: Lease, held: Collection[NoticeId], limit: int) -> Sequence[OutgoingNotice]:
        now, rows = self._clock.now(), self.tables.notices
        due = [i for i in self.tables.pending.until(now) if not self._behind_another(i, now)]
        free = [i for i in due if _free(rows[i], now) or _ours(i, rows[i], lease, held)]
        taken = sorted(free, key=lambda i: not _first(rows[i]))[:limit]
        for i in taken:
            rows[i] = replace(rows[i], lease_owner=lease.owner, lease_until=now + lease.length)
        return [self._outgoing(i) for i in taken]

    async def settle(self, results: Sequence[Settled], now: datetime) -> None:
        for result in results:
            row = self.tables.notices[result.notice_id]
            went_out = result.state in _OUT
            if row.state not in {NoticeState.PENDING, NoticeState.SENT} and not (
                row.state is NoticeState.WITHDRAWN and went_out
            ):
                if row.state is NoticeState.WITHDRAWN:
                    self.tables.notices[result.notice_id] = replace(row, lease_owner=None, lease_until=None)
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
                provider=result.provider or row.provider,
                reason=result.reason,
            )
            self._health(result)

    def _behind_another(self, notice_id: NoticeId, now: datetime) -> bool:
        """True for a centre's notice while an earlier one of its incident is under way there, or its turn is now."""
        row = self.tables.notices[notice_id]
        if not isinstance(row.notice, ForwardNotice):
            return False
        earlier = [
            one
            for i, one in self.tables.notices.items()
            if isinstance(one.notice, ForwardNotice)
            and (one.incident_id, one.notice.receiver) == (row.incident_id, row.notice.receiver)
            and (one.filed_at, i) < (row.filed_at, notice_id)
        ]
        return any(
            (one.lease_until is not None and one.lease_until > now) or (one.pending and one.due_at <= now)
            for one in earlier
        )

    def _health(self, result: Settled) -> None:
        point_id = result.point_id
        if point_id is None or point_id not in self.tables.points:
            return
        facts, why = facts_of(self.tables, point_id), result.reason or result.state.value
        if result.state in _OUT:
            facts = replace(facts, reached_at=result.at)
        elif result.state in _LOST and result.provider is not None:
            facts = replace(facts, failed_at=result.at, failed_why=why)
        if result.state is NoticeState.GONE:
            person_id, point, gone = self.tables.points[point_id]
            if not gone:
                facts = replace(facts, retired_at=result.at, retired_why=why)
            self.tables.points[point_id] = (person_id, point, True)
        self.tables.point_facts[point_id] = facts

    def _file_notice(self, row: NoticeRow, purpose: Purpose, filed: list[NoticeId]) -> None:
        if row.notice.channel.outward and purpose is not Purpose.REAL:
            raise AssertionError("a drill or a test cannot leave the house")
        if row.notice.id in self.tables.notices:
            return
        if isinstance(row.notice, ForwardNotice) and row.notice.about is About.OVER:
            row = replace(row, lease_owner=None, lease_until=None)  # it is claimed, behind an alarm under way
        else:
            filed.append(row.notice.id)
        self.tables.notices[row.notice.id] = row

    def _withdraw(self, about: UUID, persons: Collection[PersonId] | None) -> None:
        for notice_id in self.tables.pending_of.of(about):
            row = self.tables.notices[notice_id]
            if persons is None or row.notice.person_id in persons:
                row = replace(row, state=NoticeState.WITHDRAWN)
                if not isinstance(row.notice, ForwardNotice):
                    row = replace(row, lease_owner=None, lease_until=None)
                self.tables.notices[notice_id] = row

    def _clear_faults(self, behind: UUID) -> None:
        for fault in self.tables.faults_of.of(behind):
            del self.tables.faults[fault]

    def _outgoing(self, notice_id: NoticeId) -> OutgoingNotice:
        row = self.tables.notices[notice_id]
        subject = subject_of(self.tables, row)
        point = self.tables.points.get(row.notice.point_id) if row.notice.point_id else None
        text = self._text(row, subject)
        if isinstance(row.notice, ForwardNotice):
            if row.incident_id is None:
                raise AssertionError("a centre is told of alarms only")
            return Forward(
                id=notice_id,
                organisation_id=subject.organisation_id,
                committee_id=subject.committee_id,
                incident_id=row.incident_id,
                purpose=row.notice.purpose,
                receiver=row.notice.receiver,
                attempt=row.notice.attempt,
                tries=row.tries,
                filed_at=row.filed_at,
                text=text,
                case=case_of(self.tables, self.tables.incidents[row.incident_id]),
                by_telephone=self.tables.incidents[row.incident_id].incident.told_by_telephone(row.notice.receiver),
            )
        address = "" if point is None or point[2] else point[1].address
        why_not = withheld(row.notice.about, address, self._wearers(text, subject))
        build: Callable[..., OutgoingNotice] = Outward if isinstance(row.notice, OutwardNotice) else InHouse
        return build(
            id=notice_id,
            organisation_id=subject.organisation_id,
            committee_id=subject.committee_id,
            incident_id=row.incident_id,
            purpose=row.notice.purpose,
            channel=row.notice.channel,
            person_id=row.notice.person_id,
            point_id=row.notice.point_id,
            address="" if why_not else address,
            attempt=row.notice.attempt,
            tries=row.tries,
            filed_at=row.filed_at,
            text=text,
            withheld=why_not,
        )

    def _wearers(self, text: NoticeText, subject: Subject) -> list[str | None] | None:
        """Where the words of a silent alarm must not go."""
        if not text.silent or subject.person_id is None:
            return None
        points = (self.tables.points[i] for i in self.tables.points_of.of(subject.person_id))
        person = self.tables.persons.get(subject.person_id)
        return [*(point.address for _, point, gone in points if not gone), person[1].phone if person else None]

    def _text(self, row: NoticeRow, subject: Subject) -> NoticeText:
        person = self.tables.persons.get(row.notice.person_id) if row.notice.person_id else None
        record = None if row.incident_id is None else self.tables.incidents[row.incident_id]
        return NoticeText(
            kind=_kind(row, record.incident) if record else None,
            silent=record is not None and record.incident.silent,
            subject=subject.label,
            opened_at=record.incident.opened_at if record else row.filed_at,
            place=None if record is None else self._place_named(row, record),
            lateness_s=record.lateness.total_seconds() if record and record.lateness is not None else None,
            language=person[1].language if person else "sv",
            about=row.notice.about,
            due_at=row.speaks_of,
            detail=row.detail,
            committee_id=subject.committee_id,
        )

    def _place_named(self, row: NoticeRow, record: Record) -> str | None:
        told = row.notice.person_id is None or row.notice.person_id != record.subject.person_id
        return self.tables.places[record.place_id][1].name if record.place_id is not None and told else None


def subject_of(tables: Tables, row: NoticeRow) -> Subject:
    """Whom or what a notice is about."""
    if row.incident_id is not None:
        return tables.incidents[row.incident_id].subject
    if row.vigil_id is None:
        raise AssertionError("a notice is about an incident or a vigil")
    return tables.vigils[row.vigil_id].subject


def settled_of(tables: Tables, notice_id: NoticeId, at: datetime) -> Settled:
    """A notice as it stands."""
    row = tables.notices[notice_id]
    subject = subject_of(tables, row)
    return Settled(
        notice_id=notice_id,
        organisation_id=subject.organisation_id,
        committee_id=subject.committee_id,
        incident_id=row.incident_id,
        channel=row.notice.channel,
        person_id=row.notice.person_id,
        point_id=row.notice.point_id,
        state=row.state,
        at=at,
        tries=row.tries,
        provider_id=row.provider_id,
        provider=row.provider,
        receiver=row.notice.receiver if isinstance(row.notice, ForwardNotice) else None,
    )


def _kind(row: NoticeRow, incident: Incident) -> AlarmKind:
    """A restore ends what the centre was told, not what the incident became since."""
    if isinstance(row.notice, ForwardNotice) and row.notice.about is About.OVER:
        receiver = row.notice.receiver
        return next((one.kind for one in incident.forwards if one.receiver == receiver), incident.kind)
    return incident.kind


def _free(row: NoticeRow, now: datetime) -> bool:
    return row.lease_until is None or row.lease_until <= now


def _ours(notice_id: NoticeId, row: NoticeRow, lease: Lease, held: Collection[NoticeId]) -> bool:
    return row.lease_owner == lease.owner and notice_id not in held


def _first(row: NoticeRow) -> bool:
    """Alarms come before everything else."""
    if isinstance(row.notice, ForwardNotice):
        return True
    return row.notice.purpose is Purpose.REAL and row.notice.about in LIFE_SAFETY


def last_asked(tables: Tables, number: str, since: datetime) -> NoticeId | None:
    """The newest alarm notice texted or spoken to a number, of an incident that still goes on; his who proved it."""
    asked = [
        (row.incident_id, facts_of(tables, point_id).verified_at is not None, row.sent_at, notice_id)
        for point_id in tables.texted_at.of(number)
        for notice_id in tables.texts.of(point_id)
        if (row := tables.notices[notice_id]).notice.about is About.ALARM
        and row.notice.channel in {Channel.SMS, Channel.VOICE}
        and row.sent_at is not None
        and row.sent_at >= since
        and row.incident_id is not None
        and tables.incidents[row.incident_id].incident.state is not State.STOOD_DOWN
    ]
    if not asked:
        return None
    incident_id = max(asked, key=lambda one: one[2])[0]
    return max(one[1:] for one in asked if one[0] == incident_id)[-1]
