"""What rules ask for is done in the transaction that decided it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from escalation.chain import Channel
from escalation.effects import About
from escalation.purpose import Purpose
from tests.stories.world import World
from tests.world import ANNA, BO, DAVID


@pytest.fixture
def world() -> Iterator[World]:
    made = World(hours=True)
    yield made
    made.close()


def test_a_word_to_a_companion_goes_by_app_and_by_text_message_and_to_the_worker_by_neither(world: World) -> None:
    world.start_session(minutes=30, companions=(DAVID,))
    world.run(seconds=35 * 60 + 1)
    sent = [s.notice for ch in world.channels.values() for s in ch.sent if s.notice.text.about is About.COMPANION]
    assert {(notice.person_id, notice.channel) for notice in sent} == {(DAVID, Channel.FCM), (DAVID, Channel.SMS)}
    assert {notice.text.subject for notice in sent} == {"Anna"}
    assert all(dict(notice.text.detail)["why"] == "overdue" for notice in sent)


def test_a_reminder_speaks_of_its_moment_and_stays_in_the_house(world: World) -> None:
    world.start_session(BO, minutes=30)
    due_at = world.session_of(BO).ends_at
    world.run(seconds=26 * 60)
    (told,) = [s.notice for ch in world.channels.values() for s in ch.sent]
    assert (told.person_id, told.channel, told.text.about, told.text.due_at) == (
        BO,
        Channel.APNS,
        About.END_DUE,
        due_at,
    )
    assert told.incident_id is None


def test_a_word_that_waits_is_withdrawn_with_its_session(world: World) -> None:
    world.channels[Channel.APNS].silent.add("anna-token")
    world.start_session(minutes=30)
    world.run(seconds=26 * 60)
    world.end_session()
    pending = [row for row in world.store.tables.notices.values() if row.pending]
    assert not pending


def test_each_word_is_a_notice_of_its_own_and_no_word_is_filed_twice(world: World) -> None:
    world.start_session(check_in_every=timedelta(hours=1))
    world.run(seconds=3600 + 9 * 60)
    ids = [s.notice.id for ch in world.channels.values() for s in ch.sent if s.notice.person_id == ANNA]
    assert len(ids) == len(set(ids)) == 4


def test_a_sign_of_life_is_not_said_of_a_drill_or_a_covert_incident(world: World) -> None:
    world.start_session(minutes=30)
    world.drill()
    world.run(seconds=35 * 60 + 1)
    world.check_in(duress=True)
    (drill,) = world.incidents(Purpose.DRILL)
    assert drill.incident.stood_down_at is None
    covert = [record for record in world.incidents() if record.subject.covert]
    assert [record.incident.stood_down_at for record in covert] == [None]
    visible = [record for record in world.incidents() if not record.subject.covert]
    assert all(record.incident.stood_down_at is not None for record in visible)
