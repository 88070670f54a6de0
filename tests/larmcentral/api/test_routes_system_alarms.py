"""A system alarm that somebody has seen to, over HTTP."""

from __future__ import annotations

from uuid import UUID

import pytest

from escalation.effects import SystemFault
from tests.larmcentral.api.house import ApiHouse

UNREACHABLE = SystemFault.RECEIVER_UNREACHABLE.value
DONE = {"note": "ringde Nordlarm, de har larmet"}


def address(alarm_id: UUID) -> str:
    return f"/api/system-alarms/{alarm_id}/dealt-with"


async def test_an_operator_takes_it_down_and_it_leaves_every_console(house: ApiHouse) -> None:
    alarm_id = await house.town.system_alarm(house.care, UNREACHABLE)
    async with house.browser("operator.care") as browser:
        assert [one["id"] for one in (await browser.get("/api/incidents")).json()["system_alarms"]] == [str(alarm_id)]
        for _ in range(2):
            assert (await browser.post(address(alarm_id), json=DONE)).status_code == 204
        assert (await browser.get("/api/incidents")).json()["system_alarms"] == []
    kept = await house.town.connection.fetchrow("SELECT * FROM system_alarms WHERE id = $1", alarm_id)
    assert (kept["dealt_with_by"], kept["dealt_with_note"]) == (house.users["operator.care"], DONE["note"])


async def test_without_a_word_of_what_was_done_it_stands(house: ApiHouse) -> None:
    alarm_id = await house.town.system_alarm(house.care, UNREACHABLE)
    async with house.browser("operator.care") as browser:
        for note in ({}, {"note": "  "}, {"note": "x" * 501}):
            assert (await browser.post(address(alarm_id), json=note)).status_code == 422


async def test_what_the_house_clears_itself_is_refused_in_words_and_anothers_is_not_there(house: ApiHouse) -> None:
    own = await house.town.system_alarm(house.care, SystemFault.ROTA_GAP.value)
    others = await house.town.system_alarm(house.social, UNREACHABLE)
    async with house.browser("operator.care") as browser:
        refused = await browser.post(address(own), json=DONE)
        unseen = await browser.post(address(others), json=DONE)
    assert (refused.status_code, refused.json()["reason"]) == (409, "house_clears_it")
    assert unseen.status_code == 404


@pytest.mark.parametrize("login", ["worker.care", "responder.care"])
async def test_who_is_not_of_the_house_may_not(house: ApiHouse, login: str) -> None:
    async with house.browser(login) as browser:
        assert (await browser.post(address(house.town.new_id()), json=DONE)).status_code == 403
