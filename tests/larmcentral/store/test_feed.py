"""The timeline in the feed's order: nothing lost to transactions that end out of order, nothing told twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from escalation.ids import CommitteeId, OrganisationId
from larmcentral.domain.feed import Cursor
from larmcentral.domain.roles import Scope
from larmcentral.store import feed
from larmcentral.store.feed import ChangeLog
from tests.larmcentral.store.rooms import Rooms, rooms


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


class Follower:
    """Reads on from where it was, and keeps what it was told."""

    def __init__(self, made: Rooms) -> None:
        self.log = ChangeLog(made.service, made.web)
        self.cursor = Cursor(0, 0)
        self.ahead: frozenset[Cursor] = frozenset()
        self.told: list[tuple[UUID, int]] = []

    async def read(self) -> list[tuple[UUID, int]]:
        changes = await self.log.read(self.cursor, self.ahead)
        assert changes.cursor >= self.cursor
        self.cursor, self.ahead = changes.cursor, changes.ahead
        new = [(UUID(str(one.incident_id)), seq) for one in changes.touched for seq in one.seqs]
        self.told += new
        return new


async def test_each_line_is_told_once(made: Rooms) -> None:
    care = await made.town.committee("Omsorg")
    follower = Follower(made)
    one = await made.town.incident(care)
    assert await follower.read() == [(one, 1)]
    assert await follower.read() == []
    await made.town.line(one, "note")
    two = await made.town.incident(care)
    assert await follower.read() == [(one, 2), (two, 1)]


async def test_a_line_of_an_older_transaction_that_ends_later_is_not_lost(made: Rooms, database_dsn: str) -> None:
    care = await made.town.committee("Omsorg")
    slow, quick = await made.town.incident(care), await made.town.incident(care)
    follower = Follower(made)
    await follower.read()
    writer = await asyncpg.connect(database_dsn)
    transaction = writer.transaction()
    await transaction.start()
    await made.town.line(slow, "note", connection=writer)
    await made.town.line(quick, "note")
    assert await follower.read() == [(quick, 2)], "the news are told at once"
    place = follower.cursor
    await made.town.line(quick, "note")
    assert await follower.read() == [(quick, 3)]
    assert follower.cursor == place, "the place waits for the writer"
    await transaction.commit()
    await writer.close()
    assert await follower.read() == [(slow, 2)]
    assert follower.cursor > place
    assert await follower.read() == []
    assert follower.ahead == frozenset()


async def test_what_a_writer_took_back_is_never_told(made: Rooms, database_dsn: str) -> None:
    care = await made.town.committee("Omsorg")
    incident = await made.town.incident(care)
    follower = Follower(made)
    await follower.read()
    writer = await asyncpg.connect(database_dsn)
    transaction = writer.transaction()
    await transaction.start()
    await made.town.incident(care)
    await writer.execute("SELECT pg_current_xact_id()")
    await transaction.rollback()
    await writer.close()
    assert len(await follower.read()) == 1
    assert incident


async def test_a_long_feed_is_read_in_pieces_without_a_gap(made: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "LINES_A_READING", 7)
    care = await made.town.committee("Omsorg")
    incidents = [await made.town.incident(care) for _ in range(5)]
    for _ in range(4):
        for one in incidents:
            await made.town.line(one, "note")
    follower = Follower(made)
    while await follower.read():
        pass
    assert sorted(follower.told) == sorted((one, seq) for one in incidents for seq in range(1, 6))


async def test_past_its_limit_the_feed_waits_for_the_writer(
    made: Rooms, database_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "AHEAD_LIMIT", 2)
    care = await made.town.committee("Omsorg")
    incident = await made.town.incident(care)
    follower = Follower(made)
    await follower.read()
    writer = await asyncpg.connect(database_dsn)
    transaction = writer.transaction()
    await transaction.start()
    await writer.execute("SELECT pg_current_xact_id()")
    for _ in range(2):
        await made.town.line(incident, "note")
    assert len(await follower.read()) == 2
    await made.town.line(incident, "note")
    assert await follower.read() == []
    await transaction.rollback()
    await writer.close()
    assert await follower.read() == [(incident, 4)]


async def test_who_comes_back_is_told_what_he_missed_in_his_committees(made: Rooms) -> None:
    care, social = await made.town.committee("Omsorg"), await made.town.committee("Social")
    log = ChangeLog(made.service, made.web)
    before = await log.here()
    incident = await made.town.incident(care)
    await made.town.incident(social)
    organisation = OrganisationId(made.town.organisation)
    scope = Scope(organisation_id=organisation, committees=frozenset({CommitteeId(care)}))
    missed = await log.missed(scope, before)
    assert missed is not None
    here, touched = missed
    assert [one.incident_id for one in touched] == [incident]
    assert await log.missed(scope, here) == (here, ())
    assert await log.missed(scope, Cursor(here.xact + 1, 0)) is None


async def test_standing_alarms_come_with_every_reading(made: Rooms) -> None:
    care = await made.town.committee("Omsorg")
    alarm = await made.town.system_alarm(care, "no_chain")
    log = ChangeLog(made.service, made.web)
    changes = await log.read(await log.here(), frozenset())
    assert [one.id for one in changes.alarms] == [alarm]
    await made.town.connection.execute("UPDATE system_alarms SET cleared_at = raised_at")
    assert (await log.read(changes.cursor, frozenset())).alarms == frozenset()
