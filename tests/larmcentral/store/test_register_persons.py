"""Dossiers entered by an administrator."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from escalation.ids import CommitteeId, OrganisationId, PersonId
from larmcentral.domain.dossier import DossierText, NextOfKin
from larmcentral.domain.register import Home
from larmcentral.store.register import Register
from tests.builders import NOON
from tests.larmcentral.store.rooms import Rooms, rooms


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


async def test_a_dossier_takes_the_place_of_the_one_before_and_each_committee_has_its_own(made: Rooms) -> None:
    town, register = made.town, Register(made.service)
    care, social = [
        Home(OrganisationId(town.organisation), CommitteeId(await town.committee(name)))
        for name in ("Omsorg", "Social")
    ]
    anna = PersonId(await town.person(care.committee_id, "Anna"))
    both = (NextOfKin(name="Bo"), NextOfKin(name="Cia", relation="syster"))
    await register.dossier(care, anna, DossierText(notes="Epilepsi.", next_of_kin=both), NOON)
    await register.dossier(care, anna, DossierText(notes="Diabetes.", next_of_kin=both[1:]), NOON)
    await register.dossier(social, anna, DossierText(notes="Hotad."), NOON)
    notes = await town.connection.fetch("SELECT notes FROM person_dossiers ORDER BY notes")
    kin = await town.connection.fetch("SELECT rank, name, relation FROM next_of_kin")
    assert [row["notes"] for row in notes] == ["Diabetes.", "Hotad."]
    assert [tuple(row) for row in kin] == [(1, "Cia", "syster")]
