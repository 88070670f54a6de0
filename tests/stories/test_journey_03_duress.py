"""Journey 3: a fall is felt, thirty seconds count down, and an attacker may be holding the phone."""

from __future__ import annotations

import pytest

from escalation.alarm import AlarmKind
from escalation.effects import About
from escalation.incident import Refused
from escalation.vigil import VigilKind
from tests.stories.conftest import NewWorld
from tests.stories.world import World
from tests.world import ANNA


def log_of_countdown(world: World) -> list[str]:
    """The words in the newest countdown's own log."""
    tables = world.store.tables
    (vigil,) = [vigil for vigil in tables.vigils.values() if vigil.kind is VigilKind.PRE_ALARM]
    return [entry.kind for entry in tables.vigil_log[vigil.id]]


def test_without_a_cancel_the_alarm_goes_out_at_thirty_seconds(world: World) -> None:
    world.fall()
    felt_at = world.clock.now()
    assert world.told(ANNA) == [About.PRE_ALARM]
    world.run(seconds=29)
    assert not world.incidents()
    world.run(seconds=1.25)
    assert abs((world.incident.opened_at - felt_at).total_seconds() - 30) <= 0.5
    assert world.incident.kind is AlarmKind.FALL
    assert world.called[-3:] == ["bo", "cecilia", "desk"]


def test_the_plain_pin_cancels_it_and_is_logged(new_world: NewWorld) -> None:
    world = new_world(hours=True)
    world.fall()
    world.run(seconds=10)
    world.pin()
    world.run(seconds=3600)
    assert not world.incidents()
    assert log_of_countdown(world) == ["begun", "cancelled"]
    assert world.called == ["anna"]


def test_the_duress_pin_opens_a_covert_incident_at_the_desk_that_the_phone_learns_nothing_of(world: World) -> None:
    world.fall()
    world.run(seconds=10)
    world.pin(duress=True)
    (record,) = world.incidents()
    assert (record.incident.kind, record.incident.silent) == (AlarmKind.DURESS, True)
    assert record.subject.covert
    assert {"bo", "cecilia", "desk"} <= set(world.called)
    world.acknowledge()
    world.run(seconds=300)
    assert world.told(ANNA, alarms=True) == [About.PRE_ALARM]
    assert "wearer_told" not in world.story


def test_what_the_phone_is_given_is_the_same_after_either_pin(new_world: NewWorld) -> None:
    def evening(*, duress: bool) -> tuple[list[object], list[object]]:
        world = new_world(hours=True)
        world.start_session(minutes=40)
        world.fall()
        world.run(seconds=10)
        world.pin(duress=duress)
        world.run(seconds=60)
        world.check_in(duress=duress)
        world.run(seconds=40 * 60)
        world.end_session(duress=duress)
        own = [
            (sent.at, sent.notice.text, sent.notice.tries)
            for channel in world.channels.values()
            for sent in channel.sent
            if sent.notice.person_id == ANNA
        ]
        cores = [vigil.core for vigil in world.store.tables.vigils.values()]
        return list(own), list(cores)

    assert evening(duress=False) == evening(duress=True)


def test_a_duress_pin_that_comes_too_late_is_answered_like_the_plain_one_and_calls_for_help(world: World) -> None:
    world.fall()
    world.run(seconds=31)
    for duress in (False, True):
        with pytest.raises(Refused, match="no_pre_alarm"):
            world.pin(duress=duress)
    kinds = {record.incident.kind for record in world.incidents()}
    assert kinds == {AlarmKind.FALL, AlarmKind.DURESS}


def test_a_covert_incident_stands_beside_the_one_that_the_wearer_may_know_of(world: World) -> None:
    world.fall(confirmed=True)
    visible = world.record
    with pytest.raises(Refused):
        world.pin(duress=True)
    assert world.store.tables.incidents[visible.incident.id].incident.silent is False
    assert len(world.incidents()) == 2


def test_a_fall_that_its_wearer_confirmed_is_not_counted_down(world: World) -> None:
    world.fall(confirmed=True)
    assert world.incident.kind is AlarmKind.FALL
    assert world.called == ["bo", "cecilia", "desk"]
