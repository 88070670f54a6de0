"""Sessions seen from the desk: who works alone, and what others may do for him."""

from __future__ import annotations

from escalation.events import Operator, Responder
from escalation.ids import PersonId, UserId
from larmcentral.api import shapes_work
from tests.larmcentral.api.house import ApiHouse


async def test_the_desk_sees_who_works_alone_and_that_is_recorded(house: ApiHouse) -> None:
    async with house.browser("operator.care") as browser:
        [row] = (await browser.get("/api/sessions")).json()
    assert shapes_work.SessionView.model_validate(row).place == "Storgatan 1"
    assert house.known.work.looks == [(house.users["operator.care"], house.anna)]


async def test_a_session_is_started_and_ended_for_somebody_who_called_in(house: ApiHouse) -> None:
    async with house.browser("manager.care") as browser:
        body = {"person_id": str(house.anna), "purpose": "ringde in", "linked": [str(house.bo)]}
        assert (await browser.post("/api/sessions", json=body)).status_code == 201
        assert (await browser.post(f"/api/sessions/{house.anna}/end")).status_code == 204
        assert (await browser.post(f"/api/sessions/{house.bo}/end")).status_code == 404
    manager = Operator(UserId(house.users["manager.care"]))
    [(_, start, by), ended] = house.known.lone_work.asked
    assert (start.person_id, start.linked, by) == (house.anna, (house.bo,), manager)  # type: ignore[attr-defined]
    assert ended == ("end", house.anna, manager, "operator", False)


async def test_a_colleague_asks_as_a_responder_and_the_desk_as_itself(house: ApiHouse) -> None:
    for login in ("responder.care", "operator.care"):
        async with house.browser(login) as browser:
            assert (await browser.post(f"/api/sessions/{house.anna}/welfare")).status_code == 204
    assert house.known.lone_work.asked == [
        ("ask_welfare", house.anna, Responder(PersonId(house.bo))),
        ("ask_welfare", house.anna, Operator(UserId(house.users["operator.care"]))),
    ]


async def test_a_spoken_memo_is_kept_with_ones_own_session_and_played_at_the_desk(house: ApiHouse) -> None:
    async with house.browser("worker.care") as browser:
        url, sound = "/api/me/session/recording", b"OggS" + b"." * 1_500_000
        assert (await browser.put(url, content=sound, headers={"Content-Type": "audio/ogg"})).status_code == 204
        text = await browser.put(url, content=b"hej", headers={"Content-Type": "text/plain"})
        assert (text.status_code, text.json()["reason"]) == (415, "media_type")
        large = await browser.put(url, content=b"OggS" * 600_000, headers={"Content-Type": "audio/ogg"})
        assert (large.status_code, large.json()["reason"]) == (413, "too_large")
    assert house.known.work.written == [("recording", house.anna, "audio/ogg", sound)]
    async with house.browser("operator.care") as browser:
        played = await browser.get(f"/api/sessions/{house.known.ids['session']}/recording")
    assert (played.headers["Content-Type"], played.content) == house.known.work.sound
