"""A subscription on good days and bad ones: what the broker keeps for us is acked once it is on disk."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from larmcentral.endpoint import Broker
from larmcentral.receivers import mqtt
from larmcentral.receivers.limits import Limits
from larmcentral.receivers.mqtt import MqttSubscriber, Subscription
from protocols.conversation import Account
from protocols.mqtt.reading import PublicationReader
from protocols.mqtt.session import Subscriber
from protocols.signal import AccountId, SignalKind
from tests.fakes.broker import FakeBroker
from tests.fakes.intake import eventually
from tests.larmcentral.receivers.rig import Rig
from tests.protocols.captured import Enrolled

EUI = "70B3D57ED0000017"
TOPIC = f"application/larm/device/{EUI.lower()}/event/up"
ALL = ("application/+/device/+/event/up", "owntracks/#", "town/#")


def uplink(counter: int, frame: str = "AVE=") -> bytes:
    """A button's frame; 0151 is a press with 81 %."""
    return json.dumps(
        {
            "time": "2026-03-04T05:06:07.000Z",
            "deviceInfo": {"devEui": EUI.lower()},
            "fCnt": counter,
            "fPort": 10,
            "data": frame,
        }
    ).encode()


class World:
    """A broker, and us. Only the button is enrolled."""

    def __init__(self, rig: Rig) -> None:
        self.rig, self.intake = rig, rig.intake
        self.broker = FakeBroker()
        self.subscribers: list[MqttSubscriber] = []

    def subscribe(self, topics: tuple[str, ...] = ALL, **limits: int) -> MqttSubscriber:
        reception = self.rig.reception(Limits(**limits))
        accounts = Enrolled(Account(AccountId(EUI), model="larmbutton"))
        reception._enrolled = _Loaded(accounts)
        at = Subscription(
            Broker("127.0.0.1", self.broker.port), Subscriber(client_id="larm", topics=topics, user="larm")
        )
        subscriber = MqttSubscriber(at, reception=reception, reader=PublicationReader(accounts))
        self.subscribers.append(subscriber)
        subscriber.start()
        return subscriber


class _Loaded:
    loaded = True

    def __init__(self, accounts: Enrolled) -> None:
        self.find = accounts.find


@pytest.fixture
async def world(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    for wait in ("FIRST_BACK_OFF_S", "LONGEST_BACK_OFF_S", "AGAIN_FIRST_S", "AGAIN_LONGEST_S"):
        monkeypatch.setattr(mqtt, wait, 0.01)
    world = World(rig)
    await world.broker.start()
    yield world
    world.intake.release()
    world.intake.be_well()
    for subscriber in world.subscribers:
        await subscriber.stop()
    await world.broker.stop()


async def test_a_press_is_acked_once_it_is_stored_and_not_before(world: World) -> None:
    subscriber = world.subscribe()
    await eventually(lambda: subscriber.connected)
    world.intake.holds = True
    world.broker.publish(TOPIC, uplink(1))
    await eventually(lambda: len(world.intake.held) == 1)
    for _ in range(100):
        await asyncio.sleep(0)
    assert world.broker.acked == []
    world.intake.release()
    await eventually(lambda: world.broker.acked == [1])
    [arrival] = world.intake.stored
    [signal] = arrival.signals
    assert (signal.kind, signal.device, signal.battery_pct) == (SignalKind.PANIC, EUI, 81)
    assert arrival.raw == TOPIC.encode() + b"\n" + uplink(1)
    assert world.broker.logins == [("larm", "larm", None)]


async def test_acks_leave_in_the_order_of_the_messages_when_the_commits_do_not(world: World) -> None:
    subscriber = world.subscribe()
    await eventually(lambda: subscriber.connected)
    world.intake.holds = True
    for counter in (1, 2, 3):
        world.broker.publish(TOPIC, uplink(counter))
    await eventually(lambda: len(world.intake.held) == 3)
    keys = world.intake.held_keys
    world.intake.release(keys[2])
    world.intake.release(keys[1])
    await eventually(lambda: len(world.intake.stored) == 2)
    assert world.broker.acked == []
    world.intake.release()
    await eventually(lambda: world.broker.acked == [1, 2, 3])


async def test_what_came_while_we_were_away_is_heard_when_we_are_back(world: World) -> None:
    subscriber = world.subscribe()
    await eventually(lambda: subscriber.connected)
    await subscriber.stop()
    assert world.rig.metric("larm_broker_connected", receiver="rig") == 0
    world.broker.publish(TOPIC, uplink(1))
    subscriber.start()
    await eventually(lambda: world.broker.acked == [1])
    assert len(world.intake.stored) == 1


async def test_a_connection_lost_before_the_commit_brings_the_message_again_under_the_same_name(world: World) -> None:
    subscriber = world.subscribe()
    await eventually(lambda: subscriber.connected)
    world.intake.holds = True
    world.broker.publish(TOPIC, uplink(1))
    await eventually(lambda: len(world.intake.held) == 1)
    world.broker.cut()
    await eventually(lambda: len(world.intake.held) == 2)
    world.intake.release()
    await eventually(lambda: world.broker.acked == [1])
    first, again = world.intake.stored_keys
    assert first == again
    assert world.rig.metric("larm_broker_lost_total", receiver="rig") == 1


@pytest.mark.parametrize("trouble", ["be_away", "be_full"])
async def test_what_cannot_be_stored_is_tried_again_until_it_can(world: World, trouble: str) -> None:
    subscriber = world.subscribe()
    await eventually(lambda: subscriber.connected)
    getattr(world.intake, trouble)()
    world.broker.publish(TOPIC, uplink(1))
    await eventually(lambda: world.rig.metric("larm_not_stored_total", receiver="rig", reason=_reason(world)) >= 2)
    assert world.broker.acked == []
    world.intake.be_well()
    await eventually(lambda: world.broker.acked == [1])


def _reason(world: World) -> str:
    return type(world.intake.error).__name__


async def test_what_can_never_be_stored_is_left_to_the_broker_and_hung_up_on(world: World) -> None:
    subscriber = world.subscribe()
    await eventually(lambda: subscriber.connected)
    world.intake.be_away()
    world.broker.publish(TOPIC, uplink(1))
    await eventually(lambda: world.rig.metric("larm_broker_lost_total", receiver="rig") >= 1)
    world.intake.be_well()
    await eventually(lambda: world.broker.acked == [1])


async def test_a_retained_alarm_is_told_by_its_own_time_and_marked_as_old(world: World) -> None:
    world.broker.publish(TOPIC, uplink(7), retained=True)
    world.broker.publish("town/hall", b"SOS", retained=True)
    subscriber = world.subscribe()
    await eventually(lambda: len(world.broker.acked) == 2)
    told = {arrival.signals[0].device: arrival.signals[0] for arrival in world.intake.stored}
    assert {(one.kind, one.buffered) for one in told.values()} == {(SignalKind.PANIC, True)}
    await subscriber.stop()
    subscriber.start()
    await eventually(lambda: len(world.broker.acked) == 4)
    assert len(set(world.intake.stored_keys)) == 2
    world.broker.publish("town/hall", b"SOS")
    await eventually(lambda: len(world.broker.acked) == 5)
    assert len(set(world.intake.stored_keys)) == 3, "pressed now is no copy of what was kept"


async def test_telemetry_of_strangers_and_what_is_no_message_is_kept_counted_and_acked(world: World) -> None:
    subscriber = world.subscribe()
    await eventually(lambda: subscriber.connected)
    world.broker.publish("town/lamp", b'{"on": true}')
    world.broker.publish("town/list", b"[" + b"1," * 1000 + b"1]")
    await eventually(lambda: world.broker.acked == [1, 2])
    assert world.intake.stored == []
    assert [found.reason for found in world.intake.unknown] == [
        "telemetry of a device that is not enrolled",
        "1001 records in one payload",
    ]


async def test_a_broker_that_refuses_us_or_says_nothing_is_called_again(world: World) -> None:
    world.broker.refuses = 5
    subscriber = world.subscribe()
    await eventually(lambda: len(world.broker.logins) >= 3)
    assert not subscriber.connected
    world.broker.refuses = 0
    await eventually(lambda: subscriber.connected)


async def test_a_broker_that_is_not_there_yet_is_found_when_it_comes(world: World) -> None:
    await world.broker.stop()
    subscriber = world.subscribe()
    await eventually(lambda: world.rig.metric("larm_broker_lost_total", receiver="rig") >= 2)
    await world.broker.start()
    await eventually(lambda: subscriber.connected)
    assert world.rig.metric("larm_broker_connected", receiver="rig") == 1


async def test_while_too_much_waits_for_the_disk_no_more_is_read(world: World) -> None:
    subscriber = world.subscribe(under_way=2)
    await eventually(lambda: subscriber.connected)
    world.intake.holds = True
    for counter in range(1, 3):
        world.broker.publish(TOPIC, uplink(counter))
    await eventually(lambda: len(world.intake.held) == 2)
    world.broker.publish(TOPIC, uplink(3))
    for _ in range(200):
        await asyncio.sleep(0)
    assert len(world.intake.held) == 2
    world.intake.release()
    await eventually(lambda: world.broker.acked == [1, 2, 3])


async def test_stopping_lets_what_is_under_way_be_stored_and_acked(world: World) -> None:
    subscriber = world.subscribe()
    await eventually(lambda: subscriber.connected)
    world.intake.holds = True
    world.broker.publish(TOPIC, uplink(1))
    await eventually(lambda: len(world.intake.held) == 1)
    stopping = asyncio.ensure_future(subscriber.stop())
    for _ in range(20):
        await asyncio.sleep(0)
    assert not stopping.done()
    world.intake.release()
    await stopping
    await eventually(lambda: world.broker.acked == [1])
    await subscriber.stop()


def picture(number: int) -> bytes:
    """Somebody's camera: a publication beyond all that we read."""
    body = len(TOPIC).to_bytes(2, "big") + TOPIC.encode() + number.to_bytes(2, "big") + b"x" * 2_000_000
    length = len(body)
    return b"\x32" + bytes((length & 127 | 128, length >> 7 & 127 | 128, length >> 14 & 127 | 128, length >> 21)) + body


async def test_a_publication_beyond_all_measure_keeps_no_alarm_waiting(world: World) -> None:
    subscriber = world.subscribe()
    await eventually(lambda: subscriber.connected)
    world.broker.throw(picture(1), 1)
    world.broker.publish(TOPIC, uplink(1))
    await eventually(lambda: world.broker.acked == [1, 2])
    assert [arrival.signals[0].kind for arrival in world.intake.stored] == [SignalKind.PANIC]
    assert len(world.intake.unknown) == 1
    assert world.rig.metric("larm_broker_lost_total", receiver="rig") == 0


async def test_topics_that_a_broker_keeps_from_us_are_a_fault_and_the_others_are_heard(world: World) -> None:
    world.broker.keeps = {"town/#"}
    subscriber = world.subscribe()
    await eventually(lambda: bool(world.broker.sessions))
    world.broker.publish(TOPIC, uplink(1))
    await eventually(lambda: bool(world.broker.sessions["larm"].topics))
    world.broker.publish(TOPIC, uplink(2))
    await eventually(lambda: len(world.intake.stored) >= 1)
    assert not subscriber.connected
    assert world.rig.metric("larm_broker_connected", receiver="rig") == 0


@pytest.mark.parametrize(
    "octets",
    [b"\x20\x02\x00\x00" * 10, b"\x90\x05\x00\x01\x01\x01\x01" * 10, bytes(range(256)) * 10, b"\x30\xff\xff\xff\xff"],
    ids=["taken again", "granted again", "any bytes", "a length without end"],
)
async def test_a_broker_that_talks_nonsense_costs_its_connection_and_is_called_again(
    world: World, octets: bytes
) -> None:
    subscriber = world.subscribe()
    await eventually(lambda: subscriber.connected)
    world.broker.throw(octets)
    await eventually(lambda: world.rig.metric("larm_broker_lost_total", receiver="rig") >= 1)
    await eventually(lambda: subscriber.connected)
    world.broker.publish(TOPIC, uplink(1))
    await eventually(lambda: len(world.intake.stored) == 1)


async def test_what_cannot_be_stored_ends_the_connection_however_much_comes_behind_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mqtt, "MOST_OWED", 50)
    subscriber = world.subscribe()
    await eventually(lambda: subscriber.connected)
    world.intake.be_away()
    world.broker.publish(TOPIC, uplink(1))
    for _ in range(200):
        world.broker.publish("town/lamp", b'{"on": true}')
    await eventually(lambda: world.rig.metric("larm_broker_lost_total", receiver="rig") >= 1)
    world.intake.be_well()
    await eventually(lambda: len(world.broker.acked) >= 201)
    assert world.broker.acked[:3] == [1, 2, 3]


async def test_a_host_that_can_be_none_is_said_and_called_again(world: World) -> None:
    at = Subscription(Broker("a" * 70 + ".example", 1), Subscriber(client_id="larm", topics=ALL))
    subscriber = MqttSubscriber(at, reception=world.rig.reception(Limits()), reader=PublicationReader(Enrolled()))
    world.subscribers.append(subscriber)
    subscriber.start()
    await eventually(lambda: world.rig.metric("larm_broker_lost_total", receiver="rig") >= 2)
