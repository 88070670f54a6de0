"""The panic we press ourselves."""

from __future__ import annotations

from datetime import timedelta

from escalation.incident import State
from escalation.purpose import Purpose
from larmcentral.domain.arrival import Arrival
from larmcentral.domain.register import Device
from larmcentral.flows.synthetic import FAULT, Synthetic
from protocols.signal import AccountId, Signal, SignalKind
from tests.fakes.memory_store import MemoryRegister
from tests.stories.world import World
from tests.world import CARE, HOME, ORGANISATION, RECEIVER, T0, an_id

ACCOUNT = "0000000001"


class Presser:
    """A watch of our own, wired to the world's intake. broken: nobody answers."""

    def __init__(self, world: World) -> None:
        self._world, self.broken, self.presses = world, False, 0

    async def press(self) -> None:
        self.presses += 1
        if self.broken:
            raise ConnectionRefusedError
        signal = Signal(kind=SignalKind.PANIC, device=AccountId(ACCOUNT), repeat_key=f"synthetic {self.presses}")
        now = self._world.clock.now()
        await self._world.server.intake.take_in(
            Arrival(receiver=RECEIVER, received_at=now, authentic=True, raw=b"[]", signals=(signal,))
        )


def a_pressing_world(world: World) -> tuple[Synthetic, Presser]:
    device = Device(id=an_id("synthetic"), protocol="watch", account=ACCOUNT, purpose="test", supervised=False)
    world.do(MemoryRegister(world.store).device(HOME, device, T0))
    presser = Presser(world)
    home = (ORGANISATION, CARE)
    synthetic = Synthetic(world.server.means, presser, world.server.escalate, home, timedelta(minutes=1))
    world.server.outbox._on_sent = synthetic.on_sent

    async def start() -> None:
        synthetic.start()

    world.do(start())
    return synthetic, presser


def test_every_minute_it_comes_through_wakes_nobody_and_is_stood_down(world: World) -> None:
    synthetic, presser = a_pressing_world(world)
    world.run(seconds=185)
    assert presser.presses == 3
    assert set(world.called) == {"desk"}
    records = world.store.tables.incidents.values()
    assert [record.incident.purpose for record in records] == [Purpose.TEST] * 3
    assert {record.incident.state for record in records} == {State.STOOD_DOWN}
    assert [told[0] for told in world.measures.told].count("synthetic_panic") == 3
    assert not world.store.tables.faults
    world.do(synthetic.stop())


def test_one_that_is_lost_is_a_system_alarm_until_one_comes_through_again(world: World) -> None:
    synthetic, presser = a_pressing_world(world)
    presser.broken = True
    world.run(seconds=65)
    assert {fault for _, fault, _, _ in world.store.tables.faults} == {FAULT}
    presser.broken = False
    world.run(seconds=60)
    assert not world.store.tables.faults
    world.do(synthetic.stop())


def test_a_road_that_ends_before_the_notice_is_lost_too(world: World) -> None:
    synthetic, _ = a_pressing_world(world)
    for channel in world.channels.values():
        channel.silent.add("")
    world.run(seconds=75)
    assert FAULT in {fault for _, fault, _, _ in world.store.tables.faults}
    world.do(synthetic.stop())
