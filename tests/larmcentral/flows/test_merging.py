"""Two incidents of one person become one."""

from __future__ import annotations

import pytest

from escalation.ids import IncidentId
from escalation.incident import Incident, Refused, State
from escalation.purpose import Purpose
from larmcentral.domain.errors import NotFound
from tests.stories.world import KARIN, SIGHT, World
from tests.world import an_id


def two(world: World) -> tuple[IncidentId, IncidentId]:
    """A visible and a silent alarm of one person; in this order."""
    world.press()
    world.run(seconds=1)
    world.press(silent=True)
    visible, silent = sorted(world.store.tables.incidents.values(), key=lambda one: one.incident.opened_at)
    return visible.incident.id, silent.incident.id


def of(world: World, incident_id: IncidentId) -> Incident:
    return world.store.tables.incidents[incident_id].incident


def merge(world: World, one: IncidentId, into: IncidentId) -> None:
    world.do(world.server.escalate.merge(one, into, KARIN, SIGHT))


def test_the_one_ends_and_the_other_goes_on_for_both(world: World) -> None:
    visible, silent = two(world)
    merge(world, visible, silent)
    assert (of(world, visible).state, of(world, visible).merged_into) == (State.STOOD_DOWN, silent)
    assert of(world, silent).state is State.OPEN
    assert "absorbed" in [line.entry.kind.value for line in world.store.tables.timeline[silent]]


def test_a_silent_alarm_does_not_go_on_where_its_wearer_would_be_told(world: World) -> None:
    visible, silent = two(world)
    with pytest.raises(Refused, match="secret"):
        merge(world, silent, visible)
    assert of(world, silent).state is State.OPEN


def test_two_persons_are_two_matters(world: World) -> None:
    visible, _ = two(world)
    world.run(seconds=1)
    world.press("8660000002")
    with pytest.raises(Refused, match="different_persons"):
        merge(world, world.incident_id, visible)


def test_a_drill_is_not_merged_into_what_is_real(world: World) -> None:
    world.press()
    real = world.incident_id
    drill = world.drill()
    assert of(world, drill).purpose is Purpose.DRILL
    with pytest.raises(Refused, match="different_purposes"):
        merge(world, drill, real)


def test_nothing_is_merged_into_itself_or_into_what_is_not_there(world: World) -> None:
    world.press()
    with pytest.raises(Refused, match="same_incident"):
        merge(world, world.incident_id, world.incident_id)
    with pytest.raises(NotFound):
        merge(world, world.incident_id, IncidentId(an_id("no incident")))


def test_a_worker_whose_visible_alarm_is_merged_is_watched_on(world: World) -> None:
    world.start_session(minutes=1)
    world.run(seconds=361)
    overdue = world.incident_id
    world.run(seconds=1)
    world.press(silent=True)
    merge(world, overdue, world.incident_id)
    assert not world.session_of().alarmed
    world.stand_down()
    world.run(seconds=601)
    assert world.incident.state is State.OPEN, "still out, and not heard of again"
