"""Can anybody be reached, as the desk asks it."""

from __future__ import annotations

from datetime import timedelta

from escalation.ids import PersonId
from larmcentral.api import shapes_desk
from tests.builders import NOON
from tests.larmcentral.api.house import ApiHouse


async def test_each_unit_has_a_row_with_names(house: ApiHouse) -> None:
    async with house.browser("operator.care") as browser:
        [row] = (await browser.get("/api/reach")).json()
        told = shapes_desk.ReachRow.model_validate(row)
    [slot] = told.slots
    assert (told.unit, told.chain) == ("Hemtjänst Nord", "Natt")
    assert (slot.persons, slot.nobody, slot.until_at) == (["Bo"], False, NOON + timedelta(hours=12))


async def test_where_nobody_would_be_told_it_says_so_and_a_stranger_counts_without_a_name(house: ApiHouse) -> None:
    async with house.browser("manager.care") as browser:
        house.known.reach.persons = ()
        [empty] = (await browser.get("/api/reach?hours=72")).json()
        house.known.reach.persons = (PersonId(house.town.new_id()),)
        [unnamed] = (await browser.get("/api/reach?hours=1")).json()
    assert [(slot["persons"], slot["nobody"]) for slot in (*empty["slots"], *unnamed["slots"])] == [
        ([], True),
        ([""], False),
    ]


async def test_three_days_are_the_most(house: ApiHouse) -> None:
    async with house.browser("manager.care") as browser:
        for hours in (0, 73, "natten"):
            assert (await browser.get(f"/api/reach?hours={hours}")).status_code == 422
    assert house.known.reach.asked == []
