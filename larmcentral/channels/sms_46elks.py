"""Text messages through 46elks. Leaves the house: takes Outward notices only, which no drill can become.

Sources: 46elks, "Send an SMS" (POST /a1/sms) and "SMS delivery reports" (whendelivered).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

import aiohttp

from escalation.ids import NoticeId
from larmcentral.channels.elks import delivery, probe_account
from larmcentral.channels.gsm7 import one_message
from larmcentral.channels.http_client import HttpClient, Unreachable, check_endpoint
from larmcentral.channels.phone_number import E164, NumberRefused, textable
from larmcentral.channels.retry_after import parse_retry_after
from larmcentral.channels.service_words import one_text
from larmcentral.channels.shown import shown
from larmcentral.channels.wording import Wording
from larmcentral.domain.forwarding import CentreCall
from larmcentral.domain.notice import Delivery, DeliveryState, Outward, Probe, ServiceMessage
from larmcentral.ports import Clock

SENDER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{2,10}")  # a text sender: 3 to 11 signs, a letter first
SIGNATURE_CHARS = 32  # 128 bits of the HMAC: enough against guessing, short in a URL


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsSettings:
    """Where and as whom we text.

    sender: a name of 3 to 11 letters and digits, or our number in E.164. delivered_url: where 46elks reports what
    became of a message (our API's address, https or this machine), None for no reports; it may carry user and
    password. receipt_secret: signs that address for each notice, so that nobody else can report; needed with it.
    ca_file: PEM of the CA to trust, None for the system's. deadline: for one try, all in all.
    """

    username: str
    password: str = field(repr=False)
    sender: str
    endpoint: str = "https://api.46elks.com/a1/sms"
    delivered_url: str | None = field(default=None, repr=False)
    receipt_secret: str = field(default="", repr=False)
    ca_file: str | None = None
    deadline: timedelta = timedelta(seconds=5)
    max_connections: int = 32

    def __post_init__(self) -> None:
        check_endpoint(self.endpoint)
        if not SENDER_NAME.fullmatch(self.sender) and not E164.fullmatch(self.sender):
            raise ValueError("the sms sender must be 3 to 11 letters and digits, or a number in E.164")
        if self.delivered_url is not None:
            check_endpoint(self.delivered_url)
            if len(self.receipt_secret) < 16:
                raise ValueError("receipt_secret must have at least 16 characters where delivered_url is set")
        if self.max_connections < 1 or self.deadline <= timedelta():
            raise ValueError("sms max_connections and deadline must be positive")


class SmsChannel:
    """One text message a notice, cut to one message's length."""

    def __init__(self, settings: SmsSettings, clock: Clock, wording: Wording) -> None:
        self._settings = settings
        self._clock = clock
        self._wording = wording
        self._http = HttpClient(
            ca_file=settings.ca_file, max_connections=settings.max_connections, deadline=settings.deadline
        )
        credentials = aiohttp.encode_basic_auth(settings.username, settings.password)
        self._headers = {"Authorization": credentials}

    async def start(self) -> None:
        """Make the session."""
        await self._http.start()

    async def stop(self) -> None:
        """Close; tries under way end as RETRY."""
        await self._http.stop()

    async def send(self, notice: Outward) -> Delivery:
        """Try once. 46elks knows no repeat: after a try without an answer the next may be a second message."""
        if not isinstance(notice, Outward):
            raise TypeError("a text message leaves the house: outward notices only")
        # A sender that is a name cannot be answered.
        words = self._wording.sms(notice.text, may_answer=E164.fullmatch(self._settings.sender) is not None)
        form = {"message": words}
        if self._settings.delivered_url is not None:
            form["whendelivered"] = receipt_url(self._settings.delivered_url, notice.id, self._settings.receipt_secret)
        return await self._try(notice.address, form)

    async def post(self, message: ServiceMessage) -> Delivery:
        """Text words about ourselves."""
        return await self._try(message.address, {"message": one_message(one_text(message))}, tell=True)

    async def tell_centre(self, call: CentreCall) -> Delivery:
        """Text agreed words to the telephone of a centre."""
        if not isinstance(call, CentreCall):
            raise TypeError("only a real case is texted to a centre")
        return await self._try(call.number, {"message": one_message(call.words)})

    async def probe(self) -> Probe:
        """Ask 46elks who we are: it answers, and our password holds."""
        return await probe_account(self._http, self._settings.endpoint, self._headers)

    async def _try(self, number: str, form: dict[str, str], *, tell: bool = False) -> Delivery:
        """Try once. tell: say what came back, for whoever asked for it."""
        try:
            whole = {"from": self._settings.sender, "to": textable(number)} | form
        except NumberRefused as error:
            return Delivery(state=DeliveryState.REFUSED, reason=str(error))
        try:
            answer = await self._http.post(self._settings.endpoint, whole, headers=self._headers)
        except Unreachable as error:
            return Delivery(state=DeliveryState.RETRY, reason=str(error))
        made = delivery(answer, parse_retry_after(answer.retry_after, self._clock.now()))
        return replace(made, answer=shown(answer.status, answer.body)) if tell else made


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a message. delivered_at: only with DELIVERED, and only where 46elks told it."""

    notice_id: NoticeId
    delivery: Delivery
    delivered_at: datetime | None = None


class ReceiptRefused(ValueError):
    """The report is not signed by us or cannot be read. Answer it with 400."""


def receipt_url(base: str, notice_id: NoticeId, secret: str) -> str:
    """Return the address at which 46elks reports on this notice: the base with the id and our signature."""
    parts = urlsplit(base)
    query = [*parse_qsl(parts.query), ("notice", str(notice_id)), ("sig", _signature(notice_id, secret))]
    return urlunsplit(parts._replace(query=urlencode(query)))


def parse_receipt(query: Mapping[str, str], form: Mapping[str, str], secret: str) -> Receipt:
    """Read a delivery report. query: of the address called; form: the body's fields.

    "sent" stays SENT, "delivered" is DELIVERED, "failed" is REFUSED: the carriers have given up.
    Raises ReceiptRefused. 46elks repeats a report for hours unless it is answered with 200 to 204.
    """
    try:
        notice_id = NoticeId(UUID(query.get("notice", "")))
    except ValueError:
        raise ReceiptRefused("no notice id") from None
    if not hmac.compare_digest(query.get("sig", "").encode(), _signature(notice_id, secret).encode()):
        raise ReceiptRefused("wrong signature")
    provider_id = form.get("id") or None
    match form.get("status"):
        case "delivered":
            state, reason = DeliveryState.DELIVERED, ""
        case "sent" | "created":
            state, reason = DeliveryState.SENT, ""
        case "failed":
            state, reason = DeliveryState.REFUSED, "the carriers could not deliver it"
        case other:
            raise ReceiptRefused(f"unknown status {str(other)[:20]!r}")
    delivered_at = _time(form.get("delivered")) if state is DeliveryState.DELIVERED else None
    return Receipt(
        notice_id=notice_id,
        delivery=Delivery(state=state, reason=reason, provider_id=provider_id),
        delivered_at=delivered_at,
    )


def _signature(notice_id: NoticeId, secret: str) -> str:
    return hmac.new(secret.encode(), notice_id.bytes, hashlib.sha256).hexdigest()[:SIGNATURE_CHARS]


def _time(value: str | None) -> datetime | None:
    """Read 46elks' UTC without a zone: 2018-07-13T13:57:23.741000."""
    try:
        at = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
