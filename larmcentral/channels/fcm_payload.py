"""A notice as FCM takes it, and what its answers mean. Pure.

Sources: Google, "REST Resource: projects.messages", "ErrorCode", "FCM error codes" (HTTP v1).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from escalation.effects import About
from escalation.purpose import Purpose
from larmcentral.channels.apns_payload import iso
from larmcentral.channels.http_client import HttpAnswer
from larmcentral.channels.push_kind import ACTIONS, critical, in_background, place_on_screen
from larmcentral.channels.service_words import title_and_body
from larmcentral.channels.wording import Wording
from larmcentral.domain.notice import Delivery, DeliveryState, InHouse, ServiceMessage

FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"

STATES: Final[Mapping[str, DeliveryState]] = {
    "UNREGISTERED": DeliveryState.GONE,
    # Not GONE: with another project's service account in place it comes for every phone of the house.
    "SENDER_ID_MISMATCH": DeliveryState.REFUSED,
    "INVALID_ARGUMENT": DeliveryState.REFUSED,
    "THIRD_PARTY_AUTH_ERROR": DeliveryState.REFUSED,
    "QUOTA_EXCEEDED": DeliveryState.RETRY,
    "UNAVAILABLE": DeliveryState.RETRY,
    "INTERNAL": DeliveryState.RETRY,
}
ABOUT_US: Final = frozenset({"PERMISSION_DENIED", "UNAUTHENTICATED"})
HINTS: Final[Mapping[str, str]] = {
    "SENDER_ID_MISMATCH": "the phone registered with another Firebase project than the service account's",
    "THIRD_PARTY_AUTH_ERROR": "Firebase lacks the key of Apple or of web push",
    "PERMISSION_DENIED": "the service account may not send, or the FCM API is not switched on",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AndroidChannels:
    """The app's notification channels; on Android they decide about sound, not the message."""

    critical: str = "larm_critical"
    alarm: str = "larm_alarm"
    silent: str = "larm_silent"
    news: str = "larm_news"


@dataclass(frozen=True, slots=True)
class FcmError:
    """Google's words of one error. token_invalid: it is the registration token that is wrong."""

    code: str
    status: str
    token_invalid: bool


def parameters(
    notice: InHouse,
    *,
    channels: AndroidChannels,
    time_to_live: timedelta,
    wording: Wording,
    answer: str | None = None,
) -> dict[str, Any]:
    """Return the arguments of pyfcm's parse_payload. answer: the key of an alarm's buttons.

    The tag makes a repeat replace the notification on the phone; the app knows it by notice_id.
    """
    text = notice.text
    named = {
        "notice_id": str(notice.id),
        "incident_id": "" if notice.incident_id is None else str(notice.incident_id),
        "about": text.about.value,
    }
    urgent = {"priority": "HIGH", "ttl": f"{int(time_to_live.total_seconds())}s"}
    if in_background(notice):
        # Not a word more: whoever looks at the phone's log must not read what it is about.
        return {"fcm_token": notice.address, "data_payload": named, "android_config": urgent}
    words = wording.push(text, notice.purpose)
    told = {
        **named,
        "kind": "" if text.kind is None else text.kind.value,
        "purpose": notice.purpose.value,
        "silent": "true" if text.silent else "false",
        "opened_at": iso(text.opened_at),
        "lateness_s": "" if text.lateness_s is None else f"{text.lateness_s:.0f}",
    }
    if text.due_at is not None:
        told["due_at"] = iso(text.due_at)
    if answer is not None:
        told |= {"answer": answer, "actions": ",".join(ACTIONS)}
    return {
        "fcm_token": notice.address,
        "notification_title": words.title,
        "notification_body": words.body,
        "data_payload": told,
        "android_config": {
            **urgent,
            "notification": {
                "channel_id": _channel(notice, channels),
                "tag": place_on_screen(notice),
                "notification_priority": "PRIORITY_MAX",
                "visibility": "PRIVATE",
            },
        },
    }


def service_parameters(
    message: ServiceMessage, *, channels: AndroidChannels, time_to_live: timedelta
) -> dict[str, Any]:
    """Return the same for words about ourselves."""
    title, body = title_and_body(message)
    told = {"service_id": str(message.id), "about": "service"} | ({"link": message.link} if message.link else {})
    return {
        "fcm_token": message.address,
        "notification_title": title,
        "notification_body": body,
        "data_payload": told,
        "android_config": {
            "priority": "HIGH",
            "ttl": f"{int(time_to_live.total_seconds())}s",
            "notification": {"channel_id": channels.news, "tag": "service", "visibility": "PRIVATE"},
        },
    }


def _channel(notice: InHouse, channels: AndroidChannels) -> str:
    if notice.text.silent or notice.purpose is Purpose.TEST:
        return channels.silent
    if notice.text.about is not About.ALARM:
        return channels.news
    return channels.critical if critical(notice) else channels.alarm


def delivery(answer: HttpAnswer, retry_after: timedelta | None) -> Delivery:
    """Return what Google's answer means for the outbox."""
    if answer.status == 200:
        name = _object(answer.body).get("name")
        if isinstance(name, str) and name:
            return Delivery(state=DeliveryState.SENT, provider_id=name)
        return Delivery(state=DeliveryState.RETRY, reason="200 without a message name: not FCM's answer")
    error = read_error(answer.body)
    word = error.code or error.status or f"status {answer.status}"
    why = ": ".join(part for part in (word, HINTS.get(word, "")) if part)
    state = _state(answer.status, error)
    return Delivery(
        state=state,
        reason=why,
        retry_after=retry_after if state is DeliveryState.RETRY else None,
        about_us=state is DeliveryState.REFUSED and word in ABOUT_US,
        of_address=word == "QUOTA_EXCEEDED",  # of one phone as often as of the house, and many phones tell which
    )


def _state(status: int, error: FcmError) -> DeliveryState:
    if error.token_invalid or (status == 404 and error.status == "NOT_FOUND" and not error.code):
        return DeliveryState.GONE
    if error.code in STATES:
        return STATES[error.code]
    # A 404 without Google's own word is a wrong endpoint or a proxy: it says nothing about the phone.
    return DeliveryState.REFUSED if 400 <= status < 500 and status not in (401, 408, 429) else DeliveryState.RETRY


def read_error(body: bytes) -> FcmError:
    """Read Google's error object; empty words where the body is something else."""
    error = _object(body).get("error")
    if not isinstance(error, dict):
        return FcmError("", "", False)
    details = error.get("details")
    details = [detail for detail in details if isinstance(detail, dict)] if isinstance(details, list) else []
    code = next((str(d.get("errorCode", "")) for d in details if d.get("@type") == FCM_ERROR), "")
    fields = [
        str(violation.get("field", ""))
        for detail in details
        if detail.get("@type") == BAD_REQUEST and isinstance(detail.get("fieldViolations"), list)
        for violation in detail["fieldViolations"]
        if isinstance(violation, dict)
    ]
    # "The registration token is not a valid FCM registration token" carries FcmError alone, or names the field.
    in_words = "registration token" in str(error.get("message", ""))
    invalid = code == "INVALID_ARGUMENT" and (fields == ["message.token"] or (not fields and in_words))
    return FcmError(code, str(error.get("status", "")), invalid)


def _object(body: bytes) -> dict[str, Any]:
    try:
        read = json.loads(body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
