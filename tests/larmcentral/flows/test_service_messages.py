"""What the house says of itself: once, or twice at the most; and what came back is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from escalation.chain import Channel
from escalation.ids import ContactPointId
from larmcentral.domain.notice import Delivery, DeliveryState, ServiceMessage
from larmcentral.domain.outbox import Lease
from larmcentral.domain.register import Person
from larmcentral.domain.service import ServiceState
from larmcentral.flows.service_messages import STALE_AFTER, ServiceMessages
from larmcentral.flows.ways_out import WayOut, WaysOut
from tests.fakes.channel import FakeChannel
from tests.fakes.memory_store import MemoryRegister
from tests.larmcentral.flows.test_service_asks import ROW, admin
from tests.stories.conftest import NewWorld
from tests.stories.world import World
from tests.stories.world_points import MANAGER, ORIGIN, SECRET, PointDesk, own
from tests.world import BO, HOME, an_id, push, sms

BO_APP, BO_SMS = ContactPointId(an_id("bo app")), ContactPointId(an_id("bo sms"))
BUSY = Delivery(state=DeliveryState.RETRY, reason="503 busy")


@pytest.fixture
def world(new_world: NewWorld) -> World:
    return new_world(hours=True)


@pytest.fixture
def desk(world: World) -> PointDesk:
    return PointDesk(world)


class Raising(FakeChannel):
    """A channel with a fault of ours."""

    async def post(self, message: ServiceMessage) -> Delivery:
        raise RuntimeError("a bug")


def by_ways(desk: PointDesk, *ways: WayOut) -> None:
    desk.sender = ServiceMessages(desk.world.server.means, WaysOut(ways, desk.world.clock), SECRET, ORIGIN)


def way(provider: str, channel: Channel, port: FakeChannel, receiver: str | None = None) -> WayOut:
    return WayOut(provider=provider, channel=channel, port=port, at_once=1, receiver=receiver)


def test_a_test_goes_out_in_its_owners_language_and_what_came_back_is_kept(desk: PointDesk, world: World) -> None:
    english = Person(
        id=BO, name="Bo", language="en", contact_points=(push("bo", Channel.APNS), sms("bo", "+46701740605"))
    )
    desk.do(MemoryRegister(world.store).person(HOME, english))
    world.channels[Channel.SMS].answers["+46701740605"] = Delivery(state=DeliveryState.SENT, answer="created s1")
    test = desk.do(desk.asks.ask_test(BO_SMS, own(BO)))
    assert desk.send() == 1
    [message] = desk.posted(Channel.SMS)
    assert (message.id, message.address, message.language, message.link) == (test, "+46701740605", "en", None)
    assert message.body.startswith("TEST.")
    record = desk.record(test)
    assert (record.state, record.tries, record.answer) == (ServiceState.SENT, 1, "created s1")
    assert record.provider is not None
    assert record.seconds is not None
    assert desk.known(BO_SMS).last_reached_at is not None
    assert desk.send() == 0


def test_nobodys_name_and_no_place_is_in_it(desk: PointDesk) -> None:
    desk.do(desk.asks.ask_test(BO_SMS, own(BO)))
    desk.do(desk.points.ask_proof(BO_APP, own(BO)))
    desk.send()
    for message in (*desk.posted(Channel.SMS), *desk.posted(Channel.APNS)):
        assert "Bo" not in message.title + message.body


def test_a_push_proof_carries_its_link_and_a_text_message_only_a_code(desk: PointDesk) -> None:
    desk.do(desk.points.ask_proof(BO_APP, own(BO)))
    desk.do(desk.points.ask_proof(BO_SMS, own(BO)))
    desk.send()
    assert desk.posted(Channel.APNS)[-1].link == f"{ORIGIN}/api/proofs/{desk.key(Channel.APNS)}"
    assert desk.posted(Channel.SMS)[-1].link is None
    shown = repr(desk.posted(Channel.APNS)) + repr(desk.posted(Channel.SMS))
    assert not any(secret in shown for secret in (desk.key(Channel.APNS), desk.code(), "+46701740605", "bo-token"))


def test_a_push_of_a_house_without_an_address_names_the_path(world: World) -> None:
    desk = PointDesk(world, linked=False)
    desk.do(desk.points.ask_proof(BO_APP, own(BO)))
    desk.send()
    assert desk.posted(Channel.APNS)[-1].link == f"/api/proofs/{desk.key(Channel.APNS)}"


def test_what_may_pass_is_tried_once_more_and_not_again(desk: PointDesk, world: World) -> None:
    world.channels[Channel.SMS].always = BUSY
    test = desk.do(desk.asks.ask_test(BO_SMS, own(BO)))
    assert (desk.send(), desk.send()) == (1, 0)
    assert (desk.record(test).state, desk.record(test).reason) == (ServiceState.PENDING, "503 busy")
    world.run(seconds=2)
    assert desk.send() == 1
    world.run(seconds=60)
    assert desk.send() == 0
    record = desk.record(test)
    assert (record.state, record.tries, record.reason) == (ServiceState.FAILED, 2, "503 busy")
    assert len(desk.posted(Channel.SMS)) == 2
    assert desk.known(BO_SMS).last_failed_why == "503 busy"


def test_the_providers_wish_to_wait_is_kept_within_half_a_minute(desk: PointDesk, world: World) -> None:
    world.channels[Channel.SMS].always = replace(BUSY, retry_after=timedelta(seconds=20))
    desk.do(desk.asks.ask_test(BO_SMS, own(BO)))
    desk.send()
    world.run(seconds=10)
    assert desk.send() == 0
    world.run(seconds=10)
    assert desk.send() == 1


def test_the_second_try_goes_by_the_next_provider(desk: PointDesk, world: World) -> None:
    first, second = FakeChannel(world.clock, always=BUSY), FakeChannel(world.clock)
    by_ways(desk, way("46elks", Channel.SMS, first), way("smpp", Channel.SMS, second))
    test = desk.do(desk.asks.ask_test(BO_SMS, own(BO)))
    desk.send()
    world.run(seconds=2)
    desk.send()
    assert (len(first.posted), len(second.posted)) == (1, 1)
    assert (desk.record(test).state, desk.record(test).provider) == (ServiceState.SENT, "smpp")


def test_our_own_fault_is_written_down_as_one(desk: PointDesk, world: World) -> None:
    by_ways(desk, way("46elks", Channel.SMS, Raising(world.clock)))
    test = desk.do(desk.asks.ask_test(BO_SMS, own(BO)))
    desk.send()
    assert (desk.record(test).state, desk.record(test).reason) == (ServiceState.PENDING, "our_fault")


def test_a_house_without_that_channel_says_so_at_once(desk: PointDesk) -> None:
    by_ways(desk)
    test = desk.do(desk.asks.ask_test(BO_SMS, own(BO)))
    desk.send()
    record = desk.record(test)
    assert (record.state, record.reason, record.provider) == (ServiceState.REFUSED, "no_provider", None)
    assert desk.known(BO_SMS).last_failed_at is None


def test_a_point_that_is_gone_is_retired_by_its_test(desk: PointDesk, world: World) -> None:
    world.channels[Channel.APNS].answers["bo-token"] = Delivery(state=DeliveryState.GONE, reason="Unregistered")
    desk.do(desk.asks.ask_test(BO_APP, own(BO)))
    desk.send()
    assert desk.known(BO_APP).retired_why == "Unregistered"


def test_a_point_that_was_taken_away_meanwhile_gets_nothing(desk: PointDesk) -> None:
    test = desk.do(desk.asks.ask_test(BO_SMS, own(BO)))
    desk.do(desk.points.remove(BO_SMS, own(BO)))
    desk.send()
    assert (desk.record(test).state, desk.record(test).reason) == (ServiceState.GONE, "retired")
    assert desk.posted(Channel.SMS) == []


def test_what_nobody_waits_for_any_more_is_not_sent(desk: PointDesk, world: World) -> None:
    test, proof = desk.do(desk.asks.ask_test(BO_SMS, own(BO))), desk.do(desk.points.ask_proof(BO_SMS, own(BO)))
    world.run(seconds=STALE_AFTER.total_seconds())
    desk.send()
    assert (desk.record(test).state, desk.record(test).reason) == (ServiceState.FAILED, "too_late")
    assert desk.record(proof.message_id).state is ServiceState.FAILED
    assert desk.posted(Channel.SMS) == []


def test_of_two_proofs_that_wait_both_carry_the_code_that_holds(desk: PointDesk) -> None:
    for _ in range(2):
        desk.do(desk.points.ask_proof(BO_SMS, own(BO)))
    desk.send()
    first, second = (message.body for message in desk.posted(Channel.SMS))
    assert first == second
    desk.do(desk.points.give_code(BO_SMS, desk.code(), own(BO)))


def test_a_process_that_dies_twice_in_the_middle_ends_it(desk: PointDesk, world: World) -> None:
    test = desk.do(desk.asks.ask_test(BO_SMS, own(BO)))

    async def claimed_by_one_who_dies() -> None:
        async with world.store.transaction() as tx:
            assert len(await tx.claim_service_messages(lease=Lease(world.ids.new()), limit=9)) == 1

    for _ in range(2):
        desk.do(claimed_by_one_who_dies())
        assert desk.send() == 0
        world.run(seconds=15)
    assert desk.send() == 1
    assert (desk.record(test).state, desk.record(test).reason) == (ServiceState.FAILED, "no_answer")
    assert desk.posted(Channel.SMS) == []


def test_a_row_of_a_centre_goes_to_its_forwarder_under_its_name(desk: PointDesk, world: World) -> None:
    nord, south = FakeChannel(world.clock), FakeChannel(world.clock)
    nord.always = Delivery(state=DeliveryState.SENT, answer="first: ack")
    by_ways(
        desk,
        way("receiver:south", Channel.RECEIVER, south, "south"),
        way("receiver:nord", Channel.RECEIVER, nord, "nord"),
    )
    rows: Mapping[str, str] = ROW
    test = desk.do(desk.asks.ask_receiver_test(admin(), "nord", rows))
    desk.send()
    [message] = nord.posted
    assert (message.channel, message.address) == (Channel.RECEIVER, "nord/fall/silent/ab12")
    assert "PROV/TEST" in message.title
    assert (desk.record(test).state, desk.record(test).answer) == (ServiceState.SENT, "first: ack")
    assert south.posted == []


def test_a_figure_of_every_try_goes_to_the_ways_out(desk: PointDesk, world: World) -> None:
    told: list[tuple[str, DeliveryState]] = []
    world.server.ways.listen(lambda way, delivery, seconds: told.append((way.channel.value, delivery.state)))
    desk.do(desk.asks.ask_test(BO_SMS, own(BO)))
    desk.send()
    assert told == [("sms", DeliveryState.SENT)]


def test_tests_of_an_address_that_does_not_answer_do_not_take_the_way_from_everybody(
    desk: PointDesk, world: World
) -> None:
    world.channels[Channel.SMS].always = BUSY
    for _ in range(3):
        desk.do(desk.asks.ask_test(BO_SMS, own(BO)))
        desk.send()
        world.run(seconds=3)
        desk.send()
    assert len(desk.posted(Channel.SMS)) == 6
    assert world.server.ways.dead() == frozenset()


def test_an_alarm_finds_no_more_than_two_of_them_before_it_at_a_provider(desk: PointDesk) -> None:
    for _ in range(5):
        desk.do(desk.asks.ask_test(BO_SMS, own(BO)))
    assert [desk.send() for _ in range(4)] == [2, 2, 1, 0]


def test_the_loop_finds_by_itself_what_is_filed(desk: PointDesk, world: World) -> None:
    desk.start()
    desk.do(desk.asks.ask_test(BO_SMS, MANAGER))
    world.run(seconds=1)
    assert len(desk.posted(Channel.SMS)) == 1
    desk.do(desk.sender.stop())
    desk.do(desk.sender.stop())
    desk.do(desk.asks.ask_test(BO_SMS, MANAGER))
    world.run(seconds=10)
    assert len(desk.posted(Channel.SMS)) == 1
