"""What the receivers share that keep a line open and speak no HTTP: listening, orders, record, leaving."""

from __future__ import annotations

import asyncio
import contextlib
import ssl

from devices.peers.orders import Fate, Order, Orders
from devices.peers.record import Record
from devices.peers.side_port import SidePort

ROUNDS = 5  # of the loop, until uvloop has freed the sockets of aborted TLS connections


class LinePeer:
    """A receiver on loopback, with or without TLS. Subclasses say what happens on a connection."""

    def __init__(self, *, tls: ssl.SSLContext | None, port: int, side_port: int, quiet: bool) -> None:
        self.record = Record(quiet=quiet)
        self.orders = Orders()
        self.side = SidePort(self.record, self.orders, port=side_port)
        self.port = port
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._leaving = asyncio.Event()
        self._lines: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self.connections_made = 0

    async def start(self) -> None:
        """Listen; port and side.port are known then."""
        self._leaving.clear()
        self._server = await asyncio.start_server(self._met, "127.0.0.1", self.port, ssl=self._tls)
        self.port = int(self._server.sockets[0].getsockname()[1])
        await self.side.start()

    async def stop(self) -> None:
        """Cut all lines and stop listening."""
        self._leaving.set()
        server, self._server = self._server, None
        if server is not None:
            server.close()
        await self.cut_all()
        await self.side.stop()
        for _ in range(ROUNDS):
            await asyncio.sleep(0)

    async def cut_all(self) -> None:
        """Cut every line, as a network does; who calls again is welcome."""
        lines = dict(self._lines)
        for task, writer in lines.items():
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*lines, return_exceptions=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int) -> None:
        """Speak with one client until it leaves. connection: counts from 1."""
        raise NotImplementedError

    async def answer(self, writer: asyncio.StreamWriter, order: Order, data: bytes) -> bool:
        """Answer in the way that was ordered; False where the client is to hear nothing more on this line."""
        if order.delay_s > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(order.delay_s):
                    await self._leaving.wait()
        match order.fate:
            case Fate.ANSWER | Fate.GOAWAY | Fate.GOAWAY_UNSEEN:
                writer.write(data)
                return True
            case Fate.SILENCE:
                return True
            case Fate.HALF:
                writer.write(data[: max(len(data) // 2, 1)])
                await writer.drain()
                await self._leaving.wait()
            case Fate.RESET | Fate.CUT:
                writer.transport.abort()
        return False

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.connections_made += 1
        self._lines[task] = writer
        try:
            await self.serve(reader, writer, self.connections_made)
        except (OSError, asyncio.CancelledError):
            pass  # the client is gone, or cut_all() has cut it; asyncio's streams stumble over a cancelled task
        finally:
            del self._lines[task]
            writer.close()
