"""A notice as our service worker takes it, the subscription it goes to, and what push services answer. Pure.

Sources: RFC 8030 (Urgency, Topic, TTL; sections 5, 7.3, 8.4), RFC 8291 (keys), W3C Push API (PushSubscription.toJSON).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from escalation.purpose import Purpose
from larmcentral.channels.apns_payload import iso
from larmcentral.channels.http_client import HttpAnswer
from larmcentral.channels.push_kind import ACTIONS, place_on_screen
from larmcentral.channels.service_words import title_and_body
from larmcentral.channels.shown import masked
from larmcentral.channels.wording import Wording
from larmcentral.domain.notice import Delivery, DeliveryState, InHouse, ServiceMessage

MAX_SUBSCRIPTION_CHARS: Final = 4096
MAX_ENDPOINT_CHARS: Final = 2048  # the longest known are some 500
MAX_PAYLOAD_BYTES: Final = 3800  # services must take 4096 with the encryption's 103; some padding is theirs
TOPIC_CHARS: Final = 32
HINTS: Final[Mapping[int, str]] = {
    401: "our VAPID key or its subject is refused",
    403: "the browser subscribed with another VAPID key than ours",
    413: "the push service finds it too long",
}


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where one browser is reached. endpoint: https, as the browser said it. p256dh, auth: urlsafe base64."""

    endpoint: str
    p256dh: str
    auth: str


class NoSubscription(ValueError):
    """The contact point's address is no subscription and never will be."""


def parse_subscription(address: str) -> Subscription:
    """Read the JSON that a browser gave us. Raises NoSubscription."""
    if len(address) > MAX_SUBSCRIPTION_CHARS:
        raise NoSubscription("too long")
    try:
        read = json.loads(address)
        endpoint, keys = read["endpoint"], read["keys"]
        p256dh, auth = keys["p256dh"], keys["auth"]
        if not all(isinstance(one, str) for one in (endpoint, p256dh, auth)):
            raise NoSubscription("not a subscription")
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _bytes(p256dh))
        if len(_bytes(auth)) != 16:
            raise NoSubscription("the secret has not 16 bytes")
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NoSubscription("not a subscription") from None
    if len(endpoint) > MAX_ENDPOINT_CHARS:
        raise NoSubscription("the endpoint is too long")
    return Subscription(endpoint, p256dh, auth)


def payload(notice: InHouse, wording: Wording, answer: str | None) -> bytes:
    """Return the JSON for the service worker: the same facts as on Android. answer: the key of an alarm's buttons.

    The service worker may count on these. Times are ISO 8601 in UTC.

    - notice_id: of this notice; the same one may come twice and is shown once.
    - incident_id: what it opens; null where it is about the reader's own session or countdown, or about a device.
    - about: escalation.effects.About. alarm asks him to come. going, released, over, owner_idle and message are news of
      an incident. taken, check_in_due, end_due, welfare and pre_alarm are for the wearer, and so is a message about an
      incident of his own; companion, device_due, device_overdue and handover_open are for others.
    - title, body: all that may be shown, in the reader's language lang ("sv" or "en", also that of the buttons).
    - tag: its place on the screen. What comes later under the same tag takes its place: over and released an alarm's,
      and a newer reminder an older one's.
    - kind: of the alarm, null without one. purpose: real, drill or test. opened_at. lateness_s: how old it was when it
      came, null if it came at once. due_at: what the words count to (a check-in, an end, an answer), or absent.
    - silent: a silent alarm; nothing may be said aloud. quiet: no sound and no shaking (silent, or a test).
    - answer, actions: of an alarm alone. The key for POST /api/answers/{answer} with {"word": one of actions}, without
      a cookie and as often as it takes: 204 it counts, 404 no such notice, 409 a reason to be told, 503 try again.

    What must show nothing is not sent at all: that a person has taken a silent alarm, or that one counts down
    (in_background()), and anything about one to an address that is its wearer's own, whoever's name it stands under
    (domain/own_points.py).
    """
    text = notice.text
    words = wording.push(text, notice.purpose)
    told: dict[str, Any] = {
        "notice_id": str(notice.id),
        "incident_id": None if notice.incident_id is None else str(notice.incident_id),
        "about": text.about.value,
        "title": words.title,
        "body": words.body,
        "tag": place_on_screen(notice),
        "lang": text.language,
        "kind": None if text.kind is None else text.kind.value,
        "purpose": notice.purpose.value,
        "silent": text.silent,
        "quiet": text.silent or notice.purpose is Purpose.TEST,
        "opened_at": iso(text.opened_at),
        "lateness_s": text.lateness_s,
    }
    if text.due_at is not None:
        told["due_at"] = iso(text.due_at)
    if answer is not None:
        told |= {"answer": answer, "actions": list(ACTIONS)}
    return _json(told)


def service_payload(message: ServiceMessage) -> bytes:
    """Return the JSON of words about ourselves."""
    title, body = title_and_body(message)
    told = {"service_id": str(message.id), "about": "service", "title": title, "body": body, "tag": "service"}
    told |= {"lang": message.language} | ({"link": message.link} if message.link else {})
    return _json(told)


def topic(place: str) -> str:
    """Return the name under which a push service replaces what it still keeps: 32 signs of urlsafe base64."""
    return base64.urlsafe_b64encode(hashlib.sha256(place.encode()).digest())[:TOPIC_CHARS].decode("ascii")


def delivery(answer: HttpAnswer, retry_after: timedelta | None) -> Delivery:
    """Return what a push service's answer means for the outbox. Its body is anything; only the status counts."""
    status = answer.status
    if status in (200, 201, 202, 204):
        return Delivery(state=DeliveryState.SENT)
    if status in (404, 410):
        return Delivery(state=DeliveryState.GONE, reason=f"{status}: the subscription no longer exists")
    if 400 <= status < 500 and status not in (408, 429):
        words = HINTS.get(status) or masked(answer.body[:200].decode("utf-8", "replace"))
        return Delivery(state=DeliveryState.REFUSED, reason=f"{status}: {words}" if words else f"status {status}")
    return Delivery(state=DeliveryState.RETRY, reason=f"status {status}", retry_after=retry_after)


def _json(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _bytes(text: str) -> bytes:
    """Read urlsafe base64, padded or not. Raises ValueError."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
