"""Apple's checks, one by one."""

from __future__ import annotations

import json
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from devices.peers.apple import ProviderTokens, complaint, error_body
from devices.peers.credentials import Credentials
from devices.peers.record import wall_now

TOKEN = "ab" * 32
GOOD = {
    ":method": "POST",
    ":path": f"/3/device/{TOKEN}",
    "apns-topic": "se.example.larm",
    "apns-id": "0ec0cf76-0336-47d6-a0a9-7e3ba7529d49",
    "apns-expiration": "0",
    "apns-priority": "10",
    "apns-push-type": "alert",
    "apns-collapse-id": "x" * 64,
}
BODY = b'{"aps":{}}'


def _complaint(changes: dict[str, str | None], body: bytes = BODY) -> str | None:
    fields = {name: value for name, value in (GOOD | changes).items() if value is not None}
    return complaint(list(fields.items()), body, topic="se.example.larm")


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, None),
        ({"apns-id": None, "apns-priority": None, "apns-collapse-id": None}, None),
        ({":method": "GET"}, "MethodNotAllowed"),
        ({":path": "/3/devices/x"}, "BadPath"),
        ({":path": "/3/device/"}, "MissingDeviceToken"),
        ({":path": "/3/device/xyz"}, "BadDeviceToken"),
        ({"apns-topic": None}, "MissingTopic"),
        ({"apns-topic": "se.example.other"}, "TopicDisallowed"),
        ({"apns-id": "7"}, "BadMessageId"),
        ({"apns-expiration": "soon"}, "BadExpirationDate"),
        ({"apns-priority": "7"}, "BadPriority"),
        ({"apns-push-type": "loud"}, "InvalidPushType"),
        ({"apns-collapse-id": "x" * 65}, "BadCollapseId"),
    ],
)
def test_headers(changes: dict[str, str | None], word: str | None) -> None:
    assert _complaint(changes) == word


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "PayloadEmpty"),
        (b"{}", "PayloadEmpty"),
        (b"no json", "PayloadEmpty"),
        (b'{"a":"' + b"x" * 4088 + b'"}', None),
        (b'{"a":"' + b"x" * 4089 + b'"}', "PayloadTooLarge"),
    ],
)
def test_bodies(body: bytes, word: str | None) -> None:
    assert _complaint({}, body) == word


def test_a_repeated_header() -> None:
    assert complaint([*GOOD.items(), ("apns-topic", "x")], BODY, topic="se.example.larm") == "DuplicateHeaders"


def test_a_410_carries_a_time_in_milliseconds() -> None:
    now = wall_now()

    assert json.loads(error_body(410, "Unregistered", now)) == {
        "reason": "Unregistered",
        "timestamp": int(now.timestamp() * 1000),
    }
    assert json.loads(error_body(400, "BadTopic", now)) == {"reason": "BadTopic"}


def _token(credentials: Credentials, *, kid: str | None = None, iss: str | None = None, age_s: float = 0) -> str:
    claims = {"iss": iss or credentials.apns_team_id, "iat": int(wall_now().timestamp() - age_s)}
    headers = {"kid": kid or credentials.apns_key_id}
    return "bearer " + jwt.encode(claims, credentials.apns_key_pem, algorithm="ES256", headers=headers)


def test_provider_tokens(peer_credentials: Credentials) -> None:
    key = load_pem_private_key(peer_credentials.apns_key_pem.encode(), None)
    assert isinstance(key, EllipticCurvePrivateKey)
    tokens = ProviderTokens(
        key=key.public_key(), key_id=peer_credentials.apns_key_id, team_id=peer_credentials.apns_team_id
    )
    good = _token(peer_credentials)

    assert tokens.complaint(good, wall_now()) is None
    assert tokens.complaint(good, wall_now() + timedelta(minutes=61)) == "ExpiredProviderToken"
    assert tokens.complaint(None, wall_now()) == "MissingProviderToken"
    assert tokens.complaint("Basic eDp5", wall_now()) == "MissingProviderToken"
    assert tokens.complaint("bearer x.y.z", wall_now()) == "InvalidProviderToken"
    assert tokens.complaint(_token(peer_credentials, kid="OTHER"), wall_now()) == "InvalidProviderToken"
    assert tokens.complaint(_token(peer_credentials, iss="OTHER"), wall_now()) == "InvalidProviderToken"
    assert tokens.complaint(_token(peer_credentials, age_s=3700), wall_now()) == "ExpiredProviderToken"
    assert tokens.complaint(good[:-4] + "AAAA", wall_now()) == "InvalidProviderToken"
