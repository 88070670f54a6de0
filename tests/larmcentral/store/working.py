"""People at work for tests of the reading side: vigils by their cores, places, and who asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from escalation.ids import CommitteeId, OrganisationId, PersonId, UserId
from escalation.plan import SafetyPlan
from escalation.session import Session
from escalation.session_course import start_session
from escalation.session_rules import Allowed, StartRequest
from escalation.vigil import VigilKind
from larmcentral.domain.roles import Committee, Role, Scope, Viewer
from larmcentral.domain.vigil import VigilCore
from larmcentral.domain.vigil_json import dump_core
from tests.builders import NOON, Town

PLAN = SafetyPlan()


def scope_of(town: Town, *committees: UUID) -> Scope:
    return Scope(organisation_id=OrganisationId(town.organisation), committees=frozenset(map(CommitteeId, committees)))


def viewer_of(
    town: Town, *committees: UUID, role: Role = Role.OPERATOR, user: UUID | None = None, person: UUID | None = None
) -> Viewer:
    return Viewer(
        user_id=UserId(user or town.new_id()),
        organisation_id=OrganisationId(town.organisation),
        name="Eva",
        role=role,
        person_id=None if person is None else PersonId(person),
        language="sv",
        committees=tuple(Committee(CommitteeId(one), "Nämnd") for one in committees),
    )


def session_core(
    person: UUID, *, at: datetime = NOON, every: timedelta | None = timedelta(minutes=30), **values: Any
) -> Session:
    """A session as the rules begin it."""
    request = StartRequest(person_id=PersonId(person), purpose="Hembesök", **values)
    return start_session(request, Allowed(check_in_every=every), PLAN, at).core


async def vigil(
    town: Town,
    committee: UUID,
    core: VigilCore,
    kind: VigilKind,
    *,
    person: UUID | None = None,
    device: UUID | None = None,
) -> UUID:
    """A vigil on disk, its deadline and its end taken from its core."""
    new = town.new_id()
    subject = f"device:{device}" if device else f"person:{person}" if person else f"unknown:{kind.value}/{new}"
    await town.insert(
        "vigils",
        organisation_id=town.organisation,
        committee_id=committee,
        id=new,
        kind=kind.value,
        subject=subject,
        person_id=person,
        device_id=device,
        protocol="drill",
        account=str(person),
        purpose="real",
        covert=False,
        technical=False,
        core=dump_core(core),
        due_at=core.due_at,
        ended_at=core.ended_at,
        version=1,
        entries=1,
    )
    return new


async def working(town: Town, committee: UUID, person: UUID, **values: Any) -> UUID:
    """A person whose session runs; returns the session's id."""
    return await vigil(town, committee, session_core(person, **values), VigilKind.SESSION, person=person)


async def place(town: Town, committee: UUID, name: str, **values: Any) -> UUID:
    new = town.new_id()
    await town.insert("places", organisation_id=town.organisation, committee_id=committee, id=new, name=name, **values)
    return new


async def looks(town: Town) -> Sequence[tuple[Any, ...]]:
    """What was written down of readings: action, ground, person and place."""
    rows = await town.connection.fetch(
        "SELECT action, ground, person_id, place_id FROM access_log ORDER BY person_id, place_id, action"
    )
    return [tuple(row) for row in rows]
