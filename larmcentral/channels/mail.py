"""Mail by an SMTP server of the customer's. Leaves the house: takes Outward notices only.

A few connections are kept and used again; one carries one mail at a time. The Message-ID is made of the notice's id,
so a mail that had to be handed over twice is the same mail, and readers show it once.
Sources: RFC 5321 (SMTP), 3207 (STARTTLS), 3463 (enhanced statuses), 3834 (Auto-Submitted).
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parseaddr
from typing import Any, Final, Literal, cast

import aiosmtplib

from larmcentral.channels.dial import NoLine, in_words, loopback
from larmcentral.channels.mail_letter import ADDRESS, AddressRefused, Letter, letter_of, service_letter
from larmcentral.channels.shown import masked
from larmcentral.channels.tls import trust
from larmcentral.channels.wording import Wording
from larmcentral.domain.notice import Delivery, DeliveryState, Outward, Probe, ServiceMessage
from larmcentral.ports import Clock

ENHANCED: Final = re.compile(r"([245])\.[0-9]{1,3}\.[0-9]{1,3}\b")
NO_SUCH_MAILBOX: Final = frozenset({"5.1.1", "5.1.6"})  # RFC 3463: bad destination mailbox; it has moved away
ANY_ADDRESS: Final = re.compile(r"<?[^\s<>]+@[^\s<>]+>?")
CLOSING: Final = 421  # RFC 5321, 3.8: the server ends the connection, whatever was said before
LOG_IN_FIRST: Final = frozenset({530, 534, 535, 538})  # RFC 4954
FAREWELL_S: Final = 0.5
HOLD_NO_LONGER: Final = timedelta(seconds=60)
"""Servers close idle lines after minutes; some after one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """Our mail server. sender: an address, with a name before it if wanted ("Larmcentralen <larm@exempel.se>").

    tls: "none" only where the server is this machine. username: None where the server knows us by our address.
    connections: mails under way at once. deadline: for one mail, all in all.
    """

    host: str
    sender: str
    port: int = 587
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    ca_file: str | None = None
    username: str | None = None
    password: str = field(default="", repr=False)
    connections: int = 8
    deadline: timedelta = timedelta(seconds=5)

    def __post_init__(self) -> None:
        if not self.host or not 0 < self.port <= 65_535:
            raise ValueError("mail needs a host and a port")
        if self.tls not in ("starttls", "implicit", "none"):
            raise ValueError("mail tls is starttls, implicit or none")
        if self.tls == "none" and not loopback(self.host):
            raise ValueError("mail without TLS goes to this machine only")
        _, address = parseaddr(self.sender)
        if not ADDRESS.fullmatch(address) or not self.sender.isprintable():
            raise ValueError("the mail sender must be an address, with a name before it if wanted")
        if (self.username is None) != (not self.password):
            raise ValueError("mail username and password go together")
        if self.connections < 1 or self.deadline <= timedelta():
            raise ValueError("mail connections and deadline must be positive")


class MailChannel:
    """One mail a notice."""

    def __init__(self, settings: MailSettings, clock: Clock, wording: Wording) -> None:
        self._settings, self._clock, self._wording = settings, clock, wording
        _, self._sender = parseaddr(settings.sender)
        self._places = asyncio.Semaphore(settings.connections)
        self._idle: list[tuple[aiosmtplib.SMTP, float]] = []
        self._busy: set[aiosmtplib.SMTP] = set()
        self._tls: ssl.SSLContext | None = None
        self._started = False

    async def start(self) -> None:
        """Read the certificates to trust. Connections are made with the mails."""
        if not self._started:
            self._tls = await asyncio.to_thread(trust, self._settings.ca_file)
            self._started = True

    async def stop(self) -> None:
        """Close; mails under way end as RETRY."""
        self._started = False
        idle, self._idle = self._idle, []
        for client in tuple(self._busy):
            self._cut(client)
        for client, _ in idle:
            await self._farewell(client)

    async def send(self, notice: Outward) -> Delivery:
        """Try once. A repeat has the same Message-ID."""
        if not isinstance(notice, Outward):
            raise TypeError("mail leaves the house: outward notices only")
        words, sender, now = self._wording.mail(notice.text), self._settings.sender, self._clock.now()
        try:
            return await self._try(letter_of(words, notice.id, address=notice.address, sender=sender, now=now))
        except AddressRefused as error:
            return Delivery(state=DeliveryState.REFUSED, reason=str(error))

    async def post(self, message: ServiceMessage) -> Delivery:
        """Mail words about ourselves, with their link where there is one."""
        try:
            return await self._try(service_letter(message, sender=self._settings.sender, now=self._clock.now()))
        except AddressRefused as error:
            return Delivery(state=DeliveryState.REFUSED, reason=str(error))

    async def probe(self) -> Probe:
        """Connect anew, log in and say NOOP: nobody gets a mail."""
        said = await self._within_deadline(self._look())
        return Probe(alive=said.state is DeliveryState.SENT, reason=said.reason)

    async def _try(self, letter: Letter) -> Delivery:
        return await self._within_deadline(self._hand_over(letter))

    async def _within_deadline(self, work: Coroutine[Any, Any, Delivery]) -> Delivery:
        """Wait for a place, do the work, and say every fault as a delivery."""
        try:
            async with asyncio.timeout(self._settings.deadline.total_seconds()), self._places:
                self._check_started()
                return await work
        except aiosmtplib.SMTPResponseException as error:
            return refusal(error, about_us=True)  # before any mail: our name, password or address
        except (TimeoutError, aiosmtplib.SMTPException, OSError, NoLine) as error:
            return Delivery(state=DeliveryState.RETRY, reason=why(error) if self._started else "stopped")
        finally:
            work.close()  # for one that had no turn; else it changes nothing

    async def _hand_over(self, letter: Letter) -> Delivery:
        kept = self._kept()
        if kept is not None:
            try:
                return await self._mail(kept, letter, used=True)
            except _Stale:
                pass
        return await self._mail(await self._connect(), letter, used=False)

    async def _mail(self, client: aiosmtplib.SMTP, letter: Letter, *, used: bool) -> Delivery:
        """Hand over one mail. Raises _Stale where a used connection was no good and the mail was not yet named."""
        content_is_out = False
        try:
            await client.mail(self._sender)
            await client.rcpt(letter.address)
            content_is_out = True
            reply = await client.data(letter.content)
        except aiosmtplib.SMTPResponseException as error:
            self._cut(client)
            if used and out_of_step(error.code):
                raise _Stale from None
            return refusal(error, about_us=isinstance(error, aiosmtplib.SMTPSenderRefused))
        except aiosmtplib.SMTPServerDisconnected:
            self._cut(client)
            if used and self._started and not content_is_out:
                raise _Stale from None
            raise
        except BaseException:
            # Whatever comes now would pass for the answer to the next mail.
            self._cut(client)
            raise
        self._keep(client)
        answer = shown(reply.code, reply.message)
        return Delivery(state=DeliveryState.SENT, provider_id=letter.message_id, answer=answer)

    async def _look(self) -> Delivery:
        client = await self._connect()
        try:
            await client.noop()
        except BaseException:
            self._cut(client)
            raise
        self._keep(client)
        return Delivery(state=DeliveryState.SENT)

    async def _connect(self) -> aiosmtplib.SMTP:
        """Return a connection that is greeted, sealed and logged in. Raises what aiosmtplib raises."""
        settings = self._settings
        client = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            timeout=settings.deadline.total_seconds(),
            use_tls=settings.tls == "implicit",
            start_tls=settings.tls == "starttls",
            tls_context=self._tls if settings.tls != "none" else None,
            username=settings.username,
            password=settings.password or None,
            local_hostname=self._sender.rpartition("@")[2],
        )
        self._busy.add(client)
        try:
            await client.connect()
            self._check_started()
        except BaseException:
            self._cut(client)
            raise
        return client

    def _kept(self) -> aiosmtplib.SMTP | None:
        """Return the connection that rested least, and drop those that rested too long."""
        oldest = self._clock.monotonic() - HOLD_NO_LONGER.total_seconds()
        while self._idle and self._idle[0][1] < oldest:
            self._cut(self._idle.pop(0)[0])
        while self._idle:
            client, _ = self._idle.pop()
            if client.is_connected:
                self._busy.add(client)
                return client
            self._cut(client)
        return None

    def _keep(self, client: aiosmtplib.SMTP) -> None:
        self._busy.discard(client)
        if self._started and client.is_connected:
            self._idle.append((client, self._clock.monotonic()))
        else:
            self._cut(client)

    def _cut(self, client: aiosmtplib.SMTP) -> None:
        self._busy.discard(client)
        transport = client.transport
        client.close()
        if transport is not None:
            cast(asyncio.WriteTransport, transport).abort()

    async def _farewell(self, client: aiosmtplib.SMTP) -> None:
        with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
            await client.quit(timeout=FAREWELL_S)
        self._cut(client)

    def _check_started(self) -> None:
        if not self._started:
            raise NoLine("stopped")


class _Stale(Exception):
    """A kept connection turned out to be over, or out of step, before the mail was handed to it."""


def refusal(error: aiosmtplib.SMTPResponseException, *, about_us: bool) -> Delivery:
    """Return what a negative answer means. about_us: whether it spoke of our name, password or sender."""
    said = shown(error.code, error.message)
    if 400 <= error.code < 500:
        # A mailbox that is full or greylisted says nothing of the others; 421 is the server's own end.
        of_mailbox = isinstance(error, aiosmtplib.SMTPRecipientRefused) and error.code != CLOSING
        return Delivery(state=DeliveryState.RETRY, reason=said, answer=said, of_address=of_mailbox)
    if out_of_step(error.code):
        return Delivery(state=DeliveryState.RETRY, reason=f"an answer out of step: {said}", answer=said)
    if about_us or error.code in LOG_IN_FIRST:
        return Delivery(state=DeliveryState.REFUSED, reason=said, answer=said, about_us=True)
    enhanced = ENHANCED.match(error.message)
    if isinstance(error, aiosmtplib.SMTPRecipientRefused) and enhanced and enhanced[0] in NO_SUCH_MAILBOX:
        return Delivery(state=DeliveryState.GONE, reason=said, answer=said)
    return Delivery(state=DeliveryState.REFUSED, reason=said, answer=said)


def out_of_step(code: int) -> bool:
    """Whether a code is no refusal: good-bye, or the answer to something else."""
    return code < 400 or code == 421 or code > 599


def shown(code: int, message: str) -> str:
    """Return an answer on one line, without addresses."""
    return f"{code} {masked(ANY_ADDRESS.sub('…', message))}".strip()


def why(error: Exception) -> str:
    """Say why there is no answer, so that an operator knows where to look."""
    match error:
        case NoLine():
            return str(error)
        case TimeoutError():
            return "no answer in time"
        case aiosmtplib.SMTPException() if isinstance(error.__cause__, Exception):
            return in_words(error.__cause__)
        case aiosmtplib.SMTPServerDisconnected() | aiosmtplib.SMTPConnectError():
            return "the connection was cut"
        case aiosmtplib.SMTPException():
            return masked(error.message)  # what the server does not offer: STARTTLS, a log-in
        case _:
            return in_words(error)
