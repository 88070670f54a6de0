"""A local FCM: the token endpoint for service accounts and HTTP v1's messages:send."""

from __future__ import annotations

import json
import secrets
import ssl
import time
from typing import Any
from urllib.parse import parse_qs

import jwt
import msgspec
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from devices.peers.credentials import CLIENT_EMAIL, Credentials
from devices.peers.google import MAX_MESSAGE_BYTES, Refusal, complaint, field_refusal, refusal, token_refusal, too_big
from devices.peers.http_peer import MAX_BODY_BYTES, HttpPeer, read_body
from devices.peers.orders import Fate, Orders

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
GOOGLE_AUDIENCE = "https://oauth2.googleapis.com/token"  # google-auth writes this one, whatever the token_uri is
TOKEN_LASTS_S = 3600
TOKENS_KEPT = 10_000


class FcmServer(HttpPeer):
    """Issues access tokens, judges messages by Google's rules and answers as ordered."""

    def __init__(
        self,
        credentials: Credentials,
        tls: ssl.SSLContext | None,
        *,
        port: int = 0,
        side_port: int = 0,
        quiet: bool = False,
    ) -> None:
        super().__init__(tls=tls, port=port, side_port=side_port, quiet=quiet)
        key = load_pem_private_key(credentials.google_key_pem.encode(), None)
        assert isinstance(key, RSAPrivateKey)
        self._key = key.public_key()
        self._credentials = credentials
        self._valid_until: dict[str, float] = {}
        self.token_orders = Orders()
        self.token_requests = 0
        self._path = f"/v1/projects/{credentials.google_project}/messages:send"

    @property
    def endpoint(self) -> str:
        """What a client sets in place of https://fcm.googleapis.com/v1/projects."""
        return f"{self.base_url}/v1/projects"

    @property
    def token_uri(self) -> str:
        """What stands in the service account."""
        return f"{self.base_url}/token"

    def service_account(self) -> str:
        """Return the JSON of the service account for this receiver."""
        return self._credentials.service_account(self.token_uri)

    def expire_tokens(self) -> None:
        """Let every access token be answered with 401 from now on."""
        self._valid_until = dict.fromkeys(self._valid_until, 0.0)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await read_body(request)
        if request.path == "/token" and request.method == "POST":
            return await self._token(request, body)
        return await self._send(request, body)

    async def _send(self, request: web.BaseRequest, body: bytes) -> web.StreamResponse:
        read = _read(body)
        message = read.get("message") if isinstance(read, dict) else None
        message = message if isinstance(message, dict) else {}
        address = str(message.get("token", ""))
        order = self.orders.take(address)
        wrong: Refusal | None = None
        if order.status == 200 and not order.reason:
            wrong = self._judge(request, body, read)
        elif order.reason == "ACCESS_TOKEN_EXPIRED":
            wrong = token_refusal(order.reason)
        elif order.reason or order.status != 200:
            wrong = refusal(order.reason, status=None if order.status == 200 else order.status)
        answered = order.fate in (Fate.ANSWER, Fate.HALF)
        data = message.get("data")
        received = self.record.add(
            notice_id=str(data.get("notice_id", "")) if isinstance(data, dict) else "",
            address=address,
            status=0 if not answered else wrong.status if wrong else 200,
            reason=order.fate.value if not answered else wrong.word if wrong else "",
            connection=self.connection_of(request),
            headers=dict(request.headers),
            body=body,
        )

        def usual() -> web.Response:
            text = wrong.body if wrong else json.dumps({"name": self._name(received.number)}).encode()
            return web.Response(
                status=wrong.status if wrong else 200,
                body=text if order.body is None else order.body,
                headers=dict(order.headers),
                content_type="application/json",
            )

        return await self.meet_fate(request, order, usual)

    def _name(self, number: int) -> str:
        return f"projects/{self._credentials.google_project}/messages/0:{number:016d}%local"

    def _judge(self, request: web.BaseRequest, body: bytes, read: Any) -> Refusal | None:
        if request.path != self._path:
            return refusal("NOT_FOUND", status=404, message="The requested URL was not found on this server.")
        if request.method != "POST":
            return refusal("METHOD_NOT_ALLOWED", status=405)
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token not in self._valid_until:
            return token_refusal("CREDENTIALS_MISSING" if not token else "ACCESS_TOKEN_TYPE_UNSUPPORTED")
        if self._valid_until[token] < time.monotonic():
            return token_refusal("ACCESS_TOKEN_EXPIRED")
        if read is None:
            return field_refusal("", "Invalid JSON payload received.")
        wrong = complaint(read)
        if wrong is None and len(body) > MAX_MESSAGE_BYTES and too_big(read["message"]):
            return refusal("INVALID_ARGUMENT", message="Message is too big")
        return wrong

    async def _token(self, request: web.BaseRequest, body: bytes) -> web.StreamResponse:
        self.token_requests += 1
        order = self.token_orders.take("token")

        def usual() -> web.Response:
            if order.body is not None:
                return web.Response(status=order.status, body=order.body, content_type="application/json")
            if order.reason:
                status = 400 if order.status == 200 else order.status
                return web.json_response({"error": order.reason, "error_description": order.reason}, status=status)
            return self._grant(body)

        return await self.meet_fate(request, order, usual)

    def _grant(self, body: bytes) -> web.Response:
        form = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
        if form.get("grant_type") != GRANT:
            return web.json_response({"error": "unsupported_grant_type"}, status=400)
        try:
            claims: dict[str, Any] = jwt.decode(
                form.get("assertion", ""),
                self._key,
                algorithms=["RS256"],
                audience=[GOOGLE_AUDIENCE, self.token_uri],
                issuer=CLIENT_EMAIL,
                options={"require": ["iss", "aud", "iat", "exp"]},
            )
        except jwt.InvalidTokenError as error:
            words = {"error": "invalid_grant", "error_description": f"Invalid JWT: {error}"}
            return web.json_response(words, status=400)
        if SCOPE not in str(claims.get("scope", "")).split():
            return web.json_response({"error": "invalid_scope"}, status=400)
        if len(self._valid_until) >= TOKENS_KEPT:
            self._valid_until.clear()
        token = "ya29." + secrets.token_urlsafe(48)
        self._valid_until[token] = time.monotonic() + TOKEN_LASTS_S
        return web.json_response({"access_token": token, "expires_in": TOKEN_LASTS_S - 1, "token_type": "Bearer"})


def _read(body: bytes) -> Any:
    if len(body) > MAX_BODY_BYTES:
        return None
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None
