"""A server on loopback that behaves badly on purpose, for every channel's bad days."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Callable
from enum import Enum
from types import TracebackType
from typing import Self

Answer = Callable[[bytes], bytes | None]
"""All that came on the connection so far -> what a good server would say now; None while it is not complete."""

NOWHERE = "no-such-host.invalid"
"""A name that never resolves (RFC 2606)."""


class Manner(Enum):
    """How it behaves."""

    GOOD = "good"
    SILENT = "silent"
    CUT = "cut"
    """Half of the answer, then a reset."""
    MUTE_CLOSE = "mute_close"
    """Closes in good order without a word."""
    LATE = "late"
    """Answers when release() is called."""
    TWICE = "twice"
    """The same answer two times."""
    GARBAGE = "garbage"
    """Bytes of no protocol."""


def closed_port() -> int:
    """Return a port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


class BadServer:
    """Listens on 127.0.0.1. heard: what came, one entry a connection. greeting: said before anything is asked."""

    def __init__(
        self, answer: Answer, manner: Manner, *, tls: ssl.SSLContext | None = None, greeting: bytes = b""
    ) -> None:
        self._answer, self.manner, self._tls, self._greeting = answer, manner, tls, greeting
        self._released = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.heard: list[bytearray] = []
        self.came = asyncio.Event()
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._met, "127.0.0.1", 0, ssl=self._tls)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def release(self) -> None:
        """Let the late answers go."""
        self._released.set()

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        heard = bytearray()
        self.heard.append(heard)
        try:
            writer.write(self._greeting)
            while chunk := await reader.read(65_536):
                heard += chunk
                self.came.set()
                if self.manner is Manner.MUTE_CLOSE:
                    break
                answer = self._answer(bytes(heard))
                if answer is not None and not await self._say(answer, writer):
                    return
        except (ConnectionError, asyncio.CancelledError):  # a cancelled one would be reported as a fault of the loop
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _say(self, answer: bytes, writer: asyncio.StreamWriter) -> bool:
        """Answer in our manner; False once the connection is broken on purpose."""
        match self.manner:
            case Manner.SILENT:
                return True
            case Manner.CUT:
                writer.write(answer[: max(len(answer) // 2, 1)])
                await writer.drain()
                raw = writer.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
                return False
            case Manner.LATE:
                await self._released.wait()
                writer.write(answer)
            case Manner.TWICE:
                writer.write(answer + answer)
            case Manner.GARBAGE:
                writer.write(b"\x00\xff\x13garbage\r\n\r\n" * 8)
            case Manner.GOOD | Manner.MUTE_CLOSE:
                writer.write(answer)
        await writer.drain()
        return True
