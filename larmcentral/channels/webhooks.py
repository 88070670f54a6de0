"""Signed webhooks to other systems. Leaves the house: takes Outward notices only.

POST with a JSON object, UTF-8:
  version      1
  type         "notice", or "test" for words about ourselves
  id           UUID; a repeat of the same notice carries the same one
  title        at a glance; lines: further lines of text, in order
and of a notice also
  about        "alarm", "over", "released" and others; kind: of the alarm, or null
  silent       true: nobody may call the person back; language: "sv" or "en"
  subject      whom it is about; place: in words, or null; incident_id: UUID or null
  opened_at    RFC 3339 in UTC; lateness_s: age of the alarm when we received it, or null
Headers: Larm-Notice (the id), Larm-Timestamp (seconds since 1970), Larm-Signature ("v1=" and in hex the HMAC-SHA256,
with the shared secret, of the timestamp, a full stop and the body's bytes). A receiver compares in constant time and
refuses timestamps that are more than five minutes away. Any 2xx takes it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from aiohttp.abc import AbstractResolver

from escalation.chain import Medium
from larmcentral.channels.apns_payload import iso
from larmcentral.channels.hooks import Hooks, HookTarget, UnknownHook, check_names
from larmcentral.channels.http_client import HttpAnswer
from larmcentral.channels.retry_after import parse_retry_after
from larmcentral.channels.service_words import title_and_body
from larmcentral.channels.shown import masked, shown
from larmcentral.channels.wording import Wording
from larmcentral.domain.notice import Delivery, DeliveryState, Outward, Probe, ServiceMessage
from larmcentral.ports import Clock

SECRET_CHARS = 16  # the least that a secret must have: 128 bits if it was made by chance


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """hooks: other systems, by the name that contact points use, each with a secret. deadline: for one try."""

    hooks: Mapping[str, HookTarget]
    deadline: timedelta = timedelta(seconds=5)

    def __post_init__(self) -> None:
        check_names(self.hooks)
        for name, target in self.hooks.items():
            if len(target.secret) < SECRET_CHARS:
                raise ValueError(f"the secret of webhook {name} must have at least {SECRET_CHARS} characters")
        if self.deadline <= timedelta():
            raise ValueError("webhooks deadline must be positive")


class WebhookChannel:
    """One signed POST a notice; a repeat is known by its id."""

    def __init__(
        self, settings: WebhookSettings, clock: Clock, wording: Wording, resolver: AbstractResolver | None = None
    ) -> None:
        """Raises ValueError for a hook without a host. resolver: asked in place of the system's."""
        self._clock, self._wording = clock, wording
        self._hooks = Hooks(settings.hooks, settings.deadline, resolver)

    async def start(self) -> None:
        """Make the sessions."""
        await self._hooks.start()

    async def stop(self) -> None:
        """Close; tries under way end as RETRY."""
        await self._hooks.stop()

    async def send(self, notice: Outward) -> Delivery:
        """Try once."""
        if not isinstance(notice, Outward):
            raise TypeError("a webhook leaves the house: outward notices only")
        return await self._try(notice.address, notice.id, self._of_notice(notice))

    async def post(self, message: ServiceMessage) -> Delivery:
        """Send words about ourselves."""
        title, body = title_and_body(message)
        told = {"version": 1, "type": "test", "id": str(message.id), "title": title, "lines": body.split("\n")}
        return await self._try(message.address, message.id, told, tell=True)

    async def probe(self) -> Probe:
        """Connect to the hooks without a word."""
        return await self._hooks.probe()

    async def _try(self, name: str, id_: UUID, told: Mapping[str, Any], *, tell: bool = False) -> Delivery:
        """Try once. tell: say what came back, for whoever asked for it."""
        try:
            secret = self._hooks.target(name).secret
        except UnknownHook as error:
            return Delivery(state=DeliveryState.REFUSED, reason=str(error))
        now = self._clock.now()
        body = json.dumps(told, ensure_ascii=False).encode()
        timestamp = str(int(now.timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Larm-Notice": str(id_),
            "Larm-Timestamp": timestamp,
            "Larm-Signature": signature(secret, timestamp, body),
        }
        answer = await self._hooks.post(name, body, headers)
        if isinstance(answer, Delivery):
            return answer
        made = delivery(answer, parse_retry_after(answer.retry_after, now))
        return replace(made, answer=shown(answer.status, answer.body)) if tell else made

    def _of_notice(self, notice: Outward) -> dict[str, Any]:
        text, words = notice.text, self._wording.chat(notice.text, medium=Medium.WEBHOOK)
        return {
            "version": 1,
            "type": "notice",
            "id": str(notice.id),
            "title": words.title,
            "lines": list(words.lines),
            "about": text.about.value,
            "kind": None if text.kind is None else text.kind.value,
            "silent": text.silent,
            "language": text.language,
            "subject": text.subject,
            "place": text.place,
            "incident_id": None if notice.incident_id is None else str(notice.incident_id),
            "opened_at": iso(text.opened_at),
            "lateness_s": text.lateness_s,
        }


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return the header that proves that it comes from us. timestamp: as it stands in its own header."""
    mac = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={mac.hexdigest()}"


def delivery(answer: HttpAnswer, retry_after: timedelta | None) -> Delivery:
    """Return what the other system's answer means. A redirect is not followed: the address in the settings is wrong."""
    if 200 <= answer.status < 300:
        return Delivery(state=DeliveryState.SENT)
    why = f"{answer.status} {masked(answer.body[:200].decode('utf-8', 'replace'))}".strip()
    if 300 <= answer.status < 500 and answer.status not in (408, 425, 429):
        return Delivery(state=DeliveryState.REFUSED, reason=why)
    return Delivery(state=DeliveryState.RETRY, reason=why, retry_after=retry_after)
