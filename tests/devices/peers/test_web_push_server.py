"""The local push service before a bare HTTP client: what it refuses."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import AsyncIterator

import aiohttp
import http_ece
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from devices.peers.web_push_server import WebPushServer


@pytest.fixture
async def server() -> AsyncIterator[WebPushServer]:
    server = WebPushServer(None)
    await server.start()
    yield server
    await server.stop()


def vapid(server: WebPushServer, **changes: object) -> str:
    key = load_pem_private_key(server.vapid_pem.encode(), None)
    assert isinstance(key, EllipticCurvePrivateKey)
    claims = {"aud": server.base_url, "exp": int(time.time()) + 60, "sub": "mailto:a@b.example"}  # noqa: TID251
    public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return f"vapid t={jwt.encode(claims | changes, key, 'ES256')}, k={_text(public)}"


def sealed(subscription: str, body: bytes) -> bytes:
    keys = json.loads(subscription)["keys"]
    encrypted: bytes = http_ece.encrypt(
        body,
        private_key=generate_private_key(SECP256R1()),
        dh=_bytes(keys["p256dh"]),
        auth_secret=_bytes(keys["auth"]),
        version="aes128gcm",
    )
    return encrypted


async def post(server: WebPushServer, body: bytes, headers: dict[str, str], name: str = "browser") -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.base_url}/push/{name}", data=body, headers=headers) as response,
    ):
        return response.status


async def test_a_message_is_decrypted_and_anything_else_refused(server: WebPushServer) -> None:
    subscription = server.subscribe("browser")
    body = sealed(subscription, b'{"notice_id": "7"}')
    good = {"Authorization": vapid(server), "TTL": "60", "Urgency": "high", "Content-Encoding": "aes128gcm"}

    assert await post(server, body, good) == 201
    (received,) = server.record
    assert (received.notice_id, received.payload) == ("7", {"notice_id": "7"})
    for wrong in (
        {"Authorization": ""},
        {"Authorization": vapid(server, aud="https://other.example")},
        {"Authorization": vapid(server, exp=1)},
        {"Authorization": vapid(server, sub="a@b.example")},
        {"Authorization": vapid(WebPushServer(None))},
    ):
        assert await post(server, body, good | wrong) == 403
    for wrong in ({"TTL": "x"}, {"Urgency": "now"}, {"Topic": "a" * 33}, {"Content-Encoding": "gzip2"}):
        assert await post(server, body, good | wrong) == 400
    assert await post(server, body[:-1] + b"\x00", good) == 400
    assert await post(server, b"x" * 4097, good) == 413
    assert await post(server, body, good, name="nobody") == 410
    server.forget("browser")
    assert await post(server, body, good) == 410


def test_a_client_is_told_what_it_must_know() -> None:
    assert WebPushServer(None).describe().keys() == {"vapid_pem", "subscription", "host", "side"}


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
