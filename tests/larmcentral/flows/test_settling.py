"""What became of notices."""

from __future__ import annotations

from datetime import timedelta

from escalation.chain import Channel
from escalation.effects import About
from larmcentral.domain.notice import Delivery, DeliveryState
from larmcentral.domain.outbox import NoticeState
from tests.stories.world import World
from tests.world import ANNA


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
