"""Journey 10: a group alarm at a reception, with 25 colleagues in the building."""

from __future__ import annotations

from datetime import timedelta

import pytest

from escalation.alarm import AlarmKind
from escalation.chain import BuildingTarget, Channel, EscalationChain, Medium, Step
from escalation.effects import About
from escalation.ids import ChainId, ContactPointId, PersonId, PlaceId
from escalation.incident import ResponderState
from larmcentral.domain.place import Place
from larmcentral.domain.register import ChainChoice, ContactPoint, Device, Person
from protocols.signal import SignalKind
from tests.fakes.memory_store import MemoryRegister
from tests.stories.world import World
from tests.world import HOME, T0, UNIT, an_id, push

RECEPTION = PlaceId(an_id("reception"))
BUTTON = "8660000025"
WITHOUT_APP = 5
COLLEAGUES = [PersonId(an_id(f"colleague {number}")) for number in range(25)]
TEXTED, PUSHED = COLLEAGUES[:WITHOUT_APP], COLLEAGUES[WITHOUT_APP:]
GROUP = EscalationChain(
    id=ChainId(an_id("group chain")),
    version=1,
    name="Bråklarm",
    steps=(
        Step(
            targets=(BuildingTarget(),),
            media=(Medium.PUSH, Medium.SMS),
            all_at_once=False,
            medium_wait=timedelta(seconds=10),
            wait=timedelta(seconds=45),
            responders_needed=2,
        ),
    ),
    upgrade_to=AlarmKind.PANIC,
)


def number_of(index: int) -> str:
    return f"+467017406{index + 10:02}"


@pytest.fixture
def reception(world: World) -> World:
    """25 people at work in one house, five of them without the app; all have a telephone."""

    async def enter() -> None:
        register = MemoryRegister(world.store)
        await register.place(HOME, Place(id=RECEPTION, name="Receptionen", address="Torget 1"))
        for index, person_id in enumerate(COLLEAGUES):
            phone = ContactPointId(an_id(f"phone {index}"))
            points = [ContactPoint(id=phone, channel=Channel.SMS, address=number_of(index), rank=1)]
            if person_id in PUSHED:
                points.insert(0, push(f"colleague {index}", Channel.APNS))
            person = Person(id=person_id, name=f"Kollega {index}", unit_id=UNIT, contact_points=tuple(points))
            await register.person(HOME, person)
        button = Device(id=an_id("button"), protocol="watch", account=BUTTON, label="Disken", place_id=RECEPTION)
        await register.device(HOME, button, T0)
        await register.chain(HOME, ChainChoice(id=an_id("group"), chain=GROUP, kind=AlarmKind.GROUP_ALARM), T0)
        for person_id in COLLEAGUES:
            until = world.clock.now() + timedelta(hours=8)
            await world.server.lone_work.on_shift(person_id, until, RECEPTION)

    world.do(enter())
    return world


def reached(world: World, channel: Channel, about: About = About.ALARM) -> list[PersonId | None]:
    sent = [one.notice for one in world.channels[channel].sent if one.notice.text.about is about]
    return [notice.person_id for notice in sent]


def presses(world: World) -> None:
    world.press(BUTTON, SignalKind.GROUP_ALARM)


def test_everybody_in_the_building_is_reached_by_push_or_by_text_message(reception: World) -> None:
    presses(reception)
    reception.run(seconds=3)
    assert sorted(reached(reception, Channel.APNS), key=str) == sorted(PUSHED, key=str)
    assert sorted(reached(reception, Channel.SMS), key=str) == sorted(TEXTED, key=str)


def test_whoever_does_not_answer_the_push_has_a_text_message_within_fifteen_seconds(reception: World) -> None:
    presses(reception)
    reception.run(seconds=15)
    assert sorted(reached(reception, Channel.SMS), key=str) == sorted(COLLEAGUES, key=str)


def test_the_first_who_goes_is_seen_by_all_within_a_second(reception: World) -> None:
    presses(reception)
    reception.run(seconds=2)
    reception.presses_button(PUSHED[0], "going")
    reception.run(seconds=1)
    assert set(reached(reception, Channel.APNS, About.GOING)) == set(PUSHED[1:])
    assert not reached(reception, Channel.SMS, About.GOING)
    assert reception.state == "open"


def test_the_second_is_enough_and_the_others_are_stood_down(reception: World) -> None:
    presses(reception)
    reception.run(seconds=2)
    reception.presses_button(PUSHED[0], "going")
    assert reception.replies(number_of(0), "Ja!") == ("Tack. Du är anmäld som på väg. Svara FRAMME när du är på plats.")
    assert reception.state == "acknowledged"
    states = {one.person_id: one.state for one in reception.incident.responders}
    assert [who for who, state in states.items() if state is ResponderState.GOING] == [PUSHED[0], TEXTED[0]] or {
        who for who, state in states.items() if state is ResponderState.GOING
    } == {PUSHED[0], TEXTED[0]}
    assert sum(state is ResponderState.RELEASED for state in states.values()) == 23
    reception.forget_calls()
    reception.run(seconds=60)
    assert reached(reception, Channel.SMS) == []
    assert "upgraded" not in reception.story


def test_they_are_told_that_they_need_not_come(reception: World) -> None:
    presses(reception)
    reception.run(seconds=2)
    for person_id in PUSHED[:2]:
        reception.presses_button(person_id, "going")
    reception.run(seconds=1)
    assert set(reached(reception, Channel.APNS, About.RELEASED)) == set(PUSHED[2:])
    assert set(reached(reception, Channel.SMS, About.RELEASED)) == set(TEXTED)


def test_without_an_answer_in_45_seconds_it_becomes_an_attack_alarm(reception: World) -> None:
    presses(reception)
    reception.run(seconds=44)
    assert reception.incident.kind is AlarmKind.GROUP_ALARM
    reception.forget_calls()
    reception.run(seconds=1)
    assert reception.incident.kind is AlarmKind.PANIC
    assert "upgraded" in reception.story
    assert reception.incident.chain.name == "Natt"
    told = {sent.notice.person_id for channel in reception.channels.values() for sent in channel.sent}
    assert None in told, "the desk hears of it now"


def test_a_colleague_who_went_home_is_not_called(reception: World) -> None:
    reception.do(reception.server.lone_work.off_shift(PUSHED[3]))
    presses(reception)
    reception.run(seconds=15)
    told = {sent.notice.person_id for channel in reception.channels.values() for sent in channel.sent}
    assert PUSHED[3] not in told
    assert len(told - {None}) == 24
