"""Emulated phones against a receiver over real HTTP."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace

import pytest

from devices.device import NotInProtocol
from devices.phone import build, build_owntracks
from devices.play import Movable
from protocols.osmand.conversation import OsmandConversation
from protocols.owntracks import OwnTracksConversation
from protocols.signal import SignalKind
from tests.devices.support import NOW, settings, surroundings, until
from tests.fakes.receiver import Everybody, Receiver, phone_receiver

SECRET = "rätt häst"
ACCOUNTS = Everybody(hashlib.sha256(SECRET.encode()).digest())


@pytest.mark.parametrize("form", ["query", "json"])
async def test_a_phone_presses_falls_and_checks_in_with_its_secret(form: str) -> None:
    async with phone_receiver(Receiver(), OsmandConversation(ACCOUNTS)) as receiver:
        phone = build(settings(receiver.port, device="anna", secret=SECRET, options={"form": form}), surroundings())
        receipts = [await phone.press(), await phone.fall(), await phone.check_in()]
        await phone.close()

    assert receiver.kinds() == [SignalKind.PANIC, SignalKind.FALL, SignalKind.CHECK_IN]
    assert all(receipt.acked and receipt.answer.startswith(b"HTTP/1.1 200 OK") for receipt in receipts)
    assert receiver.signals[0].event_at == NOW
    assert receiver.signals[0].battery_pct == 81


async def test_an_alarm_is_repeated_unchanged_until_2xx() -> None:
    async with phone_receiver(Receiver(refuse_requests=2), OsmandConversation(Everybody())) as receiver:
        phone = build(settings(receiver.port), surroundings())
        receipt = await phone.press()
        again = await phone.press()
        await phone.close()

    assert (receipt.attempts, again.attempts, receiver.accepted) == (3, 1, 4)
    assert receiver.signals[0].repeat_key != receiver.signals[1].repeat_key, "a second press is another message"


async def test_a_wrong_secret_is_not_repeated() -> None:
    async with phone_receiver(Receiver(), OsmandConversation(ACCOUNTS)) as receiver:
        phone = build(settings(receiver.port, secret="fel"), surroundings())
        receipt = await phone.check_in()
        await phone.close()
        await phone.close()

    assert not receipt.acked
    assert receiver.accepted == 1
    assert receipt.answer.startswith(b"HTTP/1.1 401")


async def test_the_back_up_receiver_is_called_when_the_first_is_away() -> None:
    async with phone_receiver(Receiver(), OsmandConversation(Everybody())) as gone:
        pass
    async with phone_receiver(Receiver(), OsmandConversation(Everybody())) as backup:
        phone = build(settings(gone.port, backup.port), surroundings())
        receipt = await phone.press()
        await phone.close()

    assert (receipt.acked, receipt.attempts) == (True, 2)
    assert backup.kinds() == [SignalKind.PANIC]


async def test_a_running_phone_sends_positions() -> None:
    async with phone_receiver(Receiver(), OsmandConversation(Everybody())) as receiver:
        phone = build(settings(receiver.port), surroundings())
        running = asyncio.create_task(phone.run())
        await until(lambda: receiver.kinds().count(SignalKind.POSITION) >= 2)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await phone.close()


async def test_owntracks_checks_in_and_has_no_alarm() -> None:
    async with phone_receiver(Receiver(), OwnTracksConversation(ACCOUNTS)) as receiver:
        phone = build_owntracks(settings(receiver.port, device="anna/phone", secret=SECRET), surroundings())
        receipt = await phone.check_in()
        with pytest.raises(NotInProtocol, match="owntracks has no press"):
            await phone.press()
        await phone.close()

    assert receipt.answer.endswith(b"[]")
    assert [(signal.kind, signal.device) for signal in receiver.signals] == [
        (SignalKind.CHECK_IN, "owntracks/anna/phone")
    ]


async def test_a_late_phone_says_everything_late() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async with phone_receiver(Receiver(), OsmandConversation(Everybody())) as receiver:
        phone = build(settings(receiver.port), replace(surroundings(), sleep=sleep))
        assert isinstance(phone, Movable)
        phone.move(replace(phone.circumstances, late_s=7.0))
        assert (await phone.press()).acked
        await phone.close()

    assert slept == [7.0]
