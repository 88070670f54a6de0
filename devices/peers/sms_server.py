"""A local text gateway that speaks as 46elks does: POST /a1/sms, GET /a1/me, and reports to whendelivered.

Sources: 46elks, "Send an SMS" and "SMS delivery reports". The words of its refusals are not documented; ours only
have the documented form, plain text for a person.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ipaddress
import json
import re
import ssl
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from aiohttp import web

from devices.peers.credentials import Credentials
from devices.peers.http_peer import HttpPeer, read_body
from devices.peers.orders import Fate
from devices.peers.record import Received, wall_now

E164 = re.compile(r"\+[1-9][0-9]{5,14}")
REPORT_DEADLINE_S = 5.0
REPORTS_AT_ONCE = 100
ERROR_WORDS = {401: "API access requires Basic HTTP authentication", 403: "Not enough credits"}


class SmsServer(HttpPeer):
    """Takes messages, keeps them, and can report what became of each."""

    def __init__(
        self,
        credentials: Credentials,
        tls: ssl.SSLContext | None,
        *,
        port: int = 0,
        side_port: int = 0,
        quiet: bool = False,
        report: str | None = None,
    ) -> None:
        """report: "delivered" or "failed" to report that of every message at once, None to report when told."""
        super().__init__(tls=tls, port=port, side_port=side_port, quiet=quiet)
        pair = f"{credentials.sms_username}:{credentials.sms_password}".encode()
        self._authorization = "Basic " + base64.b64encode(pair).decode()
        self._report = report
        self._reports: set[asyncio.Task[int]] = set()
        self.reported = 0

    @property
    def endpoint(self) -> str:
        """What a client sets in place of https://api.46elks.com/a1/sms."""
        return f"{self.base_url}/a1/sms"

    async def stop(self) -> None:
        """Give up reports under way and stop listening."""
        for task in self._reports:
            task.cancel()
        if self._reports:
            await asyncio.wait(self._reports)
        await super().stop()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await read_body(request)
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        order = self.orders.take(form.get("to", ""))
        status, words = order.status, order.reason
        if status == 200 and not words:
            status, words = self._judge(request, form)
        words = words or ERROR_WORDS.get(status, f"error {status}")
        answered = order.fate in (Fate.ANSWER, Fate.HALF)
        received = self.record.add(
            notice_id=dict(parse_qsl(urlsplit(form.get("whendelivered", "")).query)).get("notice", ""),
            address=form.get("to", ""),
            status=status if answered else 0,
            reason=("" if status == 200 else words) if answered else order.fate.value,
            connection=self.connection_of(request),
            headers=dict(request.headers),
            body=json.dumps(form).encode(),
        )

        def usual() -> web.Response:
            made = json.dumps(_made(received, form)).encode() if status == 200 else words.encode()
            return web.Response(
                status=status, body=made if order.body is None else order.body, headers=dict(order.headers)
            )

        if self._report and status == 200 and answered and "whendelivered" in form:
            self._report_later(form["whendelivered"], received, self._report)
        return await self.meet_fate(request, order, usual)

    async def report(self, received: Received, status: str) -> int:
        """Report on a message, as 46elks would: "sent", "delivered" or "failed"; return the answer's status.

        Raises ValueError where the message asked for no report, or for one to another machine.
        """
        form = received.payload
        if not isinstance(form, dict) or "whendelivered" not in form:
            raise ValueError("this message asked for no report")
        return await self._post(str(form["whendelivered"]), received, status)

    def _judge(self, request: web.BaseRequest, form: dict[str, str]) -> tuple[int, str]:
        if request.path not in ("/a1/sms", "/a1/me"):
            return 404, "Not found"
        if request.method != ("GET" if request.path == "/a1/me" else "POST"):
            return 405, "Method not allowed"
        if request.headers.get("Authorization") != self._authorization:
            return 401, ERROR_WORDS[401]
        if request.path == "/a1/me":
            return 200, ""
        for name in ("from", "to", "message"):
            if not form.get(name):
                return 400, f"Missing key {name}"
        if not E164.fullmatch(form["to"]):
            return 400, f"Invalid to number {form['to']}"
        return 200, ""

    def _report_later(self, url: str, received: Received, status: str) -> None:
        if len(self._reports) < REPORTS_AT_ONCE:
            task = asyncio.create_task(self._post(url, received, status))
            self._reports.add(task)
            task.add_done_callback(self._reports.discard)

    async def _post(self, url: str, received: Received, status: str) -> int:
        if not _loopback(urlsplit(url).hostname):
            raise ValueError("reports go to this machine only")
        form = {"id": _id(received), "status": status}
        if status == "delivered":
            form["delivered"] = wall_now().replace(tzinfo=None).isoformat()
        timeout = aiohttp.ClientTimeout(total=REPORT_DEADLINE_S)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(url, data=form, allow_redirects=False) as response,
        ):
            self.reported += 1
            return response.status


def _made(received: Received, form: dict[str, str]) -> dict[str, object]:
    return {
        "id": _id(received),
        "status": "created",
        "direction": "outgoing",
        "from": form.get("from", ""),
        "to": received.address,
        "message": form.get("message", ""),
        "created": received.at.replace(tzinfo=None).isoformat(),
        "parts": 1,
        "cost": 5200,
    }


def _id(received: Received) -> str:
    return f"s{received.number:032x}"


def _loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host or "").is_loopback
    return False
