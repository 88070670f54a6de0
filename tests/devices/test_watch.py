"""An emulated watch against a receiver that answers, stays silent, hangs up and goes away."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import replace

from devices.scenario import Circumstances
from devices.watch import Watch, hand_to_first
from protocols.orders import REPLY
from protocols.signal import SignalKind
from protocols.watch.messages import Find, Locate, Setting, ShowMessage
from tests.devices.support import NOW, settings, surroundings, until
from tests.fakes.receiver import Receiver, watch_receiver


async def test_a_press_greets_first_and_is_acked() -> None:
    async with watch_receiver(Receiver()) as receiver:
        watch = Watch(settings(receiver.port), surroundings())
        receipt = await watch.press()
        await watch.close()

    assert receiver.kinds() == [SignalKind.HEARTBEAT, SignalKind.PANIC]
    assert (receipt.what, receipt.attempts, receipt.answer) == ("press", 1, b"[3G*8660000001*0002*AL]")
    assert receipt.ack_ms is not None
    assert 0 < receipt.ack_ms < 5000
    panic = receiver.signals[1]
    assert panic.event_at == NOW
    assert panic.position is not None
    assert (panic.position.lat, panic.position.lon, panic.battery_pct) == (57.93, 12.09, 81)


async def test_an_alarm_is_repeated_unchanged_until_it_is_answered() -> None:
    async with watch_receiver(Receiver(mute_alarms=3)) as receiver:
        watch = Watch(settings(receiver.port), surroundings())
        receipt = await watch.fall()
        await watch.close()

    falls = [signal for signal in receiver.signals if signal.kind is SignalKind.FALL]
    assert receipt.attempts == len(falls) == 4
    assert len({signal.repeat_key for signal in falls}) == 1


async def test_a_receiver_that_hangs_up_is_called_again() -> None:
    async with watch_receiver(Receiver(hang_up_on_alarms=2)) as receiver:
        watch = Watch(settings(receiver.port), surroundings())
        receipt = await watch.press()
        await watch.close()

    assert receipt.acked
    assert receiver.accepted == 3


async def test_the_back_up_receiver_is_called_when_the_first_is_away() -> None:
    async with watch_receiver(Receiver()) as gone:
        pass
    async with watch_receiver(Receiver()) as backup:
        watch = Watch(settings(gone.port, backup.port), surroundings())
        receipt = await watch.press()
        await watch.close()

    assert receipt.acked
    assert SignalKind.PANIC in backup.kinds()


async def test_a_receiver_that_never_answers_is_given_up_without_a_second_message() -> None:
    async with watch_receiver(Receiver(mute_all=True)) as receiver:
        watch = Watch(settings(receiver.port, give_up_s=0.4), surroundings())
        receipt = await watch.press()
        await watch.close()

    assert not receipt.acked
    assert set(receiver.kinds()) == {SignalKind.HEARTBEAT}, "nothing else is sent before LK is answered"


async def test_without_any_receiver_the_press_ends_without_an_ack() -> None:
    async with watch_receiver(Receiver()) as gone:
        pass
    receipt = await Watch(settings(gone.port, give_up_s=0.3), surroundings()).press()

    assert (receipt.acked, receipt.attempts) == (False, 0)


async def test_two_presses_at_once_are_both_acked() -> None:
    async with watch_receiver(Receiver()) as receiver:
        watch = Watch(settings(receiver.port), surroundings())
        receipts = await asyncio.gather(watch.press(), watch.fall(), watch.check_in())
        await watch.close()

    assert all(receipt.acked for receipt in receipts)
    assert receiver.accepted == 1


async def test_downlinks_are_obeyed_and_confirmed() -> None:
    downlinks = (Find(), ShowMessage("Hjälp är på väg"), Locate(), Setting("SOS1", ("0700000001",)))
    async with watch_receiver(Receiver(downlinks=downlinks)) as receiver:
        watch = Watch(settings(receiver.port), surroundings())
        await watch.check_in()
        await until(lambda: len(receiver.signals) >= 5)
        await watch.close()

    assert tuple(watch.heard) == downlinks
    assert {signal.text for signal in receiver.signals} >= {"FIND", "MESSAGE", "SOS1"}
    assert SignalKind.POSITION in receiver.kinds()


async def test_a_running_watch_keeps_alive_and_comes_back_after_a_lost_connection() -> None:
    async with watch_receiver(Receiver()) as receiver:
        watch = Watch(settings(receiver.port), surroundings())
        running = asyncio.create_task(watch.run())
        await until(lambda: receiver.kinds().count(SignalKind.HEARTBEAT) >= 3)
        assert watch.connected
        receiver.connections[0].transport.abort()
        await until(lambda: receiver.accepted == 2 and watch.connected)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await watch.close()
        await watch.close()

    assert SignalKind.POSITION in receiver.kinds()


async def test_a_watch_without_coverage_hangs_and_presses_through_when_it_is_back() -> None:
    here = Circumstances(57.93, 12.09, 12.0)
    async with watch_receiver(Receiver()) as receiver:
        watch = Watch(settings(receiver.port, options={"indoors": "1"}), surroundings())
        await watch.check_in()
        watch.move(Circumstances(57.93, 12.09, 12.0, covered=False))
        pressed = asyncio.create_task(watch.press())
        await until(lambda: not receiver.connections)
        assert not pressed.done()
        watch.move(here)
        receipt = await pressed
        await watch.close()

    assert receipt.acked
    panic = receiver.signals[-1]
    assert (panic.kind, panic.position, panic.battery_pct) == (SignalKind.PANIC, None, 12)
    assert ("state", "low battery") in panic.evidence
    assert ("wifi", "02:00:00:00:00:11,-61,hem") in panic.evidence


async def test_an_answer_goes_to_whoever_still_waits() -> None:
    loop = asyncio.get_running_loop()
    given_up, waits = loop.create_future(), loop.create_future()
    given_up.cancel()
    waiting = deque([given_up, waits])
    hand_to_first(waiting, b"LK")
    hand_to_first(waiting, b"LK again")
    hand_to_first(None, b"LK")
    assert await waits == b"LK"


async def test_a_late_watch_says_and_confirms_everything_late() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(0)

    async with watch_receiver(Receiver()) as receiver:
        watch = Watch(settings(receiver.port), replace(surroundings(), sleep=sleep))
        watch.move(replace(watch.circumstances, late_s=7.0))
        assert (await watch.press()).acked
        watch._heard(b"[3G*8660000001*0004*FIND]")
        await until(lambda: any(signal.code == REPLY for signal in receiver.signals))
        await watch.close()

    assert slept.count(7.0) == 3


async def test_a_watch_that_slows_says_lk_rarely_after_half_an_hour() -> None:
    slept: list[float] = []
    plain = surroundings()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(0)

    async with watch_receiver(Receiver()) as receiver:
        around = replace(plain, sleep=sleep, monotonic_s=lambda: sum(slept))
        given = settings(receiver.port, keepalive_s=60.0, options={"slows": "1"})
        watch = Watch(given, around)
        running = asyncio.create_task(watch.run())
        await until(lambda: sum(slept) > 3600)
        running.cancel()
        await watch.close()

    early = [pause for at, pause in enumerate(slept) if sum(slept[:at]) < 1800]
    assert all(54 <= pause <= 60 for pause in early)
    assert all(300 <= pause <= 480 for pause in slept[len(early) :])
