"""A centre's receiver that speaks SIA DC-09, over TCP or UDP, in the clear or encrypted.

One message is outstanding; a repeat has the same sequence number. The number is kept in memory and begins anywhere, so
that a process which starts anew, or a second one on the same account that starts in the same second, does not go where
another just was: a receiver tells repeats by account, number and content.
Source: ANSI/SIA DC-09; what we know of it stands in protocols/dc09/README.md.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from larmcentral.channels.receiver_dc09_report import Form, Report, report_of
from larmcentral.channels.receiver_path import PathAnswer, PathResult
from larmcentral.channels.receiver_wire import Wire, in_words, open_wire
from larmcentral.domain.forwarding import Handover, Rehearsed
from larmcentral.domain.notice import Probe
from larmcentral.ports import Clock
from protocols.conversation import Fault, Reply
from protocols.dc09.cipher import RandomBytes, usable
from protocols.dc09.codec import parse_nak, serialise
from protocols.dc09.framing import Frame, Framer
from protocols.dc09.messages import LAST_SEQ, Header, Message, dated
from protocols.dc09.transmitter import ClockSet, Dc09Transmitter, Delivered, NotUnderstood, Unanswered
from protocols.errors import LocalProtocolError, NotAuthentic

ACCOUNT: Final = re.compile(r"[0-9A-Fa-f]{3,16}")
SEQ_BYTES: Final = 4
SENDINGS: Final = 3
"""How often a message goes out within the deadline: two may be lost."""
BEATS_PER_SUPERVISION: Final = 3
"""A receiver that misses two of three link tests still hears the third in time."""
SHORTEST_LEFT_S: Final = 0.2
"""With less of the deadline left no shorter form is tried any more."""

Begin = Callable[[datetime], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dc09Settings:
    """Where the receiver is and who we are there, all told by the centre.

    account: 3 to 16 hex digits. key: 16, 24 or 32 raw bytes, None for clear. receiver: up to 6 hex digits, None leaves
    the field out. supervision: within which we must be heard, None where no heartbeat was ordered. deadline: of one
    try, all in all.
    """

    name: str
    host: str
    port: int
    account: str
    transport: Literal["tcp", "udp"] = "tcp"
    receiver: str | None = "0"
    line: str = "0"
    key: bytes | None = field(default=None, repr=False)
    payload: Literal["sia", "cid"] = "sia"
    character_set: Literal["ascii", "cp1252", "utf-8"] = "ascii"
    supervision: timedelta | None = None
    deadline: timedelta = timedelta(seconds=5)

    def __post_init__(self) -> None:
        if not ACCOUNT.fullmatch(self.account):
            raise ValueError("a DC-09 account has 3 to 16 hex digits")
        if self.key is not None and not usable(self.key):
            raise ValueError("a DC-09 key has 16, 24 or 32 bytes")
        if self.deadline <= timedelta() or (self.supervision is not None and self.supervision <= timedelta()):
            raise ValueError("DC-09 deadline and supervision must be positive")


def key_of(text: str, form: Literal["hex", "ascii"]) -> bytes:
    """Return the raw key. Raises ValueError, without the key, for one that is none."""
    try:
        key = bytes.fromhex(text) if form == "hex" else text.encode("ascii")
    except ValueError:  # UnicodeEncodeError is one
        raise ValueError(f"the DC-09 key is not written in {form}") from None
    if not usable(key):
        raise ValueError("a DC-09 key has 16, 24 or 32 bytes")
    return key


class Dc09Path:
    """One receiver. draw: random bytes for the pads of encrypted messages."""

    def __init__(self, settings: Dc09Settings, clock: Clock, draw: RandomBytes = os.urandom) -> None:
        self._settings, self._clock = settings, clock
        self._deadline_s = settings.deadline.total_seconds()
        self._transmitter = Dc09Transmitter(
            settings.account,
            key=settings.key,
            draw=draw,
            receiver=settings.receiver,
            line=settings.line,
            seq=int.from_bytes(draw(SEQ_BYTES)) % LAST_SEQ + 1,
            repeat_after=settings.deadline / SENDINGS,
        )
        self._turn = asyncio.Lock()
        self._wire: Wire | None = None
        self._running = True

    @property
    def name(self) -> str:
        """Return the name that the settings give it."""
        return self._settings.name

    @property
    def beat_every(self) -> timedelta | None:
        """Return a third of the supervision time."""
        supervision = self._settings.supervision
        return None if supervision is None else supervision / BEATS_PER_SUPERVISION

    async def start(self) -> None:
        """Nothing is opened before there is something to say."""
        self._running = True

    async def stop(self) -> None:
        """Hang up; a try under way ends as UNREACHED."""
        self._running = False
        self._hang_up()

    async def hand_over(self, handover: Handover) -> PathAnswer:
        """Try once, and again with less where the receiver does not understand the whole.

        A test is never said without texts: it would lose its mark.
        """
        ends_s = self._clock.monotonic() + self._deadline_s
        said: list[str] = []
        for form in (Form.WHOLE, Form.ONE_BLOCK) if handover.test else Form:
            left_s = ends_s - self._clock.monotonic()
            if said and left_s < SHORTEST_LEFT_S:
                break
            answer = await self._say(self._begin(handover, form), left_s)
            said.append(answer.words if form is Form.WHOLE else f"{form.value}: {answer.words}")
            if answer.result is not PathResult.UNFIT:
                words, shortest = "; ".join(reversed(said)), form is Form.SHORTEST
                return PathAnswer(answer.result, words, minimal=shortest and answer.result is PathResult.TOOK)
        return PathAnswer(PathResult.UNFIT, "; ".join(said))

    async def heartbeat(self) -> PathAnswer:
        """Send a link test."""
        return await self._say(self._transmitter.poll, self._deadline_s)

    async def probe(self) -> Probe:
        """Connect and hang up; of a receiver of datagrams only the name can be looked up."""
        settings = self._settings
        try:
            async with asyncio.timeout(self._deadline_s):
                (await open_wire(settings.transport, settings.host, settings.port)).close()
        except TimeoutError:
            return Probe(False, "no connection in time")
        except OSError as error:
            return Probe(False, in_words(error))
        return Probe(True)

    def rehearse(self, handover: Handover) -> Rehearsed:
        """Return the text of the frame as it is before encryption, with sequence number 1."""
        settings = self._settings
        try:
            report = self._report(handover, Form.WHOLE)
            header = Header(1, settings.receiver, settings.line, settings.account)
            message = Message(name=report.name, header=header, data=report.data, blocks=report.blocks)
            text = serialise(dated(message, handover.occurred_at))
        except LocalProtocolError as error:
            return Rehearsed(self.name, "", (f"cannot be sent: {error}",))
        sealed = ("goes out encrypted",) if settings.key is not None else ()
        encoding = "utf-8" if settings.character_set == "utf-8" else "cp1252"
        return Rehearsed(self.name, text.decode(encoding, "replace"), (*sealed, *report.notes))

    def _report(self, handover: Handover, form: Form) -> Report:
        settings = self._settings
        return report_of(
            handover,
            account=settings.account,
            payload=settings.payload,
            character_set=settings.character_set,
            form=form,
        )

    def _begin(self, handover: Handover, form: Form) -> Begin:
        def begin(now: datetime) -> bytes:
            report = self._report(handover, form)
            return self._transmitter.report(report.name, report.data, now, report.blocks)

        return begin

    async def _say(self, begin: Begin, within_s: float) -> PathAnswer:
        """Say one thing and wait for its answer, in turn. Whatever happens, nothing stays outstanding behind it."""
        doubts: list[str] = []
        try:
            async with asyncio.timeout(within_s), self._turn:
                return await self._carry(begin, doubts)
        except TimeoutError:
            return _unreached("; ".join(["no answer in time", *dict.fromkeys(doubts)]))
        except LocalProtocolError as error:
            return PathAnswer(PathResult.UNFIT, f"cannot be said in DC-09: {error}")
        except OSError as error:
            return _unreached(in_words(error))

    async def _carry(self, begin: Begin, doubts: list[str]) -> PathAnswer:
        answered = False
        try:
            to_send = begin(self._clock.now())
            while True:
                if not self._running:
                    return _unreached("stopped")
                kept, wire, offset = self._wire is not None, await self._connected(), self._transmitter.offset
                wire.send(to_send)
                heard = await self._answer(wire, doubts, patient=not kept)
                if heard is not None:
                    answered = True
                    return heard
                self._hang_up()
                if not kept and self._transmitter.offset == offset:
                    return _unreached("the receiver hung up without an answer" if self._running else "stopped")
                # A line that was kept may have died while nobody spoke, and a receiver that set our clock may hang up
                # behind it: once more, on a new line, as the same message.
                to_send = self._transmitter.repeat(self._clock.now())
        finally:
            self._transmitter.give_up(self._clock.now())
            if not answered:
                self._hang_up()  # a late answer must not meet the next message

    async def _answer(self, wire: Wire, doubts: list[str], *, patient: bool) -> PathAnswer | None:
        """Wait for what becomes of the outstanding message; None if this line is of no use.

        patient: repeat on this line. Else the first silence ends it.
        """
        while (due_at := self._transmitter.next_deadline()) is not None:
            wait_s = min((due_at - self._clock.now()).total_seconds(), self._deadline_s / SENDINGS)
            try:
                async with asyncio.timeout(max(wait_s, 0.0)):
                    chunk = await wire.receive()
            except TimeoutError:
                if not patient:
                    return None
                events = self._transmitter.deadline_passed(self._clock.now())
            else:
                if not chunk:
                    return None
                events = self._transmitter.receive(chunk, self._clock.now())
            for event in events:
                match event:
                    case Delivered():
                        return PathAnswer(PathResult.TOOK, event.answer.name)
                    case NotUnderstood(raw=raw):
                        return PathAnswer(PathResult.UNFIT, _why_not(raw))
                    case Unanswered():
                        return None
                    case Reply(data=data):
                        wire.send(data)
                    case ClockSet():
                        doubts.append("the receiver set our clock")
                    case Fault(error=error):
                        doubts.append(
                            "its answer does not open with our key"
                            if isinstance(error, NotAuthentic)
                            else "an answer that we cannot read"
                        )
        return None

    async def _connected(self) -> Wire:
        if self._wire is None:
            settings = self._settings
            self._wire = await open_wire(settings.transport, settings.host, settings.port)
        return self._wire

    def _hang_up(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()


def _unreached(words: str) -> PathAnswer:
    return PathAnswer(PathResult.UNREACHED, words)


def _why_not(raw: bytes) -> str:
    """NAK upon NAK is a matter of time or key; DUH one of content."""
    for item in Framer().feed(raw):
        if isinstance(item, Frame) and parse_nak(item.text) is not None:
            return "NAK upon NAK: the receiver refuses our time, or what we say"
    return "DUH: the receiver does not understand it"
