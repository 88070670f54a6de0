"""A scenario played on a device."""

from __future__ import annotations

from devices.play import play
from devices.scenario import CheckIn, Fall, LoseCoverage, Press, Step, Walk
from devices.watch import Watch
from protocols.signal import SignalKind
from tests.devices.support import settings, surroundings
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
