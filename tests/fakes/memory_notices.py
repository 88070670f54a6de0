"""The outbox of the memory store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from escalation.chain import Channel
from escalation.effects import About, OutwardNotice
from escalation.ids import NoticeId, PersonId
from escalation.incident import State
from escalation.purpose import Purpose
from larmcentral.domain.notice import InHouse, NoticeText, OutgoingNotice, Outward
from larmcentral.domain.outbox import Lease, NoticeState, Settled
from larmcentral.domain.record import Record, Subject
from tests.fakes.memory_state import NoticeRow, Tables
from tests.fakes.memory_work import MemoryWork

_OUT = frozenset({NoticeState.SENT, NoticeState.DELIVERED})


class MemoryNotices(MemoryWork):
    """Part of ports.Transaction."""

    async def claim_notices(self, *, lease: Lease, held: Collection[NoticeId], limit: int) -> Sequence[OutgoingNotice]:
        now, rows = self._clock.now(), self.tables.notices
        taken: list[NoticeId] = []
        for i in self.tables.pending.until(now):
            row = rows[i]
            if (
                row.lease_until is None or row.lease_until <= now or (row.lease_owner == lease.owner and i not in held)
            ) and len(taken) < limit:
                taken.append(i)
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

    def _file_notice(self, row: NoticeRow, purpose: Purpose, filed: list[NoticeId]) -> None:
        if row.notice.channel.outward and purpose is not Purpose.REAL:
            raise AssertionError("a drill or a test cannot leave the house")
        if row.notice.id not in self.tables.notices:
            filed.append(row.notice.id)
            self.tables.notices[row.notice.id] = row

    def _withdraw(self, about: UUID, persons: Collection[PersonId] | None) -> None:
        for notice_id in self.tables.pending_of.of(about):
            row = self.tables.notices[notice_id]
            if persons is None or row.notice.person_id in persons:
                self.tables.notices[notice_id] = replace(
                    row, state=NoticeState.WITHDRAWN, lease_owner=None, lease_until=None
                )

    def _clear_faults(self, behind: UUID) -> None:
        for fault in self.tables.faults_of.of(behind):
            del self.tables.faults[fault]

    def _outgoing(self, notice_id: NoticeId) -> OutgoingNotice:
        row = self.tables.notices[notice_id]
        subject = subject_of(self.tables, row)
        point = self.tables.points.get(row.notice.point_id) if row.notice.point_id else None
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
            address="" if point is None or point[2] else point[1].address,
            attempt=row.notice.attempt,
            tries=row.tries,
            filed_at=row.filed_at,
            text=self._text(row, subject),
        )

    def _text(self, row: NoticeRow, subject: Subject) -> NoticeText:
        person = self.tables.persons.get(row.notice.person_id) if row.notice.person_id else None
        record = None if row.incident_id is None else self.tables.incidents[row.incident_id]
        return NoticeText(
            kind=record.incident.kind if record else None,
            silent=record is not None and record.incident.silent,
            subject=subject.label,
            opened_at=record.incident.opened_at if record else row.filed_at,
            place=None if record is None else self._place_named(row, record),
            lateness_s=record.lateness.total_seconds() if record and record.lateness is not None else None,
            language=person[1].language if person else "sv",
            about=row.notice.about,
            due_at=row.speaks_of,
            detail=row.detail,
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
    )


def last_asked(tables: Tables, number: str, since: datetime) -> NoticeId | None:
    """The newest alarm notice texted to a number, of an incident that still goes on."""
    asked = [
        (row.sent_at, notice_id)
        for point_id in tables.texted_at.of(number)
        for notice_id in tables.texts.of(point_id)
        if (row := tables.notices[notice_id]).notice.about is About.ALARM
        and row.notice.channel is Channel.SMS
        and row.sent_at is not None
        and row.sent_at >= since
        and row.incident_id is not None
        and tables.incidents[row.incident_id].incident.state is not State.STOOD_DOWN
    ]
    return max(asked)[1] if asked else None
