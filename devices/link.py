"""One device's TCP connection: to the primary receiver, then to the back-ups, with back-off between the attempts.

A plain asyncio protocol without a reading task, so that one process can hold tens of thousands.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, cast

from devices.device import Address, Surroundings

CONNECT_S: Final = 10.0
"""A receiver on loopback answers at once or never."""

FIRST_BACK_OFF_S: Final = 0.2
LONGEST_BACK_OFF_S: Final = 30.0
"""After an outage all devices come back within half a minute, and not in step: the wait is drawn."""

UNCOVERED_S: Final = 0.2
"""How often a device without a network looks for one: it sees at once when it is back."""


class Link(asyncio.Protocol):
    """A connection that is made anew when it is needed.

    heard: called with each chunk. lost: called when a connection ends. generation counts the connections made.
    """

    __slots__ = (
        "_addresses",
        "_back_off_s",
        "_connecting",
        "_heard",
        "_lost",
        "_surroundings",
        "_transport",
        "_turn",
        "covered",
        "generation",
    )

    def __init__(
        self,
        addresses: Sequence[Address],
        surroundings: Surroundings,
        heard: Callable[[bytes], None],
        lost: Callable[[], None],
    ) -> None:
        self._addresses, self._surroundings, self._heard, self._lost = tuple(addresses), surroundings, heard, lost
        self._transport: asyncio.WriteTransport | None = None
        self._connecting = asyncio.Lock()
        self._back_off_s = FIRST_BACK_OFF_S
        self._turn = 0
        self.generation = 0
        self.covered = True

    @property
    def connected(self) -> bool:
        """True while there is a connection to write to; not while one that was cut is still going."""
        return self._transport is not None and not self._transport.is_closing()

    async def connect(self, until_s: float) -> bool:
        """Make sure that there is a connection; False if there is none until then (Surroundings' monotonic time)."""
        async with self._connecting:
            while not self.connected:
                left_s = until_s - self._surroundings.monotonic_s()
                if left_s <= 0:
                    return False
                if self._transport is not None:
                    await asyncio.sleep(0)  # it was cut, and the loop has yet to say so
                    continue
                if not self.covered:
                    await self._surroundings.sleep(min(UNCOVERED_S, left_s))
                elif not await self._try(left_s):
                    await self._surroundings.sleep(min(self._wait_s(), max(0.0, left_s)))
        return True

    def send(self, octets: bytes) -> bool:
        """Write now; False if there is no connection."""
        if self._transport is None or self._transport.is_closing():
            return False
        try:
            self._transport.write(octets)
        except RuntimeError:
            # uvloop closed it with an attempt that was given up just then, and says nothing more of it.
            self.connection_lost(None)
            return False
        return True

    def answered(self) -> None:
        """Say that the receiver at the other end is alive: the next outage starts with the shortest wait."""
        self._back_off_s = FIRST_BACK_OFF_S

    def try_another(self) -> None:
        """Drop a connection that takes bytes and gives none; the next address has its turn."""
        self._turn += 1
        self.drop()

    def drop(self) -> None:
        """Cut the connection at once, as a lost network does; safe without one."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what asyncio has connected."""
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's is one without inheriting from it
        self.generation += 1

    def data_received(self, data: bytes) -> None:
        """Pass a chunk on."""
        self._heard(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note the end of a connection."""
        self._transport = None
        self._lost()

    async def _try(self, left_s: float) -> bool:
        address = self._addresses[self._turn % len(self._addresses)]
        try:
            async with asyncio.timeout(min(CONNECT_S, left_s)):
                loop = asyncio.get_running_loop()
                await loop.create_connection(lambda: self, address.host, address.port)
        except (OSError, TimeoutError):
            self._turn += 1
            return False
        return self.connected

    def _wait_s(self) -> float:
        wait_s = self._back_off_s * self._surroundings.chance.uniform(0.5, 1.5)
        self._back_off_s = min(LONGEST_BACK_OFF_S, self._back_off_s * 2)
        return wait_s
