"""The emulated panel against a receiver on loopback: every press arrives, whatever happens on the way."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from devices.device import Address, DeviceSettings, Surroundings
from devices.panel import Panel, build
from protocols.conversation import Account
from protocols.signal import AccountId, SignalKind
from tests.protocols.dc09.receiver import TinyReceiver, tcp, udp
from tests.protocols.dc09.support import CLEAR, KEY, SEALED

SOON_S = 5.0
NOBODY = Address("127.0.0.1", 1)


def panel(*receivers: TinyReceiver, secret: bytes | None = None, give_up_s: float = 5.0, **options: str) -> Panel:
    settings = DeviceSettings(
        device="1234" if secret is None else "5678",
        addresses=tuple(Address("127.0.0.1", receiver.port) for receiver in receivers),
        secret=None if secret is None else secret.hex(),
        retransmit_s=0.05,
        give_up_s=give_up_s,
        keepalive_s=0.05,
        options=options,
    )
    return build(settings, Surroundings(chance=random.Random(7)))


async def heard(receiver: TinyReceiver, kind: SignalKind) -> None:
    """Wait until the receiver has heard a signal of this kind."""
    async with asyncio.timeout(SOON_S):
        while kind not in [signal.kind for signal in receiver.signals]:
            receiver.arrived.clear()
            await receiver.arrived.wait()


@pytest.mark.parametrize("form", ["sia", "cid"])
@pytest.mark.parametrize("transport", [tcp, udp])
@pytest.mark.parametrize("secret", [None, KEY], ids=["clear", "sealed"])
async def test_everything_that_a_panel_says_is_acked(form: str, transport: object, secret: bytes | None) -> None:
    listen = tcp if transport is tcp else udp
    async with listen(TinyReceiver((CLEAR, SEALED))) as receiver:
        device = panel(receiver, secret=secret, form=form, transport=listen.__name__, position="yes")
        said = [device.press, device.fall, device.check_in, device.test, device.battery, device.release, device.poll]
        receipts = [await call() for call in said]
        await device.battery(low=False)
        await device.close()
    assert all(receipt.acked and receipt.attempts == 1 for receipt in receipts)
    assert [receipt.what for receipt in receipts] == ["press", "fall", "check-in", "test", "battery", "release", "poll"]
    assert [signal.kind for signal in receiver.signals] == [
        SignalKind.PANIC,
        SignalKind.FALL if form == "cid" else SignalKind.PANIC,
        SignalKind.TEST_ALARM,
        SignalKind.TEST_ALARM,
        SignalKind.LOW_BATTERY,
        SignalKind.RESTORE,
        SignalKind.LINK_TEST,
        SignalKind.RESTORE,
    ]
    position = receiver.signals[0].position
    assert position is not None
    assert abs(position.lat - 57.93) < 0.0001


async def test_an_unanswered_press_is_repeated_with_the_same_number_until_it_is_acked() -> None:
    async with tcp(TinyReceiver((CLEAR, SEALED), deaf=3)) as receiver:
        device = panel(receiver, secret=KEY)
        receipt = await device.press()
        await device.close()
    assert receipt.acked
    assert receipt.attempts == 4
    assert len({signal.repeat_key for signal in receiver.signals}) == 1


async def test_a_panel_whose_clock_is_off_sets_it_by_the_nak() -> None:
    async with udp(TinyReceiver((SEALED,), clock_off=timedelta(hours=3))) as receiver:
        device = panel(receiver, secret=KEY, transport="udp")
        receipt = await device.press()
        await device.close()
    assert receipt.acked
    assert len(receiver.faults) == 1
    assert [signal.kind for signal in receiver.signals] == [SignalKind.PANIC]


async def test_a_silent_primary_receiver_sends_the_panel_to_its_back_up() -> None:
    async with tcp(TinyReceiver((CLEAR,), deaf=1000)) as primary, tcp(TinyReceiver((CLEAR,))) as back_up:
        device = panel(primary, back_up)
        receipt = await device.press()
        await device.close()
    assert receipt.acked
    assert receipt.attempts == 3
    assert {signal.repeat_key for signal in primary.signals} == {signal.repeat_key for signal in back_up.signals}


async def test_a_dead_primary_receiver_sends_the_panel_to_its_back_up() -> None:
    async with tcp(TinyReceiver((CLEAR,))) as back_up:
        device = panel(TinyReceiver((CLEAR,), port=1), back_up)
        receipt = await device.press()
        await device.close()
    assert receipt.acked


async def test_a_receiver_that_hung_up_is_called_again() -> None:
    async with tcp(TinyReceiver((CLEAR,))) as receiver:
        device = panel(receiver)
        await device.press()
        receiver.hang_up()
        receipt = await device.press()
        await device.close()
        await device.close()
    assert receipt.acked
    assert receiver.connections == 2
    assert len({signal.repeat_key for signal in receiver.signals}) == 2


async def test_a_press_that_nobody_answers_is_given_up_and_the_next_one_goes_out() -> None:
    async with udp(TinyReceiver((CLEAR,), deaf=1000)) as receiver:
        device = panel(receiver, transport="udp", give_up_s=0.2)
        lost = await device.press()
        receiver.deaf = 0
        found = await device.press()
        await device.close()
    assert (lost.acked, lost.answer, lost.ack_ms) == (False, b"", None)
    assert lost.attempts >= 2
    assert found.acked


async def test_a_press_waits_for_no_link_test() -> None:
    async with tcp(TinyReceiver((CLEAR,), deaf=1)) as receiver:
        device = panel(receiver)
        living = asyncio.create_task(device.run())
        await heard(receiver, SignalKind.LINK_TEST)
        receipt = await device.press()
        await heard(receiver, SignalKind.PANIC)
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
        await device.close()
    assert receipt.acked


async def test_a_low_battery_is_said_once_and_a_panel_without_a_network_says_nothing() -> None:
    async with tcp(TinyReceiver((CLEAR,))) as receiver:
        device = panel(receiver, give_up_s=0.6)
        living = asyncio.create_task(device.run())
        assert (await device.poll()).acked
        assert device.connected
        device.move(replace(device.circumstances, battery_pct=3.0))
        await heard(receiver, SignalKind.LOW_BATTERY)
        device.move(replace(device.circumstances, covered=False))
        assert not device.connected
        assert not (await device.press()).acked
        device.move(replace(device.circumstances, covered=True))
        assert (await device.press()).acked
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
        await device.close()
    assert [signal.kind for signal in receiver.signals].count(SignalKind.LOW_BATTERY) == 1


async def test_a_refused_name_is_no_ack() -> None:
    agreed = Account(device=AccountId("1234"), secret=KEY)
    async with tcp(TinyReceiver((agreed,))) as receiver:
        device = panel(receiver, give_up_s=0.15)
        receipt = await device.press()
        await device.close()
    assert not receipt.acked
    assert [signal.repeat_key.partition(":")[0] for signal in receiver.signals] == ["unproven"] * receipt.attempts
