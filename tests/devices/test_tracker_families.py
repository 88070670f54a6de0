"""Every family's emulator against its own receiver's end, over a socket: SOS behind a backlog, in one go."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from devices.cli import BUILDERS, FIRST_DEVICE, builder
from devices.device import Surroundings
from devices.tracker import Tracker
from protocols.conversation import Fault, Reply, SignalsReceived
from protocols.openers import Openers
from protocols.registry import STREAMS
from protocols.signal import Signal, SignalKind
from tests.devices.support import settings
from tests.protocols.streams import openers_of

T0 = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
SHARING_NO_TRACKER = {"watch", "dc09", "sos_access", "scaip"}
FAMILIES = [name for name in sorted(BUILDERS) if name in STREAMS and name not in SHARING_NO_TRACKER]


@dataclass
class Heard:
    """What a receiver took in, in order."""

    port: int = 0
    signals: list[Signal] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@asynccontextmanager
async def receiving(openers: Openers) -> AsyncIterator[Heard]:
    """Speak the receiver's end of a family on loopback, until the block ends; what is owed is answered at once."""
    heard, writers = Heard(), set[asyncio.StreamWriter]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = openers.connection(T0)
        writers.add(writer)
        try:
            while chunk := await reader.read(4096):
                events = list(conversation.receive(chunk, T0))
                settles_at = conversation.next_deadline()
                if getattr(conversation, "pending_bytes", 0) and settles_at is not None:
                    events += conversation.deadline_passed(settles_at)
                for event in events:
                    if isinstance(event, SignalsReceived):
                        heard.signals += event.signals
                        if event.token is not None:
                            writer.write(conversation.ack(event.token, T0))
                    elif isinstance(event, Reply):
                        writer.write(event.data)
                    elif isinstance(event, Fault):
                        heard.faults.append(event)
        except ConnectionError:
            pass
        finally:
            writers.discard(writer)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    heard.port = server.sockets[0].getsockname()[1]
    try:
        yield heard
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        while writers:
            await asyncio.sleep(0)


@pytest.mark.parametrize("family", FAMILIES)
async def test_an_sos_behind_a_backlog_of_thirty_old_records_gets_through(family: str) -> None:
    world = Surroundings(random.Random(1), now=lambda: T0)
    async with receiving(openers_of(family)) as heard:
        device = builder(family)(settings(heard.port, device=FIRST_DEVICE[family], retransmit_s=1.0), world)
        assert isinstance(device, Tracker)
        device.remember(30, 60)
        receipt = await device.press()
        async with asyncio.timeout(5):
            while not any(signal.is_alarm for signal in heard.signals):
                await asyncio.sleep(0)
        await device.close()

    assert receipt.done
    assert heard.faults == []
    alarms = [signal for signal in heard.signals if signal.is_alarm]
    assert [alarm.kind for alarm in alarms] == [SignalKind.PANIC]
    assert alarms[0].device == FIRST_DEVICE[family]
    old = {signal.event_at for signal in heard.signals if signal.event_at not in (None, T0)}
    assert len(old) == 30, "each old record keeps its own time"
