"""What became of notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from escalation.chain import Channel
from escalation.effects import About
from escalation.ids import IncidentId
from larmcentral.domain.notice import Delivery, DeliveryState
from larmcentral.domain.outbox import NoticeState, Settled
from tests.stories.world import World
from tests.world import ANNA, BO, DAVID, an_id


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
