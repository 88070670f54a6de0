"""One unit in a storm: a connection that is written to without waiting, and what its answers answer."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Final, cast

from load.storm.frames import COUNTERS, What, Words, answered

SENDING_BYTES: Final = 32_768
"""What the kernel takes of a unit at a time: its modem's buffer, and not megabytes that nobody has read."""
HELD_BYTES: Final = 32_768
"""What waits in the unit itself beyond that; a message for which there is no room stays in its memory, untold."""

Answered = Callable[["Unit", int], None]
"""Called with the tag of each message that was answered."""


class Unit(asyncio.Protocol):
    """One unit. answered: counts its answers. events: how many events it has told, each with a second of its own."""

    __slots__ = (
        "_answered",
        "_pending",
        "_rest",
        "_transport",
        "counter",
        "cut",
        "events",
        "number",
        "outstanding",
        "words",
    )

    def __init__(self, number: int, words: Words, answered: Answered) -> None:
        self.number, self.words, self._answered = number, words, answered
        self.outstanding: dict[int, int] = {}
        self.counter = self.events = self.cut = 0
        self._transport: asyncio.WriteTransport | None = None
        self._pending: list[bytes] = []
        self._rest = b""

    @property
    def connected(self) -> bool:
        """True while there is a connection."""
        return self._transport is not None

    @property
    def has_room(self) -> bool:
        """True while what was said is on its way, and not in the unit."""
        return self._transport is not None and self._transport.get_write_buffer_size() < HELD_BYTES

    async def connect(self, port: int) -> None:
        """Connect, and say what was to be said meanwhile. Raises OSError."""
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", port)

    def word(self, what: What, stamp: bytes, tag: int, *, buffered: bool) -> bytes:
        """Put a message into words, to be said with say(); its answer is told by its tag."""
        counter = self.counter
        self.counter = (counter + 1) % COUNTERS
        self.outstanding[counter] = tag
        return self.words.say(what, stamp, counter, buffered=buffered)

    def say(self, octets: bytes) -> None:
        """Write, or keep it for when there is a connection."""
        if self._transport is None:
            self._pending.append(octets)
        else:
            self._transport.write(octets)

    def abort(self) -> None:
        """Cut the connection; what nobody has read of it is gone."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what asyncio has connected."""
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's is one without inheriting from it
        opened = transport.get_extra_info("socket")
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SENDING_BYTES)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._pending:
            self._transport.write(b"".join(self._pending))
            self._pending.clear()

    def data_received(self, data: bytes) -> None:
        """Settle what is answered."""
        counters, self._rest = answered(self._rest + data)
        for counter in counters:
            if (tag := self.outstanding.pop(counter, None)) is not None:
                self._answered(self, tag)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note the end of the connection."""
        self._transport = None
        self.cut += 1
