"""Reading incidents and acting on them, as each role."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.events import ClosingAnswer, Operator, Outcome, Responder
from escalation.ids import PersonId, UserId
from escalation.incident import Refused
from tests.builders import NOON
from tests.larmcentral.api.house import ApiHouse, annas_alarm


async def ids(house: ApiHouse, login: str, query: str = "") -> list[UUID]:
    async with house.browser(login) as browser:
        response = await browser.get("/api/incidents" + query)
        assert response.status_code == 200, response.text
        return [UUID(row["id"]) for row in response.json()["incidents"]]


async def test_the_queue_has_the_gravest_first_and_then_the_oldest(house: ApiHouse) -> None:
    town = house.town
    later = await town.incident(house.care, opened_at=NOON + timedelta(seconds=5))
    fall = await town.incident(house.care, kind="fall", gravity=2)
    first = await town.incident(house.care, state="acknowledged")
    await town.incident(house.care, state="stood_down")
    assert await ids(house, "operator.care") == [first, later, fall]


async def test_the_past_comes_newest_first_a_page_at_a_time(house: ApiHouse) -> None:
    past = [
        await house.town.incident(house.care, state="stood_down", opened_at=NOON - timedelta(hours=hours // 2))
        for hours in range(7)
    ]
    await house.town.incident(house.care)
    first = await ids(house, "manager.care", "?state=past&limit=3")
    second = await ids(house, "manager.care", f"?state=past&limit=3&before={first[-1]}")
    third = await ids(house, "manager.care", f"?state=past&limit=3&before={second[-1]}")
    assert sorted(first + second + third) == sorted(past)
    assert [len(page) for page in (first, second, third)] == [3, 3, 1]
    assert len(await ids(house, "manager.care", "?state=all")) == 8


async def test_tests_are_shown_to_those_who_ask(house: ApiHouse) -> None:
    test = await house.town.incident(house.care, purpose="test")
    assert await ids(house, "operator.care") == []
    assert await ids(house, "operator.care", "?tests=true") == [test]
    async with house.browser("operator.care") as browser:
        assert (await browser.get(f"/api/incidents/{test}")).status_code == 200


async def test_a_responder_sees_what_he_was_told_about_and_nothing_else(house: ApiHouse) -> None:
    told = await annas_alarm(house)
    other = await house.town.incident(house.care)
    await house.town.system_alarm(house.care, "no_chain")
    assert await ids(house, "responder.care") == [told]
    async with house.browser("responder.care") as browser:
        assert (await browser.get("/api/incidents")).json()["system_alarms"] == []
        assert (await browser.get(f"/api/incidents/{told}")).status_code == 200
        assert (await browser.get(f"/api/incidents/{other}")).status_code == 404
        assert (await browser.post(f"/api/incidents/{other}/acknowledge")).status_code == 404
    assert house.commands.asked == []


async def test_a_worker_sees_his_own_alarm_but_never_a_silent_one(house: ApiHouse) -> None:
    own = await house.town.incident(house.care, person=house.anna)
    silent = await house.town.incident(house.care, person=house.anna, purpose="drill", silent=True, kind="duress")
    await house.town.incident(house.care, person=house.bo)
    assert await ids(house, "worker.care") == [own]
    async with house.browser("worker.care") as browser:
        assert (await browser.get(f"/api/incidents/{silent}")).status_code == 404


async def test_an_operator_acts_as_the_desk_and_a_responder_as_himself(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    for login in ("operator.care", "responder.care"):
        async with house.browser(login) as browser:
            await browser.post(f"/api/incidents/{incident}/acknowledge")
            await browser.post(f"/api/incidents/{incident}/note", json={"text": "  På väg  "})
    desk = Operator(UserId(house.users["operator.care"]))
    bo = Responder(PersonId(house.bo))
    assert house.commands.asked == [
        ("acknowledge", incident, desk, {house.care}),
        ("note", incident, desk, "På väg", {house.care}),
        ("acknowledge", incident, bo, {house.care}),
        ("note", incident, bo, "På väg", {house.care}),
    ]


async def test_on_the_way_arrived_and_decline_are_for_those_who_were_told(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    told = await house.town.user("desk.told", "operator", house.care, person=house.bo)
    for what in ("on-the-way", "arrived", "decline"):
        async with house.browser("operator.care") as browser:
            response = await browser.post(f"/api/incidents/{incident}/{what}")
            assert (response.status_code, response.json()["reason"]) == (403, "not_a_responder")
        for login in ("responder.care", "desk.told"):
            async with house.browser(login) as browser:
                assert (await browser.post(f"/api/incidents/{incident}/{what}")).status_code == 200
    assert told
    bo = Responder(PersonId(house.bo))
    assert [(asked[0], asked[2]) for asked in house.commands.asked] == [
        (what, bo) for what in ("on_the_way", "arrived", "decline") for _ in range(2)
    ]


async def test_the_desks_own_commands_carry_everything(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    desk, sight = Operator(UserId(house.users["operator.care"])), {house.care}
    answers = [{"key": "cause", "choice": "by_mistake"}]
    false_alarm = {"outcome": "false", "note": "Tappad", "closing": answers}
    async with house.browser("operator.care") as browser:
        await browser.post(f"/api/incidents/{incident}/escalate")
        await browser.post(f"/api/incidents/{incident}/shown")
        await browser.post(f"/api/incidents/{incident}/stand-down", json=false_alarm)
        started = await browser.post("/api/drills", json={"person_id": str(house.anna), "kind": "fall"})
    assert (started.status_code, started.json()) == (201, {"incident_id": str(house.commands.drill)})
    assert house.commands.asked == [
        ("escalate_now", incident, desk, sight),
        ("shown", incident, desk, sight),
        ("stand_down", incident, desk, Outcome.FALSE, "Tappad", sight, (ClosingAnswer("cause", "by_mistake"),)),
        ("start_drill", house.anna, AlarmKind.FALL, desk, sight),
    ]


async def test_who_comes_second_is_told_who_was_first(house: ApiHouse) -> None:
    incident = await annas_alarm(house, state="acknowledged", owner_user_id=house.users["operator.care"])
    house.commands.failure = Refused("taken")
    async with house.browser("responder.care") as browser:
        response = await browser.post(f"/api/incidents/{incident}/acknowledge")
    assert (response.status_code, response.json()["reason"]) == (409, "taken")
    assert response.json()["fields"] == {"name": "Operator.Care"}


async def test_a_refused_drill_says_why(house: ApiHouse) -> None:
    house.commands.failure = Refused("drill_open")
    async with house.browser("manager.care") as browser:
        response = await browser.post("/api/drills", json={"person_id": str(house.anna)})
    assert (response.status_code, response.json()["reason"]) == (409, "drill_open")


async def test_showing_a_position_is_recorded_once_in_ten_minutes(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    async with house.browser("operator.care") as browser:
        for _ in range(3):
            await browser.get(f"/api/incidents/{incident}")
        house.clock.pass_by(timedelta(minutes=10))
        await browser.get(f"/api/incidents/{incident}")
    rows = await house.town.connection.fetch("SELECT * FROM access_log ORDER BY at")
    assert [(row["at"], row["user_id"], row["person_id"], row["incident_id"], row["ground"]) for row in rows] == [
        (at, house.users["operator.care"], house.anna, incident, "incident")
        for at in (NOON, NOON + timedelta(minutes=10))
    ]


async def test_reading_ones_own_position_or_an_incident_without_one_is_not_recorded(house: ApiHouse) -> None:
    own = await annas_alarm(house)
    blind = await house.town.incident(house.care, person=house.bo)
    async with house.browser("worker.care") as browser:
        assert (await browser.get(f"/api/incidents/{own}")).status_code == 200
    async with house.browser("operator.care") as browser:
        assert (await browser.get(f"/api/incidents/{blind}")).status_code == 200
    assert await house.town.connection.fetchval("SELECT count(*) FROM access_log") == 0
