"""Journey 4: a check-in is missed, and the process dies just before the alarm."""

from __future__ import annotations

from datetime import datetime, timedelta

from escalation.alarm import AlarmKind
from escalation.chain import DeskTarget, EscalationChain, Medium, PersonTarget, Step, TeamTarget
from escalation.effects import About
from escalation.ids import ChainId
from tests.stories.conftest import NewWorld
from tests.stories.world import World
from tests.stories.world_ways import NAMES
from tests.world import ANNA, DAVID, GUARD, NIGHT, an_id

FIVE = timedelta(minutes=5)


def levels() -> EscalationChain:
    """The night team and the desk, David, the guard: five minutes apart, as a timer's alarm goes."""
    steps = [(TeamTarget(NIGHT), DeskTarget()), (PersonTarget(DAVID),), (PersonTarget(GUARD),)]
    return EscalationChain(
        id=ChainId(an_id("levels")),
        version=1,
        name="Incheckning",
        steps=tuple(Step(targets=targets, media=(Medium.PUSH, Medium.SMS), wait=FIVE) for targets in steps),
    )


def a_night(new_world: NewWorld) -> tuple[World, datetime]:
    """Anna owes a check-in an hour from now; return when."""
    world = new_world(levels(), hours=True)
    world.start_session(check_in_every=timedelta(hours=1))
    due_at = world.session_of().check_in_due
    assert due_at is not None
    return world, due_at


def until(world: World, moment: datetime) -> None:
    """Time passes until then, and what falls due then happens."""
    world.run(seconds=(moment - world.clock.now()).total_seconds())


def times(world: World, whom: str, about: About) -> list[datetime]:
    """When a person was told something, to the second."""
    tries = [sent for channel in world.channels.values() for sent in channel.sent]
    own = [s for s in tries if NAMES[s.notice.person_id] == whom and s.notice.text.about is about]
    return sorted(sent.at.replace(microsecond=0) for sent in own)


def test_the_worker_is_reminded_before_at_and_after_the_time(new_world: NewWorld) -> None:
    world, due_at = a_night(new_world)
    until(world, due_at + timedelta(minutes=9))
    offsets = [at - due_at for at in times(world, "anna", About.CHECK_IN_DUE)]
    assert [round(offset.total_seconds() / 60) for offset in offsets] == [-2, 0, 2, 5]
    assert not world.incidents()


def test_the_alarm_is_raised_though_the_process_was_dead_at_its_time_and_goes_on_by_levels(
    new_world: NewWorld,
) -> None:
    world, due_at = a_night(new_world)
    until(world, due_at + timedelta(minutes=9, seconds=57))
    world.crash()
    until(world, due_at + timedelta(minutes=10, seconds=3))
    world.restart()
    world.run(seconds=1)

    alarm_at = due_at + timedelta(minutes=10)
    assert world.incident.kind is AlarmKind.MISSED_CHECK_IN
    assert timedelta() <= world.incident.opened_at - alarm_at <= timedelta(seconds=5)
    until(world, world.incident.opened_at + FIVE)
    assert times(world, "david", About.ALARM)
    assert not times(world, "guard", About.ALARM)
    until(world, world.incident.opened_at + 2 * FIVE)
    assert times(world, "guard", About.ALARM)


def test_a_check_in_stops_everything_within_a_second_and_whoever_was_told_hears_of_it(new_world: NewWorld) -> None:
    world, due_at = a_night(new_world)
    until(world, due_at + timedelta(minutes=16))
    assert world.state == "open"
    world.forget_calls()
    world.check_in()
    world.run(seconds=1)
    assert world.state == "stood_down"
    assert set(world.called) == {"bo", "cecilia", "david"}
    assert not times(world, "david", About.ALARM)
    world.forget_calls()
    world.run(seconds=30 * 60)
    assert world.called == []


def test_each_person_is_told_once_a_step_and_channel(new_world: NewWorld) -> None:
    world, due_at = a_night(new_world)
    until(world, due_at + timedelta(minutes=21))
    tries = [sent for channel in world.channels.values() for sent in channel.sent]
    notices = [sent.notice.id for sent in tries]
    assert len(notices) == len(set(notices))


def test_a_check_in_before_the_alarm_begins_the_next_interval(new_world: NewWorld) -> None:
    world, due_at = a_night(new_world)
    until(world, due_at + timedelta(minutes=9))
    world.check_in()
    checked_in_at = world.clock.now()
    world.run(seconds=3600)
    assert not world.incidents()
    next_due = world.session_of().check_in_due
    assert next_due is not None
    assert abs((next_due - checked_in_at).total_seconds() - 3600) < 2


def test_a_worker_who_is_still_out_when_the_desk_stands_it_down_is_watched_on(new_world: NewWorld) -> None:
    world, due_at = a_night(new_world)
    until(world, due_at + timedelta(minutes=11))
    world.stand_down()
    until(world, due_at + timedelta(minutes=60 + 25))
    assert [record.incident.kind for record in world.incidents()] == [AlarmKind.MISSED_CHECK_IN] * 2


def test_companions_are_told_when_one_of_them_is_not_heard_of(new_world: NewWorld) -> None:
    world = new_world(levels(), hours=True)
    world.start_session(check_in_every=timedelta(hours=1), companions=(DAVID,))
    world.run(seconds=3600 + 601)
    assert About.COMPANION in world.told(DAVID)
    assert About.COMPANION not in world.told(ANNA)


def test_a_welfare_question_that_nobody_answers_calls_for_help(new_world: NewWorld) -> None:
    world, _ = a_night(new_world)
    world.ask_welfare()
    assert world.told(ANNA) == [About.WELFARE]
    world.run(seconds=121)
    assert world.incident.kind is AlarmKind.MISSED_CHECK_IN
