"""A tiny receiver around the conversation, for loopback: it stores in a list and answers, or fails as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import cast

from protocols.conversation import Account, Conversation, Fault, Reply, SignalsReceived
from protocols.dc09 import Dc09Conversation, Dc09Datagram, Recent
from protocols.signal import Signal
from tests.protocols.dc09.support import Enrolled


@dataclass(slots=True)
class TinyReceiver:
    """What one port heard. deaf: so many frames are not answered. clock_off: our clock against the real one."""

    accounts: tuple[Account, ...]
    deaf: int = 0
    clock_off: timedelta = timedelta()
    signals: list[Signal] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    recent: Recent = field(default_factory=Recent)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    hang_up: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        """Our clock."""
        return datetime.now(UTC) + self.clock_off  # noqa: TID251 - a real server on loopback

    def answers(self, conversation: Conversation, chunk: bytes) -> bytes:
        """Store what came; return what goes back."""
        answer = b""
        for event in conversation.receive(chunk, self.now()):
            match event:
                case SignalsReceived(signals=signals, token=token):
                    self.signals.extend(signals)
                    self.arrived.set()
                    if self.deaf > 0:
                        self.deaf -= 1
                    elif token is not None:
                        answer += conversation.ack(token, self.now())
                case Fault(reply=reply):
                    self.faults.append(event)
                    answer += reply
                case Reply(data):
                    answer += data
                case _:
                    raise AssertionError(f"{event} was not expected")
        return answer

    def connection(self) -> Dc09Conversation:
        """A new TCP connection."""
        self.connections += 1
        draw = Random(self.connections).randbytes
        return Dc09Conversation(Enrolled(*self.accounts), draw=draw, recent=self.recent, opened_at=self.now())

    def datagram(self) -> Dc09Datagram:
        """A datagram."""
        return Dc09Datagram(Enrolled(*self.accounts), draw=Random(1).randbytes, recent=self.recent)


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, receiver: TinyReceiver) -> None:
        self._receiver = receiver
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)  # uvloop's is none by its class

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        assert self._transport is not None
        if answer := self._receiver.answers(self._receiver.datagram(), data):
            self._transport.sendto(answer, addr)


@asynccontextmanager
async def tcp(receiver: TinyReceiver) -> AsyncIterator[TinyReceiver]:
    """Listen on a free TCP port of loopback."""
    open_ends: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = receiver.connection()
        open_ends.add(writer)
        try:
            while chunk := await reader.read(1024):
                writer.write(receiver.answers(conversation, chunk))
        except ConnectionError:
            pass
        finally:
            open_ends.discard(writer)
            writer.close()

    def hang_up() -> None:
        for writer in open_ends:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", receiver.port)
    receiver.port, receiver.hang_up = server.sockets[0].getsockname()[1], hang_up
    try:
        yield receiver
    finally:
        server.close()
        hang_up()


@asynccontextmanager
async def udp(receiver: TinyReceiver) -> AsyncIterator[TinyReceiver]:
    """Listen on a free UDP port of loopback."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Udp(receiver), local_addr=("127.0.0.1", 0))
    receiver.port = transport.get_extra_info("sockname")[1]
    try:
        yield receiver
    finally:
        transport.close()
