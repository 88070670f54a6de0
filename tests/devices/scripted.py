"""A made-up family of lines for the tracker's own tests, and a receiver on loopback that answers as it is told to.

A device says "hi N" (greeting), "beat N" (keepalive) and "tell N what,what[*]@time ..." (notes; * is stored); the
receiver answers "ok N", or "again N" for "send it again". Anything else it says is an order.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from devices.device import NotInProtocol
from devices.talk import Answered, HeardDown, Note, Ordered, Said, What
from protocols.orders import Locate


@dataclass
class LineTalk:
    """The family's words, device's side. unspoken: what it has no words for. answers: False for a family without."""

    records_per_frame: int = 1
    greets: bool = True
    beats: bool = True
    answers: bool = True
    unspoken: frozenset[What] = frozenset()
    connections: int = 0
    _serial: int = 0
    _rest: bytes = b""

    def connected(self) -> None:
        """Begin a new connection."""
        self.connections += 1
        self._rest = b""

    def greeting(self, now: datetime) -> Said | None:
        """Say hi."""
        return self._said("hi") if self.greets else None

    def keepalive(self, now: datetime, battery_pct: float) -> Said | None:
        """Say beat."""
        return self._said("beat") if self.beats else None

    def tell(self, notes: Sequence[Note]) -> Said:
        """Say what was noted."""
        if refused := frozenset().union(*(note.whats for note in notes)) & self.unspoken:
            raise NotInProtocol(f"no words for {', '.join(sorted(what.value for what in refused))}")
        assert len(notes) <= self.records_per_frame
        told = (
            f"{','.join(sorted(what.value for what in note.whats))}{'*' * note.stored}@{note.at:%H:%M:%S}"
            for note in notes
        )
        return self._said("tell", *told)

    def hear(self, chunk: bytes, now: datetime) -> Sequence[HeardDown]:
        """Understand ok, again, where and anything else."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        heard: list[HeardDown] = []
        for line in lines:
            match line.split():
                case [b"ok", serial]:
                    heard.append(Answered(int(serial), line))
                case [b"again", serial]:
                    heard.append(Answered(int(serial), line, accepted=False))
                case [b"where"]:
                    heard.append(Ordered(line, Locate(), b"coming\n"))
                case _:
                    heard.append(Ordered(line))
        return heard

    def _said(self, *words: str) -> Said:
        self._serial += 1
        line = " ".join((words[0], str(self._serial), *words[1:]))
        return Said(line.encode() + b"\n", self._serial if self.answers else None)


def ok(line: str) -> str:
    """Answer as a receiver does that has taken it in."""
    return f"ok {line.split()[1]}\n"


@dataclass
class Script:
    """What the receiver heard, and how it answers a line; None hangs up, "" is silence."""

    answer: Callable[[str], str | None] = ok
    port: int = 0
    heard: list[str] = field(default_factory=list)
    accepted: int = 0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    def told(self) -> list[str]:
        """Return the lines that told something, without their numbers."""
        return [line.split(" ", 2)[2] for line in self.heard if line.startswith("tell")]

    def take(self, line: str) -> str | None:
        """Note a line and return its answer."""
        self.heard.append(line)
        return "" if line == "coming" else self.answer(line)


@asynccontextmanager
async def listening(script: Script) -> AsyncIterator[Script]:
    """Listen over TCP until the block ends."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        script.accepted += 1
        script.writers.append(writer)
        try:
            while line := await reader.readline():
                answer = script.take(line.decode().strip())
                if answer is None:
                    writer.transport.abort()
                    break
                writer.write(answer.encode())
        except ConnectionError:
            pass
        finally:
            script.writers.remove(writer)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", script.port)
    script.port = server.sockets[0].getsockname()[1]
    try:
        yield script
    finally:
        server.close()
        for writer in script.writers:
            writer.transport.abort()
        while script.writers:
            await asyncio.sleep(0)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, script: Script) -> None:
        self._script = script

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # UDP has no other
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._transport.sendto((self._script.take(data.decode().strip()) or "").encode(), addr)


@asynccontextmanager
async def listening_udp(script: Script) -> AsyncIterator[Script]:
    """Listen over UDP until the block ends."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _Datagrams(script), local_addr=("127.0.0.1", script.port)
    )
    script.port = transport.get_extra_info("sockname")[1]
    try:
        yield script
    finally:
        transport.close()
