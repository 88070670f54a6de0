"""Chains: read in their newest version, gone live with the next for the alarms that take them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from escalation.chain import (
    BuildingTarget,
    Channel,
    Contact,
    DeskTarget,
    EscalationChain,
    ManagerTarget,
    Medium,
    OnCallTarget,
    PersonTarget,
    Roster,
    Step,
    Target,
    TeamTarget,
)
from escalation.ids import ChainId, CommitteeId, ContactPointId, PersonId, RotaId, TeamId, UserId
from escalation.rota import Layer, Rota
from larmcentral.domain.errors import Collision, NotFound
from larmcentral.domain.views_house import ChainRow, ChainUse
from larmcentral.store.reading_chains import Chains
from larmcentral.store.reading_rotas import Rotas
from tests.builders import NOON, Town
from tests.larmcentral.store.rooms import Rooms, rooms
from tests.larmcentral.store.working import scope_of

EVERYTHING = ChainUse(unit_id=None, kind=None)
PANICS = ChainUse(unit_id=None, kind="panic")


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


def a_chain(town: Town, *targets: Target, name: str = "Natt") -> EscalationChain:
    step = Step(targets=(*targets, DeskTarget()), media=(Medium.PUSH,), wait=timedelta(seconds=30))
    return EscalationChain(id=ChainId(town.new_id()), version=0, name=name, steps=(step,))


async def test_each_version_goes_live_on_top_of_the_one_before(made: Rooms) -> None:
    town, chains = made.town, Chains(made.web)
    care = CommitteeId(await town.committee("Omsorg"))
    unit = await town.unit(care, "Nord")
    scope, by, chain = scope_of(town, care), UserId(town.new_id()), a_chain(town)
    nord = ChainUse(unit_id=unit, kind=None)
    assert await chains.save(scope, care, chain, (EVERYTHING, PANICS), by=by, now=NOON) == 1
    longer = replace(chain, name="Natten", loop_wait=timedelta(seconds=90), version=1)
    assert await chains.save(scope, care, longer, (nord, PANICS, nord), by=by, now=NOON) == 2
    assert await chains.chain(scope, chain.id) == (care, replace(longer, version=2))
    assert await chains.chains(scope) == (
        ChainRow(id=chain.id, committee_id=care, name="Natten", version=2, uses=(PANICS, nord)),
    )
    rows = await town.connection.fetch("SELECT version, body ->> 'name', made_by FROM chain_versions ORDER BY 1")
    assert [tuple(row) for row in rows] == [(1, "Natt", by), (2, "Natten", by)]


async def test_an_alarm_takes_the_chain_that_was_said_last_and_tests_keep_theirs(made: Rooms) -> None:
    town, chains = made.town, Chains(made.web)
    care = CommitteeId(await town.committee("Omsorg"))
    scope, by = scope_of(town, care), UserId(town.new_id())
    old, new = a_chain(town, name="Gammal"), a_chain(town, name="Ny")
    await chains.save(scope, care, old, (EVERYTHING, PANICS), by=by, now=NOON)
    await town.insert(
        "chain_choices",
        organisation_id=town.organisation,
        committee_id=care,
        id=town.new_id(),
        purpose="test",
        chain_id=old.id,
    )
    await chains.save(scope, care, new, (PANICS,), by=by, now=NOON)
    assert {row.name: row.uses for row in await chains.chains(scope)} == {"Gammal": (EVERYTHING,), "Ny": (PANICS,)}
    await chains.save(scope, care, replace(old, version=1), (), by=by, now=NOON)
    assert {row.name: row.uses for row in await chains.chains(scope)} == {"Gammal": (), "Ny": (PANICS,)}
    tests = await town.connection.fetch("SELECT chain_id FROM chain_choices WHERE purpose = 'test'")
    assert [row["chain_id"] for row in tests] == [old.id]


async def test_what_was_made_from_an_older_version_collides_and_changes_nothing(made: Rooms) -> None:
    town, chains = made.town, Chains(made.web)
    care = CommitteeId(await town.committee("Omsorg"))
    scope, by, chain = scope_of(town, care), UserId(town.new_id()), a_chain(town)
    await chains.save(scope, care, chain, (EVERYTHING,), by=by, now=NOON)
    await chains.save(scope, care, replace(chain, version=1), (EVERYTHING,), by=by, now=NOON)
    for made_from in (0, 1, 3):
        with pytest.raises(Collision):
            await chains.save(scope, care, replace(chain, version=made_from), (PANICS,), by=by, now=NOON)
    assert await chains.chains(scope) == (
        ChainRow(id=chain.id, committee_id=care, name="Natt", version=2, uses=(EVERYTHING,)),
    )


async def test_another_committees_chain_is_neither_read_nor_written_nor_its_units_used(made: Rooms) -> None:
    town, chains = made.town, Chains(made.web)
    care, social = CommitteeId(await town.committee("Omsorg")), CommitteeId(await town.committee("Social"))
    by, theirs = UserId(town.new_id()), a_chain(town, name="Deras")
    await chains.save(scope_of(town, social), social, theirs, (EVERYTHING,), by=by, now=NOON)
    scope = scope_of(town, care)
    assert await chains.chains(scope) == ()
    with pytest.raises(NotFound):
        await chains.chain(scope, theirs.id)
    for made_from in (0, 1):
        for committee in (care, social):
            with pytest.raises(NotFound):
                await chains.save(scope, committee, replace(theirs, version=made_from), (PANICS,), by=by, now=NOON)
    abroad = ChainUse(unit_id=await town.unit(social), kind=None)
    with pytest.raises(NotFound):
        await chains.save(scope, care, a_chain(town), (abroad,), by=by, now=NOON)
    assert await chains.chains(scope) == ()  # nor half of it
    [row] = await chains.chains(scope_of(town, social))
    assert (row.version, row.uses) == (1, (EVERYTHING,))


async def test_a_kind_that_is_none_never_reaches_the_register(made: Rooms) -> None:
    town, chains = made.town, Chains(made.web)
    care = CommitteeId(await town.committee("Omsorg"))
    junk = ChainUse(unit_id=None, kind="no such kind")
    with pytest.raises(ValueError, match="no such kind"):
        await chains.save(scope_of(town, care), care, a_chain(town), (junk,), by=UserId(town.new_id()), now=NOON)
    assert await chains.chains(scope_of(town, care)) == ()


async def test_a_usual_roster_has_all_who_take_turns_and_all_managers_but_nobody_out_of_sight(made: Rooms) -> None:
    town = made.town
    care, social = CommitteeId(await town.committee("Omsorg")), CommitteeId(await town.committee("Social"))
    people, points = {}, {}
    for name, committee in (("anna", care), ("bo", care), ("chef", care), ("dag", care), ("secret", social)):
        people[name] = PersonId(await town.person(committee, name))
        points[name] = await reachable(town, committee, people[name])
    night = TeamId(await town.team(care, "Natt", people["anna"]))
    for committee, name in ((care, "chef"), (social, "secret")):
        await town.insert(
            "unit_managers",
            organisation_id=town.organisation,
            committee_id=committee,
            unit_id=await town.unit(committee),
            person_id=people[name],
        )
    layers = tuple(
        Layer(name=name, persons=persons, starts_on=date(2026, 11, 2))
        for name, persons in (("A", (people["bo"], people["anna"])), ("B", (people["bo"], people["secret"])))
    )
    rota = Rota(id=RotaId(town.new_id()), name="Jour", layers=layers, version=0)
    both = scope_of(town, care, social)
    await Rotas(made.web).save(both, care, rota, by=UserId(town.new_id()), now=NOON)
    targets = (
        PersonTarget(people["dag"]),
        PersonTarget(people["secret"]),
        TeamTarget(night),
        OnCallTarget(rota.id),
        ManagerTarget(),
        BuildingTarget(),
    )
    found = await Chains(made.web).usual_roster(scope_of(town, care), care, a_chain(town, *targets))
    assert found == Roster(
        {
            PersonTarget(people["dag"]): (points["dag"],),
            TeamTarget(night): (points["anna"],),
            OnCallTarget(rota.id): (points["bo"], points["anna"]),
            ManagerTarget(): (points["chef"],),
        }
    )


async def reachable(town: Town, committee: UUID, person: PersonId) -> Contact:
    """Give somebody a phone with our app."""
    point = ContactPointId(town.new_id())
    await town.insert(
        "contact_points",
        organisation_id=town.organisation,
        committee_id=committee,
        id=point,
        person_id=person,
        channel="apns",
        address=f"token {point}",
    )
    return Contact(point, person, Channel.APNS)
