"""Bytes to and from one receiver of a centre, over TCP or in datagrams."""

from __future__ import annotations

import asyncio
import socket
from typing import Final, Protocol, cast

READ_BYTES: Final = 8_192
MAX_DATAGRAMS_WAITING: Final = 100
"""Answers not yet read; one message is outstanding, so more is noise."""


class Wire(Protocol):
    """One connection, or one socket for datagrams."""

    def send(self, data: bytes) -> None:
        """Send; what is lost on the way is for the repeat to mend."""
        ...

    async def receive(self) -> bytes:
        """Return the next bytes; empty once the other end hung up, or where nobody listens."""
        ...

    def close(self) -> None:
        """Hang up. May be called twice."""
        ...


async def open_wire(transport: str, host: str, port: int) -> Wire:
    """Open one. transport: "tcp" or "udp". Raises OSError; the caller keeps the deadline."""
    if transport == "tcp":
        return _TcpWire(*await asyncio.open_connection(host, port))
    loop = asyncio.get_running_loop()
    _, wire = await loop.create_datagram_endpoint(_UdpWire, remote_addr=(host, port))
    return wire


def in_words(error: OSError) -> str:
    """Return why there is no connection, without addresses."""
    match error:
        case socket.gaierror():
            return "the receiver's name does not resolve"
        case ConnectionRefusedError():
            return "nobody listens there"
        case ConnectionResetError() | BrokenPipeError():
            return "the connection was cut"
        case TimeoutError():
            return "no connection in time"
        case _:
            return f"no connection: {type(error).__name__}"


class _TcpWire:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def send(self, data: bytes) -> None:
        self._writer.write(data)

    async def receive(self) -> bytes:
        try:
            return await self._reader.read(READ_BYTES)
        except OSError:
            return b""

    def close(self) -> None:
        self._writer.transport.abort()  # nothing of ours is worth waiting for: what was not acked is said again


class _UdpWire(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self._heard: asyncio.Queue[bytes] = asyncio.Queue(MAX_DATAGRAMS_WAITING)
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)  # uvloop's is none by its class

    def datagram_received(self, data: bytes, addr: object) -> None:
        if data:
            self._put(data)

    def error_received(self, exc: Exception) -> None:
        self._put(b"")  # ICMP: nobody listens on that port

    def connection_lost(self, exc: Exception | None) -> None:
        self._put(b"")

    def _put(self, data: bytes) -> None:
        if not self._heard.full():
            self._heard.put_nowait(data)

    def send(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.sendto(data)

    async def receive(self) -> bytes:
        return await self._heard.get()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
