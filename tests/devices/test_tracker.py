"""An emulated wearable of a made-up family against a receiver that answers, stays silent, hangs up and goes away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from devices.device import NotInProtocol
from devices.talk import Note, Ordered, Said, What
from devices.tracker import Tracker
from protocols.orders import Locate
from tests.devices.scripted import LineTalk, Script, listening, listening_udp, ok
from tests.devices.support import settings, surroundings, swift_surroundings, until


@asynccontextmanager
async def tracker(script: Script, talk: LineTalk | None = None, **changes: Any) -> AsyncIterator[Tracker]:
    """A device that calls the script's receiver, and hangs up at the end."""
    device = Tracker(settings(script.port, **changes), surroundings(), talk or LineTalk())
    try:
        yield device
    finally:
        await device.close()


async def test_a_press_logs_in_first_and_is_acked() -> None:
    async with listening(Script()) as script, tracker(script) as device:
        receipt = await device.press()
        assert device.connected

    assert script.heard == ["hi 1", "tell 2 press@05:06:07"]
    assert (receipt.what, receipt.sent, receipt.answer, receipt.attempts) == (
        "press",
        b"tell 2 press@05:06:07\n",
        b"ok 2",
        1,
    )
    assert receipt.acked
    assert receipt.owed


async def test_an_alarm_is_repeated_with_the_same_bytes_until_it_is_answered_even_on_another_connection() -> None:
    mute = iter([""] * 4)
    script = Script(lambda line: next(mute, ok(line)) if line.startswith("tell") else ok(line))
    async with listening(script), tracker(script) as device:
        receipt = await device.press()

    assert receipt.attempts == 5
    assert {line for line in script.heard if line.startswith("tell")} == {"tell 2 press@05:06:07"}
    assert script.accepted == 2, "after three misses the device calls again"


async def test_a_receiver_that_hangs_up_is_called_again() -> None:
    answers = iter([None, None])
    script = Script(lambda line: next(answers, ok(line)) if line.startswith("tell") else ok(line))
    async with listening(script), tracker(script) as device:
        receipt = await device.press()

    assert (receipt.acked, receipt.attempts, script.accepted) == (True, 3, 3)


async def test_a_refused_frame_is_sent_again() -> None:
    again = iter([True])
    script = Script(lambda line: f"again {line.split()[1]}\n" if "tell" in line and next(again, False) else ok(line))
    async with listening(script), tracker(script) as device:
        receipt = await device.press()

    assert (receipt.acked, receipt.attempts, script.accepted) == (True, 2, 1)


async def test_nothing_is_said_before_the_greeting_is_answered_and_the_press_stays_in_memory() -> None:
    async with listening(Script(lambda line: "")) as script, tracker(script, give_up_s=0.3) as device:
        receipt = await device.press()
        assert device.waiting == 1

    assert (receipt.acked, receipt.attempts) == (False, 0)
    assert {line.split()[0] for line in script.heard} == {"hi"}


async def test_a_press_that_nobody_took_leaves_with_the_next_one_and_says_that_it_was_stored() -> None:
    script = Script()
    async with listening(script):
        pass
    device = Tracker(settings(script.port, give_up_s=0.5), surroundings(), LineTalk())
    first = await device.press()
    async with listening(script):
        second = await device.press()
        await device.close()

    assert (first.acked, first.attempts, second.acked) == (False, 0, True)
    assert script.told()[0] == "press*@05:06:07"
    assert len(script.told()) == 2


async def test_an_sos_waits_behind_the_backlog_a_frame_at_a_time() -> None:
    async with listening(Script()) as script, tracker(script, LineTalk(records_per_frame=2)) as device:
        device.remember(5, 60)
        receipt = await device.press()

    assert receipt.acked
    assert script.told() == [
        "position*@05:01:07 position*@05:02:07",
        "position*@05:03:07 position*@05:04:07",
        "position*@05:05:07",
        "press@05:06:07",
    ]


async def test_a_family_may_tell_its_newest_records_first() -> None:
    options = {"newest_first": "1"}
    async with listening(Script()) as script, tracker(script, LineTalk(records_per_frame=2), options=options) as device:
        device.remember(3, 60)
        await device.press()
        await until(lambda: device.waiting == 0)

    assert script.told() == ["press@05:06:07", "position*@05:04:07 position*@05:05:07", "position*@05:03:07"]


async def test_without_coverage_a_press_is_stored_and_gets_through_when_the_network_is_back() -> None:
    async with listening(Script()) as script, tracker(script) as device:
        await device.check_in()
        here = device.circumstances
        device.move(replace(here, covered=False))
        pressed = asyncio.create_task(device.press())
        await until(lambda: not script.writers)
        assert not device.connected
        device.move(here)
        receipt = await pressed

    assert receipt.acked
    assert script.told()[-1] == "press*@05:06:07"


async def test_a_reboot_makes_it_tell_anew_what_was_under_way() -> None:
    muted = iter([""])
    script = Script(lambda line: next(muted, ok(line)) if line.startswith("tell") else ok(line))
    async with listening(script), tracker(script, retransmit_s=5.0) as device:
        pressed = asyncio.create_task(device.press())
        await until(lambda: len(script.told()) == 1)
        here = device.circumstances
        device.move(replace(here, running=False))
        device.move(here)
        receipt = await pressed

    assert receipt.acked
    assert script.told() == ["press@05:06:07", "press*@05:06:07"]


async def test_a_family_without_answers_counts_as_sent_on_a_live_connection() -> None:
    async with listening(Script()) as script, tracker(script, LineTalk(answers=False)) as device:
        receipt = await device.press()
        beat = await device.check_in()
        await until(lambda: len(script.heard) == 3)

    assert (receipt.acked, receipt.owed, receipt.done, receipt.ack_ms) == (False, False, True, None)
    assert (beat.done, beat.acked) == (True, False)


async def test_a_check_in_is_the_familys_word_else_its_keepalive_else_a_position() -> None:
    no_word = frozenset({What.CHECK_IN})
    for talk, said in (
        (LineTalk(), "tell"),
        (LineTalk(unspoken=no_word), "beat"),
        (LineTalk(unspoken=no_word, beats=False), "tell"),
    ):
        async with listening(Script()) as script, tracker(script, talk) as device:
            receipt = await device.check_in()
        assert (receipt.what, receipt.acked) == ("check-in", True)
        assert script.heard[-1].startswith(said)


async def test_what_the_family_has_no_words_for_is_refused_and_costs_nothing_else() -> None:
    talk = LineTalk(records_per_frame=3, unspoken=frozenset({What.FALL, What.MAN_DOWN}))
    async with listening(Script()) as script, tracker(script, talk) as device:
        device.remember(1, 60)
        pressed = asyncio.create_task(device.press())
        with pytest.raises(NotInProtocol, match="no words for fall"):
            await device.fall()
        with pytest.raises(NotInProtocol, match="no words for man_down"):
            await device.man_down()
        assert (await pressed).acked
        assert device.waiting == 0

    assert script.told() == ["position*@05:05:07", "press@05:06:07"]


async def test_what_the_family_has_no_words_for_is_refused_at_once_though_nobody_listens() -> None:
    talk = LineTalk(unspoken=frozenset({What.FALL}))
    device = Tracker(settings(1), surroundings(), talk)
    with pytest.raises(NotInProtocol, match="no words for fall"):
        await device.fall()

    assert (device.waiting, talk) == (0, LineTalk(unspoken=frozenset({What.FALL})))


@pytest.mark.parametrize("option", ["memory", "position_every"])
@pytest.mark.parametrize("written", ["0", "-1", "x", "1" * 400])
def test_an_option_that_is_no_number_is_refused_in_words(option: str, written: str) -> None:
    with pytest.raises(ValueError, match=f"option {option} is a whole number"):
        Tracker(settings(1, options={option: written}), surroundings(), LineTalk())


async def test_low_battery_is_said_once_and_in_one_record_with_what_happens_then() -> None:
    async with listening(Script()) as script, tracker(script) as device:
        device.move(replace(device.circumstances, battery_pct=12.0))
        await device.press()
        await device.press()
        device.move(replace(device.circumstances, battery_pct=50.0))
        device.move(replace(device.circumstances, battery_pct=14.0))
        await device.fall()

    assert [told.partition("@")[0] for told in script.told()] == ["low_battery,press", "press", "fall,low_battery"]


async def test_a_family_without_a_word_for_low_battery_keeps_the_alarm() -> None:
    talk = LineTalk(unspoken=frozenset({What.LOW_BATTERY}))
    async with listening(Script()) as script, tracker(script, talk, battery_pct=9.0) as device:
        assert (await device.press()).acked

    assert script.told() == ["press@05:06:07"]


async def test_a_running_device_keeps_alive_reports_and_comes_back() -> None:
    options = {"position_every": "3"}
    async with listening(Script()) as script, tracker(script, options=options, battery_pct=15.1) as device:
        running = asyncio.create_task(device.run())
        await until(lambda: sum(line.startswith("beat") for line in script.heard) >= 3 and len(script.told()) >= 2)
        script.writers[0].transport.abort()
        await until(lambda: script.accepted == 2 and device.connected)
        device.move(replace(device.circumstances, battery_pct=14.0))
        await until(lambda: any("low_battery" in told for told in script.told()))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    assert script.told()[0] == "position@05:06:07"


async def test_orders_are_remembered_answered_at_once_and_obeyed() -> None:
    async with listening(Script()) as script, tracker(script) as device:
        await device.press()
        script.writers[0].write(b"sing\nwhere\n")
        await until(lambda: "coming" in script.heard and len(script.told()) == 2)

    assert list(device.heard) == [Ordered(b"sing"), Ordered(b"where", Locate(), b"coming\n")]
    assert script.told()[1] == "position@05:06:07"


async def test_a_late_device_says_and_answers_everything_late() -> None:
    slept: list[float] = []
    plain = surroundings()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(0)

    async with listening(Script()) as script:
        device = Tracker(settings(script.port), replace(plain, sleep=sleep), LineTalk())
        device.move(replace(device.circumstances, late_s=7.0))
        assert (await device.press()).acked
        script.writers[0].write(b"where\n")
        await until(lambda: "coming" in script.heard)
        await device.close()

    assert slept.count(7.0) >= 3


async def test_it_speaks_over_udp_where_it_is_told_to() -> None:
    muted = iter([""])
    script = Script(lambda line: next(muted, ok(line)))
    async with listening_udp(script), tracker(script, options={"udp": "1"}) as device:
        receipt = await device.press()

    assert receipt.acked
    assert script.heard == ["hi 1", "hi 2", "tell 3 press@05:06:07"]


async def test_a_talk_that_falls_over_is_not_taken_for_a_silent_receiver() -> None:
    class Broken(LineTalk):
        def tell(self, notes: Sequence[Note]) -> Said:
            raise ZeroDivisionError

    async with listening(Script()) as script, tracker(script, Broken()) as device:
        with pytest.raises(ZeroDivisionError):
            await device.press()


async def test_two_presses_at_once_are_both_acked() -> None:
    async with listening(Script()) as script, tracker(script) as device:
        receipts = await asyncio.gather(device.press(), device.fall(), device.check_in())
        await device.close()

    assert all(receipt.acked for receipt in receipts)
    assert script.accepted == 1


async def test_without_any_receiver_the_press_ends_without_an_ack() -> None:
    async with listening(Script()) as gone:
        pass
    device = Tracker(settings(gone.port), swift_surroundings(), LineTalk())
    receipt = await device.press()
    await device.close()

    assert (receipt.acked, receipt.attempts, receipt.sent) == (False, 0, b"")
