"""What the tests of receivers stand on."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from datetime import datetime
from typing import cast
from uuid import UUID

from escalation.ids import CommitteeId, OrganisationId
from larmcentral.bridge import GuestReactor
from larmcentral.clock import SystemClock
from larmcentral.domain.arrival import ReceiverName
from larmcentral.endpoint import parse_endpoint
from larmcentral.metrics import Metrics
from larmcentral.receivers.echoes import Echoes
from larmcentral.receivers.http import HttpReceiver
from larmcentral.receivers.limits import Limits
from larmcentral.receivers.listening import Receiver, Serves
from larmcentral.receivers.reception import Reception
from larmcentral.receivers.sessions import Sessions
from larmcentral.receivers.tcp import TcpReceiver
from larmcentral.receivers.udp import UdpReceiver
from protocols.conversation import Accounts, Conversation
from protocols.http import HttpConversation
from protocols.osmand.conversation import OsmandConversation
from tests.fakes.intake import FakeIntake
from tests.fakes.line_protocol import KnownDevices, LineConversation
from tests.fakes.words import FakeWords

PATIENCE_S = 10.0
NAME = ReceiverName(
    name="rig",
    protocol="line",
    organisation_id=OrganisationId(UUID(int=1)),
    committee_id=CommitteeId(UUID(int=2)),
)


class Device:
    """The other end of a TCP connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def say(self, *lines: str) -> None:
        """Send lines in one segment."""
        self.send("".join(f"{line}\n" for line in lines).encode())

    def send(self, data: bytes) -> None:
        """Send bytes, unless the connection is closed."""
        if not self._writer.transport.is_closing():
            self._writer.write(data)

    async def hear(self) -> str:
        """Return the next line; empty once the connection is closed."""
        return (await asyncio.wait_for(self._reader.readline(), PATIENCE_S)).decode().rstrip("\n")

    async def read(self, number: int) -> bytes:
        """Return so many bytes."""
        return await asyncio.wait_for(self._reader.readexactly(number), PATIENCE_S)

    async def hear_all(self) -> bytes:
        """Return everything up to the end of the connection."""
        try:
            return await asyncio.wait_for(self._reader.read(), PATIENCE_S)
        except ConnectionResetError:
            return b""

    async def leave(self) -> None:
        """Cut the connection, with whatever is under way."""
        self._writer.transport.abort()
        await self.left()

    async def left(self) -> None:
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()


class Rig:
    """A world for one test. Everything that it opened is closed by stop()."""

    def __init__(self, reactor: GuestReactor) -> None:
        self.reactor = reactor
        self.clock = SystemClock()
        self.intake = FakeIntake()
        self.metrics = Metrics()
        self.enrolled = KnownDevices("anna", "bo")
        self.sessions = Sessions()
        self.echoes = Echoes(self.clock.monotonic)
        self.words = FakeWords()
        self.receiver: Receiver
        self._receivers: list[Receiver] = []
        self._devices: list[Device] = []

    def reception(self, limits: Limits) -> Reception:
        return Reception(
            receiver=NAME,
            takes_in=self.intake,
            enrolled=self.enrolled,
            clock=self.clock,
            metrics=self.metrics,
            limits=limits,
        )

    async def tcp(
        self,
        speak: Callable[[datetime], Conversation] = LineConversation,
        *,
        limits: Limits | None = None,
        listen: str = "tcp:port=0:interface=127.0.0.1",
        stop_within_s: float = PATIENCE_S,
    ) -> TcpReceiver:
        """Open a TCP receiver; self.receiver is its listener."""
        served = TcpReceiver(reception=self.reception(limits or Limits()), speak=speak, sessions=self.sessions)
        await self.listen(listen, served, stop_within_s)
        return served

    async def udp(
        self, speak: Callable[[datetime], Conversation] = LineConversation, *, limits: Limits | None = None
    ) -> UdpReceiver:
        served = UdpReceiver(reception=self.reception(limits or Limits()), speak=speak, echoes=self.echoes)
        await self.listen("udp:port=0:interface=127.0.0.1", served, PATIENCE_S)
        return served

    async def http(
        self,
        speak: Callable[[], HttpConversation] | None = None,
        *,
        limits: Limits | None = None,
        listen: str = "tcp:port=0:interface=127.0.0.1",
    ) -> HttpReceiver:
        """Open an HTTP receiver that speaks osmand."""
        enrolled = cast("Accounts", self.enrolled)
        served = HttpReceiver(
            reception=self.reception(limits or Limits()),
            speak=speak or (lambda: OsmandConversation(enrolled)),
            words=self.words,
        )
        await self.listen(listen, served, PATIENCE_S)
        return served

    async def listen(self, at: str, served: Serves, stop_within_s: float) -> None:
        self.receiver = Receiver(
            name="rig", reactor=self.reactor, endpoint=parse_endpoint(at), serves=served, stop_within_s=stop_within_s
        )
        self._receivers.append(self.receiver)
        await self.receiver.start()

    def closes(self, receiver: Receiver) -> None:
        """Have stop() close one that the test built."""
        self._receivers.append(receiver)

    async def connect(self, *first: str, buffer_bytes: int | None = None) -> Device:
        """Connect a device and let it say some lines. buffer_bytes: what its kernel keeps for it."""
        opened = socket.socket()
        opened.setblocking(False)
        if buffer_bytes is not None:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
        await asyncio.get_running_loop().sock_connect(opened, ("127.0.0.1", self.receiver.port))
        device = Device(*await asyncio.open_connection(sock=opened, limit=buffer_bytes or 2**16))
        self._devices.append(device)
        if first:
            device.say(*first)
        return device

    def metric(self, name: str, **labels: str) -> float:
        """Return a figure, 0 where it was never counted."""
        return self.metrics.registry.get_sample_value(name, labels) or 0.0

    async def stop(self) -> None:
        self.intake.release()
        for device in self._devices:
            await device.leave()
        for receiver in self._receivers:
            await receiver.stop()
