"""The hub when things break: the database dies and comes back, a reading fails half-way, hints are lost."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

import asyncpg
import pytest

from larmcentral.api import feed as feed_module
from larmcentral.api.feed import GAP_S, LONGEST_GAP_S, READERS_A_USER, gap_s
from larmcentral.api.problems import Refusal
from larmcentral.domain import views
from larmcentral.domain.feed import Cursor, Touched
from larmcentral.domain.roles import Scope, Viewer
from larmcentral.store.embedded import EmbeddedServer, start
from larmcentral.store.migrate import migrate
from tests.builders import Town
from tests.larmcentral.api.house import ApiHouse, annas_alarm, api_house
from tests.larmcentral.api.sse import open_feed
from tests.store_fixtures import PREFIX, SHORT_ROOT, name_of


@pytest.fixture
async def own_server() -> AsyncIterator[tuple[Path, EmbeddedServer]]:
    """A server that this test may kill."""
    home = Path(tempfile.mkdtemp(prefix=PREFIX, dir=SHORT_ROOT))
    (home / "owner").write_text(name_of(os.getpid()))
    server = await start(home / "pg", settings={})
    await server.ensure_database("larm")
    await migrate(server.dsn("larm"))
    yield home / "pg", server
    await (await start(home / "pg", settings={})).stop()
    shutil.rmtree(home)


async def test_the_feed_says_that_the_database_is_gone_and_heals_without_a_gap(
    own_server: tuple[Path, EmbeddedServer],
) -> None:
    folder, server = own_server
    async with api_house(server.dsn("larm")) as house:
        incident = await annas_alarm(house)
        await house.role.start()
        async with open_feed(house, "operator.care") as feed:
            await house.town.line(incident, "note", text="före")
            await feed.until_line(incident, text="före")
            # numbers that are handed out and written nowhere go back with the crash; no line may hide behind them
            for _ in range(200):
                await house.town.connection.execute("BEGIN; SELECT pg_current_xact_id(); ROLLBACK")
            os.kill(server.pid, signal.SIGQUIT)  # at once, as a power cut would
            while (await feed.next("tick")).data["ready"]:
                pass
            async with house.browser() as browser:
                assert (await browser.get("/api/health/ready")).status_code == 503
                assert (await browser.get("/api/health/live")).json()["database"] is False
            await start(folder, settings={})
            house.town.connection = await asyncpg.connect(house.dsn)
            await house.town.line(incident, "note", text="efter")
            await feed.until_line(incident, text="efter")
            while not (await feed.next("tick")).data["ready"]:
                pass
        await house.role.stop()


async def test_a_database_that_answers_and_takes_no_writes_is_said_to_be_gone_while_the_feed_goes_on(
    house: ApiHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its disk is full: everything can be read, and no alarm can be kept."""
    monkeypatch.setattr(feed_module, "TICK_S", 0.05)
    monkeypatch.setattr(feed_module, "CHECK_WRITES_EVERY_S", 0.0)  # the house's clock stands still
    room = [False]

    async def ready() -> bool:
        return room[0]

    house.service.ready = ready  # type: ignore[method-assign]
    incident = await annas_alarm(house)
    await house.role.start()
    async with open_feed(house, "operator.care") as feed:
        while (await feed.next("tick")).data["ready"]:
            pass
        await house.town.line(incident, "note", text="under tiden")
        await feed.until_line(incident, text="under tiden")
        async with house.browser() as browser:
            assert (await browser.get("/api/health/ready")).status_code == 503
        room[0] = True
        while not (await feed.next("tick")).data["ready"]:
            pass


async def test_a_reading_that_fails_half_way_is_told_whole_the_next_time(house: ApiHouse) -> None:
    """Two scopes; the second one's part fails once. Nobody hears of that round, and then everybody of everything."""
    reader = house.parts.incidents
    changed, failures = reader.changed, ["a bug"]

    async def failing(
        wanted: Mapping[Scope, Sequence[Touched]],
    ) -> Mapping[Scope, tuple[views.FeedIncident, ...]]:
        found = await changed(wanted)
        if any(scope.committees == {house.social} for scope in wanted) and failures:
            raise RuntimeError(failures.pop())
        return found

    reader.changed = failing  # type: ignore[method-assign]
    await house.role.start()
    async with open_feed(house, "operator.care") as care, open_feed(house, "operator.social") as social:
        first = await house.town.incident(house.care)
        second = await house.town.incident(house.social)
        await care.until_incident(first)
        await social.until_incident(second)
    assert failures == []


async def test_one_users_windows_have_a_limit_and_a_closed_one_makes_room(house: ApiHouse) -> None:
    await house.role.start()
    viewer = await _viewer(house)
    joined = [await house.role.hub.join(viewer, b"hash", viewer.scope(), None) for _ in range(READERS_A_USER)]
    async with house.browser("operator.care") as browser:
        response = await browser.get("/api/feed")
        assert (response.status_code, response.json()["reason"]) == (429, "too_many")
    house.role.hub.leave(joined[0][0])
    assert await house.role.hub.join(viewer, b"hash", viewer.scope(), None)


async def test_a_reader_who_cannot_be_served_at_once_takes_no_place(house: ApiHouse) -> None:
    await house.role.start()
    await house.web.close()
    async with house.browser("operator.care") as browser:
        for _ in range(READERS_A_USER + 1):
            assert (await browser.get("/api/feed")).status_code == 503


async def test_phones_that_all_come_back_at_once_are_let_in_by_and_by_and_a_desk_always(
    house: ApiHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "JOINING_LIMIT", 1)
    hub, here, slow = house.role.hub, house.parts.changes.here, asyncio.Event()

    async def slow_here() -> Cursor:
        await slow.wait()
        return await here()

    phone, desk = await _viewer(house, "responder.care"), await _viewer(house)
    await house.role.start()
    house.parts.changes.here = slow_here  # type: ignore[method-assign]
    first = asyncio.create_task(hub.join(phone, b"a", phone.scope(), None))
    await asyncio.sleep(0)
    with pytest.raises(Refusal, match="too_many"):
        await hub.join(phone, b"b", phone.scope(), None)
    waiting = asyncio.create_task(hub.join(desk, b"c", desk.scope(), None))
    slow.set()
    assert (await first)[0].viewer == phone
    assert (await waiting)[0].viewer == desk
    assert (await hub.join(phone, b"b", phone.scope(), None))[0].viewer == phone


async def test_a_phone_is_told_of_no_system_alarm_and_none_is_looked_for(house: ApiHouse) -> None:
    phone = await _viewer(house, "responder.care")
    await house.town.system_alarm(house.care, "no_chain")
    house.parts.incidents.system_alarms = None  # type: ignore[method-assign, assignment]  # asking would fail
    await house.role.start()
    _, first = await house.role.hub.join(phone, b"a", phone.scope(), None)
    assert b'event: system\ndata: {"system_alarms":[]}\n\n' in first


@pytest.mark.parametrize(("took_s", "rests_s"), [(0.0, GAP_S), (0.005, GAP_S), (0.2, 0.2), (9.0, LONGEST_GAP_S)])
def test_after_a_long_reading_the_next_waits_as_long_so_that_more_goes_into_it(took_s: float, rests_s: float) -> None:
    assert gap_s(took_s) == rests_s


async def _viewer(house: ApiHouse, login: str = "operator.care") -> Viewer:
    credentials = await house.parts.users.credentials(login)
    assert credentials is not None
    return credentials.viewer


async def test_lines_of_one_transaction_are_one_event(house: ApiHouse) -> None:
    town: Town = house.town
    incident = await annas_alarm(house)
    await house.role.start()
    async with open_feed(house, "operator.care") as feed:
        async with town.connection.transaction():
            for number in range(5):
                await town.line(incident, "note", text=str(number))
        event = await feed.until_line(incident, text="4")
    assert [entry["detail"]["text"] for entry in event.data["entries"][-5:]] == list("01234")
