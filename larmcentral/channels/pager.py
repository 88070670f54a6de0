"""Calls to pagers and DECT handsets by ESPA 4.4.4 over TCP. Leaves the house: takes Outward notices only.

One connection, one call at a time, as on the serial line behind the gateway. The exchange's ACK says that it has the
call; whether a handset was in reach, or anybody read it, it never says: SENT is the most that comes back. Calls are
calls to pagers (header 1) and never calls to a telephone line (header 4). Source: protocols/espa444.py.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, assert_never

from larmcentral.channels.cutting import plain
from larmcentral.channels.dial import NoLine, dial, hang_up, in_words
from larmcentral.channels.wording import Wording
from larmcentral.domain.notice import Delivery, DeliveryState, Outward, Probe, ServiceMessage
from larmcentral.ports import Clock
from protocols.espa444 import EOT, EXCHANGE, MAX_ADDRESS_CHARS, MAX_TEXT_CHARS, OURS, Call, serialise, with_parity
from protocols.espa444_roles import Caller, Ended, Outcome, Say
from protocols.espa444_text import CharacterSet, encode_text

ADDRESS: Final = re.compile(rf"[0-9A-Za-z*#]{{1,{MAX_ADDRESS_CHARS}}}")
STATION: Final = re.compile(r"[0-9]")
SHORTEST_TEXT: Final = 16
READ_BYTES: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerSettings:
    """The exchange, and how handsets behave; as agreed with whoever keeps it.

    beep: 0 to 9. priority: 1 alarm, 2 high, 3 normal. call_type: 1 reset, 2 speech, 3 standard. text_limit: signs of
    the handsets' display, 16 to 128. even_parity: the gateway wants seven bits and parity; needs SWEDISH7. own,
    exchange: station addresses. deadline: for one call, all in all.
    """

    host: str
    port: int
    beep: int = 3
    priority: int = 1
    call_type: int = 3
    text_limit: int = 80
    characters: CharacterSet = CharacterSet.LATIN1
    even_parity: bool = False
    own: str = OURS
    exchange: str = EXCHANGE
    deadline: timedelta = timedelta(seconds=5)

    def __post_init__(self) -> None:
        if not self.host or not 0 < self.port <= 65_535:
            raise ValueError("the pager exchange needs a host and a port")
        if not 0 <= self.beep <= 9 or not 1 <= self.priority <= 3 or not 1 <= self.call_type <= 3:
            raise ValueError("pager beep is 0 to 9, priority and call_type are 1 to 3")
        if not SHORTEST_TEXT <= self.text_limit <= MAX_TEXT_CHARS:
            raise ValueError(f"pager text_limit is {SHORTEST_TEXT} to {MAX_TEXT_CHARS}")
        if self.even_parity and self.characters is not CharacterSet.SWEDISH7:
            raise ValueError("pager parity needs a character set of seven bits")
        if not STATION.fullmatch(self.own) or not STATION.fullmatch(self.exchange) or self.own == self.exchange:
            raise ValueError("pager station addresses are two different digits")
        if self.deadline <= timedelta():
            raise ValueError("pager deadline must be positive")


class PagerChannel:
    """One call a notice, cut to the display."""

    def __init__(self, settings: PagerSettings, clock: Clock, wording: Wording) -> None:
        self._settings, self._clock, self._wording = settings, clock, wording
        self._turn = asyncio.Lock()
        self._line: _Line | None = None
        self._started = False

    async def start(self) -> None:
        """Let calls through. The connection is made with the first."""
        self._started = True

    async def stop(self) -> None:
        """Close; calls under way end as RETRY."""
        self._started = False
        await self._drop("stopped")

    async def send(self, notice: Outward) -> Delivery:
        """Try once. The exchange knows no repeat: after a call without an answer the next may ring a second time."""
        if not isinstance(notice, Outward):
            raise TypeError("a pager call leaves the house: outward notices only")
        return await self._call(notice.address, self._wording.pager(notice.text, self._settings.text_limit))

    async def post(self, message: ServiceMessage) -> Delivery:
        """Show words about ourselves; the title does not fit beside them."""
        return await self._call(message.address, plain(message.body))

    async def probe(self) -> Probe:
        """Select the exchange and leave again: it answers, and no handset rings."""
        try:
            ended = await self._converse(None)
        except NoLine as error:
            return Probe(alive=False, reason=str(error))
        alive = ended.outcome is Outcome.TAKEN
        return Probe(alive=alive, reason="" if alive else f"the exchange is not ready ({_nak(ended)})")

    async def _call(self, address: str, words: str) -> Delivery:
        if not ADDRESS.fullmatch(address):
            return Delivery(state=DeliveryState.REFUSED, reason="not a pager's number (1 to 16 digits or letters)")
        settings = self._settings
        block = serialise(
            Call(
                address=address,
                text=encode_text(words, settings.characters)[: settings.text_limit],
                beep=settings.beep,
                call_type=settings.call_type,
                priority=settings.priority,
            )
        )
        try:
            ended = await self._converse(block)
        except NoLine as error:
            return Delivery(state=DeliveryState.RETRY, reason=str(error))
        match ended.outcome:
            case Outcome.TAKEN:
                return Delivery(state=DeliveryState.SENT, answer="ACK: the exchange has the call")
            case Outcome.NOT_READY:
                reason = f"the exchange is not ready ({_nak(ended)})"
            case Outcome.NOT_TAKEN:
                reason = f"the exchange did not take the call ({_nak(ended)})"
            case _:
                assert_never(ended.outcome)
        return Delivery(state=DeliveryState.RETRY, reason=reason, answer=_nak(ended))

    async def _converse(self, block: bytes | None) -> Ended:
        """Wait for our turn and go through one call, all within the deadline. Raises NoLine."""
        try:
            async with asyncio.timeout(self._settings.deadline.total_seconds()), self._turn:
                try:
                    return await self._on_line(block)
                except asyncio.CancelledError:
                    # Whatever comes now would pass for the answer to the next call.
                    await self._drop("given up")
                    raise
        except TimeoutError:
            raise NoLine("no answer in time") from None

    async def _on_line(self, block: bytes | None) -> Ended:
        kept = self._line
        if kept is not None and not kept.gone:
            try:
                return await kept.call(block)
            except NoLine:
                if kept.block_is_out or not self._started:
                    raise
        # The exchange had closed the idle line: nothing was said on it that counts.
        await self._drop("gone")
        self._check_started()
        settings = self._settings
        reader, writer = await dial(settings.host, settings.port, None, settings.deadline.total_seconds())
        line = self._line = _Line(reader, writer, settings)
        try:
            self._check_started()
        except NoLine:
            await self._drop("stopped")
            raise
        return await line.call(block)

    def _check_started(self) -> None:
        if not self._started:
            raise NoLine("stopped")

    async def _drop(self, why: str) -> None:
        line, self._line = self._line, None
        if line is not None:
            await line.close(why)


class _Line:
    """One connection: writes what the caller's role says, and gives it what comes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, settings: PagerSettings) -> None:
        self._writer, self._parity = writer, settings.even_parity
        self._caller = Caller(own=settings.own, exchange=settings.exchange, seven_bits=settings.even_parity)
        self._ended: asyncio.Future[Ended] | None = None
        self.gone: str = ""
        self._say(EOT)  # whatever was under way behind the gateway is over
        self._listening = asyncio.create_task(self._listen(reader))

    @property
    def block_is_out(self) -> bool:
        """Whether a block was sent and not answered: the exchange may have the call."""
        return self._caller.block_is_out

    async def call(self, block: bytes | None) -> Ended:
        """Go through one call. Raises NoLine."""
        if self.gone:
            raise NoLine(self.gone)
        self._ended = asyncio.get_running_loop().create_future()
        self._say(self._caller.begin(block))
        return await self._ended

    async def close(self, why: str) -> None:
        """Close; a call under way raises NoLine."""
        self._lose(why)
        self._listening.cancel()
        await asyncio.wait([self._listening])
        await hang_up(self._writer)

    def _say(self, data: bytes) -> None:
        self._writer.write(with_parity(data) if self._parity else data)

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        try:
            while chunk := await reader.read(READ_BYTES):
                for said in self._caller.receive(chunk):
                    match said:
                        case Say(data):
                            self._say(data)
                        case Ended():
                            if self._ended is not None and not self._ended.done():
                                self._ended.set_result(said)
                        case _:
                            assert_never(said)
            self._lose("the exchange closed the connection")
        except OSError as error:
            self._lose(in_words(error))

    def _lose(self, why: str) -> None:
        self.gone = self.gone or why
        if self._ended is not None and not self._ended.done():
            self._ended.set_exception(NoLine(why))


def _nak(ended: Ended) -> str:
    return "it broke off" if ended.why == "EOT" else f"NAK {ended.why}".strip()
