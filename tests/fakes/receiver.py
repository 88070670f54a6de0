"""A small receiver on loopback for the emulators: speaks through the protocols' own conversations, stores nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

from protocols.conversation import Account, SignalsReceived
from protocols.http import HttpRequest
from protocols.osmand.conversation import OsmandConversation
from protocols.owntracks import OwnTracksConversation
from protocols.signal import AccountId, Signal, SignalKind
from protocols.watch.conversation import WatchConversation
from protocols.watch.messages import Downlink

NOW = datetime(2026, 3, 4, 5, 6, 10, tzinfo=UTC)


class Everybody:
    """Accounts among which everybody is, each with the same secret or none."""

    def __init__(self, secret: bytes | None = None) -> None:
        self._secret = secret

    def find(self, device: AccountId) -> Account | None:
        """Return an account for whoever asks."""
        return Account(device, secret=self._secret)


@dataclass
class Receiver:
    """What the receiver heard, and how it is to behave. mute_alarms: how many alarms it leaves unanswered."""

    port: int = 0
    signals: list[Signal] = field(default_factory=list)
    connections: list[asyncio.StreamWriter] = field(default_factory=list)
    accepted: int = 0
    mute_alarms: int = 0
    mute_all: bool = False
    hang_up_on_alarms: int = 0
    refuse_requests: int = 0
    downlinks: tuple[Downlink, ...] = ()

    def kinds(self) -> list[SignalKind]:
        """Return the kinds that were heard, in order."""
        return [signal.kind for signal in self.signals]

    def keeps_silent(self, received: SignalsReceived) -> bool:
        """Take the signals in; True if they are to go unanswered."""
        self.signals += received.signals
        if self.mute_all:
            return True
        if self.mute_alarms and any(signal.is_alarm for signal in received.signals):
            self.mute_alarms -= 1
            return True
        return False


@asynccontextmanager
async def watch_receiver(receiver: Receiver) -> AsyncIterator[Receiver]:
    """Listen for watches until the block ends."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        receiver.accepted += 1
        receiver.connections.append(writer)
        conversation = WatchConversation(NOW)
        while chunk := await _read(reader):
            for event in conversation.receive(chunk, NOW):
                if not isinstance(event, SignalsReceived):
                    continue
                silent = receiver.keeps_silent(event)
                if receiver.hang_up_on_alarms and any(signal.is_alarm for signal in event.signals):
                    receiver.hang_up_on_alarms -= 1
                    writer.transport.abort()
                    break
                if event.token is not None and not silent:
                    writer.write(conversation.ack(event.token, NOW))
                    for downlink in receiver.downlinks:
                        writer.write(conversation.say(downlink))
                    receiver.downlinks = ()
        receiver.connections.remove(writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", receiver.port)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for writer in receiver.connections:
            writer.transport.abort()
        while receiver.connections:
            await asyncio.sleep(0)


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(4096)
    except ConnectionError:
        return b""


@asynccontextmanager
async def phone_receiver(
    receiver: Receiver, conversation: OsmandConversation | OwnTracksConversation
) -> AsyncIterator[Receiver]:
    """Listen for phones until the block ends."""

    async def answer(request: web.Request) -> web.Response:
        receiver.accepted += 1
        if receiver.refuse_requests:
            receiver.refuse_requests -= 1
            return web.Response(status=503)
        taken = HttpRequest(request.method, request.path_qs, tuple(request.headers.items()), await request.read())
        response = None
        for event in conversation.receive_request(taken, NOW):
            if isinstance(event, SignalsReceived):
                receiver.signals += event.signals
                if event.token is not None:
                    response = conversation.ack(event.token, NOW)
            else:
                response = event.response
        assert response is not None
        return web.Response(status=response.status, body=response.body)

    application = web.Application()
    application.router.add_route("*", "/{rest:.*}", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", receiver.port)
    await site.start()
    receiver.port = runner.addresses[0][1]
    try:
        yield receiver
    finally:
        await runner.cleanup()
