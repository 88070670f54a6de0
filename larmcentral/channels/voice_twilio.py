"""Calls by Twilio. Leaves the house: takes Outward notices only, which no drill can become.

The words go along with the order, so that a call speaks even where Twilio does not reach us; keys and the end are told
to api/routes_voice.py. Sources: Twilio, "Call resource", "Error and warning dictionary".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

import aiohttp

from larmcentral.channels.http_client import HttpAnswer, HttpClient, Unreachable
from larmcentral.channels.phone_number import NumberRefused, textable
from larmcentral.channels.retry_after import parse_retry_after
from larmcentral.channels.shown import masked, shown
from larmcentral.channels.voice import (
    RING_S,
    SealOf,
    callback,
    check_call_settings,
    script_for_a_centre,
    script_of,
    script_of_ourselves,
)
from larmcentral.channels.wording import Wording
from larmcentral.domain.forwarding import CentreCall
from larmcentral.domain.notice import Delivery, DeliveryState, Outward, Probe, ServiceMessage
from larmcentral.domain.twiml import REPEATS, asking, telling
from larmcentral.flows.call_scripts import CallScript
from larmcentral.ports import Clock

PROVIDER = "twilio"
TWIML_CHARS = 4000  # what Twilio takes as a parameter
SAID_TWICE = 2  # where no key is asked for: a code must be written down
FORM = "application/x-www-form-urlencoded"
HINTS: Final[Mapping[int, str]] = {
    20003: "account SID or token is refused",
    21210: "the number that we call from is not this account's",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceTwilioSettings:
    """Where and as whom we call.

    number: ours, in E.164. answer_url: our API's base as Twilio reaches it, https (http to this machine); Twilio signs
    what it sends there with the token. ring: how long it rings, 5 s to 2 min. deadline: for ordering one call.
    """

    account_sid: str
    token: str = field(repr=False)
    number: str
    answer_url: str
    endpoint: str = "https://api.twilio.com/2010-04-01"
    ca_file: str | None = None
    ring: timedelta = RING_S
    deadline: timedelta = timedelta(seconds=5)
    max_connections: int = 16

    def __post_init__(self) -> None:
        check_call_settings(self.number, self.answer_url, self.endpoint, self.ring)
        if not self.account_sid.isalnum():
            raise ValueError("the twilio account_sid must be letters and digits")
        if self.max_connections < 1 or self.deadline <= timedelta():
            raise ValueError("twilio max_connections and deadline must be positive")


class VoiceTwilioChannel:
    """One call a notice. SENT: the call is queued. What became of it comes in later."""

    def __init__(self, settings: VoiceTwilioSettings, clock: Clock, wording: Wording, seal: SealOf) -> None:
        self._settings, self._clock, self._wording, self._seal = settings, clock, wording, seal
        self._account = f"{settings.endpoint.rstrip('/')}/Accounts/{settings.account_sid}"
        self._http = HttpClient(
            ca_file=settings.ca_file, max_connections=settings.max_connections, deadline=settings.deadline
        )
        self._headers = {"Authorization": aiohttp.encode_basic_auth(settings.account_sid, settings.token)}

    async def start(self) -> None:
        """Make the session."""
        await self._http.start()

    async def stop(self) -> None:
        """Close; tries under way end as RETRY."""
        await self._http.stop()

    async def send(self, notice: Outward) -> Delivery:
        """Order one call. Twilio knows no repeat: after a try without an answer the next may be a second call."""
        if not isinstance(notice, Outward):
            raise TypeError("a call leaves the house: outward notices only")
        return await self._order(notice.address, script_of(notice, self._wording))

    async def post(self, message: ServiceMessage) -> Delivery:
        """Read out words about ourselves."""
        return await self._order(message.address, script_of_ourselves(message), tell=True)

    async def tell_centre(self, call: CentreCall) -> Delivery:
        """Read agreed words out to a centre, twice."""
        if not isinstance(call, CentreCall):
            raise TypeError("only a real case is read out to a centre")
        return await self._order(call.number, script_for_a_centre(call))

    async def probe(self) -> Probe:
        """Ask for our own account: Twilio answers, and the token holds."""
        try:
            answer = await self._http.get(f"{self._account}.json", headers=self._headers)
        except Unreachable as error:
            return Probe(alive=False, reason=str(error))
        if answer.status in (401, 403):
            return Probe(alive=False, reason=f"{answer.status}: {HINTS[20003]}")
        return Probe(alive=answer.status == 200, reason="" if answer.status == 200 else f"status {answer.status}")

    async def _order(self, number: str, script: CallScript, *, tell: bool = False) -> Delivery:
        """Try once. tell: say what came back, for whoever asked for it."""
        settings = self._settings
        try:
            to = textable(number)
        except NumberRefused as error:
            return Delivery(state=DeliveryState.REFUSED, reason=str(error))
        form = [
            ("To", to),
            ("From", settings.number),
            ("Twiml", self._document(script)),
            ("Timeout", str(int(settings.ring.total_seconds()))),
            ("StatusCallback", callback(settings.answer_url, PROVIDER, self._seal(script), "ended")),
            ("StatusCallbackMethod", "POST"),
            ("StatusCallbackEvent", "answered"),
            ("StatusCallbackEvent", "completed"),
        ]
        try:
            answer = await self._http.post(
                f"{self._account}/Calls.json",
                urlencode(form).encode(),
                headers={**self._headers, "Content-Type": FORM},
            )
        except Unreachable as error:
            return Delivery(state=DeliveryState.RETRY, reason=str(error))
        made = delivery(answer, parse_retry_after(answer.retry_after, self._clock.now()))
        return replace(made, answer=shown(answer.status, answer.body)) if tell else made

    def _document(self, script: CallScript) -> str:
        if script.notice_id is None:
            return telling(script.message, script.language, times=SAID_TWICE)
        url = callback(self._settings.answer_url, PROVIDER, self._seal(script), "pressed")
        for repeats in range(REPEATS, -1, -1):
            document = asking(script.message, script.question, script.language, url, repeats=repeats)
            if len(document) <= TWIML_CHARS:
                return document
        # Words that grew by being escaped: the call has still to be made.
        return asking("", script.question, script.language, url)


def delivery(answer: HttpAnswer, retry_after: timedelta | None) -> Delivery:
    """Return what the answer of POST Calls.json means. Errors are JSON: code, message."""
    try:
        read = json.loads(answer.body)
    except ValueError:
        read = None
    told: dict[str, object] = read if isinstance(read, dict) else {}
    if answer.status in (200, 201):
        sid = told.get("sid")
        if isinstance(sid, str) and sid:
            return Delivery(state=DeliveryState.SENT, provider_id=sid)
        return Delivery(state=DeliveryState.RETRY, reason=f"{answer.status} without a call's sid: not Twilio's answer")
    code = told.get("code")
    hint = HINTS.get(code) if isinstance(code, int) else None
    words = hint or masked(str(told.get("message", ""))[:200])
    why = " ".join(str(part) for part in (answer.status, code, words) if part)
    if 400 <= answer.status < 500 and answer.status not in (408, 429):
        about_us = answer.status in (401, 403) or hint is not None
        return Delivery(state=DeliveryState.REFUSED, reason=why, about_us=about_us)
    return Delivery(state=DeliveryState.RETRY, reason=why, retry_after=retry_after)
