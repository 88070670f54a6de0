"""A phone that was out of reach: what it says later, what it says twice, and what goes with either."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from escalation.alarm import AlarmKind
from escalation.events import Wearer
from escalation.incident import Refused
from escalation.vigil import VigilKind
from larmcentral.domain.errors import RefusedByRule
from larmcentral.domain.session_start import SessionStart
from tests.stories.world import KARIN, SIGHT, World
from tests.world import ANNA

ME = Wearer(ANNA)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def world() -> Iterator[World]:
    made = World(hours=True)
    yield made
    made.close()


def sessions(world: World) -> int:
    return sum(vigil.kind is VigilKind.SESSION for vigil in world.store.tables.vigils.values())


def log(world: World) -> list[str]:
    """The words in the newest session's log."""
    tables = world.store.tables
    newest = max((one for one in tables.vigils.values() if one.kind is VigilKind.SESSION), key=lambda one: one.id)
    return [entry.kind for entry in tables.vigil_log[newest.id]]


def seen(world: World, made_at: datetime, *, duress: bool = False) -> None:
    world.do(world.server.lone_work.check_in(ANNA, how="app", duress=duress, made_at=made_at))


def over(world: World, made_at: datetime, *, duress: bool = False) -> None:
    world.do(world.server.lone_work.end(ANNA, ME, how="app", duress=duress, made_at=made_at))


def test_a_start_that_is_sent_twice_is_one_session_also_once_it_is_over(world: World) -> None:
    made_at = world.clock.now() - 5 * MINUTE
    start = SessionStart(person_id=ANNA, purpose="Hembesök", made_at=made_at)
    first = world.do(world.server.lone_work.start(start, ME, SIGHT))
    assert world.do(world.server.lone_work.start(start, ME, SIGHT)) == first
    world.do(world.server.lone_work.end(ANNA, KARIN, how="phone"))
    assert world.do(world.server.lone_work.start(start, ME, SIGHT)) == first
    assert sessions(world) == 1
    assert world.session_of().ended_at is not None


def test_another_start_while_one_runs_is_refused_as_before(world: World) -> None:
    world.start_session(made_at=world.clock.now())
    world.run(seconds=1)
    with pytest.raises(RefusedByRule, match="session_runs"):
        world.start_session(made_at=world.clock.now())


def test_an_end_that_is_sent_twice_ends_one_session_and_not_the_next(world: World) -> None:
    world.start_session(minutes=60)
    world.run(seconds=60)
    made_at = world.clock.now()
    over(world, made_at)
    over(world, made_at)
    world.run(seconds=60)
    world.start_session(minutes=60)
    over(world, made_at)
    assert world.session_of().ended_at is None
    assert world.store.tables.presences[ANNA].until > world.clock.now()
    assert log(world) == ["started", "late_ended"]


@pytest.mark.parametrize("duress", [False, True])
def test_what_was_done_in_a_session_that_others_have_ended_is_taken_down_and_not_refused(
    world: World, duress: bool
) -> None:
    world.start_session(minutes=60)
    world.run(seconds=60)
    made_at = world.clock.now()
    world.run(seconds=60)
    world.do(world.server.lone_work.end(ANNA, KARIN, how="phone"))
    seen(world, made_at, duress=duress)
    world.do(world.server.lone_work.write_memo(ANNA, "hund", made_at=made_at))
    over(world, made_at + timedelta(seconds=1), duress=duress)
    covert = [(one.incident.kind, one.subject.covert) for one in world.incidents()]
    assert covert == ([(AlarmKind.DURESS, True)] if duress else [])
    assert (world.session_of().memo or "").endswith(" hund")
    world.run(seconds=1)
    with pytest.raises(Refused, match="no_session"):
        seen(world, world.clock.now(), duress=duress)


def test_a_check_in_from_before_the_alarm_leaves_it_open_and_one_from_after_it_ends_it(world: World) -> None:
    world.start_session(check_in_every=15 * MINUTE)
    world.run(seconds=25 * 60 + 30)
    assert world.state == "open"
    opened_at = world.incident.opened_at
    seen(world, opened_at - timedelta(seconds=1))
    assert world.state == "open"
    seen(world, opened_at + timedelta(seconds=1))
    assert world.state == "stood_down"


def test_a_check_in_counts_from_when_it_was_made(world: World) -> None:
    world.start_session(check_in_every=15 * MINUTE)
    started_at = world.session_of().started_at
    world.run(seconds=16 * 60)
    seen(world, started_at + 14 * MINUTE)
    assert world.session_of().check_in_due == started_at + 29 * MINUTE


def test_a_duress_pin_that_had_to_wait_opens_a_covert_incident_that_says_how_late_it_is(world: World) -> None:
    world.start_session(minutes=60)
    world.run(seconds=600)
    made_at = world.clock.now() - 5 * MINUTE
    for _ in range(2):
        seen(world, made_at, duress=True)
    (record,) = world.incidents()
    assert (record.subject.covert, record.event_at) == (True, made_at)
    assert record.lateness is not None
    assert timedelta(0) <= record.lateness - 5 * MINUTE < timedelta(seconds=1)


def test_a_memo_stands_with_the_session_with_the_local_time_at_which_it_was_said(world: World) -> None:
    world.start_session(minutes=60, memo="går in bakvägen")
    world.run(seconds=600)
    for _ in range(2):
        world.do(world.server.lone_work.write_memo(ANNA, "hund", made_at=world.session_of().started_at + MINUTE))
    said_at = (world.session_of().started_at + MINUTE).astimezone(ZoneInfo("Europe/Stockholm"))
    assert world.session_of().memo == f"går in bakvägen\n{said_at:%H:%M} hund"
    assert log(world) == ["started", "memo"]


def test_a_cancel_that_is_sent_again_is_not_refused_unless_the_alarm_is_out(world: World) -> None:
    with pytest.raises(Refused, match="no_pre_alarm"):
        world.pin()
    world.fall()
    for _ in range(2):
        world.pin()
    world.run(seconds=60)
    assert not world.incidents()
    world.fall()
    world.run(seconds=31)
    with pytest.raises(Refused, match="no_pre_alarm"):
        world.pin()
    assert world.state == "open"


def test_a_confirmation_of_what_was_cancelled_is_refused_so_that_the_phone_raises_the_alarm_itself(
    world: World,
) -> None:
    world.fall()
    world.pin()
    with pytest.raises(Refused, match="no_pre_alarm"):
        world.do(world.server.lone_work.confirm_pre_alarm(ANNA))
