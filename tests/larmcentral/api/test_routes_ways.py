"""The board of the ways out before people, on what the server has written down."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from escalation.chain import Channel
from larmcentral.api import shapes_ways
from larmcentral.domain.notice import DeliveryState
from larmcentral.domain.way_health import WayState
from larmcentral.domain.way_minute import WayMinute, with_try
from larmcentral.domain.way_report import WayReport
from larmcentral.store.ways import Ways
from tests.builders import NOON
from tests.larmcentral.api.house import ApiHouse, annas_alarm


async def board(house: ApiHouse, login: str) -> shapes_ways.WayBoard:
    async with house.browser(login) as browser:
        answer = await browser.get("/api/ways-out")
    assert answer.status_code == 200
    return shapes_ways.WayBoard.model_validate_json(answer.content)


def elks(found: shapes_ways.WayBoard) -> shapes_ways.WayView:
    [way] = [way for way in found.ways if way.provider == "46elks"]
    return way


async def said(house: ApiHouse, process: int, state: WayState, waiting: int = 0) -> None:
    report = WayReport(
        provider="46elks",
        channel=Channel.SMS,
        receiver=None,
        state=state,
        since=NOON,
        reason="no answer in time",
        last_good_at=None,
        last_bad_at=NOON,
        answered_at=None,
        waiting=waiting,
    )
    await Ways(house.service).report(UUID(int=process), [report])


async def test_while_nobody_sends_the_board_says_so_of_what_the_settings_name(house: ApiHouse) -> None:
    found = await board(house, "manager.care")
    named = [one.provider for one in house.parts.settings.channels]
    named += [f"receiver:{name}" for name in sorted(house.parts.settings.alarm_receivers)]
    assert [way.provider for way in found.ways] == named
    assert {(way.state, way.processes, way.since) for way in found.ways} <= {("unknown", 0, None)}
    assert found.dead_channels == []


async def test_each_provider_shows_its_state_its_last_hour_and_what_waits(house: ApiHouse) -> None:
    await said(house, 1, WayState.DEAD, waiting=2)
    incident = await annas_alarm(house)
    later = NOON + timedelta(seconds=40)
    await house.town.notice(incident, house.bo, channel="sms", state="pending", due_at=later, reason="paced")
    before = await board(house, "operator.care")
    minute = before.server_time.replace(second=0, microsecond=0)
    empty = WayMinute(provider="46elks", channel=Channel.SMS, minute=minute)
    await Ways(house.service).add_minutes([with_try(empty, DeliveryState.RETRY, 5.0)])
    found = await board(house, "operator.care")
    assert found.dead_channels == ["sms"]
    way = elks(found)
    assert (way.provider, way.state, way.since, way.reason) == ("46elks", "dead", NOON, "no answer in time")
    assert (way.processes, way.say_dead, way.in_line) == (1, 1, 2)
    assert (way.waiting, way.next_due_at, way.last_due_at) == (1, later, later)
    assert [(one.minute, one.figures.lost_pct, one.figures.p99_ms) for one in way.minutes] == [(minute, 100.0, 5000.0)]
    assert way.hour == way.minutes[0].figures


async def test_one_process_that_sees_it_alive_outweighs_another(house: ApiHouse) -> None:
    await said(house, 1, WayState.DEAD)
    await said(house, 2, WayState.ALIVE)
    way = elks(await board(house, "admin.care"))
    assert (way.state, way.processes, way.say_dead) == ("alive", 2, 1)


async def test_what_waits_for_another_committee_is_not_counted(house: ApiHouse) -> None:
    await said(house, 1, WayState.ALIVE)
    incident = await annas_alarm(house)
    await house.town.notice(incident, house.bo, channel="sms", state="pending", due_at=NOON)
    assert elks(await board(house, "operator.social")).waiting == 0
    assert elks(await board(house, "operator.care")).waiting == 1


async def test_a_notice_that_waits_says_until_when_and_for_what(house: ApiHouse) -> None:
    incident = await annas_alarm(house)
    later = NOON + timedelta(seconds=40)
    await house.town.notice(incident, house.bo, channel="sms", state="pending", due_at=later, reason="paced")
    await house.town.notice(incident, house.bo, channel="mail", state="pending", due_at=NOON)
    await house.town.notice(incident, house.bo, channel="sms", state="sent", due_at=later, reason="created")
    async with house.browser("operator.care") as browser:
        notices = (await browser.get(f"/api/incidents/{incident}")).json()["notices"]
    found = {(one["channel"], one["state"]): (one["due_at"], one["waits_for"]) for one in notices}
    assert found == {
        ("sms", "pending"): ("2026-11-22T12:00:40Z", "paced"),
        ("mail", "pending"): (None, None),
        ("sms", "sent"): (None, None),
    }


async def test_workers_and_responders_have_no_board(house: ApiHouse) -> None:
    for login in ("worker.care", "responder.care"):
        async with house.browser(login) as browser:
            assert (await browser.get("/api/ways-out")).status_code == 403
