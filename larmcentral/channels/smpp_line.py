"""One bound connection to a message centre: questions and their answers, and what the centre says by itself.

Answers find their questions by number, so one that comes after we gave it up harms nothing. Source: protocols/smpp.py.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, assert_never

import structlog

from larmcentral.channels.dial import NoLine, dial, hang_up, in_words
from larmcentral.ports import Clock
from protocols.errors import ContentError, RemoteProtocolError
from protocols.smpp import (
    BIND_FAILED,
    DELIVER_SM,
    ENQUIRE_LINK,
    GENERIC_NACK,
    HEADER_BYTES,
    INVALID_COMMAND,
    INVALID_PASSWORD,
    INVALID_SYSTEM_ID,
    OK,
    QUEUE_FULL,
    UNBIND,
    Answer,
    Bind,
    Body,
    Deliver,
    EnquireLink,
    Framer,
    Message,
    Pdu,
    Submit,
    Unbind,
    Unknown,
    parse,
    serialise,
    status_name,
)

log = structlog.get_logger(__name__)

READ_BYTES: Final = 65_536
MOST_BEING_TAKEN: Final = 100
"""Messages of the centre that wait for our store; beyond that we ask it to come again."""
LAST_SEQUENCE: Final = 0x7FFF_FFFF
FAREWELL_S: Final = 0.5

TakeMessage = Callable[[Message], Awaitable[int]]
"""Takes what the centre delivers; returns the status to answer with, once it is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who we are to the centre, and how long we wait. tls: None for a clear connection."""

    host: str
    port: int
    tls: ssl.SSLContext | None
    system_id: str
    password: str = field(repr=False)
    system_type: str
    bind_within: timedelta
    enquire_every: timedelta
    answer_within: timedelta


class NotWelcome(NoLine):
    """The centre refuses our name or password: to knock on may lock us out."""


class SmppLine:
    """A bound connection; made by bind(), over when gone is set."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, take: TakeMessage, clock: Clock
    ) -> None:
        self._reader, self._writer, self._take, self._clock = reader, writer, take, clock
        self._framer = Framer()
        self._asked: dict[int, asyncio.Future[Answer]] = {}
        self._sequence = 0
        self._taking: set[asyncio.Task[None]] = set()
        self._doubted = asyncio.Event()
        self._heard = 0
        self.gone = asyncio.Event()
        self.why_gone = ""
        self._work = [asyncio.create_task(self._listen())]

    @classmethod
    async def bind(cls, account: Account, take: TakeMessage, clock: Clock) -> SmppLine:
        """Connect and bind as a transceiver, within bind_within. Raises NoLine, NotWelcome."""
        ends_at = asyncio.get_running_loop().time() + account.bind_within.total_seconds()
        within_s = account.bind_within.total_seconds()
        line = cls(*await dial(account.host, account.port, account.tls, within_s), take, clock)
        try:
            async with asyncio.timeout_at(ends_at):
                await line._bind(account)
        except TimeoutError:
            await line.close("the bind was not answered in time")
            raise NoLine("the bind was not answered in time") from None
        except (NoLine, asyncio.CancelledError):
            await line.close("not bound")
            raise
        line._work.append(asyncio.create_task(line._enquire(account.enquire_every, account.answer_within)))
        return line

    async def _bind(self, account: Account) -> None:
        bind = Bind(system_id=account.system_id, password=account.password, system_type=account.system_type)
        answer = await self.ask(bind)
        if answer.status != OK:
            why = f"the bind is refused: {status_name(answer.status)}"
            if answer.status in (BIND_FAILED, INVALID_PASSWORD, INVALID_SYSTEM_ID):
                raise NotWelcome(f"{why} (our system_id or password)")
            raise NoLine(why)

    async def ask(self, body: Bind | Submit | EnquireLink | Unbind) -> Answer:
        """Ask and wait for the answer, as long as the caller likes. Raises NoLine where the connection breaks."""
        if self.gone.is_set():
            raise NoLine(self.why_gone)
        self._sequence = self._sequence % LAST_SEQUENCE + 1
        sequence = self._sequence
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._asked[sequence] = answer
        try:
            self._say(sequence, body)
            return await answer
        finally:
            del self._asked[sequence]

    def doubt(self) -> None:
        """Say that an answer did not come: ask at once whether anybody is there."""
        self._doubted.set()

    async def close(self, why: str) -> None:
        """Close without a word; whoever waits for an answer gets NoLine."""
        self._lose(why)
        for task in (*self._work, *self._taking):
            task.cancel()
        await asyncio.wait([*self._work, *self._taking])
        await hang_up(self._writer)

    async def part(self) -> None:
        """Say good-bye, wait a moment for the answer, close."""
        try:
            async with asyncio.timeout(FAREWELL_S):
                await self.ask(Unbind())
        except (NoLine, TimeoutError):
            pass
        await self.close("stopped")

    async def _enquire(self, every: timedelta, within: timedelta) -> None:
        while not self.gone.is_set():
            await self._quiet(every.total_seconds())
            self._doubted.clear()
            heard = self._heard
            try:
                async with asyncio.timeout(within.total_seconds()):
                    await self.ask(EnquireLink())
            except TimeoutError:
                if heard == self._heard:
                    self._lose("enquire_link was not answered")
            except NoLine:
                return

    async def _quiet(self, every_s: float) -> None:
        """Return when it is time to ask, or somebody doubts."""
        asleep = asyncio.create_task(self._clock.sleep(every_s))
        doubting = asyncio.create_task(self._doubted.wait())
        try:
            await asyncio.wait([asleep, doubting], return_when=asyncio.FIRST_COMPLETED)
        finally:
            asleep.cancel()
            doubting.cancel()

    async def _listen(self) -> None:
        try:
            while chunk := await self._reader.read(READ_BYTES):
                self._heard += len(chunk)
                for frame in self._framer.feed(chunk):
                    self._hear(frame)
            self._lose("the centre closed the connection")
        except RemoteProtocolError as error:
            self._lose(f"what came is no SMPP: {error}")
        except OSError as error:
            self._lose(in_words(error))

    def _hear(self, frame: bytes) -> None:
        try:
            pdu = parse(frame)
        except ContentError:
            log.warning("smpp_unreadable", command=int.from_bytes(frame[4:8], "big"))
            self._say(int.from_bytes(frame[12:HEADER_BYTES], "big"), Answer(to=GENERIC_NACK, status=INVALID_COMMAND))
            return
        match pdu.body:
            case Answer():
                waiting = self._asked.get(pdu.sequence)
                if waiting is not None and not waiting.done():
                    waiting.set_result(pdu.body)
            case Deliver(message):
                self._deliver(pdu.sequence, message)
            case EnquireLink():
                self._say(pdu.sequence, Answer(to=ENQUIRE_LINK))
            case Unbind():
                self._say(pdu.sequence, Answer(to=UNBIND))
                self._lose("the centre said good-bye")
            case Bind() | Submit() | Unknown():
                self._say(pdu.sequence, Answer(to=GENERIC_NACK, status=INVALID_COMMAND))
            case _:
                assert_never(pdu.body)

    def _deliver(self, sequence: int, message: Message) -> None:
        if len(self._taking) >= MOST_BEING_TAKEN:
            self._say(sequence, Answer(to=DELIVER_SM, status=QUEUE_FULL))
            return
        task = asyncio.create_task(self._take_one(sequence, message))
        self._taking.add(task)
        task.add_done_callback(self._taking.discard)

    async def _take_one(self, sequence: int, message: Message) -> None:
        status = await self._take(message)
        if not self.gone.is_set():
            self._say(sequence, Answer(to=DELIVER_SM, status=status))

    def _say(self, sequence: int, body: Body) -> None:
        self._writer.write(serialise(Pdu(sequence, body)))

    def _lose(self, why: str) -> None:
        if self.gone.is_set():
            return
        self.why_gone = why
        self.gone.set()
        self._doubted.set()
        for waiting in self._asked.values():
            if not waiting.done():
                waiting.set_exception(NoLine(why))
