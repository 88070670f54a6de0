"""The card for the operator's own call: read at the desk, recorded like every look at a place, and ringing nobody."""

from __future__ import annotations

from uuid import UUID

from larmcentral.api import shapes_card
from tests.larmcentral.api.house import ApiHouse, annas_alarm


async def read(house: ApiHouse, incident: UUID, login: str = "operator.care") -> shapes_card.SosCard:
    async with house.browser(login) as browser:
        response = await browser.get(f"/api/incidents/{incident}/card")
    assert response.status_code == 200, response.text
    return shapes_card.SosCard.model_validate_json(response.content)


async def shown(house: ApiHouse) -> list[tuple[str, UUID]]:
    rows = await house.town.connection.fetch("SELECT action, incident_id FROM access_log ORDER BY action")
    return [(row["action"], row["incident_id"]) for row in rows]


async def annas_alarm_at_home(house: ApiHouse, **values: object) -> UUID:
    place = await house.town.place(house.care, "Storgatan 1", owner=house.bo)
    await house.town.connection.execute(
        "UPDATE places SET floor = '3 tr', door_code = '1947', notes = 'hund', address = 'Storgatan 1, Kungälv'"
    )
    return await annas_alarm(house, place_id=place, **values)


async def test_an_operator_reads_who_what_and_where(house: ApiHouse) -> None:
    card = await read(house, await annas_alarm_at_home(house))
    assert (card.person.name, card.person.phone) == ("Anna", "+46701740601")
    assert card.place is not None
    assert (card.place.door_code, card.place.floor, card.place.danger) == ("1947", "3 tr", "hund")
    assert card.place.risk == "raised"
    assert card.position is not None
    assert (card.position.lat, card.position.lon) == (59.2, 17.6)
    assert (card.centre, card.call_back) == ("Älvmårdens kommun", "0303-174 06 09")
    assert [one.language for one in card.scripts] == ["sv", "en"]
    assert [(one.name, one.state) for one in card.responders] == [("Bo", "notified")]


async def test_that_position_and_place_were_shown_is_recorded_once_a_window(house: ApiHouse) -> None:
    incident = await annas_alarm_at_home(house)
    assert await shown(house) == []
    await read(house, incident)
    await read(house, incident)
    assert await shown(house) == [("place_shown", incident), ("position_shown", incident)]


async def test_the_wearer_of_a_silent_alarm_has_no_number_on_the_card(house: ApiHouse) -> None:
    incident = await annas_alarm_at_home(house, silent=True)
    card = await read(house, incident)
    assert (card.person.phone, card.person.do_not_ring) == (None, True)
    assert "+46701740601" not in card.model_dump_json()


async def test_the_operators_own_call_so_far_stands_on_it(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    karin = {"kind": "operator", "user_id": str(house.users["operator.care"])}
    await house.town.line(incident, "sos_call", by=karin, what="dialled", text="")
    await house.town.line(incident, "notice_filed", receiver="nord")
    card = await read(house, incident)
    assert [(one.what, one.by) for one in card.calls] == [("dialled", "Operator.Care")]
    assert [(one.receiver, one.state) for one in card.centres] == [("nord", "told")]


async def test_only_the_desk_of_the_committee_reads_it(house: ApiHouse) -> None:
    incident = await annas_alarm_at_home(house)
    for login, status in (
        ("worker.care", 403),
        ("responder.care", 403),
        ("manager.care", 403),
        ("admin.care", 403),
        ("operator.social", 404),
    ):
        async with house.browser(login) as browser:
            response = await browser.get(f"/api/incidents/{incident}/card")
        assert response.status_code == status, login
        assert "1947" not in response.text
    assert await shown(house) == []


async def test_nothing_on_it_can_be_dialled_by_a_click(house: ApiHouse) -> None:
    incident = await annas_alarm_at_home(house)
    async with house.browser("operator.care") as browser:
        answer = (await browser.get(f"/api/incidents/{incident}/card")).text
    assert "tel:" not in answer
    assert "://" not in answer
