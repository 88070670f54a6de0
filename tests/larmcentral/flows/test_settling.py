"""What became of notices."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from escalation.chain import Channel
from escalation.effects import About
from escalation.ids import IncidentId, NoticeId
from larmcentral.domain.notice import Delivery, DeliveryState
from larmcentral.domain.outbox import NoticeState, Settled
from larmcentral.flows.alarms import file_alarms
from tests.stories.world import World
from tests.world import ANNA, BO, DAVID, an_id, press


def test_a_reminder_is_settled_without_a_timeline(world: World) -> None:
    world.start_session(minutes=10)
    world.run(seconds=301)
    (row,) = [row for row in world.store.tables.notices.values() if row.notice.about is About.END_DUE]
    assert row.incident_id is None
    assert row.state is NoticeState.SENT
    assert not world.store.tables.incidents


def test_a_reminder_to_an_app_that_is_gone_retires_it_and_fails_nobody(world: World) -> None:
    world.channels[Channel.APNS].answers["anna-token"] = Delivery(state=DeliveryState.GONE, reason="Unregistered")
    world.start_session(minutes=10)
    world.run(seconds=301)
    retired = [point.address for who, point, gone in world.store.tables.points.values() if gone and who == ANNA]
    assert retired == ["anna-token"]
    world.press()
    assert world.called[-3:] == ["bo", "cecilia", "desk"]


def test_the_pause_before_the_next_try_counts_from_the_stores_time(world: World) -> None:
    late = Delivery(state=DeliveryState.RETRY, reason="TooManyRequests", retry_after=timedelta(seconds=5))
    world.channels[Channel.APNS].answers["bo-token"] = late
    world.press()
    world.run(seconds=1)
    (row,) = [row for row in world.store.tables.notices.values() if row.state is NoticeState.PENDING]
    assert timedelta(seconds=3) < row.due_at - world.clock.now() < timedelta(seconds=5)


def test_a_result_whose_incident_cannot_be_read_keeps_no_other_and_is_settled(world: World) -> None:
    world.channels[Channel.APNS].answers["bo-token"] = Delivery(state=DeliveryState.REFUSED, reason="no")
    world.press()
    spoilt = world.record
    world.store.tables.incidents[world.incident_id] = replace(
        spoilt, incident=replace(spoilt.incident, chain=cast(Any, None))
    )
    world.start_session(DAVID, minutes=5.1)
    world.run(seconds=8)
    states = {row.state for row in world.store.tables.notices.values()}
    assert states == {NoticeState.SENT, NoticeState.REFUSED}
    assert list(world.server.settling.pending) == []


def test_a_result_in_words_that_the_store_refuses_is_settled_without_them(world: World) -> None:
    store = world.store.tables
    world.press()
    (row,) = [row for row in store.notices.values() if row.notice.person_id == BO]
    refused = Settled(
        notice_id=row.notice.id,
        organisation_id=world.record.subject.organisation_id,
        committee_id=world.record.subject.committee_id,
        incident_id=IncidentId(an_id("gone long ago")),
        channel=row.notice.channel,
        person_id=BO,
        point_id=row.notice.point_id,
        state=NoticeState.DELIVERED,
        at=world.clock.now(),
        tries=1,
        reason="\x00",
    )
    world.server.settling.put(refused)
    world.run(seconds=1)
    assert store.notices[row.notice.id].state is NoticeState.DELIVERED
    assert list(world.server.settling.pending) == []


def test_whoever_stops_files_everything_that_is_known_and_not_a_batch_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("larmcentral.flows.settling.BATCH_LIMIT", 1)
    world.press()
    assert len(list(world.server.settling.pending)) == 3
    world.do(world.server.stop())
    assert {row.state for row in world.store.tables.notices.values()} == {NoticeState.SENT}


class Offended:
    """The world's store; one notice's result it never takes, in whatever words."""

    def __init__(self, world: World, notice_id: NoticeId) -> None:
        self._world, self._notice_id = world, notice_id

    @asynccontextmanager
    async def transaction(self, *sight: Any) -> AsyncIterator[Any]:
        async with self._world.store.transaction(*sight) as tx:
            settle = tx.settle

            async def or_not(results: Sequence[Settled], now: datetime) -> None:
                if any(result.notice_id == self._notice_id for result in results):
                    raise ValueError("a constraint that an older row does not keep")
                await settle(results, now)

            tx.settle = or_not  # type: ignore[method-assign]  # the one thing that this store does otherwise
            yield tx

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world.store, name)


def test_a_result_that_the_store_never_takes_keeps_no_other_from_being_filed(world: World) -> None:
    async def file_the_alarm() -> NoticeId:
        async with world.store.transaction() as tx:
            done = await file_alarms(tx, [press(world.ids.new())], world.server.means)
        world.server.settling._store = Offended(world, done.notices[0].id)  # type: ignore[assignment]  # as it says
        world.server.outbox.hand_over(done.notices)
        return done.notices[0].id

    offending = world.do(file_the_alarm())
    world.run(seconds=1)
    states = {i: row.state for i, row in world.store.tables.notices.items()}
    assert states.pop(offending) is NoticeState.PENDING
    assert set(states.values()) == {NoticeState.SENT}
    assert offending in world.server.settling.pending, "it went out, and must not go again and again"
    world.run(seconds=60)
    assert len(world.store.tables.notices) > len(states) + 1, "the chain has gone on"
    assert all(row.state is NoticeState.SENT for i, row in world.store.tables.notices.items() if i != offending)
