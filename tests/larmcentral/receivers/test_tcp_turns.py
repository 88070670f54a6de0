"""Devices that say more than can be stored, and those beside them."""

from __future__ import annotations

import asyncio

from larmcentral.receivers.connection import READ_BYTES
from larmcentral.receivers.tcp import TcpReceiver
from larmcentral.receivers.turns import LEVELS_BYTES, UNDER_WAY
from tests.fakes.intake import eventually
from tests.larmcentral.receivers.rig import Rig

FLOOD = [f"position {number:05d}" for number in range(1, LEVELS_BYTES[-1] * 4 // len("position 00000\n"))]


def fill(served: TcpReceiver) -> None:
    """As much is under way as may be."""
    for _ in range(UNDER_WAY):
        served.reception.turns.begin(alarm=False)


async def test_a_flood_waits_while_too_much_is_under_way_and_a_quiet_device_does_not(rig: Rig) -> None:
    served = await rig.tcp()
    fill(served)
    bo = await rig.connect("name bo", *FLOOD)
    await eventually(lambda: served.reception.turns.waiting == 1)
    anna = await rig.connect("name anna", "alarm 1")
    assert [await anna.hear(), await anna.hear()] == ["ack name", "ack 1"]
    assert len(rig.intake.stored) < len(FLOOD)
    assert served.reception.turns.waiting == 1
    served.reception.turns.done(alarm=False)
    assert [await bo.hear() for _ in range(len(FLOOD) + 1)][-1] == f"ack {FLOOD[-1].split()[1]}"


async def test_a_flood_that_waits_for_its_turn_is_not_read(rig: Rig) -> None:
    served = await rig.tcp()
    fill(served)
    bo = await rig.connect("name bo", *FLOOD)
    await eventually(lambda: served.reception.turns.waiting == 1)
    for _ in range(50):
        await asyncio.sleep(0)
    [connection] = served.crowd
    assert sum(map(len, connection._unheard)) <= READ_BYTES
    await bo.leave()


async def test_what_has_been_read_is_stored_though_the_receiver_stops(rig: Rig) -> None:
    served = await rig.tcp()
    fill(served)
    spent = "x" * (LEVELS_BYTES[0] - len("name anna\n") - len("position \n"))
    anna = await rig.connect("name anna", f"position {spent}")
    assert [await anna.hear(), await anna.hear()] == ["ack name", f"ack {spent}"]
    anna.say("alarm 1")
    await eventually(lambda: served.reception.turns.waiting == 1)
    stopping = asyncio.ensure_future(rig.receiver.stop())
    assert await anna.hear() == "ack 1"
    await stopping
    assert rig.intake.stored_keys[-1] == "1"
