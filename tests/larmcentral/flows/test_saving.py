"""What the wearer is told when a person has taken his alarm."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from escalation.alarm import AlarmKind
from escalation.chain import Channel
from escalation.effects import About, TellWearer
from escalation.ids import PersonId
from larmcentral.domain.device import DownlinkKind, Unsaid
from larmcentral.domain.record import unchanged
from larmcentral.domain.register import Person
from larmcentral.flows.saving import save_changes
from protocols.signal import SignalKind
from tests.fakes.memory_store import MemoryRegister
from tests.stories.world import World
from tests.world import ANNA, BO, HOME, UNIT, WATCH, an_id, push


def test_her_watch_and_her_app_are_told_that_a_person_has_taken_it_once(world: World) -> None:
    world.speaks.here.add(("watch", WATCH))
    world.press()
    world.run(seconds=2)
    assert not world.speaks.said
    world.acknowledge()
    world.run(seconds=2)
    (downlink,) = world.speaks.said
    assert (downlink.kind, downlink.account, downlink.silent) == (DownlinkKind.TAKEN, WATCH, False)
    assert world.news(About.TAKEN) == [ANNA]
    world.going(BO)
    world.run(seconds=2)
    assert len(world.speaks.said) == len(world.news(About.TAKEN)) == 1


def test_a_silent_alarms_wearer_is_told_in_silence(world: World) -> None:
    world.speaks.here.add(("watch", WATCH))
    world.press(silent=True)
    world.acknowledge()
    world.run(seconds=2)
    assert world.speaks.said == []
    (word,) = world.store.tables.downlinks.values()
    assert (word.silent, word.unsaid) == (True, Unsaid.SILENT)
    assert "device_not_told" not in world.story
    (told,) = [s.notice for ch in world.channels.values() for s in ch.sent if s.notice.text.about is About.TAKEN]
    assert told.text.silent


def test_of_a_silent_alarm_no_browser_is_told_for_it_would_show_it(world: World) -> None:
    """Nor is a refusal of it filed: her contact points would tell whoever holds her phone."""
    browser = push("anna's browser", Channel.WEB_PUSH)
    anna = Person(id=ANNA, name="Anna", unit_id=UNIT, contact_points=(push("anna", Channel.APNS), browser))
    world.do(MemoryRegister(world.store).person(HOME, anna))
    for silent in (True, False):
        world.press(silent=silent)
        world.acknowledge()
        world.run(seconds=2)
        filed = [row.notice for row in world.store.tables.notices.values() if row.notice.about is About.TAKEN]
        assert [one.channel for one in filed if one.channel is Channel.WEB_PUSH] == [Channel.WEB_PUSH] * (not silent)
        assert filed
        world.stand_down()


def test_in_a_drill_a_guard_of_another_employer_is_not_told_that_his_was_taken(world: World) -> None:
    hired = PersonId(an_id("hired"))
    points = (push("hired", Channel.APNS),)
    person = Person(id=hired, name="Inhyrd", unit_id=UNIT, employer="Vakt AB", external=True, contact_points=points)
    world.do(MemoryRegister(world.store).person(HOME, person))
    world.drill(hired)
    world.acknowledge()
    world.run(seconds=2)
    assert world.incident.wearer_told
    assert not world.news(About.TAKEN)


def test_under_duress_nothing_at_all_is_told(world: World) -> None:
    world.speaks.here.add(("watch", WATCH))
    world.press(kind=SignalKind.DURESS)
    world.acknowledge()
    world.run(seconds=5)
    assert not world.speaks.said
    assert not world.news(About.TAKEN)
    assert not world.store.tables.downlinks


def test_a_wish_to_tell_somebody_under_duress_is_our_bug_and_stops_there(world: World) -> None:
    world.press(kind=SignalKind.DURESS)
    assert world.incident.kind is AlarmKind.DURESS

    async def try_it() -> None:
        async with world.store.transaction() as tx:
            change = replace(unchanged(world.record), effects=(TellWearer(silent=True),))
            await save_changes(tx, [change], world.server.means)

    with pytest.raises(AssertionError, match="duress"):
        world.do(try_it())


def test_what_was_raised_without_a_device_is_told_to_the_devices_she_wears(world: World) -> None:
    world.speaks.here.add(("watch", WATCH))
    world.fall(confirmed=True)
    world.acknowledge()
    world.run(seconds=2)
    assert [downlink.account for downlink in world.speaks.said] == [WATCH]


def test_a_word_to_a_watch_that_is_away_waits_ten_minutes_and_then_is_worth_nothing(world: World) -> None:
    world.press()
    world.acknowledge()
    (waiting,) = world.store.tables.downlinks.values()
    assert waiting.expires_at - waiting.filed_at == timedelta(minutes=10)
    world.run(seconds=590)
    world.speaks.here.add(("watch", WATCH))
    world.run(seconds=2)
    assert len(world.speaks.said) == 1


def test_too_late_it_is_not_said_at_all(world: World) -> None:
    world.press()
    world.acknowledge()
    world.run(seconds=601)
    world.speaks.here.add(("watch", WATCH))
    world.run(seconds=5)
    assert not world.speaks.said
