"""Which chain an alarm takes, and who stands behind its targets now."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import asyncpg

from escalation.alarm import AlarmKind
from escalation.chain import (
    Channel,
    Contact,
    EscalationChain,
    PersonTarget,
    Roster,
    Target,
    TeamTarget,
)
from escalation.ids import CommitteeId, ContactPointId, OrganisationId, PersonId, TeamId, UnitId
from escalation.plan import SafetyPlan
from escalation.rota import Rota
from larmcentral.domain.assurance import ChainInUse, RotaInUse
from larmcentral.domain.chain_json import load_chain
from larmcentral.domain.record import Subject
from larmcentral.domain.rota_json import load_plan, load_rota
from larmcentral.store.columns import columns
from larmcentral.store.queries import load

SQL: Final = load("chains")
CHAINS_REMEMBERED: Final = 512
"""Versions in use at a time; some 4 kB each."""
_HOME: Final = ZoneInfo("Europe/Stockholm")
"""A term of employment ends at midnight there."""


async def chains(
    connection: asyncpg.Connection, wanted: Sequence[tuple[Subject, AlarmKind]]
) -> list[EscalationChain | None]:
    """Return the chain of each alarm, in the order asked."""
    if not wanted:
        return []
    rows = [
        (
            subject.organisation_id,
            subject.committee_id,
            subject.unit_id,
            kind.value,
            _choice_purpose(subject),
            kind.technical,
        )
        for subject, kind in wanted
    ]
    found = {row["ord"]: row["body"] for row in await connection.fetch(SQL["choose"], *columns(rows))}
    return [read_chain(found[place]) if place in found else None for place in range(1, len(wanted) + 1)]


@lru_cache(maxsize=CHAINS_REMEMBERED)
def read_chain(body: str) -> EscalationChain:
    """Read a chain as the database keeps it; the same text is read once."""
    return load_chain(json.loads(body))


@lru_cache(maxsize=CHAINS_REMEMBERED)
def read_rota(body: str) -> Rota:
    """Read a rota as the database keeps it; the same text is read once."""
    return load_rota(body)


@lru_cache(maxsize=CHAINS_REMEMBERED)
def _read_plan(body: str) -> SafetyPlan:
    return load_plan(body)


async def plans(connection: asyncpg.Connection, subjects: Sequence[Subject]) -> list[SafetyPlan]:
    """Return what is settled about time alone for each subject, in the order asked."""
    if not subjects:
        return []
    rows = [(subject.organisation_id, subject.committee_id, subject.unit_id) for subject in subjects]
    found = {row["ord"]: row["body"] for row in await connection.fetch(SQL["plans"], *columns(rows))}
    return [_read_plan(found[place]) if place in found else SafetyPlan() for place in range(1, len(subjects) + 1)]


async def chains_in_use(connection: asyncpg.Connection) -> list[ChainInUse]:
    """Return every chain that a real alarm could take now."""
    return [
        ChainInUse(
            organisation_id=OrganisationId(row["organisation_id"]),
            committee_id=CommitteeId(row["committee_id"]),
            unit_id=row["unit_id"],
            kind=None if row["kind"] is None else AlarmKind(row["kind"]),
            chain=read_chain(row["body"]),
        )
        for row in await connection.fetch(SQL["in_use"])
    ]


async def rotas_in_use(connection: asyncpg.Connection) -> list[RotaInUse]:
    """Return every rota."""
    return [
        RotaInUse(
            organisation_id=OrganisationId(row["organisation_id"]),
            committee_id=CommitteeId(row["committee_id"]),
            rota=read_rota(row["body"]),
        )
        for row in await connection.fetch(SQL["rotas"], None)
    ]


async def subject_of_house(
    connection: asyncpg.Connection, committee_id: CommitteeId, unit_id: UnitId | None
) -> Subject | None:
    """Return a unit, or a whole committee, as a subject."""
    row = await connection.fetchrow(SQL["house"], committee_id, unit_id)
    if row is None:
        return None
    return Subject(
        organisation_id=OrganisationId(row["organisation_id"]),
        committee_id=committee_id,
        protocol="house",
        account=str(unit_id or committee_id),
        unit_id=unit_id,
        label=row["name"],
    )


async def subject_of_person(connection: asyncpg.Connection, person_id: PersonId) -> Subject | None:
    """Return a person as a subject without a device."""
    row = await connection.fetchrow(SQL["person"], person_id)
    if row is None:
        return None
    return Subject(
        organisation_id=OrganisationId(row["organisation_id"]),
        committee_id=CommitteeId(row["committee_id"]),
        protocol="drill",
        account=str(person_id),
        person_id=person_id,
        unit_id=row["unit_id"],
        label=row["name"],
        language=row["language"],
    )


def _choice_purpose(subject: Subject) -> str:
    return "test" if subject.purpose.value == "test" else "real"


async def roster(
    connection: asyncpg.Connection, organisation_id: OrganisationId, targets: Collection[Target], now: datetime
) -> Roster:
    """Return the usable contact points behind each target."""
    persons = [target.person_id for target in targets if isinstance(target, PersonTarget)]
    teams = [target.team_id for target in targets if isinstance(target, TeamTarget)]
    if not persons and not teams:
        return Roster()
    today = now.astimezone(_HOME).date()
    contacts: defaultdict[Target, list[Contact]] = defaultdict(list)
    for row in await connection.fetch(SQL["roster"], organisation_id, persons, teams, today):
        person_id = PersonId(row["person_id"])
        target: Target = PersonTarget(person_id) if row["team_id"] is None else TeamTarget(TeamId(row["team_id"]))
        contacts[target].append(
            Contact(
                ContactPointId(row["point_id"]),
                person_id,
                Channel(row["channel"]),
                external=row["external"],
                rank=row["rank"],
            )
        )
    return Roster({target: tuple(found) for target, found in contacts.items()})
