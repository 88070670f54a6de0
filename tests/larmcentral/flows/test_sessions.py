"""Commands about lone work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from escalation.alarm import AlarmKind
from escalation.effects import About
from escalation.events import Responder
from escalation.ids import PersonId
from escalation.incident import Refused
from larmcentral.domain.errors import NotFound
from tests.stories.world import KARIN, SIGHT, World
from tests.world import ANNA, BO, SOCIAL, an_id


@pytest.fixture
def world() -> Iterator[World]:
    made = World(hours=True)
    yield made
    made.close()


def test_without_a_session_a_check_in_is_refused_and_under_duress_help_is_called_even_so(world: World) -> None:
    for duress in (False, True):
        with pytest.raises(Refused, match="no_session"):
            world.check_in(duress=duress)
    (record,) = world.incidents()
    assert (record.incident.kind, record.subject.covert) == (AlarmKind.DURESS, True)


def test_help_that_was_called_under_duress_is_not_called_twice_by_saying_it_again(world: World) -> None:
    world.start_session(minutes=60)
    world.check_in(duress=True)
    world.check_in(duress=True)
    assert len(world.incidents()) == 1


def test_a_call_under_duress_by_a_closed_pin_ends_nothing_that_the_phone_shows(world: World) -> None:
    world.start_session(minutes=60)
    world.fall()
    session, countdown = world.store.tables.vigils.values()
    world.do(world.server.lone_work.call_under_duress(ANNA))
    world.do(world.server.lone_work.call_under_duress(ANNA))
    (record,) = world.incidents()
    assert (record.incident.kind, record.subject.covert) == (AlarmKind.DURESS, True)
    assert list(world.store.tables.vigils.values()) == [session, countdown]


def test_the_end_under_duress_ends_the_session_and_calls_for_help(world: World) -> None:
    world.start_session(minutes=60)
    world.end_session(duress=True)
    assert world.session_of().ended_at is not None
    assert world.incident.kind is AlarmKind.DURESS


def test_an_extension_moves_the_end_and_whoever_is_on_shift_with_it(world: World) -> None:
    world.start_session(minutes=30)
    until = world.clock.now() + timedelta(hours=3)
    world.do(world.server.lone_work.extend(ANNA, until, KARIN))
    assert world.session_of().ends_at == until
    assert world.store.tables.presences[ANNA].until > until
    world.run(seconds=3600)
    assert not world.incidents()


def test_an_operator_ends_a_session_and_no_incident(world: World) -> None:
    world.start_session(minutes=30)
    world.run(seconds=35 * 60 + 1)
    world.do(world.server.lone_work.end(ANNA, KARIN, how="phone"))
    assert world.session_of().ended_at is not None
    assert world.state == "open"


def test_a_colleague_may_ask_and_a_no_calls_for_help_at_once(world: World) -> None:
    world.start_session(minutes=60)
    world.do(world.server.lone_work.ask_welfare(ANNA, Responder(BO), SIGHT))
    assert world.told(ANNA) == [About.WELFARE]
    world.do(world.server.lone_work.answer_welfare(ANNA, fine=False))
    assert world.incident.kind is AlarmKind.UNSPECIFIED_ALARM


def test_a_no_under_duress_is_also_a_covert_call_that_shows_nowhere_else(world: World) -> None:
    world.start_session(minutes=60)
    world.do(world.server.lone_work.ask_welfare(ANNA, KARIN, SIGHT))
    world.do(world.server.lone_work.answer_welfare(ANNA, fine=False, duress=True))
    kinds = {(record.incident.kind, record.subject.covert) for record in world.incidents()}
    assert kinds == {(AlarmKind.UNSPECIFIED_ALARM, False), (AlarmKind.DURESS, True)}


def test_a_yes_is_a_sign_of_life(world: World) -> None:
    world.start_session(minutes=60)
    world.do(world.server.lone_work.ask_welfare(ANNA, KARIN, SIGHT))
    world.do(world.server.lone_work.answer_welfare(ANNA, fine=True))
    world.run(seconds=300)
    assert not world.incidents()


def test_whom_one_may_not_see_one_can_neither_ask_nor_start(world: World) -> None:
    world.start_session(minutes=60)
    with pytest.raises(NotFound):
        world.do(world.server.lone_work.ask_welfare(ANNA, KARIN, frozenset({SOCIAL})))
    with pytest.raises(NotFound):
        world.start_session(PersonId(an_id("nobody")), minutes=60)


def test_a_countdown_that_the_worker_confirms_goes_out_at_once(world: World) -> None:
    world.do(world.server.lone_work.begin_pre_alarm(ANNA, AlarmKind.MAN_DOWN, event_at=None))
    world.do(world.server.lone_work.begin_pre_alarm(ANNA, AlarmKind.FALL, event_at=None))
    assert not world.incidents()
    world.do(world.server.lone_work.confirm_pre_alarm(ANNA))
    assert world.incident.kind is AlarmKind.MAN_DOWN


def test_a_countdown_is_no_delay_on_the_way(world: World) -> None:
    event_at = world.clock.now() - timedelta(seconds=5)
    world.do(world.server.lone_work.begin_pre_alarm(ANNA, AlarmKind.FALL, event_at=event_at))
    world.run(seconds=31)
    assert world.record.lateness is not None
    assert timedelta(seconds=5) <= world.record.lateness < timedelta(seconds=6)
    assert world.record.event_at == event_at


def test_a_panic_is_not_for_counting_down(world: World) -> None:
    with pytest.raises(Refused, match="not_counted_down"):
        world.do(world.server.lone_work.begin_pre_alarm(ANNA, AlarmKind.PANIC, event_at=None))
