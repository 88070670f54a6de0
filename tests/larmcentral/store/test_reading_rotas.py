"""Rotas: read in their newest version, written on top of it, and of one's own committees alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest

from escalation.ids import CommitteeId, PersonId, RotaId, UserId
from escalation.rota import Layer, Rota
from larmcentral.domain.errors import Collision, NotFound
from larmcentral.domain.views_house import RotaRow
from larmcentral.store.reading_rotas import Rotas
from tests.builders import NOON, Town
from tests.larmcentral.store.rooms import Rooms, rooms
from tests.larmcentral.store.working import scope_of


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


def a_rota(town: Town, *persons: PersonId, name: str = "Jour") -> Rota:
    layer = Layer(name="Natt", persons=persons, starts_on=date(2026, 11, 2))
    return Rota(id=RotaId(town.new_id()), name=name, layers=(layer,), version=0)


async def test_each_version_is_written_on_top_of_the_one_before_and_all_are_kept(made: Rooms) -> None:
    town, rotas = made.town, Rotas(made.web)
    care = CommitteeId(await town.committee("Omsorg"))
    anna = PersonId(await town.person(care, "Anna"))
    scope, by, rota = scope_of(town, care), UserId(town.new_id()), a_rota(made.town, anna)
    assert await rotas.save(scope, care, rota, by=by, now=NOON) == 1
    assert await rotas.save(scope, care, replace(rota, name="Jouren", version=1), by=by, now=NOON) == 2
    assert await rotas.rota(scope, rota.id) == (care, replace(rota, name="Jouren", version=2))
    assert await rotas.rotas(scope) == (RotaRow(id=rota.id, committee_id=care, name="Jouren", version=2),)
    rows = await town.connection.fetch("SELECT version, body ->> 'name', made_by FROM rota_versions ORDER BY 1")
    assert [tuple(row) for row in rows] == [(1, "Jour", by), (2, "Jouren", by)]


async def test_what_was_made_from_an_older_version_collides_and_changes_nothing(made: Rooms) -> None:
    town, rotas = made.town, Rotas(made.web)
    care = CommitteeId(await town.committee("Omsorg"))
    scope, by, rota = scope_of(town, care), UserId(town.new_id()), a_rota(made.town)
    await rotas.save(scope, care, rota, by=by, now=NOON)
    await rotas.save(scope, care, replace(rota, version=1), by=by, now=NOON)
    for made_from in (0, 1, 3):
        with pytest.raises(Collision):
            await rotas.save(scope, care, replace(rota, name="Sen", version=made_from), by=by, now=NOON)
    assert await rotas.rota(scope, rota.id) == (care, replace(rota, version=2))


async def test_of_two_who_write_in_the_same_moment_one_is_told_so(made: Rooms) -> None:
    town, rotas = made.town, Rotas(made.web)
    care = CommitteeId(await town.committee("Omsorg"))
    scope, by, rota = scope_of(town, care), UserId(town.new_id()), a_rota(made.town)
    for made_from in (0, 1):
        written = replace(rota, version=made_from)
        told = await asyncio.gather(
            *(rotas.save(scope, care, written, by=by, now=NOON) for _ in range(2)), return_exceptions=True
        )
        assert [one for one in told if not isinstance(one, Collision)] == [made_from + 1]


async def test_another_committees_rota_is_neither_read_nor_written(made: Rooms) -> None:
    town, rotas = made.town, Rotas(made.web)
    care, social = CommitteeId(await town.committee("Omsorg")), CommitteeId(await town.committee("Social"))
    by, theirs = UserId(town.new_id()), a_rota(made.town, name="Deras")
    await rotas.save(scope_of(town, social), social, theirs, by=by, now=NOON)
    scope = scope_of(town, care)
    assert await rotas.rotas(scope) == ()
    with pytest.raises(NotFound):
        await rotas.rota(scope, theirs.id)
    for made_from in (0, 1):
        for committee in (care, social):
            with pytest.raises(NotFound):
                await rotas.save(scope, committee, replace(theirs, name="Vår", version=made_from), by=by, now=NOON)
    with pytest.raises(NotFound):
        await rotas.save(scope, care, replace(a_rota(made.town), version=1), by=by, now=NOON)
    assert await rotas.rota(scope_of(town, social), theirs.id) == (social, replace(theirs, version=1))


async def test_rotas_stand_by_name(made: Rooms) -> None:
    town, rotas = made.town, Rotas(made.web)
    care = CommitteeId(await town.committee("Omsorg"))
    for name in ("Natt", "Dag"):
        await rotas.save(scope_of(town, care), care, a_rota(town, name=name), by=UserId(town.new_id()), now=NOON)
    assert [one.name for one in await rotas.rotas(scope_of(town, care))] == ["Dag", "Natt"]


async def test_only_those_one_may_know_have_names(made: Rooms) -> None:
    town, rotas = made.town, Rotas(made.web)
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    anna, secret = PersonId(await town.person(care, "Anna")), PersonId(await town.person(social, "Sekretess"))
    assert await rotas.names(scope_of(town, care), {anna, secret}) == {anna: "Anna"}
    assert await rotas.names(scope_of(town, care), ()) == {}
