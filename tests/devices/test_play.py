"""A scenario played on a device."""

from __future__ import annotations

import pytest

from devices.cli import builder
from devices.device import NotInProtocol, Receipt
from devices.phone import build
from devices.play import Movable, play, result
from devices.scenario import AnswerLate, CheckIn, Fall, LoseCoverage, ManDown, Press, Remember, Step, Walk
from devices.talk import What
from devices.tracker import Tracker
from devices.watch import Watch
from protocols.signal import SignalKind
from tests.devices.scripted import LineTalk, Script, listening
from tests.devices.support import settings, surroundings, swift_surroundings
from tests.fakes.receiver import Receiver, watch_receiver


async def test_a_walk_with_a_press_a_cellar_and_a_fall_gets_through() -> None:
    steps = [
        Step(0.0, Walk(course_deg=0, speed_mps=100.0, for_s=10)),
        Step(0.1, Press()),
        Step(0.2, LoseCoverage(for_s=0.2)),
        Step(0.25, Fall()),
        Step(0.5, CheckIn()),
    ]
    async with watch_receiver(Receiver()) as receiver:
        watch = Watch(settings(receiver.port), surroundings())
        receipts = await play(watch, steps, 0.6, surroundings(), tick_s=0.02)
        await watch.close()

    assert [receipt.what for receipt in receipts] == ["press", "fall", "check-in"]
    assert all(receipt.acked for receipt in receipts)
    panic, fall = (next(s for s in receiver.signals if s.kind is kind) for kind in (SignalKind.PANIC, SignalKind.FALL))
    assert panic.position is not None
    assert fall.position is not None
    assert 57.93 < panic.position.lat < fall.position.lat
    assert receiver.accepted >= 2


async def test_a_panic_behind_a_backlog_is_told_line_by_line() -> None:
    told: list[str] = []
    steps = [Step(0.0, Remember(4, 60.0)), Step(0.02, Press()), Step(0.02, ManDown())]
    async with listening(Script()) as script:
        device = Tracker(settings(script.port), surroundings(), LineTalk(records_per_frame=4))
        receipts = await play(device, steps, 0.1, surroundings(), tick_s=0.02, tell=told.append)
        await device.close()

    assert [receipt.what for receipt in receipts] == ["press", "man-down"]
    assert script.told()[0].count("position*") == 4
    assert script.told()[1] == "press@05:06:07 man_down@05:06:07"
    happenings = [line.partition(" s  ")[2] for line in told]
    assert happenings[0] == "remember 4 60"
    assert {"press", "man-down", "connected"} <= set(happenings)
    assert any(line.startswith("press acked after ") for line in happenings)


async def test_a_watch_sends_its_old_positions_as_a_replay() -> None:
    async with watch_receiver(Receiver()) as receiver:
        watch = Watch(settings(receiver.port), surroundings())
        await play(watch, [Step(0.0, Remember(3, 60.0)), Step(0.0, Press())], 0.0, surroundings())
        with pytest.raises(NotInProtocol):
            await watch.man_down()
        await watch.close()

    assert [signal.buffered for signal in receiver.signals if signal.kind is SignalKind.POSITION] == [True] * 3
    assert receiver.kinds()[-1] is SignalKind.PANIC


async def test_a_step_that_the_family_has_no_words_for_ends_the_play_at_once() -> None:
    around = swift_surroundings()
    device = Tracker(settings(1), around, LineTalk(unspoken=frozenset({What.FALL})))
    with pytest.raises(NotInProtocol, match="no words for fall"):
        await play(device, [Step(1.0, Fall()), Step(1000.0, Press())], 2000.0, around)
    await device.close()

    assert around.monotonic_s() < 10


async def test_only_a_device_that_can_be_late_is_made_late() -> None:
    late = [Step(0.0, AnswerLate(5.0, 60.0))]
    for able in (Watch(settings(1), surroundings()), build(settings(1), surroundings())):
        assert isinstance(able, Movable)
        assert await play(able, late, 0.0, surroundings()) == []
    panel = builder("dc09")(settings(1, device="1234"), surroundings())
    assert isinstance(panel, Movable)
    with pytest.raises(NotInProtocol, match="cannot be made late"):
        await play(panel, late, 0.0, surroundings())


def test_a_result_says_which_of_three_ends_it_had() -> None:
    assert result(Receipt("press", b"x", b"y", 2, 12.3)) == "press acked after 12 ms, attempt 2"
    assert result(Receipt("press", b"x", b"", 1, None, owed=False)) == "press sent; the protocol has no ack for it"
    assert result(Receipt("press", b"x", b"", 3, None)) == "press not acked after 3 attempts"
