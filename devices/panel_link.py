"""How a panel gets one message to a receiver: connect, send, repeat, turn to the next address, until it is acked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol, cast

from devices.device import Address, DeviceSettings, Receipt, Surroundings
from protocols.conversation import Reply
from protocols.dc09.framing import MAX_FRAME_BYTES
from protocols.dc09.transmitter import Dc09Transmitter, Delivered, NotUnderstood

RECONNECT_S: Final = 0.5
"""Between two rounds over all addresses when nobody answers."""

TRIES_AT_ONE_ADDRESS: Final = 2
"""Sendings without an answer before the panel turns to its next receiver."""

MAX_DATAGRAMS_WAITING: Final = 100
"""Answers not yet read; one message is outstanding, so more is noise."""


class Wire(Protocol):
    """Bytes to and from one receiver."""

    def send(self, data: bytes) -> None:
        """Send; what is lost on the way is the transmitter's matter."""
        ...

    async def receive(self) -> bytes:
        """The next bytes; empty if the other end hung up."""
        ...

    def close(self) -> None:
        """Hang up; receive() then returns empty. Safe to call twice."""
        ...


class PanelLink:
    """Carries one message at a time. Each new connection goes to the next address of the settings."""

    def __init__(self, transmitter: Dc09Transmitter, settings: DeviceSettings, around: Surroundings) -> None:
        self._transmitter, self._settings, self._around = transmitter, settings, around
        self._turn = asyncio.Lock()
        self._wire: Wire | None = None
        self._connections = 0
        self._heard_here = False
        self._covered = True

    @property
    def connected(self) -> bool:
        """True if there is a connection on which the receiver has answered."""
        return self._wire is not None and self._heard_here

    def cover(self, covered: bool) -> None:
        """Say whether there is a network; without one the connection is gone at once and no other is made."""
        self._covered = covered
        if not covered:
            self.hang_up()

    async def carry(self, what: str, begin: Callable[[datetime], bytes]) -> Receipt:
        """Begin a message with the transmitter and bring it home, or give it up after give_up_s.

        A receiver that answers DUH has refused the message: the receipt has its answer and no ack.
        """
        pressed_s = self._around.monotonic_s()
        async with self._turn:
            try:
                return await self._carry(what, begin, pressed_s)
            finally:
                self._transmitter.give_up(self._around.now())

    def hang_up(self) -> None:
        """Close the connection, if there is one. The next message makes a new one."""
        wire, self._wire, self._heard_here = self._wire, None, False
        if wire is not None:
            wire.close()

    async def _carry(self, what: str, begin: Callable[[datetime], bytes], pressed_s: float) -> Receipt:
        ends_s = pressed_s + self._settings.give_up_s
        to_send, attempts, tries_here, sent = begin(self._around.now()), 0, 0, b""
        while self._around.monotonic_s() < ends_s:
            if self._wire is None:
                tries_here = 0
                self._wire = await self._connect()
                to_send = self._transmitter.repeat(self._around.now())
            if self._wire is None:
                all_tried = self._connections % len(self._settings.addresses) == 0
                await self._around.sleep(RECONNECT_S if all_tried else 0)
                continue
            self._wire.send(to_send)
            sent, attempts, tries_here = to_send, attempts + 1, tries_here + 1
            heard = await self._answer(self._wire, ends_s)
            if isinstance(heard, Delivered):
                self._heard_here = self._wire is not None
                ack_ms = (self._around.monotonic_s() - pressed_s) * 1000
                return Receipt(what, sent, heard.raw, attempts, ack_ms)
            if isinstance(heard, NotUnderstood):
                return Receipt(what, sent, heard.raw, attempts, None)
            if heard is None or tries_here >= TRIES_AT_ONE_ADDRESS:
                self.hang_up()
            else:
                to_send = heard.data
        return Receipt(what, sent, b"", attempts, None)

    async def _answer(self, wire: Wire, ends_s: float) -> Delivered | NotUnderstood | Reply | None:
        """What came of the last sending: an answer, or what to send next; None if the line is dead or time is up."""
        while (due_at := self._transmitter.next_deadline()) is not None:
            left_s = ends_s - self._around.monotonic_s()
            chunk = await self._heard(wire, min(left_s, (due_at - self._around.now()).total_seconds()))
            if chunk == b"" or (chunk is None and self._around.monotonic_s() >= ends_s):
                return None
            now = self._around.now()
            events = self._transmitter.deadline_passed(now) if chunk is None else self._transmitter.receive(chunk, now)
            for event in events:
                if isinstance(event, Delivered | NotUnderstood | Reply):
                    return event
        return None

    async def _heard(self, wire: Wire, wait_s: float) -> bytes | None:
        """The next bytes, or None after wait_s."""
        receiving = asyncio.ensure_future(wire.receive())
        sleeping = asyncio.ensure_future(self._around.sleep(max(wait_s, 0.0)))
        try:
            await asyncio.wait({receiving, sleeping}, return_when=asyncio.FIRST_COMPLETED)
            return receiving.result() if receiving.done() else None
        finally:
            receiving.cancel()
            sleeping.cancel()

    async def _connect(self) -> Wire | None:
        """A connection to the next address; None if nobody listens there, or without a network."""
        if not self._covered:
            return None
        addresses = self._settings.addresses
        address = addresses[self._connections % len(addresses)]
        self._connections += 1
        opening = _open_udp if self._settings.options.get("transport") == "udp" else _open_tcp
        try:
            return await asyncio.wait_for(opening(address), self._settings.retransmit_s)
        except OSError:  # refused, unreachable, or timed out
            return None


class _TcpWire:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def send(self, data: bytes) -> None:
        self._writer.write(data)

    async def receive(self) -> bytes:
        try:
            return await self._reader.read(MAX_FRAME_BYTES)
        except OSError:
            return b""

    def close(self) -> None:
        self._writer.close()


class _UdpWire(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self._heard: asyncio.Queue[bytes] = asyncio.Queue(MAX_DATAGRAMS_WAITING)
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)  # uvloop's is none by its class

    def datagram_received(self, data: bytes, addr: object) -> None:
        if data and not self._heard.full():
            self._heard.put_nowait(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._heard.full():
            self._heard.put_nowait(b"")

    def error_received(self, exc: Exception) -> None:
        """Nobody listens there at the moment; the repeat or the next address will do."""

    def send(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.sendto(data)

    async def receive(self) -> bytes:
        return await self._heard.get()

    def close(self) -> None:
        assert self._transport is not None
        self._transport.close()


async def _open_tcp(address: Address) -> Wire:
    return _TcpWire(*await asyncio.open_connection(address.host, address.port))


async def _open_udp(address: Address) -> Wire:
    loop = asyncio.get_running_loop()
    _, wire = await loop.create_datagram_endpoint(_UdpWire, remote_addr=(address.host, address.port))
    return wire
