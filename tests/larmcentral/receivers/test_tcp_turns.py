"""Devices that say more than can be stored, and those beside them."""

from __future__ import annotations

import asyncio
import socket

from larmcentral.receivers.connection import READ_BYTES
from larmcentral.receivers.limits import Limits
from larmcentral.receivers.tcp import TcpReceiver
from larmcentral.receivers.turns import BEHIND, LEVELS_BYTES, TURN_S, UNDER_WAY, Turns
from tests.fakes.intake import eventually
from tests.fakes.line_protocol import KnownDevices
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


class _Restless:
    """Somebody who asks for the next turn whenever he was heard."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    def hear(self) -> None:
        self._turns._levels[0].append(self)


class SlowWork:
    """A clock by which hearing one device takes half of a turn."""

    def __init__(self) -> None:
        self._now_s = 0.0

    def monotonic(self) -> float:
        self._now_s += TURN_S / 2
        return self._now_s


async def test_when_all_come_back_at_once_none_is_sent_away_for_another(rig: Rig) -> None:
    names = [f"anna{number:03d}" for number in range(300)]
    rig.enrolled = KnownDevices(*names)
    served = await rig.tcp(limits=Limits(strangers_per_address=BEHIND + 64))
    served.reception.turns._clock = SlowWork()  # type: ignore[assignment]
    callers = []
    for name in names:
        caller = socket.create_connection(("127.0.0.1", rig.receiver.port))
        caller.sendall(f"name {name}\n".encode())
        callers.append(caller)
    await eventually(lambda: len(rig.sessions) == len(names))
    assert rig.metric("larm_connections_refused_total", receiver="rig", reason="strangers_of_address") == 0
    for caller in callers:
        assert caller.recv(64) == b"ack name\n"
        caller.close()
    await eventually(lambda: not len(served.crowd))


async def test_while_those_who_say_little_never_end_a_newcomer_still_comes_in(rig: Rig) -> None:
    served = await rig.tcp()
    turns = served.reception.turns
    turns._clock = SlowWork()  # type: ignore[assignment]
    turns._levels[0].extend([_Restless(turns)] * BEHIND)
    turns._turn_soon()
    anna = await rig.connect("name anna", "alarm 1")
    assert [await anna.hear(), await anna.hear()] == ["ack name", "ack 1"]
    assert turns.behind
    turns._levels[0].clear()
