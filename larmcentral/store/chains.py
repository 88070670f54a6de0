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
from escalation.ids import ContactPointId, OrganisationId, PersonId, TeamId
from larmcentral.domain.incident_json import load_chain
from larmcentral.domain.record import Subject
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
        (subject.organisation_id, subject.committee_id, subject.unit_id, kind.value, _choice_purpose(subject))
        for subject, kind in wanted
    ]
    found = {row["ord"]: row["body"] for row in await connection.fetch(SQL["choose"], *columns(rows))}
    return [read_chain(found[place]) if place in found else None for place in range(1, len(wanted) + 1)]


@lru_cache(maxsize=CHAINS_REMEMBERED)
def read_chain(body: str) -> EscalationChain:
    """Read a chain as the database keeps it; the same text is read once."""
    return load_chain(json.loads(body))


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
            Contact(ContactPointId(row["point_id"]), person_id, Channel(row["channel"]), external=row["external"])
        )
    return Roster({target: tuple(found) for target, found in contacts.items()})
