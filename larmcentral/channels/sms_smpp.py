"""Text messages straight to a carrier's message centre, SMPP 3.4. Leaves the house: takes Outward notices only.

One connection is kept, so that receipts and answers ("JA") come in while nothing goes out. aiosmpplib's client is not
used: it speaks no TLS, sends what waited whenever it is back, however late, knows no deadline for one message, and
gives up receipts whose fields it does not expect; the few PDUs that are left are protocols/smpp.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, assert_never

import structlog

from larmcentral.channels.cutting import plain
from larmcentral.channels.dial import NoLine
from larmcentral.channels.gsm7 import one_message
from larmcentral.channels.phone_number import E164, NumberRefused, textable
from larmcentral.channels.smpp_line import Account, NotWelcome, SmppLine
from larmcentral.channels.smpp_message import delivery, sender_number, submit_of, words_of
from larmcentral.channels.sms_46elks import SENDER_NAME
from larmcentral.channels.tls import trust
from larmcentral.channels.wording import Wording
from larmcentral.domain.forwarding import CentreCall
from larmcentral.domain.notice import Delivery, DeliveryState, Outward, Probe, ServiceMessage
from larmcentral.ports import Clock
from protocols import smpp
from protocols.smpp import EnquireLink, Message
from protocols.smpp_receipt import MessageState, is_receipt, parse_receipt

log = structlog.get_logger(__name__)

FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 30.0
KNOCK_EVERY_S: Final = 0.2
"""However many notices wait for a connection, the centre is not asked for one more often."""

OnReceipt = Callable[[str, Delivery], Awaitable[None]]
"""The centre's name for a message, and what became of it: DELIVERED or REFUSED."""
OnText = Callable[[str, str], Awaitable[str | None]]
"""A number, and what was written from it; returns words to send back, None for none. May raise: it comes again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmppSettings:
    """The centre, and who we are to it.

    sender: a name of 3 to 11 letters and digits, or our number in E.164, which alone can be answered. password: 8
    signs at most, the protocol has no room for more. tls: off only inside a tunnel of the carrier's, for number,
    text and password are in clear then. window: unanswered messages at once, as agreed. deadline: for one try, all
    in all; the greater part of it may go to connecting. throttle_pause: the centre says that it is too much and not
    for how long. refused_pause: how long we do not knock after our password was refused.
    """

    host: str
    port: int
    system_id: str
    password: str = field(repr=False)
    sender: str
    tls: bool = True
    ca_file: str | None = None
    system_type: str = ""
    deadline: timedelta = timedelta(seconds=5)
    window: int = 10
    enquire_every: timedelta = timedelta(seconds=30)
    throttle_pause: timedelta = timedelta(seconds=3)
    refused_pause: timedelta = timedelta(seconds=30)

    def __post_init__(self) -> None:
        if not self.host or not 0 < self.port <= 65_535:
            raise ValueError("smpp needs a host and a port")
        for name, value, limit in (
            ("system_id", self.system_id, 15),
            ("password", self.password, 8),
            ("system_type", self.system_type, 12),
        ):
            if len(value) > limit or not value.isascii() or not value.isprintable():
                raise ValueError(f"smpp {name} is at most {limit} printable ASCII signs")
        if not self.system_id:
            raise ValueError("smpp needs a system_id")
        if not SENDER_NAME.fullmatch(self.sender) and not E164.fullmatch(self.sender):
            raise ValueError("the smpp sender must be 3 to 11 letters and digits, or a number in E.164")
        if self.window < 1 or min(self.deadline, self.enquire_every) <= timedelta():
            raise ValueError("smpp window, deadline and enquire_every must be positive")


class SmppChannel:
    """One text message a notice, cut to one message's length."""

    def __init__(
        self, settings: SmppSettings, clock: Clock, wording: Wording, *, on_receipt: OnReceipt, on_text: OnText
    ) -> None:
        self._settings, self._clock, self._wording = settings, clock, wording
        self._on_receipt, self._on_text = on_receipt, on_text
        self._places = asyncio.Semaphore(settings.window)
        self._account: Account | None = None
        self._line: SmppLine | None = None
        self._attempt: asyncio.Task[SmppLine | NoLine] | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._replies: set[asyncio.Task[None]] = set()
        self._tried_at: float | None = None
        self._barred: tuple[float, str] | None = None

    async def start(self) -> None:
        """Begin to keep a connection; does not wait for it."""
        settings = self._settings
        if self._account is not None:
            return
        tls = await asyncio.to_thread(trust, settings.ca_file) if settings.tls else None
        self._account = Account(
            host=settings.host,
            port=settings.port,
            tls=tls,
            system_id=settings.system_id,
            password=settings.password,
            system_type=settings.system_type,
            bind_within=settings.deadline * 0.8,
            enquire_every=settings.enquire_every,
            answer_within=settings.deadline,
        )
        self._barred = None
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Say good-bye and close; tries under way end as RETRY."""
        self._account = None
        for task in (self._keeper, self._attempt, *self._replies):
            if task is not None:
                task.cancel()
                await asyncio.wait([task])
        line, self._line, self._keeper, self._attempt = self._line, None, None, None
        if line is not None:
            await line.part()

    async def send(self, notice: Outward) -> Delivery:
        """Try once. A centre knows no repeat: after a try without an answer the next may be a second message."""
        if not isinstance(notice, Outward):
            raise TypeError("a text message leaves the house: outward notices only")
        may_answer = E164.fullmatch(self._settings.sender) is not None
        return await self._try(notice.address, self._wording.sms(notice.text, may_answer=may_answer))

    async def post(self, message: ServiceMessage) -> Delivery:
        """Text words about ourselves; the body says all by itself."""
        return await self._try(message.address, one_message(plain(message.body)))

    async def tell_centre(self, call: CentreCall) -> Delivery:
        """Text agreed words to the telephone of an alarm receiving centre."""
        if not isinstance(call, CentreCall):
            raise TypeError("only a real case is texted to a centre")
        return await self._try(call.number, one_message(plain(call.words)))

    async def probe(self) -> Probe:
        """Ask the centre whether it is there, with enquire_link."""
        try:
            async with asyncio.timeout(self._settings.deadline.total_seconds()):
                await (await self._bound()).ask(EnquireLink())
        except TimeoutError:
            return Probe(alive=False, reason="no answer in time")
        except NoLine as error:
            return Probe(alive=False, reason=str(error))
        return Probe(alive=True)

    async def _try(self, number: str, words: str) -> Delivery:
        try:
            submit = submit_of(self._settings.sender, textable(number), words)
        except NumberRefused as error:
            return Delivery(state=DeliveryState.REFUSED, reason=str(error))
        line: SmppLine | None = None
        try:
            async with asyncio.timeout(self._settings.deadline.total_seconds()), self._places:
                line = await self._bound()
                answer = await line.ask(submit)
        except TimeoutError:
            if line is not None:
                line.doubt()
            return Delivery(state=DeliveryState.RETRY, reason="no answer in time")
        except NoLine as error:
            return Delivery(state=DeliveryState.RETRY, reason="stopped" if self._account is None else str(error))
        if answer.status in (smpp.WRONG_BIND_STATE, smpp.ALREADY_BOUND):
            await line.close("the centre does not know that we are bound")
        return delivery(answer, self._settings.throttle_pause)

    async def _bound(self) -> SmppLine:
        """Return the bound line, made if there is none; all who wait share one attempt. Raises NoLine."""
        if self._account is None:
            raise NoLine("stopped")
        if self._line is not None and not self._line.gone.is_set():
            return self._line
        if self._barred is not None and self._clock.monotonic() < self._barred[0]:
            raise NotWelcome(self._barred[1])
        if self._attempt is None or self._attempt.done():
            self._attempt = asyncio.create_task(self._connect(self._account))
        attempt = self._attempt
        try:
            found = await asyncio.shield(attempt)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if attempt.cancelled() and task is not None and not task.cancelling():
                raise NoLine("stopped") from None  # before it had begun
            raise
        if isinstance(found, NoLine):
            raise NoLine(str(found))
        return found

    async def _connect(self, account: Account) -> SmppLine | NoLine:
        """Bind anew; a fault is returned, for nobody may be there any more to take it."""
        try:
            if self._line is not None:
                await self._line.close("gone")
                self._line = None
            if self._tried_at is not None:
                await self._clock.sleep(max(0.0, self._tried_at + KNOCK_EVERY_S - self._clock.monotonic()))
            self._tried_at = self._clock.monotonic()
            self._line = await SmppLine.bind(account, self._take, self._clock)
        except NotWelcome as error:
            self._barred = (self._clock.monotonic() + self._settings.refused_pause.total_seconds(), str(error))
            return error
        except NoLine as error:
            return error
        except asyncio.CancelledError:
            return NoLine("stopped")  # by stop(), which alone cancels this task
        return self._line

    async def _keep(self) -> None:
        """Have a connection at all times, for what the centre says by itself."""
        pause_s = FIRST_PAUSE_S
        while True:
            began_at = self._clock.monotonic()
            try:
                line = await self._bound()
                await line.gone.wait()
                log.warning("smpp_line_lost", reason=line.why_gone)
            except NoLine as error:
                log.warning("smpp_no_line", reason=str(error))
            if self._clock.monotonic() - began_at > LONGEST_PAUSE_S:
                pause_s = FIRST_PAUSE_S
            await self._clock.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _take(self, message: Message) -> int:
        """Take what the centre delivers; return the status of our answer, once it is kept."""
        try:
            if is_receipt(message):
                await self._take_receipt(message)
            else:
                await self._take_text(message)
        except Exception as error:  # the edge of a connection; the centre comes again with it
            log.warning("smpp_not_taken", error=type(error).__name__)
            return smpp.TEMPORARY_APP_ERROR
        return smpp.OK

    async def _take_receipt(self, message: Message) -> None:
        receipt = parse_receipt(message)
        if receipt is None:
            log.info("smpp_receipt_unreadable")
            return
        match receipt.state:
            case MessageState.UNDER_WAY:
                return
            case MessageState.DELIVERED:
                told = Delivery(state=DeliveryState.DELIVERED, provider_id=receipt.message_id)
            case MessageState.LOST:
                told = Delivery(
                    state=DeliveryState.REFUSED,
                    reason=f"the carriers could not deliver it ({receipt.word})",
                    provider_id=receipt.message_id,
                )
            case _:
                assert_never(receipt.state)
        await self._on_receipt(receipt.message_id, told)

    async def _take_text(self, message: Message) -> None:
        number = sender_number(message.source)
        if number is None:
            log.info("smpp_text_of_nobody")
            return
        words = await self._on_text(number, words_of(message))
        if words is not None:
            reply = asyncio.create_task(self._reply(number, words))
            self._replies.add(reply)
            reply.add_done_callback(self._replies.discard)

    async def _reply(self, number: str, words: str) -> None:
        said = await self._try(number, one_message(words))
        if said.state is not DeliveryState.SENT:
            log.info("smpp_reply_not_sent", reason=said.reason)
