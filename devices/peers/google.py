"""What Google checks in a message and in a token request, and with which words it refuses.

Sources: Google, "FCM error codes" and "ErrorCode" (HTTP v1), "REST Resource: projects.messages",
"Using OAuth 2.0 for Server to Server Applications".
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
MAX_MESSAGE_BYTES = 4096

CODES: Final[dict[str, tuple[int, str, str]]] = {
    "UNSPECIFIED_ERROR": (500, "UNKNOWN", "No more information is available about this error."),
    "INVALID_ARGUMENT": (400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
    "UNREGISTERED": (404, "NOT_FOUND", "Requested entity was not found."),
    "SENDER_ID_MISMATCH": (403, "PERMISSION_DENIED", "SenderId mismatch"),
    "QUOTA_EXCEEDED": (429, "RESOURCE_EXHAUSTED", "Quota exceeded for the message target."),
    "UNAVAILABLE": (503, "UNAVAILABLE", "The service is currently unavailable."),
    "INTERNAL": (500, "INTERNAL", "Internal error encountered."),
    "THIRD_PARTY_AUTH_ERROR": (401, "UNAUTHENTICATED", "Auth error from APNS or Web Push Service"),
}
"""errorCode: status, google.rpc status, words. The whole table."""

BAD_TOKEN = "The registration token is not a valid FCM registration token"
DURATION = re.compile(r"[0-9]+(?:\.[0-9]{1,9})?s")
RESERVED = re.compile(r"from|message_type|google\..*|gcm\.notification.*|gcm")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is no success."""

    status: int
    word: str
    body: bytes


def refusal(code: str, *, status: int | None = None, message: str | None = None) -> Refusal:
    """Return Google's error for an FCM error code, with its documented status unless another is asked for."""
    usual, rpc_status, words = CODES.get(code, (status or 500, code, code))
    error: dict[str, Any] = {"code": status or usual, "message": message or words, "status": rpc_status}
    if code in CODES:
        error["details"] = [{"@type": FCM_ERROR, "errorCode": code}]
    return Refusal(status or usual, code, _json(error))


def token_refusal(reason: str) -> Refusal:
    """Return the 401 for a bearer token. reason: ACCESS_TOKEN_EXPIRED or another word of google.rpc.ErrorInfo."""
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"}]
    message = "Request had invalid authentication credentials."
    error = {"code": 401, "message": message, "status": "UNAUTHENTICATED", "details": details}
    return Refusal(401, reason, _json(error))


def field_refusal(field: str, description: str) -> Refusal:
    """Return the 400 for one field of the request."""
    violation = {"field": field, "description": description}
    details = [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}]
    error = {"code": 400, "message": description, "status": "INVALID_ARGUMENT", "details": details}
    return Refusal(400, "INVALID_ARGUMENT", _json(error))


def complaint(read: Any) -> Refusal | None:
    """Return Google's error for the JSON of a send request, None where it is right."""
    if not isinstance(read, dict) or not isinstance(read.get("message"), dict):
        return field_refusal("message", "Invalid JSON payload received.")
    message: dict[str, Any] = read["message"]
    if sum(name in message for name in ("token", "topic", "condition")) != 1:
        return field_refusal("message", "Recipient of the message is not set.")
    if "token" in message and (not isinstance(message["token"], str) or not message["token"]):
        return refusal("INVALID_ARGUMENT", message=BAD_TOKEN)
    for key, value in (message.get("data") or {}).items():
        if not isinstance(value, str):
            return field_refusal(f"message.data[{key}].value", "Invalid value (TYPE_STRING)")
        if RESERVED.fullmatch(key):
            return field_refusal(f"message.data[{key}]", "Invalid data payload key")
    android = message.get("android") or {}
    if android.get("priority", "HIGH") not in ("HIGH", "NORMAL", "high", "normal"):
        return field_refusal("message.android.priority", "Invalid value")
    if not DURATION.fullmatch(str(android.get("ttl", "0s"))):
        return field_refusal("message.android.ttl", "Illegal duration format; duration must end with 's'")
    return None


def too_big(message: Any) -> bool:
    """Whether Google would find the payload too long: keys and values of data and notification."""
    parts = [part for part in (message.get("data"), message.get("notification")) if part]
    return sum(len(json.dumps(part, ensure_ascii=False).encode()) for part in parts) > MAX_MESSAGE_BYTES


def _json(error: dict[str, Any]) -> bytes:
    return json.dumps({"error": error}).encode()
