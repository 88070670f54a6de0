"""A subscription at a broker: we call it, and what it hands us is acknowledged once it is on disk.

The broker keeps our session while we are away, so nothing at QoS 1 is lost with a connection: what was not acknowledged
comes again on the next one. Acknowledgements leave in the order of the messages, as MQTT demands.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NoReturn, assert_never

import structlog

from larmcentral.bridge import Tasks
from larmcentral.endpoint import Broker
from larmcentral.receivers.answers import Answers, Owed
from larmcentral.receivers.reception import Admission, Reception
from protocols.conversation import SignalsReceived
from protocols.errors import RemoteProtocolError
from protocols.mqtt.messages import Publication
from protocols.mqtt.packets import DISCONNECT, Published
from protocols.mqtt.reading import Reader
from protocols.mqtt.session import Arrived, BrokerSession, Lost, Ready, Say, SessionEvent, Subscriber

CONNECT_S: Final = 10.0
FIRST_BACK_OFF_S: Final = 0.5
LONGEST_BACK_OFF_S: Final = 20.0
"""A broker's own restart takes some seconds; whoever waits longer than this for a panic waits too long."""
STOP_S: Final = 10.0
"""What is under way has this long to reach the disk and be acknowledged; the rest comes again."""
AGAIN_FIRST_S: Final = 0.5
AGAIN_LONGEST_S: Final = 2.0
"""A broker hands out some 20 messages at a time: an alarm may stand behind those that wait here for the store."""
MOST_TRIES: Final = 40
"""Some 80 s with the store away; then we hang up, and the broker hands it to us again."""
MOST_OWED: Final = 1_000
"""Acks that wait for the one before them; beyond it no more is read. Brokers allow some 20 to 100."""
LEAVING_S: Final = 2.0
"""What TLS has to say goodbye."""
READ_BYTES: Final = 65_536

_log = structlog.get_logger(__name__)


class _Ended(Exception):
    """The connection is over. Its words say why, without contents."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where we subscribe, and as whom. tls: how the broker's certificate is checked, None without TLS."""

    broker: Broker
    subscriber: Subscriber
    tls: ssl.SSLContext | None = None


class MqttSubscriber:
    """One subscription for as long as it runs. Starts and stops in any order, any number of times."""

    def __init__(self, subscription: Subscription, *, reception: Reception, reader: Reader) -> None:
        self.reception: Final = reception
        self.name: Final = reception.receiver.name
        self._subscription, self._reader, self._clock = subscription, reader, reception.clock
        self.tasks: Final = Tasks(self._failed)
        self._running: asyncio.Task[None] | None = None
        self._line: _Line | None = None
        self._back_off_s = FIRST_BACK_OFF_S
        self._told: str | None = None

    @property
    def connected(self) -> bool:
        """True while we are subscribed to all that we want to hear."""
        return self._line is not None and self._line.ready

    def start(self) -> None:
        """Begin to call the broker, and do not wait for it: one that is away is a fault, and keeps nobody else away."""
        if self._running is None:
            self.reception.metrics.broker(self.name, connected=False)
            self._running = asyncio.create_task(self._run(), name=f"subscription {self.name}")

    async def stop(self) -> None:
        """Take no more, let what is under way be stored and acknowledged, say goodbye; the session stays with it."""
        running, self._running = self._running, None
        if running is None:
            return
        if self._line is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._line.settle(), STOP_S)
        running.cancel()
        await asyncio.wait([running])
        if cancelled := await self.tasks.finish(STOP_S):
            _log.error("arrivals_cancelled", receiver=self.name, number=cancelled)

    async def _run(self) -> None:
        while True:
            begun_s = self._clock.monotonic()
            try:
                why = await self._visit()
            except Exception:  # our bug costs this connection; what was not acknowledged comes again
                _log.exception("subscription_failed", receiver=self.name)
                why = "our own bug"
            self.reception.metrics.broker_lost(self.name)
            if why != self._told:
                _log.warning("broker_lost", receiver=self.name, why=why)
            self._told = why
            if self._clock.monotonic() - begun_s > LONGEST_BACK_OFF_S:
                self._back_off_s = FIRST_BACK_OFF_S  # a broker that takes us and throws us out at once is called seldom
            await self._clock.sleep(self._back_off_s)
            self._back_off_s = min(LONGEST_BACK_OFF_S, self._back_off_s * 2)

    async def _visit(self) -> str:
        """Hold one connection for as long as it lasts; return why it ended."""
        at = self._subscription
        try:
            async with asyncio.timeout(CONNECT_S):
                reader, writer = await asyncio.open_connection(
                    at.broker.host, at.broker.port, ssl=at.tls, server_hostname=at.broker.host if at.tls else None
                )
        except TimeoutError:
            return "no connection within the time"
        except (OSError, ssl.SSLError) as error:
            return f"no connection: {error.strerror or type(error).__name__}"
        except UnicodeError:
            return "no connection: its name can be no host's"
        line = self._line = _Line(self, writer, at.subscriber)
        try:
            await line.converse(reader)
        except _Ended as ended:
            return str(ended)
        except (OSError, ssl.SSLError) as error:
            return f"the connection broke: {error.strerror or type(error).__name__}"
        finally:
            self._line = None
            self.reception.metrics.broker(self.name, connected=False)
            await line.close()

    def read(self, published: Published, now: datetime) -> SignalsReceived | None:
        """Return what a message says; None for one that means nothing, which is kept."""
        publication = Publication(topic=published.topic, payload=published.payload, retained=published.retained)
        raw = published.topic.encode("utf-8", "replace") + b"\n" + published.payload
        try:
            return SignalsReceived(self._reader.read(publication, now), raw)
        except RemoteProtocolError as error:
            self.reception.fault(error, raw, now)
        except Exception:
            self.reception.our_bug(raw, now)
        return None

    def subscribed(self, ready: Ready) -> None:
        """The broker has taken us; what it keeps from us is a fault, and the rest is heard."""
        self._told = None
        self.reception.metrics.broker(self.name, connected=not ready.refused)
        _log.info("subscribed", receiver=self.name, resumed=ready.resumed)
        if ready.refused:
            _log.warning("topics_refused", receiver=self.name, topics=ready.refused)

    def _failed(self, error: BaseException) -> None:
        _log.error("publication_failed", receiver=self.name, exc_info=error)


class _Line:
    """One connection to the broker."""

    def __init__(self, owner: MqttSubscriber, writer: asyncio.StreamWriter, subscriber: Subscriber) -> None:
        self._owner, self._writer = owner, writer
        self._reception, self._clock = owner.reception, owner.reception.clock
        self._session = BrokerSession(subscriber, self._clock.now())
        self._answers = Answers(self._write)
        self._under_way = 0
        self._room, self._idle = asyncio.Event(), asyncio.Event()
        self._room.set()
        self._idle.set()
        self._given_up: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._settling = self._closed = False
        self.ready = False

    async def converse(self, reader: asyncio.StreamReader) -> NoReturn:
        """Hear the broker until one of us ends it. Raises _Ended, OSError."""
        self._write(self._session.first_bytes)
        while True:
            chunk = await self._next(reader)
            now = self._clock.now()
            if chunk is not None and not chunk:
                raise _Ended("the broker hung up")
            events = [] if chunk is None else self._session.receive(chunk, now)
            for event in (*events, *self._session.deadline_passed(now)):
                self._handle(event, now)
            await self._writer.drain()

    async def settle(self) -> None:
        """Take nothing new, and wait until all that is under way is stored and acknowledged."""
        self._settling = True
        await self._idle.wait()

    async def close(self) -> None:
        """Leave; what is under way is still stored, and comes again as a repeat."""
        self._closed = True
        self._answers.forget()
        if not self._writer.transport.is_closing():
            self._writer.write(DISCONNECT)
        self._writer.close()
        with contextlib.suppress(OSError, ssl.SSLError, TimeoutError):
            await asyncio.wait_for(self._writer.wait_closed(), LEAVING_S)

    async def _next(self, reader: asyncio.StreamReader) -> bytes | None:
        """The next bytes; None where the session's deadline comes first, or while too much waits for the disk."""
        if self._given_up.done():
            raise _Ended(self._given_up.result())
        due_at = self._session.next_deadline()
        wait_s = None if due_at is None else max(0.0, (due_at - self._clock.now()).total_seconds())
        reading: asyncio.Future[bytes | None] = asyncio.ensure_future(self._read(reader))
        given_up: asyncio.Future[Any] = self._given_up
        try:
            await asyncio.wait({reading, given_up}, timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
            if reading.done():
                return reading.result()
            if self._given_up.done():
                raise _Ended(self._given_up.result())
            return None
        finally:
            reading.cancel()

    async def _read(self, reader: asyncio.StreamReader) -> bytes | None:
        if self._room.is_set():
            return await reader.read(READ_BYTES)
        await self._room.wait()
        return None

    def _handle(self, event: SessionEvent, now: datetime) -> None:
        match event:
            case Say(data):
                self._write(data)
            case Ready():
                self.ready = not event.refused
                self._owner.subscribed(event)
            case Arrived(published):
                if not self._settling:
                    self._arrived(published, now)
            case Lost(why):
                raise _Ended(why)
            case _:
                assert_never(event)

    def _arrived(self, published: Published, now: datetime) -> None:
        owed = None if published.number is None else self._answers.owe()
        received = self._owner.read(published, now)
        # A broker does not tell where its publishers are: what strangers are granted is granted to each name.
        name = "" if received is None else received.signals[0].device or ""
        if received is None or self._reception.admit(received, name, now) is not Admission.TAKE_IN:
            self._acknowledge(published, owed)  # kept and counted; the broker need not keep it as well
            return
        self._under_way += 1
        self._idle.clear()
        self._pace()
        self._owner.tasks.start(self._take_in(received, published, owed, now))

    async def _take_in(self, received: SignalsReceived, published: Published, owed: Owed | None, at: datetime) -> None:
        """Have it stored, however often that takes; while it is not, the broker keeps it for us."""
        try:
            if await self._stored(received, at):
                self._acknowledge(published, owed)
            elif not self._given_up.done():
                self._given_up.set_result("a message could not be stored")
        finally:
            self._under_way -= 1
            self._pace()
            if self._under_way == 0:
                self._idle.set()

    async def _stored(self, received: SignalsReceived, at: datetime) -> bool:
        received_s, pause_s = self._clock.monotonic(), AGAIN_FIRST_S
        for _ in range(MOST_TRIES):
            if await self._reception.take_in(received, at, received_s) is None:
                return True
            if self._closed:
                break  # it comes again on the next connection
            await self._clock.sleep(pause_s)
            pause_s = min(AGAIN_LONGEST_S, pause_s * 2)
        return False

    def _acknowledge(self, published: Published, owed: Owed | None) -> None:
        if owed is not None and published.number is not None and not self._closed:
            self._answers.give(owed, self._session.acknowledge(published.number, self._clock.now()))
            self._pace()

    def _pace(self) -> None:
        """Read on, or wait until the disk has caught up."""
        if self._under_way >= self._reception.limits.under_way or len(self._answers) >= MOST_OWED:
            self._room.clear()
        else:
            self._room.set()

    def _write(self, data: bytes) -> None:
        if not self._writer.transport.is_closing():
            self._writer.write(data)
