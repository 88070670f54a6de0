"""What Apple checks in a request, and with which words it refuses.

Sources: Apple, "Sending notification requests to APNs", "Establishing a token-based connection to APNs",
"Handling notification responses from APNs".
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

MAX_PAYLOAD_BYTES = 4096
MAX_COLLAPSE_BYTES = 64
TOKEN_LASTS = timedelta(hours=1)
TOKENS_KEPT = 100  # verified tokens, so that a signature is checked once and not for each notice

REASONS: Final = {
    "BadCollapseId": 400,
    "BadDeviceToken": 400,
    "BadExpirationDate": 400,
    "BadMessageId": 400,
    "BadPriority": 400,
    "BadTopic": 400,
    "DeviceTokenNotForTopic": 400,
    "DuplicateHeaders": 400,
    "IdleTimeout": 400,
    "InvalidPushType": 400,
    "MissingDeviceToken": 400,
    "MissingTopic": 400,
    "PayloadEmpty": 400,
    "TopicDisallowed": 400,
    "BadCertificate": 403,
    "BadCertificateEnvironment": 403,
    "ExpiredProviderToken": 403,
    "Forbidden": 403,
    "InvalidProviderToken": 403,
    "MissingProviderToken": 403,
    "UnrelatedKeyIdInToken": 403,
    "BadEnvironmentKeyIdInToken": 403,
    "BadPath": 404,
    "MethodNotAllowed": 405,
    "ExpiredToken": 410,
    "Unregistered": 410,
    "PayloadTooLarge": 413,
    "TooManyProviderTokenUpdates": 429,
    "TooManyRequests": 429,
    "InternalServerError": 500,
    "ServiceUnavailable": 503,
    "Shutdown": 503,
}
"""The whole table of reasons, with the status of each."""

PUSH_TYPES: Final = frozenset(
    {"alert", "background", "location", "voip", "complication", "fileprovider"}
    | {"mdm", "liveactivity", "pushtotalk", "widgets", "controls"}
)
PATH = re.compile(r"/3/device/([^/]*)")
DEVICE_TOKEN = re.compile(r"(?:[0-9a-fA-F]{2}){8,100}")
APNS_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class ProviderTokens:
    """Verifies the JWT of a provider: ES256, our key id and team, at most an hour old."""

    def __init__(self, *, key: EllipticCurvePublicKey, key_id: str, team_id: str) -> None:
        self._key = key
        self._key_id = key_id
        self._team_id = team_id
        self._issued: dict[str, float] = {}

    def complaint(self, authorization: str | None, now: datetime) -> str | None:
        """Return Apple's word against this authorization header, None where it is right."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return "MissingProviderToken"
        issued = self._issued.get(token)
        if issued is None:
            try:
                issued = self._verify(token)
            except (jwt.InvalidTokenError, KeyError, TypeError, ValueError):
                return "InvalidProviderToken"
            if len(self._issued) >= TOKENS_KEPT:
                self._issued.clear()
            self._issued[token] = issued
        age_s = now.timestamp() - issued
        return "ExpiredProviderToken" if abs(age_s) > TOKEN_LASTS.total_seconds() else None

    def _verify(self, token: str) -> float:
        if jwt.get_unverified_header(token)["kid"] != self._key_id:
            raise ValueError("another key")
        options = jwt.types.Options(verify_iat=False, require=["iss", "iat"])
        claims = jwt.decode(token, self._key, algorithms=["ES256"], options=options)
        if claims["iss"] != self._team_id:
            raise ValueError("another team")
        return float(claims["iat"])


def complaint(headers: Sequence[tuple[str, str]], body: bytes, *, topic: str) -> str | None:
    """Return Apple's word against a request, None where it is right. The provider token is checked elsewhere."""
    fields = dict(headers)
    if fields.get(":method") != "POST":
        return "MethodNotAllowed"
    path = PATH.fullmatch(fields.get(":path", ""))
    if path is None:
        return "BadPath"
    if len(fields) != len(headers):
        return "DuplicateHeaders"
    return _address_complaint(path.group(1), fields.get("apns-topic"), topic) or _field_complaint(fields) or _body(body)


def _address_complaint(token: str, topic: str | None, our_topic: str) -> str | None:
    if not token:
        return "MissingDeviceToken"
    if not topic:
        return "MissingTopic"
    if topic != our_topic:
        return "TopicDisallowed"
    return None if DEVICE_TOKEN.fullmatch(token) else "BadDeviceToken"


def _field_complaint(fields: dict[str, str]) -> str | None:
    if "apns-id" in fields and not APNS_ID.fullmatch(fields["apns-id"]):
        return "BadMessageId"
    if not fields.get("apns-expiration", "0").isdigit():
        return "BadExpirationDate"
    if fields.get("apns-priority", "10") not in ("1", "5", "10"):
        return "BadPriority"
    if fields.get("apns-push-type", "alert") not in PUSH_TYPES:
        return "InvalidPushType"
    if len(fields.get("apns-collapse-id", "").encode()) > MAX_COLLAPSE_BYTES:
        return "BadCollapseId"
    return None


def _body(body: bytes) -> str | None:
    if len(body) > MAX_PAYLOAD_BYTES:
        return "PayloadTooLarge"
    try:
        payload = json.loads(body)
    except ValueError:
        return "PayloadEmpty"  # Apple's table has no word of its own for a body that is not JSON
    return None if isinstance(payload, dict) and payload else "PayloadEmpty"


def error_body(status: int, reason: str, now: datetime) -> bytes:
    """Return Apple's JSON for a refusal; a 410 says since when."""
    words: dict[str, object] = {"reason": reason}
    if status == 410:
        words["timestamp"] = int(now.timestamp() * 1000)
    return json.dumps(words, separators=(",", ":")).encode()
