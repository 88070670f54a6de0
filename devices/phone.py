"""An emulated phone: osmand as the Android client speaks it, or owntracks. Repeats until it gets 2xx."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Final

import aiohttp

from devices.device import Address, Device, DeviceSettings, NotInProtocol, Receipt, Surroundings
from devices.scenario import Circumstances
from protocols.http import HttpRequest, HttpResponse, wire
from protocols.osmand.conversation import json_request, query_request
from protocols.osmand.messages import Report
from protocols.owntracks import Publication, serialise
from protocols.signal import AccountId

BACK_OFF_S: Final = 0.2
"""After a refused connection; a phone's network comes and goes in seconds."""

REFUSED: Final = frozenset({400, 401, 403, 404})
"""The receiver does not know us or does not believe us: repeating will not help."""

MAX_ANSWER_BYTES: Final = 64 * 1024
"""Answers are empty or a short list of commands."""


class Phone:
    """One phone. make: turns what is to be said into a request. options: form ("json" or "query")."""

    can_be_late: Final = True

    def __init__(
        self, settings: DeviceSettings, surroundings: Surroundings, make: Callable[[Phone, str], HttpRequest]
    ) -> None:
        self.settings, self.surroundings = settings, surroundings
        self._make = make
        self._session: aiohttp.ClientSession | None = None
        self._turn = 0
        self.circumstances = Circumstances(settings.lat, settings.lon, settings.battery_pct)

    async def press(self) -> Receipt:
        """Press the alarm button; repeated until 2xx."""
        return await self._deliver("press")

    async def fall(self) -> Receipt:
        """Fall hard; repeated until 2xx."""
        return await self._deliver("fall")

    async def check_in(self) -> Receipt:
        """Say that all is well."""
        return await self._deliver("check-in")

    async def run(self) -> None:
        """Send a position every keepalive_s until cancelled."""
        while True:
            await self._deliver("position")
            await self.surroundings.sleep(self.settings.keepalive_s * self.surroundings.chance.uniform(0.9, 1.0))

    async def close(self) -> None:
        """Hang up; safe to call twice."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def move(self, circumstances: Circumstances) -> None:
        """Let the world change around the phone."""
        self.circumstances = circumstances

    async def _deliver(self, what: str) -> Receipt:
        begun_s = self.surroundings.monotonic_s()
        until_s = begun_s + self.settings.give_up_s
        request, attempts, answer = self._make(self, what), 0, HttpResponse(0)
        sent = f"{request.method} {request.uri}\n".encode() + request.body
        while (left_s := until_s - self.surroundings.monotonic_s()) > 0:
            attempts += 1
            try:
                answer = await self._exchange(request, min(self.settings.retransmit_s, left_s))
            except (aiohttp.ClientError, OSError, TimeoutError):
                self._turn += 1
            else:
                if 200 <= answer.status < 300:
                    ack_ms = (self.surroundings.monotonic_s() - begun_s) * 1000
                    return Receipt(what, sent, wire(answer), attempts, ack_ms)
                if answer.status in REFUSED:
                    break
            await self.surroundings.sleep(min(BACK_OFF_S, max(0.0, left_s)))
        return Receipt(what, sent, wire(answer) if answer.status else b"", attempts, None)

    async def _exchange(self, request: HttpRequest, timeout_s: float) -> HttpResponse:
        if not (self.circumstances.covered and self.circumstances.running):
            raise ConnectionError("no coverage")
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        if self.circumstances.late_s:
            await self.surroundings.sleep(self.circumstances.late_s)
        address = self.settings.addresses[self._turn % len(self.settings.addresses)]
        async with asyncio.timeout(timeout_s):
            # Never follow a redirect: it could lead out of the house.
            async with self._session.request(
                request.method,
                _url(address) + request.uri,
                headers=dict(request.headers),
                data=request.body,
                allow_redirects=False,
            ) as response:
                body = await response.content.read(MAX_ANSWER_BYTES)
                return HttpResponse(response.status, (), body)


def build(settings: DeviceSettings, surroundings: Surroundings) -> Device:
    """Build a phone that speaks osmand."""
    return Phone(settings, surroundings, osmand_request)


def build_owntracks(settings: DeviceSettings, surroundings: Surroundings) -> Device:
    """Build a phone that speaks owntracks."""
    return Phone(settings, surroundings, owntracks_request)


def osmand_request(phone: Phone, what: str) -> HttpRequest:
    """Return the request for press, fall, check-in or position. Its uuid stays the same when it is repeated."""
    settings, now = phone.settings, phone.circumstances
    report = Report(
        device=AccountId(settings.device),
        at=phone.surroundings.now().replace(microsecond=0),
        lat=round(now.lat, 6),
        lon=round(now.lon, 6),
        accuracy_m=8.0,
        altitude_m=35.0,
        speed_mps=round(now.speed_mps, 3),
        course_deg=round(now.course_deg, 1),
        battery_pct=round(now.battery_pct),
        alarms={"press": ("sos",), "fall": ("fallDown",)}.get(what, ()),
        event="check_in" if what == "check-in" else None,
        uuid=f"{phone.surroundings.chance.getrandbits(64):016x}",
    )
    form = json_request if settings.options.get("form") == "json" else query_request
    return form(report, settings.options.get("path", "/"), settings.secret)


def owntracks_request(phone: Phone, what: str) -> HttpRequest:
    """Return the request for check-in or position. Raises NotInProtocol for an alarm: the app has none."""
    if what in ("press", "fall"):
        raise NotInProtocol(f"owntracks has no {what}; a manual publish is a check-in")
    settings, now = phone.settings, phone.circumstances
    at = phone.surroundings.now().replace(microsecond=0)
    publication = Publication(
        kind="location",
        topic=f"owntracks/{settings.device}" if settings.device.count("/") == 1 else settings.device,
        tid=settings.device[-2:],
        at=at,
        created_at=at,
        lat=round(now.lat, 6),
        lon=round(now.lon, 6),
        accuracy_m=8,
        altitude_m=35,
        speed_kmh=round(now.speed_mps * 3.6),
        course_deg=round(now.course_deg),
        battery_pct=round(now.battery_pct),
        battery_state=1,
        trigger="u" if what == "check-in" else "t",
    )
    headers = [("Content-Type", "application/json")]
    if settings.secret:
        headers.append(("Authorization", f"Bearer {settings.secret}"))
    body = json.dumps(serialise(publication)).encode("utf-8")
    return HttpRequest("POST", settings.options.get("path", "/"), tuple(headers), body)


def _url(address: Address) -> str:
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"http://{host}:{address.port}"
