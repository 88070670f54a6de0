"""Calls by 46elks. Leaves the house: takes Outward notices only, which no drill can become.

46elks asks us what to say once somebody has lifted the receiver (voice_start), plays what we name, and tells us of keys
and of the end: api/routes_voice.py. Sources: 46elks, "Make a call", "Call actions".
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import aiohttp

from larmcentral.channels.elks import delivery, probe_account
from larmcentral.channels.http_client import HttpClient, Unreachable
from larmcentral.channels.phone_number import NumberRefused, textable
from larmcentral.channels.retry_after import parse_retry_after
from larmcentral.channels.shown import shown
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
from larmcentral.flows.call_scripts import CallScript
from larmcentral.ports import Clock

PROVIDER = "46elks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice46elksSettings:
    """Where and as whom we call.

    number: ours, in E.164. answer_url: our API's base as 46elks reaches it, https (http to this machine). ring: how
    long it rings before it counts as not answered, 5 s to 2 min. has_voice: whether the API has a voice of its own
    (speech_program.py); without one 46elks reads the words itself, and it knows English only. deadline: for ordering.
    """

    username: str
    password: str = field(repr=False)
    number: str
    answer_url: str
    endpoint: str = "https://api.46elks.com/a1/calls"
    ca_file: str | None = None
    ring: timedelta = RING_S
    has_voice: bool = False
    deadline: timedelta = timedelta(seconds=5)
    max_connections: int = 16

    def __post_init__(self) -> None:
        check_call_settings(self.number, self.answer_url, self.endpoint, self.ring)
        if self.max_connections < 1 or self.deadline <= timedelta():
            raise ValueError("46elks max_connections and deadline must be positive")


class Voice46elksChannel:
    """One call a notice. SENT: the call is ordered. What became of it comes in later, as of a text message."""

    def __init__(self, settings: Voice46elksSettings, clock: Clock, wording: Wording, seal: SealOf) -> None:
        self._settings, self._clock, self._wording, self._seal = settings, clock, wording, seal
        self._http = HttpClient(
            ca_file=settings.ca_file, max_connections=settings.max_connections, deadline=settings.deadline
        )
        self._headers = {"Authorization": aiohttp.encode_basic_auth(settings.username, settings.password)}

    async def start(self) -> None:
        """Make the session."""
        await self._http.start()

    async def stop(self) -> None:
        """Close; tries under way end as RETRY."""
        await self._http.stop()

    async def send(self, notice: Outward) -> Delivery:
        """Order one call. 46elks knows no repeat: after a try without an answer the next may be a second call."""
        if not isinstance(notice, Outward):
            raise TypeError("a call leaves the house: outward notices only")
        in_english = not self._settings.has_voice
        return await self._order(notice.address, script_of(notice, self._wording, in_english=in_english))

    async def post(self, message: ServiceMessage) -> Delivery:
        """Read out words about ourselves."""
        return await self._order(message.address, script_of_ourselves(message), tell=True)

    async def tell_centre(self, call: CentreCall) -> Delivery:
        """Read agreed words out to a centre, twice."""
        if not isinstance(call, CentreCall):
            raise TypeError("only a real case is read out to a centre")
        return await self._order(call.number, script_for_a_centre(call))

    async def probe(self) -> Probe:
        """Ask 46elks who we are: it answers, and our password holds."""
        return await probe_account(self._http, self._settings.endpoint, self._headers)

    async def _order(self, number: str, script: CallScript, *, tell: bool = False) -> Delivery:
        """Try once. tell: say what came back, for whoever asked for it."""
        settings, token = self._settings, self._seal(script)
        try:
            to = textable(number)
        except NumberRefused as error:
            return Delivery(state=DeliveryState.REFUSED, reason=str(error))
        form = {
            "from": settings.number,
            "to": to,
            "voice_start": callback(settings.answer_url, PROVIDER, token, "start"),
            "whenhangup": callback(settings.answer_url, PROVIDER, token, "ended"),
            "timeout": str(int(settings.ring.total_seconds())),
        }
        try:
            answer = await self._http.post(settings.endpoint, form, headers=self._headers)
        except Unreachable as error:
            return Delivery(state=DeliveryState.RETRY, reason=str(error))
        made = delivery(answer, parse_retry_after(answer.retry_after, self._clock.now()))
        return replace(made, answer=shown(answer.status, answer.body)) if tell else made
