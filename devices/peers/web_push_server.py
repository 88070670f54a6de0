"""A local push service with browsers of its own: subscribes, takes messages, decrypts them.

Judges as services do: VAPID (RFC 8292), TTL and Urgency (RFC 8030), aes128gcm (RFC 8188, 8291). The decryption is
http_ece's, the receiving half of the library that the sender's encryption uses; tests/interop has a stranger's.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import ssl
from dataclasses import dataclass
from typing import Any

import http_ece
import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from devices.peers.http_peer import HttpPeer, read_body
from devices.peers.orders import Fate

AUTHORIZATION = re.compile(r"vapid t=(?P<token>[A-Za-z0-9_.-]+), *k=(?P<key>[A-Za-z0-9_-]+)")
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
MAX_BODY_BYTES = 4096
URGENCIES = frozenset({"very-low", "low", "normal", "high"})


@dataclass(frozen=True, slots=True)
class Browser:
    """A subscription, seen from the browser: its keys."""

    key: EllipticCurvePrivateKey
    auth: bytes

    def subscription(self, endpoint: str) -> str:
        """Return what PushSubscription.toJSON() gives."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return json.dumps({"endpoint": endpoint, "keys": {"p256dh": _text(point), "auth": _text(self.auth)}})


class WebPushServer(HttpPeer):
    """Takes messages for its browsers. An address of its record is the endpoint's last part; the body is decrypted.

    vapid_pem: the sender's private key, made here for whoever wants to send.
    """

    def __init__(self, tls: ssl.SSLContext | None, *, port: int = 0, side_port: int = 0, quiet: bool = False) -> None:
        super().__init__(tls=tls, port=port, side_port=side_port, quiet=quiet)
        self._vapid = generate_private_key(SECP256R1())
        self._browsers: dict[str, Browser] = {}

    @property
    def vapid_pem(self) -> str:
        """The key that messages must be signed with."""
        return self._vapid.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    def subscribe(self, name: str) -> str:
        """Make a browser of this name; return its subscription as JSON."""
        browser = self._browsers.setdefault(name, Browser(generate_private_key(SECP256R1()), secrets.token_bytes(16)))
        return browser.subscription(f"{self.base_url}/push/{name}")

    def forget(self, name: str) -> None:
        """Let a browser's subscription end: it is answered with 410 from now on."""
        self._browsers.pop(name, None)

    def describe(self) -> dict[str, object]:
        """Return what a client must know; a subscription is ready."""
        return {
            "vapid_pem": self.vapid_pem,
            "subscription": self.subscribe("browser"),
            "host": "localhost",
            "side": f"http://127.0.0.1:{self.side.port}",
        }

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        sealed = await read_body(request)
        name = request.path.removeprefix("/push/")
        order = self.orders.take(name)
        status, words, body = order.status, order.reason, b""
        if status == 200 and not words:
            status, words, body = self._judge(request, name, sealed)
        answered = order.fate in (Fate.ANSWER, Fate.HALF)
        self.record.add(
            notice_id=_notice_id(body),
            address=name,
            status=status if answered else 0,
            reason=words if answered else order.fate.value,
            connection=self.connection_of(request),
            headers=dict(request.headers),
            body=body,
        )

        def usual() -> web.Response:
            said = words.encode() if order.body is None else order.body
            headers = dict(order.headers) | ({"Location": f"{self.base_url}/message/1"} if status == 201 else {})
            return web.Response(status=status, body=said, headers=headers)

        return await self.meet_fate(request, order, usual)

    def _judge(self, request: web.BaseRequest, name: str, sealed: bytes) -> tuple[int, str, bytes]:
        headers = request.headers
        browser = self._browsers.get(name)
        if not request.path.startswith("/push/") or request.method != "POST":
            return 404, "no such place", b""
        if browser is None:
            return 410, "push subscription has unsubscribed or expired", b""
        if wrong := self._judge_vapid(headers.get("Authorization", "")):
            return 403, wrong, b""
        if not headers.get("TTL", "").isdecimal() or headers.get("Urgency", "normal") not in URGENCIES:
            return 400, "TTL or Urgency", b""
        if "Topic" in headers and not TOPIC.fullmatch(headers["Topic"]):
            return 400, "Topic", b""
        if len(sealed) > MAX_BODY_BYTES:
            return 413, "payload too large", b""
        if headers.get("Content-Encoding") != "aes128gcm":
            return 400, "Content-Encoding", b""
        try:
            body = http_ece.decrypt(sealed, private_key=browser.key, auth_secret=browser.auth, version="aes128gcm")
        except (http_ece.ECEException, ValueError):
            return 400, "cannot be decrypted", b""
        return 201, "", bytes(body)

    def _judge_vapid(self, said: str) -> str:
        """Return what is wrong with the sender's proof, "" for nothing."""
        found = AUTHORIZATION.fullmatch(said)
        if found is None:
            return "no VAPID authorization"
        public = self._vapid.public_key()
        if found["key"] != _text(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)):
            return "the VAPID credentials are not those of the subscription"
        key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _bytes(found["key"]))
        try:
            claims: dict[str, Any] = jwt.decode(
                found["token"], key, algorithms=["ES256"], audience=self.base_url, options={"require": ["exp", "sub"]}
            )
        except jwt.InvalidTokenError as error:
            return f"the VAPID token is refused: {error}"
        return "" if str(claims["sub"]).startswith(("mailto:", "https://")) else "sub"


def _notice_id(body: bytes) -> str:
    try:
        read = json.loads(body)
    except ValueError:
        return ""
    return str(read.get("notice_id") or read.get("service_id") or "") if isinstance(read, dict) else ""


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
