"""Ways out that are dead, slow, throttled or paced; who stands in; and a contracted alarm receiving centre."""

from __future__ import annotations

from datetime import datetime, timedelta

from escalation.chain import (
    Channel,
    DeskTarget,
    EscalationChain,
    Medium,
    PersonTarget,
    ReceiverTarget,
    Step,
)
from escalation.effects import About
from escalation.events import Outcome
from escalation.ids import ChainId, ContactPointId, PersonId
from larmcentral.domain.case_number import case_number
from larmcentral.domain.notice import Delivery, DeliveryState, Forward, PathTry
from larmcentral.domain.outbox import NoticeState
from larmcentral.domain.register import ContactPoint, Person
from larmcentral.domain.way_health import WayState
from larmcentral.flows.tries import PACED
from tests.fakes.channel import DOWN
from tests.fakes.memory_store import MemoryRegister
from tests.stories.conftest import NewWorld
from tests.stories.world import World
from tests.stories.world_ways import CENTRE
from tests.world import ANNA, BO, DAVID, GUARD, HOME, UNIT, an_id

LONG = timedelta(minutes=5)
UNREACHABLE = "receiver_unreachable"
ANNA_WITH_BOS_NUMBER = Person(id=ANNA, name="Anna", unit_id=UNIT, phone="070-174 06 05")
"""As people write it; it stands as a contact point of Bo's."""


def steps(*them: Step) -> EscalationChain:
    return EscalationChain(id=ChainId(an_id("ways")), version=1, name="Vägar", steps=them)


def tell(person_id: PersonId, *media: Medium) -> EscalationChain:
    """One person, by one medium after the other as the chain says."""
    return steps(Step(targets=(PersonTarget(person_id),), media=media, all_at_once=False, own_order=False, wait=LONG))


def with_centre() -> EscalationChain:
    """The centre and the desk at once."""
    return steps(Step(targets=(ReceiverTarget(CENTRE), DeskTarget()), media=(Medium.PUSH,), wait=LONG))


def texted(whose: str, *numbers: str) -> tuple[ContactPoint, ...]:
    return tuple(
        ContactPoint(id=ContactPointId(an_id(f"{whose} {number}")), channel=Channel.SMS, address=number)
        for number in numbers
    )


def died(world: World, channel: Channel) -> None:
    """A provider that somebody else's notices have found dead."""
    world.channels[channel].always = DOWN
    way = next(way for way in world.server.ways.ways if way.channel is channel)
    for _ in range(3):
        world.server.ways.told(way.provider, DOWN, 0.1)


def details(world: World, kind: str) -> list[dict[str, str]]:
    assert world.story
    return [dict(line.entry.detail) for line in world.lines if line.entry.kind.value == kind]


def times(world: World, channel: Channel) -> list[datetime]:
    return [sent.at for sent in world.channels[channel].sent]


def forwards(world: World) -> list[Forward]:
    sent = [one.notice for one in world.channels[Channel.RECEIVER].sent]
    return [notice for notice in sent if isinstance(notice, Forward)]


def faults(world: World) -> set[str]:
    return {fault for _, fault, _, _ in world.store.tables.faults}


def test_a_medium_whose_way_out_is_dead_is_passed_over_and_the_timeline_says_so(new_world: NewWorld) -> None:
    world = new_world(tell(DAVID, Medium.SMS, Medium.PUSH))
    died(world, Channel.SMS)
    world.press()
    world.run(seconds=1)
    assert world.called == ["david"]
    assert not world.channels[Channel.SMS].sent
    (said,) = details(world, "way_passed_over")
    assert said["person"] == str(DAVID)


def test_a_notice_that_finds_its_way_out_dead_rings_the_next_medium_without_the_wait(new_world: NewWorld) -> None:
    world = new_world(tell(DAVID, Medium.SMS, Medium.PUSH))
    world.channels[Channel.SMS].always = DOWN
    pressed_at = world.clock.now()
    world.press()
    world.run(seconds=5)
    assert len(times(world, Channel.SMS)) >= 3, "three failures in a row and it is known to be dead"
    (rung_at,) = times(world, Channel.FCM)
    assert rung_at - pressed_at < timedelta(seconds=5), "and not after the 20 s of the medium before"
    (said,) = details(world, "notice_waits")
    assert (said["channel"], said["provider"], said["reason"]) == ("sms", "46elks", "connection refused")
    assert datetime.fromisoformat(said["due"]) > pressed_at


def test_who_has_no_other_way_is_tried_on_and_reached_when_the_provider_is_back(new_world: NewWorld) -> None:
    world = new_world(tell(DAVID, Medium.SMS))
    world.channels[Channel.SMS].always = DOWN
    world.press()
    world.run(seconds=10)
    world.channels[Channel.SMS].always = None
    world.run(seconds=20)
    assert world.story.count("notice_sent") == 1
    assert {report.state for report in world.server.ways.states() if report.provider == "46elks"} == {WayState.ALIVE}


def test_two_providers_of_text_messages_stand_in_for_each_other(new_world: NewWorld) -> None:
    world = new_world(tell(DAVID, Medium.SMS), stand_ins={"smpp": Channel.SMS})
    world.channels[Channel.SMS].always = DOWN
    pressed_at = world.clock.now()
    world.press()
    world.run(seconds=2)
    (stood_in,) = world.stand_ins["smpp"].sent
    assert stood_in.at - pressed_at < timedelta(seconds=1), "the other provider is asked at once"
    (said,) = details(world, "notice_sent")
    assert said["provider"] == "smpp"
    assert "notice_waits" not in world.story
    assert [row.provider for row in world.store.tables.notices.values()] == ["smpp"]


def test_our_password_refused_by_one_provider_does_not_keep_the_other_from_sending(new_world: NewWorld) -> None:
    world = new_world(tell(DAVID, Medium.SMS), stand_ins={"smpp": Channel.SMS})
    refused = Delivery(state=DeliveryState.REFUSED, reason="401", about_us=True)
    world.channels[Channel.SMS].always = refused
    world.press()
    world.run(seconds=2)
    assert len(world.stand_ins["smpp"].sent) == 1
    assert "notice_failed" not in world.story


def test_a_dead_provider_is_left_alone_while_another_lives(new_world: NewWorld) -> None:
    world = new_world(tell(DAVID, Medium.SMS), stand_ins={"smpp": Channel.SMS})
    died(world, Channel.SMS)
    world.press()
    world.run(seconds=1)
    assert not world.channels[Channel.SMS].sent
    assert len(world.stand_ins["smpp"].sent) == 1
    assert world.server.ways.dead() == frozenset(), "one of the channel's ways lives"


def test_what_waits_in_a_dead_providers_line_goes_to_the_one_that_stands_in(new_world: NewWorld) -> None:
    world = new_world(tell(DAVID, Medium.SMS), stand_ins={"smpp": Channel.SMS})
    line = world.server.outbox._lines["46elks"]
    line._running = False  # as busy as a line can be
    world.press()
    world.run(seconds=1)
    assert line.waiting == 1
    died(world, Channel.SMS)

    async def go_on() -> None:
        line.start()

    world.do(go_on())
    world.run(seconds=1)
    assert not world.channels[Channel.SMS].sent
    assert len(world.stand_ins["smpp"].sent) == 1


def test_a_throttled_notice_shows_when_it_is_expected_to_go(new_world: NewWorld) -> None:
    world = new_world(tell(DAVID, Medium.SMS))
    asked = Delivery(state=DeliveryState.RETRY, reason="429", retry_after=timedelta(seconds=9))
    world.channels[Channel.SMS].always = asked
    pressed_at = world.clock.now()
    world.press()
    world.run(seconds=2)
    (row,) = world.store.tables.notices.values()
    assert (row.state, row.reason, row.provider) == (NoticeState.PENDING, "429", "46elks")
    (said,) = details(world, "notice_waits")
    expected_at = datetime.fromisoformat(said["due"])
    assert abs((row.due_at - expected_at).total_seconds()) < 1
    assert timedelta(seconds=8) < expected_at - pressed_at < timedelta(seconds=10)
    world.run(seconds=30)
    assert world.story.count("notice_waits") == 1, "said once a notice, however often it is tried"


def test_an_agreed_rate_never_delays_an_alarm_and_lets_the_rest_wait_in_sight(new_world: NewWorld) -> None:
    world = new_world(per_second={"46elks": 0.1})
    points = texted("guard", *(f"+4670174061{last}" for last in range(3)))
    guard = Person(id=GUARD, name="Väktaren", employer="Vakt AB", external=True, contact_points=points)
    world.do(MemoryRegister(world.store).person(HOME, guard))
    world.press()
    pressed_at = world.clock.now()
    world.run(seconds=100)
    told = [sent for sent in world.channels[Channel.SMS].sent if sent.notice.person_id == GUARD]
    assert len(told) == 4
    assert len({sent.at for sent in told}) == 1, "four alarms at once, where the rate is one in ten seconds"
    assert told[0].at - pressed_at < timedelta(seconds=91)
    world.forget_calls()
    world.going(GUARD)
    world.stand_down(Outcome.REAL)
    world.run(seconds=1)
    waiting = [row for row in world.store.tables.notices.values() if row.state is NoticeState.PENDING]
    assert [(row.notice.about, row.reason) for row in waiting] == [(About.OVER, PACED)]
    assert waiting[0].due_at - world.clock.now() > timedelta(seconds=20), "the alarms' places are made up first"
    assert not world.channels[Channel.SMS].sent
    world.run(seconds=60)
    assert world.told(GUARD) == [About.OVER]


def test_a_centre_takes_a_case_and_is_told_its_end(new_world: NewWorld) -> None:
    world = new_world(with_centre())
    path = PathTry(path="primary", at=world.clock.now(), seconds=0.02, took=True, result="0")
    world.channels[Channel.RECEIVER].always = Delivery(state=DeliveryState.SENT, provider_id="primary", paths=(path,))
    world.press()
    world.run(seconds=1)
    (case,) = forwards(world)
    assert (case.receiver, case.text.about, case.case.person) == (CENTRE, About.ALARM, "Anna")
    assert case.case.number == case_number(world.incident_id)
    assert case.case.unit == "Nord"
    (tried,) = details(world, "path_tried")
    assert (tried["receiver"], tried["path"], tried["took"], tried["seconds"]) == (CENTRE, "primary", "yes", "0.020")
    (took,) = details(world, "receiver_took")
    assert took["path"] == "primary"
    assert world.state == "open", "nobody has read it by that"
    world.stand_down(Outcome.REAL)
    world.run(seconds=1)
    assert [one.text.about for one in forwards(world)] == [About.ALARM, About.OVER]
    assert {one.case.number for one in forwards(world)} == {case.case.number}
    assert details(world, "receiver_took")[-1]["about"] == "over"


def test_a_centre_that_cannot_be_reached_is_a_fault_until_it_has_the_case(new_world: NewWorld) -> None:
    world = new_world(with_centre())
    paths = tuple(
        PathTry(path=name, at=world.clock.now(), seconds=5.0, took=False, result="no answer")
        for name in ("primary", "secondary")
    )
    world.channels[Channel.RECEIVER].always = Delivery(state=DeliveryState.RETRY, reason="no answer", paths=paths)
    world.press()
    world.run(seconds=2)
    assert UNREACHABLE in faults(world)
    assert world.called.count("desk") == 2, "the desk rings anew: somebody must telephone"
    assert [one["path"] for one in details(world, "path_tried")][:2] == ["primary", "secondary"]
    world.run(seconds=180)
    assert len(forwards(world)) > 8, "nobody stands in for a centre: it is tried on"
    assert world.story.count("receiver_unreached") == 1
    assert len(details(world, "path_tried")) < 2 * len(forwards(world)), "the same silence is not told each time"
    world.channels[Channel.RECEIVER].always = None
    world.run(seconds=40)
    assert "receiver_took" in world.story
    assert UNREACHABLE not in faults(world), "the fault is over while the incident goes on"
    assert world.state == "open"


def test_a_text_to_a_centres_people_is_no_receipt_and_its_receivers_are_tried_on(new_world: NewWorld) -> None:
    world = new_world(with_centre())
    centre = world.channels[Channel.RECEIVER]
    silent = PathTry(path="primary", at=world.clock.now(), seconds=5.0, took=False, result="no answer in time")
    texted = PathTry(path="jour", at=world.clock.now(), seconds=0.3, took=True, result="sms on its way")
    centre.always = Delivery(state=DeliveryState.RETRY, reason="-", paths=(silent, texted), by_telephone=True)
    world.press()
    world.run(seconds=0.4)
    (said,) = details(world, "receiver_took")
    assert (said["path"], said["by_telephone"]) == ("jour", "true")
    assert UNREACHABLE in faults(world)
    assert world.called.count("desk") == 2, "the desk rings anew: somebody must telephone"
    centre.always = Delivery(state=DeliveryState.RETRY, reason="no answer in time", paths=(silent,))
    world.run(seconds=60)
    assert [one.by_telephone for one in forwards(world)][:3] == [False, True, True], "nobody is texted twice"
    assert UNREACHABLE in faults(world)
    assert world.story.count("receiver_took") == 1
    centre.always = None
    world.run(seconds=40)
    assert world.story.count("receiver_took") == 2
    assert UNREACHABLE not in faults(world)


def test_a_centre_whose_people_were_told_for_want_of_a_receiver_stays_a_fault_until_the_end(
    new_world: NewWorld,
) -> None:
    world = new_world(with_centre())
    centre = world.channels[Channel.RECEIVER]
    refused = PathTry(path="primary", at=world.clock.now(), seconds=0.1, took=False, result="DUH")
    texted = PathTry(path="jour", at=world.clock.now(), seconds=0.3, took=True, result="sms on its way")
    centre.always = Delivery(state=DeliveryState.REFUSED, reason="-", paths=(refused, texted), by_telephone=True)
    world.press()
    world.run(seconds=60)
    assert len(forwards(world)) == 1, "what its receivers refuse for good they are not asked again"
    assert UNREACHABLE in faults(world)
    centre.always = None
    world.stand_down(Outcome.REAL)
    world.run(seconds=1)
    assert forwards(world)[-1].text.about is About.OVER, "its people know the case, and hear of its end"
    assert faults(world) == set()


def test_a_centre_that_refuses_the_case_for_good_stays_a_fault(new_world: NewWorld) -> None:
    world = new_world(with_centre())
    world.channels[Channel.RECEIVER].always = Delivery(state=DeliveryState.REFUSED, reason="unauthorised")
    world.press()
    world.run(seconds=60)
    assert len(forwards(world)) == 1
    assert UNREACHABLE in faults(world)
    (said,) = details(world, "notice_failed")
    assert (said["receiver"], said["reason"]) == (CENTRE, "unauthorised")


def test_a_restore_that_is_lost_for_good_is_a_fault_after_the_end(new_world: NewWorld) -> None:
    world = new_world(with_centre())
    world.press()
    world.run(seconds=1)
    world.channels[Channel.RECEIVER].always = Delivery(state=DeliveryState.REFUSED, reason="unauthorised")
    world.stand_down(Outcome.REAL)
    world.run(seconds=1)
    assert details(world, "receiver_unreached")[-1]["about"] == "over"
    assert faults(world) == {UNREACHABLE}, "a person must ring them"


def test_a_drill_with_such_a_chain_reaches_nobody_outside(new_world: NewWorld) -> None:
    media = (Medium.SMS, Medium.VOICE, Medium.MAIL, Medium.TEAMS, Medium.WEBHOOK, Medium.PAGER, Medium.PUSH)
    targets = (PersonTarget(DAVID), PersonTarget(GUARD), ReceiverTarget(CENTRE), DeskTarget())
    world = new_world(steps(Step(targets=targets, media=media, wait=timedelta(seconds=30))))
    register = MemoryRegister(world.store)
    world.do(
        register.person(
            HOME,
            Person(
                id=DAVID,
                name="David",
                contact_points=tuple(
                    ContactPoint(id=ContactPointId(an_id(f"david {channel.value}")), channel=channel, address="x")
                    for channel in Channel
                    if channel not in {Channel.CONSOLE, Channel.RECEIVER}
                ),
            ),
        )
    )
    world.drill()
    world.run(seconds=200)
    world.stand_down(Outcome.DRILL)
    world.run(seconds=5)
    reached = {channel for channel, port in world.channels.items() if port.sent}
    assert reached == {Channel.FCM, Channel.APNS, Channel.WEB_PUSH, Channel.CONSOLE}
    assert not any(channel.outward for channel in reached)


def test_the_wearers_own_number_under_a_colleagues_name_gets_nothing_of_a_silent_alarm(new_world: NewWorld) -> None:
    world = new_world(tell(BO, Medium.SMS, Medium.PUSH))
    world.do(MemoryRegister(world.store).person(HOME, ANNA_WITH_BOS_NUMBER))
    pressed_at = world.clock.now()
    world.press(silent=True)
    world.run(seconds=2)
    assert not world.channels[Channel.SMS].sent
    (said,) = details(world, "notice_failed")
    assert (said["person"], said["channel"], said["reason"]) == (str(BO), "sms", "wearers_own_point")
    (rung_at,) = times(world, Channel.APNS)
    assert rung_at - pressed_at < timedelta(seconds=2), "the chain goes on at once"


def test_the_same_number_is_rung_when_the_alarm_is_not_silent(new_world: NewWorld) -> None:
    world = new_world(tell(BO, Medium.SMS))
    world.do(MemoryRegister(world.store).person(HOME, ANNA_WITH_BOS_NUMBER))
    world.press()
    world.run(seconds=1)
    assert [sent.notice.person_id for sent in world.channels[Channel.SMS].sent] == [BO]
