"""A notice as APNs takes it, and what its answers mean. Pure.

Sources: Apple, "Generating a remote notification", "Sending notification requests to APNs",
"Handling notification responses from APNs" (the table of reasons).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from escalation.effects import About
from escalation.purpose import Purpose
from larmcentral.channels.apns_answer import STREAM_RESET, Answer
from larmcentral.channels.push_kind import ACTIONS, critical, in_background
from larmcentral.channels.service_words import title_and_body
from larmcentral.channels.wording import Wording
from larmcentral.domain.notice import Delivery, DeliveryState, InHouse, ServiceMessage

ORDINARY_SOUND: Final = "default"
"""Of news and reminders: the alarm's own sound is for alarms."""

GONE_REASONS: Final = frozenset({"BadDeviceToken", "Unregistered", "DeviceTokenNotForTopic", "ExpiredToken"})
HINTS: Final[Mapping[str, str]] = {
    "InvalidProviderToken": "check the APNs key, its key id and the team id",
    "MissingProviderToken": "a proxy in between drops the authorization header",
    "UnrelatedKeyIdInToken": "the key id belongs to another team",
    "BadEnvironmentKeyIdInToken": "the key is for the other of production and development",
    "ExpiredProviderToken": "a new token is made; if it goes on, this machine's clock is wrong",
    "TopicDisallowed": "the topic is not this team's app",
    "BadTopic": "check the topic: it is the app's bundle id",
}


def message(
    notice: InHouse,
    *,
    sound: str,
    volume: float,
    silent_sound: str,
    category: str,
    wording: Wording,
    answer: str | None = None,
) -> dict[str, Any]:
    """Return the payload: at most some 1.5 kB, whatever the notice says. answer: the key of its buttons."""
    text = notice.text
    named = {
        "notice_id": str(notice.id),
        "incident_id": None if notice.incident_id is None else str(notice.incident_id),
        "about": text.about.value,
    }
    if in_background(notice):
        # Not a word more: whoever looks at the phone's log must not read what it is about.
        return {"aps": {"content-available": 1}, **named}
    words = wording.push(text, notice.purpose)
    level, noise = _noise(notice, sound=sound, volume=volume, silent_sound=silent_sound)
    aps: dict[str, Any] = {
        "alert": {"title": words.title, "body": words.body},
        "interruption-level": level,
        "thread-id": str(notice.incident_id or text.about.value),
    }
    if text.about is About.ALARM:
        aps["category"] = category
    if noise is not None:
        aps["sound"] = noise
    payload: dict[str, Any] = {
        "aps": aps,
        **named,
        "kind": None if text.kind is None else text.kind.value,
        "purpose": notice.purpose.value,
        "silent": text.silent,
        "opened_at": iso(text.opened_at),
        "lateness_s": text.lateness_s,
    }
    if text.due_at is not None:
        payload["due_at"] = iso(text.due_at)
    if answer is not None:
        payload |= {"answer": answer, "actions": list(ACTIONS)}
    return payload


def service_message(words: ServiceMessage) -> dict[str, Any]:
    """Return the payload of words about ourselves: shown like any other app's, and opening the link when tapped."""
    title, body = title_and_body(words)
    aps = {
        "alert": {"title": title, "body": body},
        "sound": ORDINARY_SOUND,
        "interruption-level": "active",
        "thread-id": "service",
    }
    return {"aps": aps, "service_id": str(words.id), "about": "service"} | ({"link": words.link} if words.link else {})


def _noise(notice: InHouse, *, sound: str, volume: float, silent_sound: str) -> tuple[str, Any]:
    """Return interruption level and sound. A test makes no noise; a drill sounds like the real thing."""
    if notice.purpose is Purpose.TEST:
        return "passive", None
    if notice.text.about is not About.ALARM:
        return "time-sensitive", None if notice.text.silent else ORDINARY_SOUND
    if not critical(notice):
        return "time-sensitive", None if notice.text.silent else sound
    if notice.text.silent:
        return "critical", {"critical": 1, "name": silent_sound, "volume": 0}
    return "critical", {"critical": 1, "name": sound, "volume": volume}


def delivery(answer: Answer, retry_after: timedelta | None) -> Delivery:
    """Return what Apple's answer means for the outbox. An unknown word goes by its status."""
    status, reason = str(answer.status), answer.description or ""
    why = ": ".join(part for part in (reason or f"status {status}", HINTS.get(reason, "")) if part)
    if status == "200":
        return Delivery(state=DeliveryState.SENT, provider_id=answer.notification_id)
    if status == "410" or reason in GONE_REASONS:
        return Delivery(state=DeliveryState.GONE, reason=why + _since(answer.timestamp))
    retry = (
        status in ("429", STREAM_RESET)
        or not status.startswith("4")
        or reason in ("ExpiredProviderToken", "IdleTimeout")  # 403 and 400, but of the hour and not of the notice
    )
    if retry:
        # This word is about one phone that was sent too much; others are not kept from theirs by it.
        of_phone = reason == "TooManyRequests"
        return Delivery(state=DeliveryState.RETRY, reason=why, retry_after=retry_after, of_address=of_phone)
    return Delivery(state=DeliveryState.REFUSED, reason=why, about_us=reason in HINTS)


def iso(at: datetime) -> str:
    """Write a time as RFC 3339 in UTC."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _since(timestamp_ms: int | None) -> str:
    if timestamp_ms is None or not 0 < timestamp_ms < 32_503_680_000_000:  # the year 3000
        return ""
    return f" since {iso(datetime.fromtimestamp(timestamp_ms / 1000, UTC))}"
