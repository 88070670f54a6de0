"""The outbox on disk: filed with the decision, leased to one process, settled in bulk."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import structlog

from escalation.alarm import AlarmKind
from escalation.chain import Channel
from escalation.effects import About, InHouseNotice, Notify, OutwardNotice, WithdrawNotices
from escalation.ids import CommitteeId, ContactPointId, IncidentId, NoticeId, OrganisationId, PersonId
from escalation.purpose import Purpose
from larmcentral.domain.notice import InHouse, NoticeText, OutgoingNotice, Outward
from larmcentral.domain.outbox import Lease, NoticeState, Settled
from larmcentral.domain.record import Change, Record, Subject
from larmcentral.domain.vigil import VigilChange, VigilRecord, Word
from larmcentral.store.columns import columns
from larmcentral.store.queries import load

SQL: Final = load("notices")
LOG: Final = structlog.get_logger("larmcentral.store.notices")

NOBODY: Final = UUID(int=0)
"""Holds what we cannot read, as a process of a newer version may; it stays overdue, and the auditor says so."""


async def file_notices(
    connection: asyncpg.Connection, changes: Sequence[Change], lease: Lease, now: datetime
) -> list[OutgoingNotice]:
    """Withdraw and file what changes ask for, in their order; return the new ones with their addresses."""
    withdrawn: list[tuple[Any, ...]] = []
    filed: dict[NoticeId, tuple[Record, Notify]] = {}
    for change in changes:
        key = (change.after.subject.organisation_id, change.after.incident.id)
        for effect in change.effects:
            match effect:
                case WithdrawNotices(persons):
                    withdrawn.extend([(*key, None)] if persons is None else [(*key, person) for person in persons])
                    for notice_id in [i for i, (r, n) in filed.items() if _withdraws(effect, change, r, n)]:
                        del filed[notice_id]
                case InHouseNotice() | OutwardNotice():
                    filed[effect.id] = (change.after, effect)
                case _:
                    pass
    if withdrawn:
        await connection.execute(SQL["withdraw"], *columns(withdrawn))
    if not filed:
        return []
    rows = [_row(record, notice) for record, notice in filed.values()]
    out = await _file(connection, rows, lease, now)
    return [_outgoing(*filed[NoticeId(row["id"])], row, now) for row in out]


async def file_words(
    connection: asyncpg.Connection, changes: Sequence[VigilChange], lease: Lease, now: datetime
) -> list[OutgoingNotice]:
    """File the notices of vigils; one that ended says nothing more than what its end brought forth."""
    ended = [(c.after.subject.organisation_id, c.after.id) for c in changes if c.after.core.ended_at is not None]
    if ended:
        await connection.execute(SQL["withdraw_of_vigils"], *columns(ended))
    words = {word[0].id: (change.after, word) for change in changes for word in change.notices}
    if not words:
        return []
    out = await _file(connection, [_word_row(record, word) for record, word in words.values()], lease, now)
    return [_said(*words[NoticeId(row["id"])], row["address"] or "", row["language"], now) for row in out]


async def _file(
    connection: asyncpg.Connection, rows: Sequence[tuple[Any, ...]], lease: Lease, now: datetime
) -> list[Any]:
    return await connection.fetch(SQL["insert"], *columns(rows), now, lease.owner, now + lease.length)


def _withdraws(effect: WithdrawNotices, change: Change, record: Record, notice: Notify) -> bool:
    same = record.incident.id == change.after.incident.id
    return same and (effect.persons is None or notice.person_id in effect.persons)


async def claim(
    connection: asyncpg.Connection, lease: Lease, held: Collection[NoticeId], limit: int, now: datetime
) -> list[OutgoingNotice]:
    """Lease what is due and in nobody's living hands."""
    rows = await connection.fetch(SQL["claim"], now, lease.owner, now + lease.length, limit, list(held))
    claimed, unreadable = [], []
    for row in rows:
        try:
            claimed.append(_claimed(row))
        except (ValueError, AssertionError):
            LOG.exception("notice_unreadable", notice=str(row["id"]))
            unreadable.append(row["id"])
    if unreadable:
        await connection.execute(SQL["put_off"], unreadable, NOBODY, now + lease.length)
    return claimed


async def settle(connection: asyncpg.Connection, results: Sequence[Settled]) -> None:
    """Write down results; retire points that are gone."""
    await connection.execute(SQL["settle"], *columns([_settled_row(result) for result in results]))
    reached = {
        result.point_id: (result.organisation_id, result.point_id, result.at)
        for result in results
        if result.point_id is not None and result.state in {NoticeState.SENT, NoticeState.DELIVERED}
    }
    if reached:
        await connection.execute(SQL["reached"], *columns(sorted(reached.values(), key=lambda row: row[1])))
    gone = [
        (result.organisation_id, result.point_id, result.at, result.reason or "gone")
        for result in results
        if result.point_id is not None and result.state is NoticeState.GONE
    ]
    if gone:
        await connection.execute(SQL["retire"], *columns(gone))


def settled_from(row: Any, at: datetime) -> Settled:
    """Read a sent notice back, for a receipt that came later."""
    return Settled(
        notice_id=NoticeId(row["id"]),
        organisation_id=OrganisationId(row["organisation_id"]),
        committee_id=CommitteeId(row["committee_id"]),
        incident_id=row["incident_id"],
        channel=Channel(row["channel"]),
        person_id=row["person_id"],
        point_id=row["point_id"],
        state=NoticeState(row["state"]),
        at=at,
        tries=row["tries"],
        provider_id=row["provider_id"],
    )


def _row(record: Record, notice: Notify) -> tuple[Any, ...]:
    return (
        record.subject.organisation_id,
        record.subject.committee_id,
        notice.id,
        record.incident.id,
        notice.purpose.value,
        notice.channel.value,
        notice.person_id,
        notice.point_id,
        notice.round,
        notice.step,
        notice.attempt,
        notice.about.value,
        None,
        None,
        None,
    )


def _word_row(record: VigilRecord, word: Word) -> tuple[Any, ...]:
    notice, due_at, detail = word
    return (
        record.subject.organisation_id,
        record.subject.committee_id,
        notice.id,
        None,
        notice.purpose.value,
        notice.channel.value,
        notice.person_id,
        notice.point_id,
        notice.round,
        notice.step,
        notice.attempt,
        notice.about.value,
        record.id,
        due_at,
        json.dumps(detail),
    )


def _settled_row(result: Settled) -> tuple[Any, ...]:
    return (
        result.organisation_id,
        result.notice_id,
        result.state.value,
        result.tries,
        result.due_at,
        result.at if result.state in {NoticeState.SENT, NoticeState.DELIVERED} else None,
        result.at if result.state is NoticeState.DELIVERED else None,
        result.provider_id,
        result.reason or None,
    )


def _outgoing(record: Record, notice: Notify, row: Any, now: datetime) -> OutgoingNotice:
    incident = record.incident
    text = NoticeText(
        kind=incident.kind,
        silent=incident.silent,
        subject=record.subject.label,
        opened_at=incident.opened_at,
        place=row["place"],
        lateness_s=None if record.lateness is None else record.lateness.total_seconds(),
        language=row["language"],
        about=notice.about,
    )
    return _built(notice, record.subject, incident.id, row["address"] or "", now, text)


def _said(record: VigilRecord, word: Word, address: str, language: str, now: datetime) -> OutgoingNotice:
    notice, due_at, detail = word
    text = NoticeText(
        kind=None,
        silent=False,
        subject=record.subject.label,
        opened_at=now,
        language=language,
        about=notice.about,
        due_at=due_at,
        detail=detail,
    )
    return _built(notice, record.subject, None, address, now, text)


def _built(
    notice: Notify, subject: Subject, incident_id: IncidentId | None, address: str, now: datetime, text: NoticeText
) -> OutgoingNotice:
    common: dict[str, Any] = {
        "id": notice.id,
        "organisation_id": subject.organisation_id,
        "committee_id": subject.committee_id,
        "incident_id": incident_id,
        "channel": notice.channel,
        "person_id": notice.person_id,
        "point_id": notice.point_id,
        "address": address,
        "attempt": notice.attempt,
        "tries": 0,
        "filed_at": now,
        "text": text,
    }
    match notice:
        case OutwardNotice():
            return Outward(purpose=notice.purpose, **common)
        case InHouseNotice():
            return InHouse(purpose=notice.purpose, **common)


def _claimed(row: Any) -> OutgoingNotice:
    common: dict[str, Any] = {
        "id": NoticeId(row["id"]),
        "organisation_id": OrganisationId(row["organisation_id"]),
        "committee_id": CommitteeId(row["committee_id"]),
        "incident_id": row["incident_id"],
        "channel": Channel(row["channel"]),
        "person_id": None if row["person_id"] is None else PersonId(row["person_id"]),
        "point_id": None if row["point_id"] is None else ContactPointId(row["point_id"]),
        # a retired address is not sent to: the outbox settles an empty one as gone
        "address": (row["address"] or "") if row["retired_at"] is None else "",
        "attempt": row["attempt"],
        "tries": row["tries"],
        "filed_at": row["filed_at"],
        "text": NoticeText(
            kind=None if row["kind"] is None else AlarmKind(row["kind"]),
            silent=row["silent"],
            subject=row["label"],
            opened_at=row["opened_at"],
            place=row["place"],
            lateness_s=row["lateness_s"],
            language=row["language"],
            about=About(row["about"]),
            due_at=row["speaks_of"],
            detail=() if row["detail"] is None else tuple((name, value) for name, value in json.loads(row["detail"])),
        ),
    }
    if row["outward"]:
        if row["purpose"] != Purpose.REAL.value:
            raise AssertionError("the database holds an outward notice of a drill")
        return Outward(purpose=Purpose.REAL, **common)
    return InHouse(purpose=Purpose(row["purpose"]), **common)
