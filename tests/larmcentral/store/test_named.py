"""Names typed at the command line: one, none, or several that are called so."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from escalation.ids import CommitteeId, OrganisationId
from larmcentral.store.named import OFFERED, Names, Sort, Unclear
from tests.larmcentral.store.rooms import Rooms, rooms


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


async def test_each_sort_is_found_by_its_name_in_whatever_letters(made: Rooms) -> None:
    town, names = made.town, Names(made.service)
    house = OrganisationId(town.organisation)
    care = await town.committee("Omsorgsnämnden")
    unit = await town.unit(care, "Hemtjänst Nord")
    anna = await town.person(care, "Anna Lindqvist")
    await town.person(care, "Anna Lindqvist-Berg")
    found = [
        await names.find(house, Sort.PERSON, " anna lindqvist "),
        await names.find(house, Sort.UNIT, "HEMTJÄNST NORD"),
        await names.find(house, Sort.COMMITTEE, "omsorgsnämnden"),
    ]
    assert [one.id for one in found] == [anna, unit, care]
    assert {(one.committee_id, one.committee) for one in found} == {(care, "Omsorgsnämnden")}


async def test_several_of_one_name_are_told_apart_by_their_committees(made: Rooms) -> None:
    town, names = made.town, Names(made.service)
    house = OrganisationId(town.organisation)
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    ours, theirs = await town.unit(care, "Nord"), await town.unit(social, "Nord")
    with pytest.raises(Unclear) as unclear:
        await names.find(house, Sort.UNIT, "Nord")
    assert unclear.value.several
    assert {one.id for one in unclear.value.candidates} == {ours, theirs}
    assert str(unclear.value).startswith("more than one unit is called 'Nord'")
    assert f"{theirs}  Nord (Social)" in str(unclear.value)
    assert (await names.find(house, Sort.UNIT, "Nord", CommitteeId(social))).id == theirs


async def test_who_is_not_found_is_offered_what_is_alike_and_not_too_much_of_it(made: Rooms) -> None:
    town, names = made.town, Names(made.service)
    house = OrganisationId(town.organisation)
    care = await town.committee("Omsorg")
    for number in range(OFFERED + 5):
        await town.person(care, f"Bo {number:02}")
    with pytest.raises(Unclear, match="no person is called 'Bo'; do you mean") as unclear:
        await names.find(house, Sort.PERSON, "Bo")
    assert [one.name for one in unclear.value.candidates] == [f"Bo {number:02}" for number in range(OFFERED)]
    with pytest.raises(Unclear, match="nor anything like it"):
        await names.find(house, Sort.PERSON, "100%")
    with pytest.raises(Unclear, match="nor anything like it"):
        await names.find(OrganisationId(town.new_id()), Sort.COMMITTEE, "Omsorg")
