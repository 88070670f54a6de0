"""Each way out to a person: it carries an alarm and its end, and what it refuses lets the chain go on."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest

from escalation.chain import Channel, DeskTarget, EscalationChain, PersonTarget, Step
from escalation.effects import About
from escalation.events import Outcome, Responder
from escalation.ids import ChainId, ContactPointId, PersonId
from larmcentral.domain.notice import Delivery, DeliveryState, Outward
from larmcentral.domain.register import ContactPoint, Person
from tests.fakes.channel import DOWN
from tests.fakes.memory_store import MemoryRegister
from tests.stories.conftest import NewWorld
from tests.stories.world import World
from tests.world import HOME, an_id

PEOPLE: Final = [channel for channel in Channel if channel not in {Channel.CONSOLE, Channel.RECEIVER}]
WAIT: Final = timedelta(minutes=2)
ERIK: Final = PersonId(an_id("erik"))
FRIDA: Final = PersonId(an_id("frida"))
"""Each has one contact point, and no other."""

ADDRESSES: Final = {
    Channel.WEB_PUSH: '{"endpoint": "https://push.example/erik", "keys": {"p256dh": "", "auth": ""}}',
    Channel.SMS: "+46701740608",
    Channel.VOICE: "+46701740608",
    Channel.MAIL: "erik@alvmarden.example",
    Channel.TEAMS: "nord",
    Channel.WEBHOOK: "drift",
    Channel.PAGER: "550",
}


def told_by(channel: Channel) -> EscalationChain:
    """Erik by this way alone, then Frida by the same; the desk hears of it with her."""
    assert channel.medium is not None
    first = Step(targets=(PersonTarget(ERIK),), media=(channel.medium,), wait=WAIT)
    second = Step(targets=(PersonTarget(FRIDA), DeskTarget()), media=(channel.medium,), wait=WAIT)
    return EscalationChain(id=ChainId(an_id("each way")), version=1, name="Var väg", steps=(first, second))


def reached_by(world: World, person_id: PersonId, name: str, channel: Channel) -> None:
    """Let a person have this one contact point and no other."""
    address = ADDRESSES.get(channel, f"{name}s token")
    point = ContactPoint(id=ContactPointId(an_id(f"{name} {channel.value}")), channel=channel, address=address)
    person = Person(id=person_id, name=name.title(), contact_points=(point,))
    world.do(MemoryRegister(world.store).person(HOME, person))


def town(new_world: NewWorld, channel: Channel) -> World:
    world = new_world(told_by(channel))
    reached_by(world, ERIK, "erik", channel)
    reached_by(world, FRIDA, "frida", channel)
    return world


def abouts(world: World, channel: Channel, person_id: PersonId) -> list[About]:
    return [one.notice.text.about for one in world.channels[channel].sent if one.notice.person_id == person_id]


@pytest.mark.parametrize("channel", PEOPLE)
def test_it_carries_the_alarm_and_that_it_is_over(new_world: NewWorld, channel: Channel) -> None:
    world = town(new_world, channel)
    world.press()
    world.run(seconds=1)
    assert abouts(world, channel, ERIK) == [About.ALARM]
    (sent,) = [one.notice for one in world.channels[channel].sent if one.notice.person_id == ERIK]
    assert sent.address == ADDRESSES.get(channel, "eriks token")
    assert isinstance(sent, Outward) == channel.outward
    world.going(ERIK)
    world.run(seconds=1)
    world.stand_down()
    world.run(seconds=1)
    assert abouts(world, channel, ERIK) == [About.ALARM, About.OVER]


@pytest.mark.parametrize("channel", PEOPLE)
def test_what_it_refuses_for_good_lets_the_next_step_begin_at_once(new_world: NewWorld, channel: Channel) -> None:
    world = town(new_world, channel)
    world.channels[channel].always = Delivery(state=DeliveryState.REFUSED, reason="not with this content")
    world.press()
    world.run(seconds=5)
    assert abouts(world, channel, ERIK) == [About.ALARM], "never again with the same words"
    assert abouts(world, channel, FRIDA)[:1] == [About.ALARM], "long before the step's two minutes are over"
    assert "notice_failed" in world.story


@pytest.mark.parametrize("channel", PEOPLE)
def test_a_provider_that_is_away_is_asked_again_until_it_is_back(new_world: NewWorld, channel: Channel) -> None:
    world = town(new_world, channel)
    world.channels[channel].always = DOWN
    world.press()
    world.run(seconds=20)
    assert "notice_sent" not in [
        line.entry.kind.value for line in world.lines if dict(line.entry.detail).get("person") == str(ERIK)
    ]
    world.channels[channel].always = None
    world.run(seconds=60)
    assert any(
        line.entry.kind.value == "notice_sent" and dict(line.entry.detail).get("person") == str(ERIK)
        for line in world.lines
    )


@pytest.mark.parametrize("channel", PEOPLE)
def test_whoever_says_that_he_goes_is_believed_whichever_way_he_was_told(new_world: NewWorld, channel: Channel) -> None:
    world = town(new_world, channel)
    world.press()
    world.run(seconds=1)
    world.acknowledge(Responder(ERIK))
    world.run(seconds=60)
    assert world.state == "acknowledged"
    assert abouts(world, channel, FRIDA) == [], "the second step is not needed"


@pytest.mark.parametrize("channel", [channel for channel in PEOPLE if channel.outward])
def test_a_drill_does_not_go_there(new_world: NewWorld, channel: Channel) -> None:
    world = town(new_world, channel)
    world.drill()
    world.run(seconds=300)
    world.stand_down(Outcome.DRILL)
    world.run(seconds=5)
    assert world.channels[channel].sent == []
