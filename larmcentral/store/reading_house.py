"""Reading the house at work for people: the desk, shift changes, the pool and the ledger of tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import asyncpg

from escalation.handover import Handover
from escalation.ids import CommitteeId, IncidentId, UnitId, UserId
from escalation.loan import Loan
from escalation.vigil import VigilKind
from larmcentral.domain.pressure import LOOKED_BACK, WINDOW, is_flood, opened_lately, per_operator
from larmcentral.domain.reach import HouseUnit
from larmcentral.domain.roles import Scope
from larmcentral.domain.views_house import (
    DeskPicture,
    DeskSeat,
    HandoverCase,
    HandoverView,
    LedgerRow,
    LoanView,
    PoolRow,
    SeatPressure,
)
from larmcentral.domain.vigil_json import load_core
from larmcentral.store.access import looking
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load

_SQL: Final = load("reading_house")

SEAT_LIMIT: Final = 500
HANDOVER_LIMIT: Final = 100
"""A shift has a few operators; a hundred unsigned lists are a month that nobody signed."""
OPENING_LIMIT: Final = 20_000
"""More in an hour is a flood however one counts."""
TAKEN_FROM: Final = timedelta(days=1)
"""What was opened longer ago is hardly taken for the first time now; it bounds what is read."""
UNIT_LIMIT: Final = 500
POOL_LIMIT: Final = 2000
LEDGER_LIMIT: Final = 5000
"""A line a device; those tested longest ago are those that one looks for."""


class HouseReads:
    """Lists of a scope's committees, read in the web's role."""

    def __init__(self, web: Pool) -> None:
        self._web = web

    async def desk(self, scope: Scope) -> tuple[DeskSeat, ...]:
        """Return who is at the desk, the least loaded first."""
        async with looking(self._web, scope) as connection:
            rows = await connection.fetch(_SQL["desk"], *_where(scope), SEAT_LIMIT)
        return tuple(DeskSeat(**dict(row)) for row in rows)

    async def picture(self, scope: Scope, *, now: datetime) -> DeskPicture:
        """Return how much there is for how many."""
        async with looking(self._web, scope) as connection:
            seats = await connection.fetch(_SQL["seats"], *_where(scope), now - WINDOW, now - TAKEN_FROM, SEAT_LIMIT)
            rows = await connection.fetch(_SQL["openings"], *_where(scope), now - LOOKED_BACK, OPENING_LIMIT)
            untaken: int = await connection.fetchval(_SQL["untaken"], *_where(scope))
        openings = [row["opened_at"] for row in rows]
        lately = opened_lately(openings, now)
        return DeskPicture(
            at=now,
            seats=tuple(SeatPressure(**dict(row)) for row in seats),
            opened_10_min=lately,
            untaken=untaken,
            per_operator=per_operator(lately, len(seats)),
            flood=is_flood(openings, len(seats), now),
        )

    async def units(self, scope: Scope) -> tuple[HouseUnit, ...]:
        """Return the units, and each committee that has none as one, by name."""
        async with looking(self._web, scope) as connection:
            rows = await connection.fetch(_SQL["units"], *_where(scope), UNIT_LIMIT)
        return tuple(
            HouseUnit(
                organisation_id=scope.organisation_id,
                committee_id=CommitteeId(row["committee_id"]),
                unit_id=None if row["unit_id"] is None else UnitId(row["unit_id"]),
                name=row["name"],
            )
            for row in rows
        )

    async def handovers(self, scope: Scope) -> tuple[HandoverView, ...]:
        """Return shift changes that wait for a signature, oldest first.

        Whoever made the list may have seen more committees than who reads it: cases out of sight are left out.
        """
        async with looking(self._web, scope) as connection:
            rows = await connection.fetch(_SQL["handovers"], *_where(scope), HANDOVER_LIMIT)
            cores = [_handover_of(row) for row in rows]
            listed = list({case.incident_id for core in cores for case in core.cases})
            cases = await connection.fetch(_SQL["cases"], *_where(scope), listed) if listed else []
        seen = {IncidentId(case["id"]): case for case in cases}
        return tuple(
            HandoverView(
                id=row["id"],
                made_at=core.made_at,
                from_user_id=core.from_user,
                from_user=row["from_user"] or "",
                to_user_id=core.to_user,
                to_user=row["to_user"],
                signed_by=_signed_by(core),
                cases=_cases_of(core, seen),
            )
            for row, core in zip(rows, cores, strict=True)
        )

    async def pool(self, scope: Scope) -> tuple[PoolRow, ...]:
        """Return pool devices, by tag."""
        async with looking(self._web, scope) as connection:
            rows = await connection.fetch(_SQL["pool"], *_where(scope), POOL_LIMIT)
        return tuple(
            PoolRow(
                device_id=row["device_id"],
                committee_id=row["committee_id"],
                tag=row["tag"],
                label=row["label"],
                battery_pct=row["battery_pct"],
                last_seen_at=row["last_seen_at"],
                tested_at=row["tested_at"],
                loan=None if row["loan"] is None else _loan_of(row),
            )
            for row in rows
        )

    async def tests(self, scope: Scope) -> tuple[LedgerRow, ...]:
        """Return the newest test alarm of each device, and of each app, those tested longest ago first."""
        async with looking(self._web, scope) as connection:
            rows = await connection.fetch(_SQL["tests"], *_where(scope), LEDGER_LIMIT)
        return tuple(LedgerRow(**dict(row)) for row in rows)


def _where(scope: Scope) -> tuple[object, ...]:
    return scope.organisation_id, list(scope.committees)


def _handover_of(row: asyncpg.Record) -> Handover:
    core = load_core(VigilKind.HANDOVER, row["core"])
    assert isinstance(core, Handover), "the kind says how a core reads"
    return core


def _signed_by(core: Handover) -> tuple[UserId, ...]:
    left = () if core.left_at is None else (core.from_user,)
    taken = () if core.taken_by is None else (core.taken_by,)
    return (*left, *taken)


def _cases_of(core: Handover, seen: Mapping[IncidentId, asyncpg.Record]) -> tuple[HandoverCase, ...]:
    return tuple(
        HandoverCase(
            incident_id=case.incident_id,
            kind=case.kind.value,
            gravity=case.gravity,
            state=case.state.value,
            person=seen[case.incident_id]["person"],
            opened_at=seen[case.incident_id]["opened_at"],
        )
        for case in core.cases
        if case.incident_id in seen
    )


def _loan_of(row: asyncpg.Record) -> LoanView:
    core = load_core(VigilKind.LOAN, row["loan"])
    assert isinstance(core, Loan), "the kind says how a core reads"
    return LoanView(person_id=core.person_id, person=row["person"], out_at=core.out_at, due_back_at=core.due_back_at)
