"""Sockets of somebody who means no good: from many addresses of this machine, opened and dropped as fast as he can."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import socket
import ssl
import struct
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

RESET: Final = struct.pack("ii", 1, 0)
"""SO_LINGER with no time: the port is free again at once, and the other end hears it."""
FIRST_HOST: Final = 2
"""The enrolled call from 127.0.0.1."""
BREATH_S: Final = 0.01
CONNECT_S: Final = 5.0
SMALL_BUFFER: Final = 4096


@dataclass(frozen=True, slots=True)
class Order:
    """What is attacked. hosts: addresses to come from, 127.0.0.2 on; 1 and same_host: where the enrolled are as well.

    count: connections at a time. seed: of what is drawn. cookie: of a session, for attacks from inside.
    """

    port: int
    hosts: int = 1
    count: int = 100
    same_host: bool = False
    seed: int = 0
    cookie: str = ""


@dataclass(slots=True)
class Caller:
    """Calls, and counts what became of it: opened, refused, ended (by the other end), sent_kib, heard_kib."""

    order: Order
    chance: random.Random
    said: Counter[str] = field(default_factory=Counter)
    _turn: itertools.count[int] = field(default_factory=itertools.count)

    def host(self) -> str:
        """Return the next address to come from."""
        if self.order.same_host:
            return "127.0.0.1"
        return f"127.0.0.{FIRST_HOST + next(self._turn) % self.order.hosts}"

    async def dial(self, *, small: bool = False) -> socket.socket | None:
        """Connect; None where nobody takes it. small: with next to no room for what is said to us."""
        opened = socket.socket()
        opened.setblocking(False)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        opened.setsockopt(socket.IPPROTO_IP, socket.IP_BIND_ADDRESS_NO_PORT, 1)
        if small:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        try:
            opened.bind((self.host(), 0))
            async with asyncio.timeout(CONNECT_S):
                await asyncio.get_running_loop().sock_connect(opened, ("127.0.0.1", self.order.port))
        except (OSError, TimeoutError):
            opened.close()
            self.said["refused"] += 1
            return None
        self.said["opened"] += 1
        return opened

    async def keep_calling(self, ill: Callable[[socket.socket], Awaitable[None]], *, small: bool = False) -> None:
        """Do ill on so many connections at a time, again and again."""
        await asyncio.gather(*(self._line(ill, small) for _ in range(self.order.count)))

    async def send(self, wire: socket.socket, data: bytes) -> None:
        """Send it all."""
        await asyncio.get_running_loop().sock_sendall(wire, data)
        self.said["sent_kib"] += len(data) // 1024

    async def ended(self, wire: socket.socket) -> None:
        """Read until the other end has had enough."""
        while data := await asyncio.get_running_loop().sock_recv(wire, 65_536):
            self.said["heard_kib"] += len(data) // 1024

    async def _line(self, ill: Callable[[socket.socket], Awaitable[None]], small: bool) -> None:
        while True:
            wire = await self.dial(small=small)
            if wire is None:
                await asyncio.sleep(BREATH_S)
                continue
            try:
                await ill(wire)
            except OSError:
                pass
            finally:
                wire.close()
            self.said["ended"] += 1
            await asyncio.sleep(BREATH_S)


def hello(host: str = "larm.example") -> bytes:
    """Return the first words of a TLS handshake."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with suppress(ssl.SSLWantReadError):
        context.wrap_bio(incoming, outgoing, server_hostname=host).do_handshake()
    return outgoing.read()


def noise(length: int) -> bytes:
    """Return bytes that mean nothing."""
    return os.urandom(length)
