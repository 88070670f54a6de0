"""Journey 2: a covert panic in a client's home; whoever stands beside the worker learns nothing of it."""

from __future__ import annotations

from escalation.chain import Channel
from escalation.effects import About
from protocols.signal import SignalKind
from tests.stories.world import World
from tests.world import ANNA, WATCH


def press_covertly(world: World) -> None:
    """Three seconds on the button, with the screen dark."""
    world.speaks.here.add(("watch", WATCH))
    world.press(kind=SignalKind.PANIC, silent=True)


def test_it_is_on_disk_on_the_console_and_at_the_colleagues_within_three_seconds(world: World) -> None:
    pressed_at = world.clock.now()
    press_covertly(world)
    assert world.acked == ["press 1"]
    assert world.called == ["bo", "cecilia", "desk"]
    told = [sent for channel in world.channels.values() for sent in channel.sent]
    assert max((sent.at - pressed_at).total_seconds() for sent in told) <= 3


def test_every_notice_and_the_incident_are_marked_silent(world: World) -> None:
    press_covertly(world)
    world.run(seconds=200)
    told = [sent.notice for channel in world.channels.values() for sent in channel.sent]
    assert {notice.channel for notice in told} >= {Channel.APNS, Channel.FCM, Channel.SMS, Channel.CONSOLE}
    assert all(notice.text.silent for notice in told)
    assert world.incident.silent
    assert world.record.subject.covert


def test_nothing_sounds_or_lights_up_on_the_device_whatever_happens(world: World) -> None:
    press_covertly(world)
    world.run(seconds=40)
    assert world.told(ANNA) == []
    world.acknowledge()
    world.run(seconds=60)
    assert all(downlink.silent for downlink in world.speaks.said)


def test_the_third_buzz_comes_only_when_a_person_has_taken_it_and_is_a_word_without_sound(world: World) -> None:
    press_covertly(world)
    world.run(seconds=20)
    assert About.TAKEN not in world.told(ANNA)
    world.acknowledge()
    assert world.told(ANNA) == [About.TAKEN]
    (buzz,) = [
        sent.notice
        for channel in world.channels.values()
        for sent in channel.sent
        if sent.notice.text.about is About.TAKEN
    ]
    assert buzz.text.silent
    assert "wearer_told" in world.story


def test_an_open_press_beside_it_is_an_incident_of_its_own_and_changes_nothing_of_the_covert_one(world: World) -> None:
    press_covertly(world)
    covert = world.incident
    world.press(kind=SignalKind.FALL)
    visible, still_covert = sorted(world.incidents(), key=lambda record: record.subject.covert)
    assert (visible.incident.silent, still_covert.incident) == (False, covert)
