"""Signals on disk: filed once, repeats counted by a write."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import asyncpg

from escalation.ids import OrganisationId, SignalId
from larmcentral.domain.record import Change, FiledSignal, NewSignal, Subject
from larmcentral.store.columns import columns
from larmcentral.store.queries import load
from larmcentral.store.subjects import app_person, stranger, subject_of_sender
from larmcentral.store.together import Together

SQL: Final = load("signals")


class _Key(NamedTuple):
    organisation_id: OrganisationId
    protocol: str
    account: str
    repeat_key: str


async def file_signals(connection: asyncpg.Connection, signals: Sequence[NewSignal]) -> list[FiledSignal]:
    """Store signals and return them in the same order with their subjects. A key twice in a batch is stored once."""
    subjects = await _resolve(connection, signals)
    standing = await _repeats_in_window(connection, signals)
    to_insert: dict[_Key, tuple[NewSignal, Subject]] = {}
    for new, subject in zip(signals, subjects, strict=True):
        if _key(new) not in standing:
            to_insert.setdefault(_key(new), (new, subject))
    attempts: dict[_Key, int] = dict.fromkeys(standing, 2)
    ids: dict[_Key, SignalId] = dict(standing)
    if to_insert:
        rows = [_row(new, subject) for new, subject in to_insert.values()]
        organisation_id = signals[0].organisation_id
        for row in await connection.fetch(SQL["insert"], *columns(rows)):
            key = _Key(organisation_id, row["protocol"], row["account"], row["repeat_key"])
            ids[key], attempts[key] = SignalId(row["id"]), row["attempts"]
    filed = []
    for new, subject in zip(signals, subjects, strict=True):
        key = _key(new)
        fresh = attempts[key] == 1 and ids[key] == new.id
        filed.append(FiledSignal(id=ids[key], fresh=fresh, new=new, subject=subject))
    return filed


def join_incidents(changes: Sequence[Change], together: Together) -> None:
    """Tie the signals of changes to their incidents, beside what else is written."""
    rows = [
        (change.after.subject.organisation_id, signal_id, change.after.incident.id)
        for change in changes
        for signal_id in change.signals
    ]
    if rows:
        together.add(SQL["join_incident"], *columns(rows))


async def tracked(connection: asyncpg.Connection, signals: Sequence[NewSignal]) -> frozenset[SignalId]:
    """Return the signals whose sender has an open incident about him, or about the device nobody wears."""
    proven = [new for new in signals if new.authentic]
    if not proven:
        return frozenset()
    found = await connection.fetch(SQL["tracked"], *columns([_sender(new) for new in proven]))
    return frozenset(proven[row["ord"] - 1].id for row in found)


async def _resolve(connection: asyncpg.Connection, signals: Sequence[NewSignal]) -> list[Subject]:
    rows = await connection.fetch(SQL["resolve"], *columns([_sender(new) for new in signals]))
    known: dict[int, Any] = {row["ord"]: row for row in rows}
    return [_subject(new, known.get(place)) for place, new in enumerate(signals, start=1)]


def _sender(new: NewSignal) -> tuple[Any, ...]:
    return new.organisation_id, new.protocol, new.account, app_person(new.protocol, new.account)


def _subject(new: NewSignal, row: Any) -> Subject:
    if row is None or not new.authentic:
        return stranger(new)
    return subject_of_sender(new.organisation_id, new.protocol, new.account, row)


async def _repeats_in_window(connection: asyncpg.Connection, signals: Sequence[NewSignal]) -> dict[_Key, SignalId]:
    windowed = [(new, new.signal.repeat_window) for new in signals if new.signal.repeat_window is not None]
    if not windowed:
        return {}
    rows = [(*_key(new), new.received_at - within, new.received_at + within, _bucket(new)) for new, within in windowed]
    found = await connection.fetch(SQL["repeat_in_window"], *columns(rows))
    return {_key(windowed[row["ord"] - 1][0]): SignalId(row["id"]) for row in found}


def _key(new: NewSignal) -> _Key:
    return _Key(new.organisation_id, new.protocol, new.account, new.signal.repeat_key)


def _bucket(new: NewSignal) -> int:
    window = new.signal.repeat_window
    return 0 if window is None else int(new.received_at.timestamp() // window.total_seconds())


def _row(new: NewSignal, subject: Subject) -> tuple[Any, ...]:
    signal, position = new.signal, new.signal.position
    return (
        new.organisation_id,
        subject.committee_id,
        new.id,
        new.received_at,
        new.receiver,
        new.protocol,
        new.account,
        new.authentic,
        subject.device_id,
        subject.person_id,
        signal.kind.value,
        signal.silent,
        signal.event_at,
        signal.sent_at,
        signal.buffered,
        position and position.lat,
        position and position.lon,
        position and position.accuracy_m,
        position and position.fix_at,
        position and position.valid,
        signal.battery_pct,
        signal.charging,
        _printable(signal.code),
        _printable(signal.text),
        json.dumps([[_printable(name), _printable(value)] for name, value in signal.evidence]),
        json.dumps([_printable(doubt) for doubt in signal.doubts]),
        new.raw,
        signal.repeat_key,
        _bucket(new),
    )


def _printable(text: str | None) -> str | None:
    """PostgreSQL text holds no NUL and no half of a surrogate pair; the frame itself is kept in raw."""
    if text is None:
        return None
    return text.replace("\x00", "�").encode("utf-8", "replace").decode()
