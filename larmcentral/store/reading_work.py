"""Reading lone work: to the desk whoever works alone, to a worker's phone what may be seen beside him."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import asyncpg

from escalation.ids import PersonId
from escalation.pre_alarm import PreAlarm
from escalation.session import Session, progress
from escalation.vigil import VigilKind
from larmcentral.domain.errors import NotFound
from larmcentral.domain.roles import Scope, Viewer
from larmcentral.domain.views_work import OwnAlarm, OwnPreAlarm, OwnSession, OwnWork, SessionView
from larmcentral.domain.vigil_json import load_core
from larmcentral.store.access import Shown, looking, record_shown
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load

_SQL: Final = load("reading_work")

SESSION_LIMIT: Final = 1000
"""Rows of a list of who works alone; the most pressing come first."""


class Work:
    """Sessions as a scope may see them, in the web's role. Nothing here reads a vigil's log."""

    def __init__(self, web: Pool) -> None:
        self._web = web

    async def sessions(self, scope: Scope, *, by: Viewer, now: datetime) -> tuple[SessionView, ...]:
        """Return those that run, the most pressing first, and write down whose places were shown to somebody else."""
        async with looking(self._web, scope) as connection:
            views = tuple(_session_of(row, now) for row in await _running(connection, scope, scope.person_id))
            await _record(connection, scope, views, by=by, now=now)
        return views

    async def session(self, scope: Scope, person_id: PersonId, *, by: Viewer, now: datetime) -> SessionView:
        """Return the running one of a person, recorded likewise. Raises NotFound."""
        if scope.person_id not in (None, person_id):
            raise NotFound(f"session of {person_id}")
        async with looking(self._web, scope) as connection:
            views = tuple(_session_of(row, now) for row in await _running(connection, scope, person_id))
            await _record(connection, scope, views, by=by, now=now)
        if not views:
            raise NotFound(f"session of {person_id}")
        return views[0]

    async def mine(self, viewer: Viewer, *, now: datetime) -> OwnWork:
        """Return all that the worker's own phone shows. It is the same whichever PIN he gave."""
        scope = viewer.scope()
        person = (scope.organisation_id, list(scope.committees), viewer.person_id)
        async with looking(self._web, scope) as connection:
            own = await connection.fetchrow(_SQL["own"], *person, now)
            if own is None:
                return OwnWork(session=None, pre_alarm=None, alarms=(), shift_until=None, pin_set=False)
            sessions = await _running(connection, scope, viewer.person_id)
            alarms = await connection.fetch(_SQL["own_alarms"], *person)
        return OwnWork(
            session=_own_session_of(sessions[0], now) if sessions else None,
            pre_alarm=None if own["pre_alarm"] is None else _pre_alarm_of(own["pre_alarm"]),
            alarms=tuple(OwnAlarm(**dict(row)) for row in alarms),
            shift_until=own["shift_until"],
            pin_set=own["pin_set"],
        )


async def _running(connection: asyncpg.Connection, scope: Scope, person_id: PersonId | None) -> list[Any]:
    found: list[Any] = await connection.fetch(
        _SQL["sessions"], scope.organisation_id, list(scope.committees), person_id, SESSION_LIMIT
    )
    return found


async def _record(
    connection: asyncpg.Connection, scope: Scope, views: Iterable[SessionView], *, by: Viewer, now: datetime
) -> None:
    shown = [
        Shown(committee_id=one.committee_id, about=one.person_id, person_id=one.person_id, place_id=one.place_id)
        for one in views
        if one.place_id is not None and one.person_id != by.person_id
    ]
    await record_shown(connection, scope, shown, by=by.user_id, action="place_shown", ground="session", now=now)


def _session_of(row: asyncpg.Record, now: datetime) -> SessionView:
    core = _core_of(row)
    at = progress(core, now)
    return SessionView(
        id=row["id"],
        committee_id=row["committee_id"],
        person_id=row["person_id"],
        person=row["person"],
        phone=row["phone"],
        place_id=row["place_id"],
        place=row["place"],
        purpose=core.purpose,
        memo=core.memo,
        companions=tuple(row["companions"] or ()),
        started_at=core.started_at,
        check_in_due_at=at.check_in_due,
        ends_at=at.ends_at,
        answer_by=at.answer_by,
        stage=at.stage.value,
        recording=row["recording"],
    )


def _own_session_of(row: asyncpg.Record, now: datetime) -> OwnSession:
    core = _core_of(row)
    at = progress(core, now)
    return OwnSession(
        place_id=row["place_id"],
        place=row["place"],
        purpose=core.purpose,
        companions=tuple(row["companions"] or ()),
        started_at=core.started_at,
        check_in_every_s=None if core.check_in_every is None else core.check_in_every.total_seconds(),
        shortened=core.shortened,
        check_in_due_at=at.check_in_due,
        ends_at=at.ends_at,
        answer_by=at.answer_by,
        stage=at.stage.value,
    )


def _core_of(row: asyncpg.Record) -> Session:
    core = load_core(VigilKind.SESSION, row["core"])
    assert isinstance(core, Session), "the kind says how a core reads"
    return core


def _pre_alarm_of(text: str) -> OwnPreAlarm:
    core = load_core(VigilKind.PRE_ALARM, text)
    assert isinstance(core, PreAlarm), "the kind says how a core reads"
    return OwnPreAlarm(kind=core.kind.value, began_at=core.began_at, alarm_at=core.fires_at)
