"""The outbox on disk: filed with the decision, leased to one process, settled in bulk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import structlog

from escalation.effects import ForwardNotice, InHouseNotice, Notify, OutwardNotice, WithdrawNotices
from escalation.ids import IncidentId, NoticeId
from larmcentral.domain.life_safety import LIFE_SAFETY
from larmcentral.domain.notice import Case, OutgoingNotice
from larmcentral.domain.outbox import Lease, NoticeState, Settled
from larmcentral.domain.record import Change, Record
from larmcentral.domain.vigil import VigilChange
from larmcentral.store.columns import columns
from larmcentral.store.notice_rows import (
    case_from,
    claimed_notice,
    notice_row,
    outgoing,
    said,
    settled_row,
    word_row,
)
from larmcentral.store.queries import load

SQL: Final = load("notices")
LOG: Final = structlog.get_logger("larmcentral.store.notices")

_REACHED: Final = frozenset({NoticeState.SENT, NoticeState.DELIVERED})
_LOST: Final = frozenset({NoticeState.REFUSED, NoticeState.GONE, NoticeState.FAILED})
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
                case InHouseNotice() | OutwardNotice() | ForwardNotice():
                    filed[effect.id] = (change.after, effect)
                case _:
                    pass
    if withdrawn:
        await connection.execute(SQL["withdraw"], *columns(withdrawn))
    if not filed:
        return []
    rows = [notice_row(record, notice) for record, notice in filed.values()]
    out = await _file(connection, rows, lease, now)
    cases = await _cases(connection, [_key(r) for r, notice in filed.values() if isinstance(notice, ForwardNotice)])
    return [outgoing(*filed[NoticeId(row["id"])], row, cases, now) for row in out]


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
    out = await _file(connection, [word_row(record, word) for record, word in words.values()], lease, now)
    return [said(*words[NoticeId(row["id"])], row["address"] or "", row["language"], now) for row in out]


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
    first = [about.value for about in LIFE_SAFETY]
    rows = await connection.fetch(SQL["claim"], now, lease.owner, now + lease.length, limit, list(held), first)
    cases = await _cases(connection, [(row["organisation_id"], row["incident_id"]) for row in rows if row["receiver"]])
    claimed, unreadable = [], []
    for row in rows:
        try:
            claimed.append(claimed_notice(row, cases))
        except (ValueError, KeyError, AssertionError):
            LOG.exception("notice_unreadable", notice=str(row["id"]))
            unreadable.append(row["id"])
    if unreadable:
        await connection.execute(SQL["put_off"], unreadable, NOBODY, now + lease.length)
    return claimed


async def settle(connection: asyncpg.Connection, results: Sequence[Settled]) -> None:
    """Write down results, what they say of contact points, and retire those that are gone."""
    for one_each in _in_order(results):
        await connection.execute(SQL["settle"], *columns([settled_row(result) for result in one_each]))
    let_go = [(r.organisation_id, r.notice_id) for r in results if r.receiver is not None and r.state not in _REACHED]
    if let_go:
        await connection.execute(SQL["let_go"], *columns(let_go))
    # Rows in the order of their ids: two processes that settle at once wait for each other and never in a ring.
    of_points = sorted((r for r in results if r.point_id is not None), key=lambda r: str(r.point_id))
    reached = {r.point_id: (r.organisation_id, r.point_id, r.at) for r in of_points if r.state in _REACHED}
    if reached:
        await connection.execute(SQL["reached"], *columns(list(reached.values())))
    failed = {
        r.point_id: (r.organisation_id, r.point_id, r.at, r.reason or r.state.value)
        for r in of_points
        if r.state in _LOST and r.provider is not None  # what nobody was asked to deliver says nothing of the address
    }
    if failed:
        await connection.execute(SQL["failed"], *columns(list(failed.values())))
    gone = [(r.organisation_id, r.point_id, r.at, r.reason or "gone") for r in of_points if r.state is NoticeState.GONE]
    if gone:
        await connection.execute(SQL["retire"], *columns(gone))


async def _cases(connection: asyncpg.Connection, keys: Sequence[tuple[UUID, UUID]]) -> Mapping[IncidentId, Case]:
    """Load what a centre is told beside the words; nothing is asked where no notice goes to one."""
    rows = await connection.fetch(SQL["cases"], *columns(sorted(set(keys)))) if keys else []
    return {IncidentId(row["id"]): case_from(row) for row in rows}


def _in_order(results: Sequence[Settled]) -> list[list[Settled]]:
    """Return results so that each list has one of a notice: of two in one statement the database would take either."""
    rounds: list[list[Settled]] = []
    before: Counter[NoticeId] = Counter()
    for result in results:
        if before[result.notice_id] == len(rounds):
            rounds.append([])
        rounds[before[result.notice_id]].append(result)
        before[result.notice_id] += 1
    return rounds


def _key(record: Record) -> tuple[UUID, UUID]:
    return record.subject.organisation_id, record.incident.id
