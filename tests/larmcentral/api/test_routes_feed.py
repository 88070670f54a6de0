"""The live feed over real sockets: what each reader hears, and what he hears when he comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

import asyncpg
import pytest

from tests.builders import operator_pairs
from tests.larmcentral.api.house import ROLES, ApiHouse, annas_alarm
from tests.larmcentral.api.sse import cursor_of, open_feed

UNKNOWN_CURSORS: Final = ("no cursor", "1:2:3", "9223372036854775807:0")


@pytest.fixture
async def live(house: ApiHouse) -> AsyncIterator[ApiHouse]:
    """The house with its web role listening."""
    await house.role.start()
    yield house
    await house.role.stop()


async def test_a_new_line_reaches_the_desk_with_the_whole_row(live: ApiHouse) -> None:
    incident = await annas_alarm(live)
    async with open_feed(live, "operator.care") as feed:
        assert (await feed.next()).kind == "system"
        assert (await feed.next()).data["ready"] is True
        by = operator_pairs(live.users["operator.care"])
        await live.town.line(incident, "note", by=by, text="På väg")
        event = await feed.until_line(incident, text="På väg")
    assert event.data["incident"]["person"]["name"] == "Anna"
    entry = event.data["entries"][-1]
    assert (entry["seq"], entry["kind"], entry["by"]["name"], entry["detail"]) == (
        2,
        "note",
        "Operator.Care",
        {"text": "På väg"},
    )


async def test_two_operators_hear_the_same_and_another_committee_nothing(live: ApiHouse) -> None:
    await live.town.user("second.care", "operator", live.care)
    async with (
        open_feed(live, "operator.care") as first,
        open_feed(live, "second.care") as second,
        open_feed(live, "operator.social") as stranger,
    ):
        care = await annas_alarm(live)
        social = await live.town.incident(live.social)
        assert (await first.until_incident(care)).data == (await second.until_incident(care)).data
        assert (await stranger.next("incident")).data["incident"]["id"] == str(social)


async def test_a_responder_hears_of_what_he_was_told_about_and_a_worker_of_his_own(live: ApiHouse) -> None:
    async with open_feed(live, "responder.care") as bo, open_feed(live, "worker.care") as anna:
        await live.town.incident(live.care)
        await live.town.incident(live.care, person=live.anna, silent=True, purpose="drill")
        told = await annas_alarm(live)
        for feed in (bo, anna):
            assert (await feed.next("incident")).data["incident"]["id"] == str(told)


@pytest.mark.parametrize("role", ROLES)
async def test_every_role_has_a_feed_and_hears_nothing_of_another_committee(live: ApiHouse, role: str) -> None:
    async with open_feed(live, f"{role}.social") as feed:
        assert feed.response.headers["Content-Type"].startswith("text/event-stream")
        assert feed.response.headers["Cache-Control"] == "no-store"
        await live.town.system_alarm(live.care, "no_chain")
        incident = await annas_alarm(live)
        await live.role.stop()
        heard = await feed.rest()
    assert not [event for event in heard if str(incident) in str(event) or "no_chain" in str(event)]


async def test_nobody_hears_anything_without_a_session(live: ApiHouse) -> None:
    async with live.browser() as browser:
        response = await browser.get("/api/feed")
    assert (response.status_code, response.json()["reason"]) == (401, "session_over")


async def test_tests_are_told_to_those_who_ask(live: ApiHouse) -> None:
    async with open_feed(live, "operator.care") as usual, open_feed(live, "operator.care", query="?tests=true") as all_:
        test = await live.town.incident(live.care, purpose="test")
        real = await live.town.incident(live.care)
        assert (await usual.next("incident")).data["incident"]["id"] == str(real)
        assert (await all_.next("incident")).data["incident"]["id"] == str(test)


async def test_who_resumes_from_the_queue_misses_nothing_of_before_and_after(live: ApiHouse) -> None:
    incident = await annas_alarm(live)
    cursor = await cursor_of(live, "operator.care")
    await live.town.line(incident, "note", text="före")
    async with open_feed(live, "operator.care", after=cursor) as feed:
        missed = await feed.next("incident")
        assert [entry["detail"] for entry in missed.data["entries"]] == [{"text": "före"}]
        await live.town.line(incident, "note", text="efter")
        await feed.until_line(incident, text="efter")


async def test_who_comes_back_hears_what_happened_meanwhile(live: ApiHouse) -> None:
    incident = await annas_alarm(live)
    async with open_feed(live, "operator.care") as feed:
        await live.town.line(incident, "note", text="hört")
        await feed.until_line(incident, text="hört")
        await feed.next("tick")
    await live.town.line(incident, "note", text="missat")
    async with open_feed(live, "operator.care", after="1:0", last_event_id=feed.last_id) as again:
        missed = await again.until_line(incident, text="missat")
    assert [entry["detail"] for entry in missed.data["entries"]] == [{"text": "missat"}]


@pytest.mark.parametrize("cursor", UNKNOWN_CURSORS)
async def test_a_cursor_that_means_nothing_here_asks_for_a_fresh_start(live: ApiHouse, cursor: str) -> None:
    incident = await annas_alarm(live)
    async with open_feed(live, "operator.care", after=cursor) as feed:
        assert (await feed.next()).kind == "resync"
        await live.town.line(incident, "note")
        await feed.until_incident(incident)


async def test_who_missed_too_much_is_asked_to_start_afresh(live: ApiHouse) -> None:
    cursor = await cursor_of(live, "operator.care")
    for _ in range(501):
        await live.town.incident(live.care, due_in_s=None)
    async with open_feed(live, "operator.care", after=cursor) as feed:
        assert (await feed.next()).kind == "resync"
        assert feed.last_id is not None


async def test_a_system_alarm_is_told_when_it_is_raised_and_when_it_is_cleared(live: ApiHouse) -> None:
    async with open_feed(live, "operator.care") as feed, open_feed(live, "operator.social") as stranger:
        assert (await feed.next("system")).data == {"system_alarms": []}
        alarm = await live.town.system_alarm(live.care, "chain_used_up", step=2)
        [told] = (await feed.next("system")).data["system_alarms"]
        assert (told["id"], told["fault"], told["step"]) == (str(alarm), "chain_used_up", 2)
        await live.town.connection.execute("UPDATE system_alarms SET cleared_at = raised_at")
        assert (await feed.next("system")).data == {"system_alarms": []}
        await live.role.stop()
        assert [event.data for event in await stranger.rest() if event.kind == "system"] == [{"system_alarms": []}]


@pytest.mark.parametrize("login", ["worker.care", "responder.care"])
async def test_a_phone_hears_nothing_of_a_system_alarm_not_even_that_something_was_said(
    live: ApiHouse, login: str
) -> None:
    """It may be about a silent alarm that nobody answers: an empty word in that second would tell of it."""
    async with open_feed(live, login) as phone, open_feed(live, "operator.care") as desk:
        assert (await desk.next("system")).data == {"system_alarms": []}
        silent = await live.town.incident(
            live.care, person=live.anna, silent=True, subject=f"covert/person:{live.anna}"
        )
        await live.town.system_alarm(live.care, "chain_used_up", incident_id=silent)
        assert (await desk.next("system")).data["system_alarms"]
        await live.role.stop()
        assert [event.kind for event in await phone.rest() if event.kind != "tick"] == ["system"]


async def test_a_writer_who_does_not_end_holds_nobody_up(live: ApiHouse) -> None:
    """The feed's place waits for him, the news do not; and his own line is told when he ends."""
    slow, quick = await annas_alarm(live), await live.town.incident(live.care)
    async with open_feed(live, "operator.care") as feed:
        writer = await asyncpg.connect(live.dsn)
        await writer.execute("BEGIN")
        await live.town.line(slow, "note", connection=writer, text="sen")
        await live.town.line(quick, "note", text="snabb")
        await feed.until_line(quick, text="snabb")
        tick = await feed.next("tick")
        async with open_feed(live, "operator.care", after=tick.id) as again:
            await again.until_line(quick, text="snabb")  # who comes back hears it again: his place could not move on
            await writer.execute("COMMIT")
            await feed.until_line(slow, text="sen")
            await again.until_line(slow, text="sen")
        await writer.close()


async def test_a_reader_who_does_not_read_is_told_to_start_afresh_and_blocks_nobody(live: ApiHouse) -> None:
    incident = await live.town.incident(live.care)
    async with open_feed(live, "operator.care") as lazy, open_feed(live, "operator.care") as eager:
        await lazy.next("system")
        large = "x" * 30_000
        heard = 0
        for _ in range(20):  # 20 MB: more than the two ends of a socket and the queue between hold
            rows = [await live.town.incident(live.care, due_in_s=None) for _ in range(33)]
            for row in rows:
                await live.town.line(row, "note", text=large)
            while heard < len(rows):
                heard += (await eager.next("incident", "resync")).kind == "incident"
            heard = 0
        await live.town.line(incident, "note", text="sist")
        await eager.until_incident(incident)
        assert (await lazy.next("resync")).id is not None


async def test_a_feed_ends_when_its_session_does(live: ApiHouse) -> None:
    async with open_feed(live, "operator.care") as feed:
        await feed.next("tick")
        user = await live.parts.users.find("operator.care")  # type: ignore[attr-defined]
        await live.parts.users.disable(*user, live.clock.now())  # type: ignore[attr-defined]
        live.clock.pass_by(timedelta(seconds=30))
        assert all(event.kind != "incident" for event in await feed.rest())


async def test_the_server_ends_its_feeds_and_then_itself(live: ApiHouse) -> None:
    async with open_feed(live, "operator.care") as feed:
        await feed.next("tick")
        stopping = asyncio.create_task(live.role.stop())
        await feed.rest()
        await asyncio.wait_for(stopping, 10)
    await live.role.stop()
    await live.role.start()
    async with open_feed(live, "operator.care") as feed:
        await feed.next("tick")
