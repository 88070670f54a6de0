"""Outages, crashes, repeats, late and strange signals: ordinary events."""

from __future__ import annotations

from datetime import timedelta

from escalation.alarm import AlarmKind
from escalation.incident import State
from larmcentral.domain.arrival import UnknownBytes
from protocols.signal import Position, SignalKind
from tests.stories.world import World
from tests.world import RECEIVER


def test_without_a_database_nothing_is_acked_and_all_goes_on_by_itself(world: World) -> None:
    world.store.available = False
    world.press()
    world.run(seconds=300)
    assert world.acked == []
    assert world.called == []
    world.store.available = True
    world.run(seconds=2)
    assert world.acked == ["press 1"]
    assert world.called == ["bo", "cecilia", "desk"]


def test_a_commit_whose_answer_was_lost_is_one_incident_and_everybody_is_told_once(world: World) -> None:
    world.store.lost_answers = 1
    world.press()
    world.run(seconds=1)
    assert world.acked == ["press 1"]
    assert len(world.store.tables.incidents) == 1
    assert world.called == ["bo", "cecilia", "desk"]


def test_a_device_that_repeats_until_acked_raises_one_alarm(world: World) -> None:
    world.press()
    for _ in range(5):
        world.press(again=True)
    assert world.acked == ["press 1"] * 6
    assert world.called == ["bo", "cecilia", "desk"]
    assert world.story.count("alarm_joined") == 0
    (row,) = world.store.tables.signals.values()
    assert row.attempts == 6


def test_a_step_that_fell_due_while_the_process_was_dead_fires_when_it_is_back(world: World) -> None:
    world.press()
    world.run(seconds=10)
    world.crash()
    world.run(seconds=600)
    assert "david" not in world.called
    world.restart()
    world.run(seconds=1)
    assert "david" in world.called


def test_notices_of_a_process_that_died_while_sending_are_sent_by_the_next_when_the_lease_ends(world: World) -> None:
    for channel in world.channels.values():
        channel.silent.update({"bo-token", "cecilia-token", ""})
    world.press()
    world.crash()
    world.forget_calls()
    for channel in world.channels.values():
        channel.silent.clear()
    world.restart()
    world.run(seconds=16)
    assert world.called == ["bo", "cecilia", "desk"]


def test_a_late_alarm_alarms_at_once_whatever_its_age(world: World) -> None:
    world.press(event_at=world.clock.now() - timedelta(seconds=242))
    assert world.called == ["bo", "cecilia", "desk"]
    assert world.record.lateness == timedelta(seconds=242)
    (notice,) = [s.notice for ch in world.channels.values() for s in ch.sent if s.notice.person_id is None]
    assert notice.text.lateness_s == 242


def test_an_alarm_from_the_future_is_not_late_and_blocks_nothing(world: World) -> None:
    world.press(event_at=world.clock.now() + timedelta(days=400))
    assert world.record.lateness == timedelta(0)
    world.press()
    assert len(world.acked) == 2


def test_an_unknown_devices_panic_reaches_the_desk(world: World) -> None:
    world.press(account="999")
    assert world.called == ["desk"]
    assert world.record.subject.key == "unknown:watch/999"
    assert world.incident.state is State.OPEN


def test_a_covert_alarm_is_silent_in_every_notice(world: World) -> None:
    world.press(kind=SignalKind.DURESS)
    assert world.incident.kind is AlarmKind.DURESS
    assert {s.notice.text.silent for ch in world.channels.values() for s in ch.sent} == {True}


def test_a_position_without_an_incident_is_not_kept(world: World) -> None:
    place = Position(lat=57.93, lon=12.09)
    world.press(kind=SignalKind.POSITION, position=place)
    world.run(seconds=2)
    assert world.acked == ["press 1"]
    assert not world.store.tables.signals
    assert ("watch", "8660000001") in world.store.tables.states
    world.press()
    world.press(kind=SignalKind.POSITION, position=place)
    world.run(seconds=2)
    kept = [row for row in world.store.tables.signals.values() if row.new.signal.position is not None]
    assert [row.incident_id for row in kept] == [world.incident_id]


def test_the_timeline_tells_of_new_positions_now_and_then_and_keeps_all(world: World) -> None:
    world.press()
    for _ in range(10):
        world.press(kind=SignalKind.POSITION, position=Position(lat=57.93, lon=12.09))
        world.run(seconds=5)
    assert 2 <= world.story.count("moved") <= 3
    kept = [row for row in world.store.tables.signals.values() if row.new.signal.position is not None]
    assert len(kept) == 10


def test_a_low_battery_outside_an_incident_is_kept_without_its_place(world: World) -> None:
    world.press(kind=SignalKind.LOW_BATTERY, position=Position(lat=57.93, lon=12.09))
    world.run(seconds=2)
    (row,) = world.store.tables.signals.values()
    assert row.new.signal.position is None
    assert row.new.raw == b""


def test_bytes_nobody_understood_are_kept(world: World) -> None:
    found = UnknownBytes(receiver=RECEIVER, received_at=world.clock.now(), reason="FramingError", raw=b"GET / HTTP/1.1")
    world.server.intake.keep_unknown(found)
    world.store.available = False
    world.run(seconds=5)
    world.store.available = True
    world.run(seconds=5)
    assert world.store.tables.unknown == [found]


def test_an_incident_that_lost_its_deadline_is_found_and_woken(world: World) -> None:
    world.press()
    world.store.tables.deadlines.clear()
    world.run(seconds=6)
    assert "david" in world.called
    assert "incident_without_deadline" in {fault for _, fault, _, _ in world.store.tables.faults}
    world.run(seconds=6)
    assert "incident_without_deadline" not in {fault for _, fault, _, _ in world.store.tables.faults}
