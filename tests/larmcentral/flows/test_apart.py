"""What cannot be read or decided about holds up itself and nothing else, whichever loop finds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from escalation.alarm import AlarmKind
from escalation.ids import IncidentId, VigilId
from escalation.supervision import Supervision
from escalation.vigil import VigilKind
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.flows.apart import PAUSE, each_apart
from tests.stories.world import World
from tests.world import ANNA, BO, CARE, WATCH

UNREADABLE = cast(Any, None)
STANDING = (CARE, "engine_overdue")


@pytest.fixture
def long_world() -> Iterator[World]:
    made = World(hours=True)
    yield made
    made.close()


def spoil_incident(world: World) -> IncidentId:
    record = world.record
    world.store.tables.incidents[world.incident_id] = replace(
        record, incident=replace(record.incident, chain=UNREADABLE)
    )
    return record.incident.id


@dataclass(frozen=True)
class Unreadable:
    """A core of which nothing is known but when somebody should look."""

    due_at: datetime
    ended_at: None = None


def spoil_vigil(world: World, kind: VigilKind) -> VigilId:
    """The oldest vigil of a kind: whoever decides about it fails."""
    tables = world.store.tables
    vigil = next(one for one in tables.vigils.values() if one.kind is kind)
    assert vigil.core.due_at is not None
    tables.vigils[vigil.id] = replace(vigil, core=cast(Any, Unreadable(vigil.core.due_at)))
    return vigil.id


def test_an_incident_that_no_rule_can_decide_about_holds_up_no_other(world: World) -> None:
    world.press()
    spoilt = spoil_incident(world)
    world.run(seconds=1)
    world.press("8660000002")
    world.run(seconds=31)
    assert world.incident_id != spoilt
    assert "david" in world.called
    assert (*STANDING, spoilt, None) in world.store.tables.faults


def test_it_is_tried_again_and_goes_on_once_it_can_be_read(world: World) -> None:
    world.press()
    whole = world.record
    spoil_incident(world)
    world.run(seconds=31)
    assert "david" not in world.called
    spoilt = world.record
    world.store.tables.incidents[world.incident_id] = replace(
        spoilt, incident=replace(spoilt.incident, chain=whole.incident.chain)
    )
    world.run(seconds=PAUSE.total_seconds())
    assert "david" in world.called


def test_a_session_that_no_rule_can_decide_about_holds_up_no_other(long_world: World) -> None:
    long_world.start_session(ANNA, minutes=1)
    long_world.start_session(BO, minutes=1)
    long_world.run(seconds=350)
    spoilt = spoil_vigil(long_world, VigilKind.SESSION)
    long_world.run(seconds=12)
    assert [(one.incident.subject, one.incident.kind) for one in long_world.incidents()] == [(BO, AlarmKind.OVERDUE)]
    assert (*STANDING, spoilt, None) in long_world.store.tables.faults


def test_a_silence_that_no_rule_can_decide_about_hides_no_other() -> None:
    world = World(supervising=True)
    try:
        world.heartbeat(WATCH)
        world.heartbeat("8660000002")
        world.run(seconds=40)
        spoilt = spoil_vigil(world, VigilKind.SUPERVISION)
        (other,) = [one for one in world.store.tables.vigils if one != spoilt]
        world.run(seconds=320)
        assert cast(Supervision, world.store.tables.vigils[other].core).lost_at is not None
        assert (*STANDING, spoilt, None) in world.store.tables.faults
    finally:
        world.close()


def test_a_database_that_is_away_puts_nothing_off(world: World) -> None:
    put_off: list[int] = []

    async def fails(_: int) -> int:
        raise StoreUnavailable("away")

    async def note(one: int, _: timedelta) -> None:
        put_off.append(one)

    with pytest.raises(StoreUnavailable):
        world.do(each_apart([1, 2], fails, note))
    assert put_off == []


def test_the_auditor_says_that_sessions_are_not_looked_after(world: World) -> None:
    world.start_session(minutes=1)
    world.do(world.server.vigil_keeper.stop())
    world.run(seconds=80)
    assert not world.incidents()
    assert (*STANDING, None, None) in world.store.tables.faults
    world.do(_start(world))
    world.run(seconds=6)
    assert (*STANDING, None, None) not in world.store.tables.faults


async def _start(world: World) -> None:
    world.server.vigil_keeper.start()
