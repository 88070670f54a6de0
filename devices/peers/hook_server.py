"""A local sink for hooks: Teams' cards under /teams/..., signed webhooks under /hook/... with the signature checked.

What it checks of a webhook is what larmcentral/channels/webhooks.py promises to receivers: Larm-Notice, Larm-Timestamp,
Larm-Signature. Of a card: the shape of a message with one Adaptive Card (Microsoft, "Adaptive Cards in Teams").
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import ssl
from typing import Any

from aiohttp import web

from devices.peers.http_peer import HttpPeer, read_body
from devices.peers.orders import Fate
from devices.peers.record import wall_now

CARD = "application/vnd.microsoft.card.adaptive"
AWAY_S = 300  # how far a signature's time may be from ours
NOTICE_HEADER, TIME_HEADER, SIGNATURE_HEADER = "Larm-Notice", "Larm-Timestamp", "Larm-Signature"


class HookServer(HttpPeer):
    """Judges what is posted and keeps it. An address of its record is the path: /teams/<name> or /hook/<name>."""

    def __init__(self, tls: ssl.SSLContext | None, *, port: int = 0, side_port: int = 0, quiet: bool = False) -> None:
        super().__init__(tls=tls, port=port, side_port=side_port, quiet=quiet)
        self.secret = secrets.token_hex(16)

    def describe(self) -> dict[str, object]:
        """Return what a client must know."""
        return {
            "teams_url": f"{self.base_url}/teams/larm",
            "webhook_url": f"{self.base_url}/hook/larm",
            "secret": self.secret,
            "side": f"http://127.0.0.1:{self.side.port}",
        }

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await read_body(request)
        order = self.orders.take(request.path)
        status, words = (order.status, order.reason)
        if status == 200 and not words:
            status, words = self._judge(request, body)
        answered = order.fate in (Fate.ANSWER, Fate.HALF)
        self.record.add(
            notice_id=request.headers.get(NOTICE_HEADER, ""),
            address=request.path,
            status=status if answered else 0,
            reason=words if answered else order.fate.value,
            connection=self.connection_of(request),
            headers=dict(request.headers),
            body=body,
        )

        def usual() -> web.Response:
            said = words.encode() if order.body is None else order.body
            return web.Response(status=status, body=said, headers=dict(order.headers))

        return await self.meet_fate(request, order, usual)

    def _judge(self, request: web.BaseRequest, body: bytes) -> tuple[int, str]:
        if request.method != "POST":
            return 405, "Method not allowed"
        try:
            read: Any = json.loads(body)
        except ValueError:
            return 400, "not JSON"
        if request.path.startswith("/teams/"):
            return _judge_card(read)
        if request.path.startswith("/hook/"):
            return self._judge_signature(request, body, read)
        return 404, "no such hook"

    def _judge_signature(self, request: web.BaseRequest, body: bytes, read: Any) -> tuple[int, str]:
        sent_at, said = request.headers.get(TIME_HEADER, ""), request.headers.get(SIGNATURE_HEADER, "")
        if not sent_at.isdecimal() or abs(int(sent_at) - wall_now().timestamp()) > AWAY_S:
            return 401, "the time is missing or too far away"
        right = "v1=" + hmac.new(self.secret.encode(), sent_at.encode() + b"." + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(said.encode(), right.encode()):
            return 401, "the signature is wrong"
        if not isinstance(read, dict) or str(read.get("id")) != request.headers.get(NOTICE_HEADER):
            return 400, "the id is not the header's"
        return 204, ""


def _judge_card(read: Any) -> tuple[int, str]:
    attachments = read.get("attachments") if isinstance(read, dict) and read.get("type") == "message" else None
    if not isinstance(attachments, list) or len(attachments) != 1 or not isinstance(attachments[0], dict):
        return 400, "not a message with one attachment"
    content = attachments[0].get("content")
    if attachments[0].get("contentType") != CARD or not isinstance(content, dict):
        return 400, "not an Adaptive Card"
    if content.get("type") != "AdaptiveCard" or not content.get("version") or not content.get("body"):
        return 400, "the card lacks type, version or body"
    return 202, ""


def read_card(payload: Any) -> list[str]:
    """Return the texts of a card, line by line."""
    (attachment,) = payload["attachments"]
    return ["".join(run["text"] for run in block["inlines"]) for block in attachment["content"]["body"]]
