"""The watch of our own at the far end of a real socket."""

from __future__ import annotations

import asyncio

import pytest

from larmcentral.clock import SystemClock
from larmcentral.receivers.watch_presser import WatchPresser
from protocols.signal import SignalKind
from tests.larmcentral.receivers.rig import Rig
from tests.larmcentral.receivers.test_build import build


async def test_a_press_returns_when_the_receiver_has_acked(rig: Rig) -> None:
    receiver = await build(rig, "watch", "tcp:port=0:interface=127.0.0.1", ("0000000001", None))
    await WatchPresser(lambda: receiver.port or 0, "0000000001", SystemClock()).press()
    (arrival,) = rig.intake.stored
    assert [(signal.kind, signal.device) for signal in arrival.signals] == [(SignalKind.PANIC, "0000000001")]


async def test_a_receiver_that_is_not_there_is_an_oserror(rig: Rig) -> None:
    server = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(OSError, match="before the ack"):
        await WatchPresser(lambda: port, "0000000001", SystemClock()).press()
    server.close()
    with pytest.raises(OSError, match="Connect"):
        await WatchPresser(lambda: port, "0000000001", SystemClock()).press()
