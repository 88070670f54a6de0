"""Journey 1: a home-care worker presses in a stairwell without a signal, on a visit of twenty minutes."""

from __future__ import annotations

from datetime import timedelta

from escalation.alarm import AlarmKind
from escalation.effects import EntryKind
from escalation.ids import PlaceId
from larmcentral.domain.place import Place
from protocols.signal import Position, SignalKind
from tests.fakes.memory_store import MemoryRegister
from tests.stories.conftest import NewWorld
from tests.stories.world import World
from tests.world import HOME, an_id

STAIRWELL = Place(
    id=PlaceId(an_id("storgatan 4")),
    name="Storgatan 4",
    address="Storgatan 4",
    floor="Trapphus C, plan 3",
    door_code="1917",
    lat=59.3793,
    lon=13.5036,
)


def a_visit(new_world: NewWorld) -> World:
    """Anna's watch has been heard, and she has begun a visit of twenty minutes."""
    world = new_world(supervising=True, hours=True)
    world.do(MemoryRegister(world.store).place(HOME, STAIRWELL))
    world.heartbeat()
    world.run(seconds=35)
    world.start_session(place_id=STAIRWELL.id, minutes=20)
    return world


def test_a_press_that_comes_after_four_minutes_starts_the_whole_chain_at_once_and_says_its_age(
    new_world: NewWorld,
) -> None:
    world = a_visit(new_world)
    pressed_at = world.clock.now()
    world.run(seconds=242)
    world.forget_calls()
    world.press(event_at=pressed_at)
    assert {"bo", "cecilia", "desk"} <= set(world.called)
    # A minute before, silence had been raised: the panic makes a panic of that incident and begins the chain anew.
    (entry,) = [line.entry for line in world.lines if line.entry.kind is EntryKind.ALARM_JOINED]
    assert world.incident.kind is AlarmKind.PANIC
    assert 242 <= float(dict(entry.detail)["lateness_s"]) < 243


def test_a_press_that_comes_after_sixteen_minutes_does_the_same(new_world: NewWorld) -> None:
    world = a_visit(new_world)
    pressed_at = world.clock.now()
    world.run(seconds=16 * 60)
    world.forget_calls()
    world.press(event_at=pressed_at)
    assert world.incident.kind is AlarmKind.PANIC
    assert {"bo", "cecilia", "desk"} <= set(world.called)


def test_a_watch_that_never_comes_back_is_lost_after_three_heartbeats_and_overdue_five_minutes_after_the_end(
    new_world: NewWorld,
) -> None:
    world = a_visit(new_world)
    world.heartbeat(position=Position(lat=59.3794, lon=13.5037))
    silent_since = world.clock.now()
    world.run(seconds=178)
    assert not world.incidents()
    world.run(seconds=4)
    (lost,) = world.incidents()
    assert lost.incident.kind is AlarmKind.LOST_CONTACT
    assert timedelta(seconds=180) <= lost.incident.opened_at - silent_since < timedelta(seconds=182)
    assert {"bo", "cecilia", "desk"} <= set(world.called)

    end = world.session_of().ends_at
    assert end is not None
    world.run(seconds=(end - world.clock.now()).total_seconds() + 300)
    (still,) = world.incidents()
    assert still.incident.id == lost.incident.id
    joined = [line.entry for line in world.lines if line.entry.kind is EntryKind.ALARM_JOINED]
    (overdue,) = [entry for entry in joined if dict(entry.detail).get("kind") == "overdue"]
    assert timedelta() <= overdue.at - (end + timedelta(minutes=5)) < timedelta(seconds=1)


def test_whoever_looks_for_her_is_given_the_place_and_the_last_position(new_world: NewWorld) -> None:
    world = a_visit(new_world)
    world.heartbeat(position=Position(lat=59.3794, lon=13.5037))
    world.run(seconds=182)

    async def look() -> None:
        async with world.store.transaction() as tx:
            (where,) = await tx.situations([world.record.subject])
            assert (where.place_id, where.place_name) == (STAIRWELL.id, "Storgatan 4")
            assert (where.lat, where.lon) == (59.3794, 13.5037)

    world.do(look())


def test_when_the_watch_is_heard_again_what_was_raised_from_silence_is_over(new_world: NewWorld) -> None:
    world = a_visit(new_world)
    world.run(seconds=190)
    assert world.state == "open"
    world.heartbeat()
    world.run(seconds=11)
    assert world.state == "stood_down"
    assert "contact_regained" in world.story
    assert "wearer_safe" in world.story


def test_the_place_is_remembered_as_one_without_a_signal_until_somebody_checks_in_from_there(
    new_world: NewWorld,
) -> None:
    world = a_visit(new_world)
    world.run(seconds=190)

    async def no_signal() -> bool:
        async with world.store.transaction() as tx:
            known = await tx.place(STAIRWELL.id)
            return known is not None and known.no_signal_at is not None

    assert world.do(no_signal())
    world.end_session()
    world.start_session(place_id=STAIRWELL.id, minutes=20, memo="Trapphuset, plan 3")
    assert world.session_of().check_in_every == timedelta(minutes=10)
    world.run(seconds=60)
    world.check_in()
    assert not world.do(no_signal())


def test_a_panic_from_a_watch_that_was_thought_lost_is_the_same_incident_made_graver(new_world: NewWorld) -> None:
    world = a_visit(new_world)
    world.run(seconds=190)
    world.press(kind=SignalKind.PANIC)
    (record,) = world.incidents()
    assert record.incident.kind is AlarmKind.PANIC
    world.run(seconds=30)
    world.check_in()
    assert record.incident.id == world.incident_id
    assert world.state == "open", "a panic is not over because its wearer checks in"
