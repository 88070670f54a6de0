"""A local telephone gateway that speaks as 46elks and as Twilio do: takes calls, reads them to nobody, presses keys.

What was heard is on the record: of each call two entries, the order, and at its end one whose reason is "call" with
{"call", "heard", "pressed", "state"}. Who is rung presses 1 after hearing the message, unless an order's reason says
otherwise: "press:2", "press:" for nobody at the keys, "busy", "no-answer".
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import secrets
import ssl
from typing import Final
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import web

from devices.peers.http_peer import HttpPeer, read_body
from devices.peers.orders import Fate
from devices.peers.voice_call import DEADLINE_S, Call, Callee, ElksCall, TwilioCall, only_here

E164: Final = re.compile(r"\+[1-9][0-9]{5,14}")
ELKS_PATH, ELKS_ME = "/a1/calls", "/a1/me"
TWILIO_BASE: Final = "/2010-04-01"
CALLS_AT_ONCE: Final = 100
OF_THE_CALLEE: Final = re.compile(r"press:[0-9*#]*|busy|no-answer")


class VoiceServer(HttpPeer):
    """Takes orders for calls and carries them out towards this machine."""

    def __init__(
        self,
        tls: ssl.SSLContext | None,
        *,
        port: int = 0,
        side_port: int = 0,
        quiet: bool = False,
        keys: str = "1",
    ) -> None:
        """keys: what whoever is rung presses, unless an order says otherwise; "" for nothing."""
        super().__init__(tls=tls, port=port, side_port=side_port, quiet=quiet)
        self.username, self.password = "u" + secrets.token_hex(8), secrets.token_hex(16)
        self.account_sid, self.token = "AC" + secrets.token_hex(16), secrets.token_hex(16)
        self._usual = Callee(keys=keys)
        self._calls: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    @property
    def elks_endpoint(self) -> str:
        """What a client sets in place of https://api.46elks.com/a1/calls."""
        return f"{self.base_url}{ELKS_PATH}"

    @property
    def twilio_endpoint(self) -> str:
        """What a client sets in place of https://api.twilio.com/2010-04-01."""
        return f"{self.base_url}{TWILIO_BASE}"

    def describe(self) -> dict[str, object]:
        """Return what a client must know."""
        return {
            "elks": {"endpoint": self.elks_endpoint, "username": self.username, "password": self.password},
            "twilio": {"endpoint": self.twilio_endpoint, "account_sid": self.account_sid, "token": self.token},
            "side": f"http://127.0.0.1:{self.side.port}",
        }

    async def start(self) -> None:
        """Listen."""
        await super().start()
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=DEADLINE_S))

    async def stop(self) -> None:
        """Let go of calls under way and stop listening."""
        for task in self._calls:
            task.cancel()
        if self._calls:
            await asyncio.wait(self._calls)
        session, self._session = self._session, None
        if session is not None:
            await session.close()
        await super().stop()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        form = dict(parse_qsl((await read_body(request)).decode("utf-8", "replace"), keep_blank_values=True))
        twilio = request.path.startswith(TWILIO_BASE)
        number = form.get("To" if twilio else "to", "")
        order = self.orders.take(number)
        status, words = order.status, order.reason
        behaves = status == 200 and (not words or OF_THE_CALLEE.fullmatch(words) is not None)
        if behaves:
            status, words = (self._judge_twilio if twilio else self._judge_elks)(request, form)
        answered = order.fate in (Fate.ANSWER, Fate.HALF)
        received = self.record.add(
            notice_id="",
            address=number,
            status=status if answered else 0,
            reason=words if answered else order.fate.value,
            connection=self.connection_of(request),
            headers=dict(request.headers),
            body=json.dumps(form).encode(),
        )
        call = Call(
            ("CA" if twilio else "c") + f"{received.number:032x}", number, Callee.ordered(order.reason, self._usual)
        )

        def usual() -> web.Response:
            said = order.body if order.body is not None else _answer(twilio, status, words, call, form)
            return web.Response(status=status, body=said, headers=dict(order.headers))

        if behaves and answered and request.method == "POST" and status in (200, 201):
            self._begin(call, form, twilio=twilio)
        return await self.meet_fate(request, order, usual)

    def _judge_elks(self, request: web.BaseRequest, form: dict[str, str]) -> tuple[int, str]:
        if request.headers.get("Authorization") != _basic(self.username, self.password):
            return 401, "API access requires Basic HTTP authentication"
        if (request.method, request.path) == ("GET", ELKS_ME):
            return 200, "me"
        if (request.method, request.path) != ("POST", ELKS_PATH):
            return 404, "Not found"
        for name in ("from", "to", "voice_start"):
            if not form.get(name):
                return 400, f"Missing key {name}"
        return (200, "") if E164.fullmatch(form["to"]) else (400, f"Invalid to number {form['to']}")

    def _judge_twilio(self, request: web.BaseRequest, form: dict[str, str]) -> tuple[int, str]:
        if request.headers.get("Authorization") != _basic(self.account_sid, self.token):
            return 401, "20003 Authenticate"
        account = f"{TWILIO_BASE}/Accounts/{self.account_sid}"
        if (request.method, request.path) == ("GET", f"{account}.json"):
            return 200, "me"
        if (request.method, request.path) != ("POST", f"{account}/Calls.json"):
            return 404, "20404 The requested resource was not found"
        if not E164.fullmatch(form.get("To", "")):
            return 400, "21211 The phone number you are attempting to call is not valid."
        if not form.get("From") or not form.get("Twiml"):
            return 400, "21205 Url parameter is required"
        return (201, "") if len(form["Twiml"]) <= 4000 else (400, "21218 Twiml is too long")

    def _begin(self, call: Call, form: dict[str, str], *, twilio: bool) -> None:
        for name in ("voice_start", "whenhangup", "StatusCallback"):
            if name in form:
                only_here(form[name])
        if len(self._calls) < CALLS_AT_ONCE:
            task = asyncio.create_task(self._carry_out(call, form, twilio=twilio))
            self._calls.add(task)
            task.add_done_callback(self._calls.discard)

    async def _carry_out(self, call: Call, form: dict[str, str], *, twilio: bool) -> None:
        assert self._session is not None
        runs = TwilioCall(call, form, self._session, self.token) if twilio else ElksCall(call, form, self._session)
        try:
            await runs.run()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            call.heard.append(f"(the customer failed us: {type(error).__name__})")
        self.record.add(
            notice_id="",
            address=call.number,
            status=200,
            reason="call",
            connection=0,
            headers={},
            body=call.as_json(),
        )


def _answer(twilio: bool, status: int, words: str, call: Call, form: dict[str, str]) -> bytes:
    if status in (200, 201) and words == "me":
        return json.dumps({"status": "active"} if twilio else {"name": "larm", "balance": 1}).encode()
    if twilio:
        code, _, message = words.partition(" ")
        told: dict[str, object] = {"code": int(code) if code.isdecimal() else status, "message": message or words}
        if status == 201:
            told = {"sid": call.id, "status": "queued", "to": call.number, "from": form["From"]}
        return json.dumps(told | {"status": told.get("status", status)}).encode()
    if status == 200:
        return json.dumps({"id": call.id, "state": "ongoing", "to": call.number, "direction": "outgoing"}).encode()
    return (words or f"error {status}").encode()


def _basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()
