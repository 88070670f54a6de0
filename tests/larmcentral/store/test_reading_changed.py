"""What is new, read for many scopes at once: each is told what it would be told alone, and nothing of the others."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from escalation.ids import CommitteeId, IncidentId, OrganisationId, PersonId
from larmcentral.domain.feed import Touched
from larmcentral.domain.roles import Reach, Scope
from larmcentral.store.reading import Reader
from tests.builders import NOON
from tests.larmcentral.store.rooms import Rooms, rooms


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


def desk(made: Rooms, *committees: UUID, tests: bool = False) -> Scope:
    return Scope(
        organisation_id=OrganisationId(made.town.organisation),
        committees=frozenset(map(CommitteeId, committees)),
        tests=tests,
    )


def phone(of: Scope, reach: Reach, person: UUID) -> Scope:
    return replace(of, reach=reach, person_id=PersonId(person))


def touched(made: Rooms, incident: UUID, committee: UUID, *seqs: int) -> Touched:
    """As the log of changes tells it, but silent about who may see it: the store itself has to know."""
    return Touched(
        organisation_id=OrganisationId(made.town.organisation),
        committee_id=CommitteeId(committee),
        incident_id=IncidentId(incident),
        person_id=None,
        test=False,
        silent=False,
        told=frozenset(),
        seqs=seqs,
    )


def ids(found: Sequence[object]) -> list[UUID]:
    return [one.incident.id for one in found]  # type: ignore[attr-defined]


async def test_each_scope_is_told_what_it_sees_whoever_asks_beside_it(made: Rooms) -> None:
    town = made.town
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    anna, bo, ceder = [await town.person(care, name) for name in ("Anna", "Bo", "Ceder")]
    open_one = await town.incident(care, person=anna, responders={bo: "notified"})
    silent = await town.incident(
        care, person=anna, silent=True, subject=f"covert/person:{anna}", responders={bo: "going"}
    )
    unsilenced = await town.incident(care, person=anna, subject=f"covert/person:{anna}/2")
    drill = await town.incident(care, person=anna, purpose="test", responders={bo: "notified", ceder: "notified"})
    elsewhere = await town.incident(social, person=anna, state="stood_down", responders={bo: "notified"})
    lines = {one: [await town.line(one, "note", text=f"{n}") for n in range(3)] for one in (open_one, silent, drill)}
    changes = [touched(made, one, care, *lines[one][1:]) for one in (silent, open_one, drill)]
    changes += [touched(made, unsilenced, care), touched(made, elsewhere, social)]
    here = desk(made, care)
    seen = {
        here: [silent, open_one, unsilenced],
        desk(made, care, tests=True): [silent, open_one, drill, unsilenced],
        desk(made, care, social): [silent, open_one, unsilenced, elsewhere],
        phone(here, Reach.TOLD, bo): [silent, open_one],
        phone(here, Reach.TOLD, ceder): [],
        phone(desk(made, care, tests=True), Reach.TOLD, ceder): [drill],
        phone(desk(made, care, social), Reach.TOLD, bo): [silent, open_one, elsewhere],
        phone(here, Reach.OWN, anna): [open_one],
        phone(here, Reach.OWN, bo): [],
    }
    reader = Reader(made.web)
    at_once = await reader.changed(dict.fromkeys(seen, changes))
    assert {scope: ids(found) for scope, found in at_once.items()} == seen
    for scope, found in at_once.items():
        assert (await reader.changed({scope: changes}))[scope] == found
        assert all(len(one.entries) == 2 for one in found if one.incident.id in (open_one, silent, drill))


async def test_a_scope_is_told_nothing_that_it_did_not_ask_for(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    first, second = await town.incident(care), await town.incident(care)
    early, late = await town.line(first, "note", text="1"), await town.line(first, "note", text="2")
    here = desk(made, care)
    bo = phone(here, Reach.TOLD, await town.person(care, "Bo"))
    found = await Reader(made.web).changed(
        {here: [touched(made, first, care, late)], bo: [touched(made, first, care, early, late)]}
    )
    assert [[line.seq for line in one.entries] for one in found[here]] == [[late]]
    assert found[bo] == ()
    assert second not in ids(found[here])


async def test_two_who_see_alike_get_one_object_and_the_desk_another(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    bo, ceder = await town.person(care, "Bo"), await town.person(care, "Ceder")
    watch = await town.device(care, "1", worn_by=bo, seen_at=NOON - timedelta(minutes=1))
    incident = await town.incident(care, person=bo, device=watch, responders={bo: "going", ceder: "notified"})
    here = desk(made, care)
    two = phone(here, Reach.TOLD, bo), phone(here, Reach.TOLD, ceder)
    change = touched(made, incident, care, await town.line(incident, "note", text="1"))
    found = await Reader(made.web).changed({scope: [change] for scope in (*two, here)})
    assert found[two[0]][0] is found[two[1]][0]
    seen = [found[scope][0].incident.device for scope in (two[0], here)]
    assert [one and one.last_seen_at for one in seen] == [None, NOON - timedelta(minutes=1)]
