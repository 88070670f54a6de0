"""A watch of our own at the far end of a real socket, for the synthetic panic."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from larmcentral.ports import Clock
from protocols.signal import AccountId
from protocols.watch.conversation import WatchTransmitter
from protocols.watch.messages import Answer, PositionReport

_SOS: Final = 1 << 16
_READ_BYTES: Final = 1024


class WatchPresser:
    """Connects over loopback, presses SOS without a place, waits for the ack, hangs up."""

    def __init__(self, port: Callable[[], int], account: str, clock: Clock) -> None:
        self._port, self._account, self._clock = port, AccountId(account), clock

    async def press(self) -> None:
        """Press; see flows.synthetic.Presser. The caller sets the deadline."""
        watch = WatchTransmitter(self._account)
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port())
        try:
            report = PositionReport(word="AL", at=self._clock.now().replace(microsecond=0), status=_SOS)
            writer.write(watch.say(report))
            while True:
                chunk = await reader.read(_READ_BYTES)
                if not chunk:
                    raise ConnectionResetError("closed before the ack")
                if any(isinstance(said, Answer) for said in watch.receive(chunk, self._clock.now())):
                    return
        finally:
            writer.close()
