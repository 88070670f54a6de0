"""Emulated publishers against a broker on this machine, and what a reader makes of what they publish."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator

import pytest

from devices.device import Address, Device, DeviceSettings, Surroundings
from devices.mqtt import build, build_phone
from protocols.conversation import Account
from protocols.mqtt.messages import Publication
from protocols.mqtt.reading import PublicationReader
from protocols.signal import AccountId, Signal, SignalKind
from tests.fakes.broker import FakeBroker
from tests.protocols.captured import Enrolled
from tests.protocols.streams import NOW

EUI = "70B3D57ED0000017"


@pytest.fixture
async def broker() -> AsyncIterator[FakeBroker]:
    broker = FakeBroker()
    await broker.start()
    yield broker
    await broker.stop()


def settings(broker: FakeBroker, device: str = EUI, **options: str) -> DeviceSettings:
    return DeviceSettings(
        device=device,
        addresses=(Address("127.0.0.1", broker.port),),
        secret="hemligt" if "user" in options else None,
        retransmit_s=0.3,
        give_up_s=0.9,
        options=options,
    )


def surroundings() -> Surroundings:
    return Surroundings(random.Random(1), now=lambda: NOW)


def understood(broker: FakeBroker, model: str | None) -> list[Signal]:
    reader = PublicationReader(Enrolled(Account(AccountId(EUI), model=model)))
    return [
        signal
        for topic, payload in broker.heard
        for signal in reader.read(Publication(topic=topic, payload=payload), NOW)
    ]


async def say_all(device: Device) -> None:
    for receipt in [await device.press(), await device.fall(), await device.check_in()]:
        assert receipt.acked
    await device.close()
    await device.close()


@pytest.mark.parametrize(
    ("options", "model"),
    [({"network": "chirpstack"}, "larmbutton"), ({"network": "ttn"}, "larmbutton"), ({"form": "decoded"}, None)],
)
async def test_a_button_is_understood_in_every_form_of_its_network(
    broker: FakeBroker, options: dict[str, str], model: str | None
) -> None:
    await say_all(build(settings(broker, **options), surroundings()))
    signals = understood(broker, model)
    assert [signal.kind for signal in signals] == [SignalKind.PANIC, SignalKind.FALL, SignalKind.CHECK_IN]
    assert {(signal.device, signal.battery_pct, signal.event_at) for signal in signals} == {(EUI, 81, NOW)}
    assert len({signal.repeat_key for signal in signals}) == 3


async def test_a_phone_publishes_under_its_own_topic_with_its_user(broker: FakeBroker) -> None:
    await say_all(build_phone(settings(broker, "owntracks/anna/phone", user="anna"), surroundings()))
    assert broker.logins == [("phone-owntracks-anna-phone", "anna", "hemligt")]
    signals = understood(broker, None)
    assert [signal.kind for signal in signals] == [SignalKind.CHECK_IN, SignalKind.POSITION, SignalKind.CHECK_IN]
    assert {signal.device for signal in signals} == {"owntracks/anna/phone"}
    assert broker.retained.keys() == {"owntracks/anna/phone"}


async def test_a_broker_that_refuses_is_not_asked_again_and_one_that_says_nothing_is(broker: FakeBroker) -> None:
    broker.refuses = 4
    assert not (await build(settings(broker), surroundings()).press()).acked
    broker.refuses, broker.silent = 0, True
    receipt = await build(settings(broker), surroundings()).press()
    assert not receipt.acked


async def test_a_press_survives_a_lost_connection(broker: FakeBroker) -> None:
    device = build(settings(broker), surroundings())
    assert (await device.press()).acked
    broker.cut()
    assert (await device.press()).acked
    assert len(broker.heard) == 2
    await device.close()
