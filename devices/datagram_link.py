"""One device's way over UDP: the twin of link.py. Nothing tells it that a receiver is away but its silence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import cast

from devices.device import Address, Surroundings
from devices.link import UNCOVERED_S


class DatagramLink(asyncio.DatagramProtocol):
    """A socket that is opened when it is needed. heard: called with each datagram. lost: called when it is closed."""

    __slots__ = (
        "_addresses",
        "_heard",
        "_lost",
        "_opening",
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
        self._transport: asyncio.DatagramTransport | None = None
        self._opening = asyncio.Lock()
        self._turn = 0
        self.generation = 0
        self.covered = True

    @property
    def connected(self) -> bool:
        """True while there is a socket to write to; whether anybody reads is not known."""
        return self._transport is not None and not self._transport.is_closing()

    async def connect(self, until_s: float) -> bool:
        """Make sure that there is a socket; False if there is no network until then (Surroundings' monotonic time)."""
        async with self._opening:
            while not self.connected:
                left_s = until_s - self._surroundings.monotonic_s()
                if left_s <= 0:
                    return False
                if self._transport is not None:
                    await asyncio.sleep(0)  # it was closed, and the loop has yet to say so
                elif self.covered:
                    address = self._addresses[self._turn % len(self._addresses)]
                    loop = asyncio.get_running_loop()
                    await loop.create_datagram_endpoint(lambda: self, remote_addr=(address.host, address.port))
                else:
                    await self._surroundings.sleep(min(UNCOVERED_S, left_s))
        return True

    def send(self, octets: bytes) -> bool:
        """Send one datagram; False if there is no socket."""
        if self._transport is None or self._transport.is_closing():
            return False
        self._transport.sendto(octets)
        return True

    def answered(self) -> None:
        """Say that the receiver is alive: there is no back-off to shorten."""

    def try_another(self) -> None:
        """Leave a receiver that gives no answer; the next address has its turn."""
        self._turn += 1
        self.drop()

    def drop(self) -> None:
        """Close the socket at once; safe without one."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what asyncio has opened."""
        self._transport = cast(asyncio.DatagramTransport, transport)
        self.generation += 1

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Pass a datagram on."""
        self._heard(data)

    def error_received(self, exc: Exception) -> None:
        """A receiver that is away looks like one that is silent: the next attempt will tell."""

    def connection_lost(self, exc: Exception | None) -> None:
        """Note the end of a socket."""
        self._transport = None
        self._lost()
