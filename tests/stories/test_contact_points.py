"""A person and his contact points: entered, proven, tried, lost; and an alarm beside all that."""

from __future__ import annotations

import pytest

from escalation.chain import Channel
from escalation.ids import ContactPointId
from escalation.incident import Refused
from escalation.purpose import Purpose
from larmcentral.domain.contact import PointHealth, health
from larmcentral.domain.notice import Delivery, DeliveryState, ServiceMessage
from larmcentral.domain.service import ServiceState
from tests.stories.world import World
from tests.stories.world_points import MANAGER, PointDesk, own
from tests.world import BO, DAVID, an_id

BO_SMS = ContactPointId(an_id("bo sms"))
DAVID_APP, DAVID_SMS = ContactPointId(an_id("david app")), ContactPointId(an_id("david sms"))


@pytest.fixture
def desk(world: World) -> PointDesk:
    made = PointDesk(world)
    made.start()
    return made


def how(desk: PointDesk, point_id: ContactPointId) -> PointHealth:
    point = desk.known(point_id)
    return health(
        retired_at=point.retired_at, last_reached_at=point.last_reached_at, last_failed_at=point.last_failed_at
    )


def test_bo_enters_a_number_and_types_in_the_code_that_comes(desk: PointDesk, world: World) -> None:
    voice = desk.add(BO, Channel.VOICE, "+46701740605", name="bo voice")
    assert (how(desk, voice), desk.known(voice).verified_at) == (PointHealth.NEVER, None)
    asked = desk.do(desk.points.ask_proof(voice, own(BO)))
    world.run(seconds=1)
    [message] = desk.posted(Channel.VOICE)
    assert "inget larm" in message.body
    said = "".join(sign for sign in message.body.partition("En gång till")[0] if sign.isdecimal())
    desk.do(desk.points.give_code(voice, said, own(BO)))
    assert desk.known(voice).verified_at is not None
    assert (how(desk, voice), desk.record(asked.message_id).state) == (PointHealth.REACHED, ServiceState.SENT)


def test_the_manager_sends_herself_a_test_and_sees_what_came_back(desk: PointDesk, world: World) -> None:
    world.channels[Channel.SMS].answers["+46701740605"] = Delivery(
        state=DeliveryState.REFUSED, reason="403 no credit", answer="403 no credit"
    )
    test = desk.do(desk.asks.ask_test(BO_SMS, MANAGER))
    assert desk.record(test).state is ServiceState.PENDING
    world.run(seconds=1)
    record = desk.record(test)
    assert (record.state, record.answer) == (ServiceState.REFUSED, "403 no credit")
    assert (how(desk, BO_SMS), desk.known(BO_SMS).last_failed_why) == (PointHealth.FAILING, "403 no credit")


def test_an_unproven_point_rings_like_any_other(desk: PointDesk, world: World) -> None:
    assert desk.known(DAVID_SMS).verified_at is None
    world.press()
    world.run(seconds=50)
    assert DAVID in [sent.notice.person_id for sent in world.channels[Channel.SMS].sent]


def test_whoever_puts_his_text_messages_first_is_still_told_by_all_his_media(desk: PointDesk, world: World) -> None:
    """The order is his own within a medium; what the chain asks for is the chain's."""
    desk.do(desk.points.order(DAVID, [DAVID_SMS, DAVID_APP], own(DAVID)))
    world.press()
    world.run(seconds=50)
    told = {
        channel
        for channel in (Channel.FCM, Channel.SMS)
        for s in world.channels[channel].sent
        if s.notice.person_id == DAVID
    }
    assert told == {Channel.FCM, Channel.SMS}


def test_a_token_that_is_gone_is_shown_as_retired_and_comes_back_with_the_app(desk: PointDesk, world: World) -> None:
    world.channels[Channel.FCM].answers["david-token"] = Delivery(state=DeliveryState.GONE, reason="UNREGISTERED")
    world.press()
    world.run(seconds=31)
    assert how(desk, DAVID_APP) is PointHealth.RETIRED
    with pytest.raises(Refused, match="point_retired"):
        desk.do(desk.asks.ask_test(DAVID_APP, own(DAVID)))
    assert desk.add(DAVID, Channel.FCM, "david-token") == DAVID_APP
    assert desk.known(DAVID_APP).living


def test_a_test_waits_for_a_dead_channel_and_the_alarm_does_not_wait_for_the_test(
    desk: PointDesk, world: World
) -> None:
    channel = world.channels[Channel.SMS]
    channel.always = Delivery(state=DeliveryState.RETRY, reason="connection refused")
    tests = [desk.do(desk.asks.ask_test(BO_SMS, MANAGER)) for _ in range(9)]
    world.press()
    assert world.called == ["bo", "cecilia", "desk"]
    world.run(seconds=30)
    assert {desk.record(test).state for test in tests} == {ServiceState.FAILED}
    assert len(channel.posted) == 2 * len(tests)


def test_an_alarm_is_no_word_of_the_house_about_itself(desk: PointDesk, world: World) -> None:
    """Whatever is posted was asked for as a test or a proof; what an alarm sends is a notice."""
    desk.do(desk.asks.ask_test(BO_SMS, MANAGER))
    world.press()
    world.run(seconds=60)
    for channel in world.channels.values():
        assert all(isinstance(message, ServiceMessage) for message in channel.posted)
        assert all(sent.notice.purpose is Purpose.REAL for sent in channel.sent)
    assert sum(len(channel.posted) for channel in world.channels.values()) == 1
