"""A strict little MQTT broker: sessions that outlive connections, retained messages, and a record of what was acked."""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass, field

from protocols.mqtt.packets import PacketFramer, publish


@dataclass
class Session:
    """What is kept for a client. unacked: number -> packet."""

    topics: list[str] = field(default_factory=list)
    unacked: dict[int, bytes] = field(default_factory=dict)
    writer: asyncio.StreamWriter | None = None
    number: int = 0


class FakeBroker:
    """acked: numbers in the order of their PUBACKs. heard: (topic, payload) of what clients published.

    keeps: topics that nobody may subscribe to.
    """

    def __init__(self) -> None:
        self.sessions: dict[str, Session] = {}
        self.retained: dict[str, bytes] = {}
        self.acked: list[int] = []
        self.heard: list[tuple[str, bytes]] = []
        self.logins: list[tuple[str, str | None, str | None]] = []
        self.refuses = 0
        self.silent = False
        self.keeps: set[str] = set()
        self.pings = 0
        self.port = 0
        self._server: asyncio.Server | None = None
        self._visits: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._visit, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Be gone; sessions are kept."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        self.cut()
        await asyncio.gather(*self._visits, return_exceptions=True)

    def cut(self) -> None:
        """Break every connection."""
        for visit in self._visits:
            visit.cancel()

    def publish(self, topic: str, payload: bytes, *, retained: bool = False) -> None:
        if retained:
            self.retained[topic] = payload
        for session in self.sessions.values():
            if any(_fits(one, topic) for one in session.topics):
                self._deliver(session, topic, payload, retained=False)

    def throw(self, octets: bytes, number: int | None = None) -> None:
        """Say any bytes to whoever is there. number: of the message in them, which then wants its PUBACK."""
        for session in self.sessions.values():
            if number is not None:
                session.number = number
                session.unacked[number] = octets
            if session.writer is not None:
                session.writer.write(octets)

    def _deliver(self, session: Session, topic: str, payload: bytes, *, retained: bool) -> None:
        session.number += 1
        packet = publish(topic, payload, session.number, retained=retained)
        session.unacked[session.number] = packet
        if session.writer is not None:
            session.writer.write(packet)

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._visits.add(task)
        framer, session = PacketFramer(), Session()
        try:
            while chunk := await reader.read(65_536):
                for first, body in framer.receive(chunk):
                    session = self._take(first, body, session, writer)
        except (OSError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            if session.writer is writer:
                session.writer = None
            self._visits.discard(task)
            writer.close()

    def _take(self, first: int, body: bytes, session: Session, writer: asyncio.StreamWriter) -> Session:
        if self.silent:
            return session
        match first >> 4:
            case 1:
                return self._connected(body, writer)
            case 8:
                self._subscribed(body, session)
            case 3:
                self._published(first, body, writer)
            case 4:
                number = int.from_bytes(body, "big")
                self.acked.append(number)
                del session.unacked[number]
            case 12:
                self.pings += 1
                writer.write(b"\xd0\x00")
        return session

    def _connected(self, body: bytes, writer: asyncio.StreamWriter) -> Session:
        assert body[:7] == b"\0\4MQTT\4"
        flags, texts, at = body[7], [], 10
        while at < len(body):
            (length,) = struct.unpack_from(">H", body, at)
            texts.append(body[at + 2 : at + 2 + length].decode())
            at += 2 + length
        user = texts[1] if flags & 128 else None
        self.logins.append((texts[0], user, texts[-1] if flags & 64 else None))
        present = not flags & 2 and texts[0] in self.sessions
        session = self.sessions[texts[0]] if present else Session()
        self.sessions[texts[0]] = session
        writer.write(bytes([0x20, 2, present and not self.refuses, self.refuses]))
        if not self.refuses:
            session.writer = writer
            for packet in session.unacked.values():
                writer.write(bytes([packet[0] | 8]) + packet[1:])
        return session

    def _subscribed(self, body: bytes, session: Session) -> None:
        topics, at = [], 2
        while at < len(body):
            (length,) = struct.unpack_from(">H", body, at)
            topics.append(body[at + 2 : at + 2 + length].decode())
            at += 3 + length
        session.topics = [topic for topic in topics if topic not in self.keeps]
        assert session.writer is not None
        codes = bytes(0x80 if topic in self.keeps else 1 for topic in topics)
        session.writer.write(b"\x90" + bytes([2 + len(topics)]) + body[:2] + codes)
        for topic, payload in self.retained.items():
            if any(_fits(one, topic) for one in topics):
                self._deliver(session, topic, payload, retained=True)

    def _published(self, first: int, body: bytes, writer: asyncio.StreamWriter) -> None:
        (length,) = struct.unpack_from(">H", body)
        topic, at = body[2 : 2 + length].decode(), 2 + length
        if first & 6:
            writer.write(b"\x40\2" + body[at : at + 2])
            at += 2
        self.heard.append((topic, body[at:]))
        self.publish(topic, body[at:], retained=bool(first & 1))


def _fits(wanted: str, topic: str) -> bool:
    asked, said = wanted.split("/"), topic.split("/")
    for place, part in enumerate(asked):
        if part == "#":
            return True
        if place >= len(said) or part not in ("+", said[place]):
            return False
    return len(asked) == len(said)
