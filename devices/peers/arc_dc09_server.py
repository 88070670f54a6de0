"""A local alarm receiving centre that speaks SIA DC-09 over TCP and UDP, in the clear and encrypted.

It acks what it can read and keeps it; by order it is silent, slow, cut short, or does not understand (reason "DUH" or
"NAK"). Source: ANSI/SIA DC-09 as in protocols/dc09; what it opens and answers is that codec's, so only interoperability
tests with software of others prove both.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import cast

from devices.peers.orders import Fate, Order, Orders
from devices.peers.record import Record, wall_now
from devices.peers.side_port import SidePort
from protocols.dc09.codec import open_envelope, parse, serialise, serialise_nak
from protocols.dc09.framing import Frame, Framer, frame
from protocols.dc09.messages import LINK_TESTS, REPORTS, Message, TimeRefused, ack_of, duh_of
from protocols.dc09.payload import words
from protocols.dc09.reception import EARLIEST, LATEST
from protocols.errors import RemoteProtocolError

READ_BYTES = 8_192


class ArcDc09Server:
    """One centre with a TCP and a UDP port on loopback. keys: account to raw key, None for one in the clear."""

    def __init__(
        self,
        keys: Mapping[str, bytes | None],
        *,
        port: int = 0,
        udp_port: int = 0,
        side_port: int = 0,
        quiet: bool = False,
    ) -> None:
        self.record = Record(quiet=quiet)
        self.orders = Orders()
        self.side = SidePort(self.record, self.orders, port=side_port)
        self.port, self.udp_port = port, udp_port
        self.clock_off = timedelta()
        self.connections_made = 0
        self._keys = {account.upper(): key for account, key in keys.items()}
        self._server: asyncio.Server | None = None
        self._datagrams: asyncio.DatagramTransport | None = None
        self._lines: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen; the ports are known then."""
        self._server = await asyncio.start_server(self._met, "127.0.0.1", self.port)
        self.port = int(self._server.sockets[0].getsockname()[1])
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(self._datagram), local_addr=("127.0.0.1", self.udp_port)
        )
        self._datagrams = transport
        self.udp_port = int(transport.get_extra_info("sockname")[1])
        await self.side.start()

    async def stop(self) -> None:
        """Hang up and stop listening."""
        if self._server is not None:
            self._server.close()
        for line in list(self._lines):
            line.transport.abort()
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._datagrams is not None:
            self._datagrams.close()
        self._server = self._datagrams = None
        await self.side.stop()

    def describe(self) -> dict[str, object]:
        """Return what a client must know. Keys in hex: this centre is for demonstrations and tests alone."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "udp_port": self.udp_port,
            "accounts": {account: None if key is None else key.hex() for account, key in self._keys.items()},
            "side": f"http://127.0.0.1:{self.side.port}",
        }

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._lines.add(writer)
        self.connections_made += 1
        number, framer = self.connections_made, Framer()
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while chunk := await reader.read(READ_BYTES):
                for item in framer.feed(chunk):
                    if isinstance(item, Frame):
                        await self._take(item, number, "tcp", writer.write, writer.transport.abort)
        except (OSError, asyncio.CancelledError):
            pass  # the other end hung up, or we stop
        finally:
            self._tasks.discard(task)
            self._lines.discard(writer)
            writer.close()

    def _datagram(self, data: bytes, answer: Callable[[bytes], None]) -> None:
        for item in Framer().feed(data):
            if isinstance(item, Frame):
                task = asyncio.create_task(self._take(item, 0, "udp", answer, lambda: None))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _take(
        self, item: Frame, connection: int, transport: str, send: Callable[[bytes], None], cut: Callable[[], None]
    ) -> None:
        now = wall_now() + self.clock_off
        try:
            envelope = open_envelope(item.text)
            key = self._keys.get((envelope.header.account or "").upper())
            message = parse(envelope, key)
        except RemoteProtocolError:
            return  # not to be opened: silence, as a receiver that gives nothing away
        account = (message.header.account or "").upper()
        order = self.orders.take(account)
        answer, word = self._judge(message, key, order, now)
        met = order.fate is Fate.ANSWER
        self.record.add(
            notice_id=f"{message.header.seq:04d}",
            address=account,
            status=200 if met and word == "ACK" else 0,
            reason=word if met else order.fate.value,
            connection=connection,
            headers={"transport": transport},
            body=json.dumps(_told(message, item)).encode(),
        )
        if order.delay_s:
            await asyncio.sleep(order.delay_s)
        match order.fate:
            case Fate.ANSWER:
                send(answer)
            case Fate.HALF:
                send(answer[: len(answer) // 2])
            case Fate.CUT | Fate.RESET:
                cut()
            case Fate.SILENCE | Fate.GOAWAY | Fate.GOAWAY_UNSEEN:
                pass

    def _judge(self, message: Message, key: bytes | None, order: Order, now: datetime) -> tuple[bytes, str]:
        known = (message.header.account or "").upper() in self._keys
        if order.reason == "NAK" or (message.encrypted and not _dated_now(message, now)):
            return frame(serialise_nak(TimeRefused(now.replace(microsecond=0)))), "NAK"
        if order.reason == "DUH" or not known or message.name not in REPORTS | LINK_TESTS:
            return frame(serialise(duh_of(message))), "DUH"
        return frame(serialise(ack_of(message, now), key, os.urandom)), "ACK"


def _dated_now(message: Message, now: datetime) -> bool:
    return message.sent_at is not None and EARLIEST <= message.sent_at - now <= LATEST


def _told(message: Message, item: Frame) -> dict[str, object]:
    return {
        "name": message.name,
        "seq": message.header.seq,
        "receiver": message.header.receiver,
        "line": message.header.line,
        "account": message.header.account,
        "data": words(message.data),
        "blocks": [[block.letter, words(block.text)] for block in message.blocks],
        "sent_at": None if message.sent_at is None else message.sent_at.isoformat(),
        "encrypted": message.encrypted,
        "frame": item.raw.hex(),
    }


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, take: Callable[[bytes, Callable[[bytes], None]], None]) -> None:
        self._take = take
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)  # uvloop's is none by its class

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        transport = self._transport
        assert transport is not None
        self._take(data, lambda answer: transport.sendto(answer, addr))
