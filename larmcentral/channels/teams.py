"""Cards in Microsoft Teams, by the address of an incoming webhook or a workflow. Leaves the house.

Sources: Microsoft, "Create incoming webhooks with Workflows" and "Adaptive Cards in Teams". The address is the only
credential: it stands in the settings, and a contact point names it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from aiohttp.abc import AbstractResolver

from larmcentral.channels.hooks import Hooks, HookTarget, check_names
from larmcentral.channels.http_client import HttpAnswer
from larmcentral.channels.retry_after import parse_retry_after
from larmcentral.channels.service_words import title_and_body
from larmcentral.channels.shown import masked, shown
from larmcentral.channels.wording import ChatWords, Wording
from larmcentral.domain.notice import Delivery, DeliveryState, Outward, Probe, ServiceMessage
from larmcentral.ports import Clock

CARD_TYPE = "application/vnd.microsoft.card.adaptive"
HEADERS = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsSettings:
    """hooks: the channels in Teams, by the name that contact points use. deadline: for one try, all in all."""

    hooks: Mapping[str, HookTarget]
    deadline: timedelta = timedelta(seconds=5)

    def __post_init__(self) -> None:
        check_names(self.hooks)
        if self.deadline <= timedelta():
            raise ValueError("teams deadline must be positive")


class TeamsChannel:
    """One card a notice. Teams knows no repeat: after a try without an answer the next may be a second card."""

    def __init__(
        self, settings: TeamsSettings, clock: Clock, wording: Wording, resolver: AbstractResolver | None = None
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
            raise TypeError("Teams is outside the house: outward notices only")
        return await self._try(notice.address, card(self._wording.chat(notice.text), urgent=True))

    async def post(self, message: ServiceMessage) -> Delivery:
        """Put words about ourselves into the channel."""
        title, body = title_and_body(message)
        words = ChatWords(title, tuple(body.split("\n")))
        return await self._try(message.address, card(words, urgent=False), tell=True)

    async def probe(self) -> Probe:
        """Connect to the hooks; a card would be seen by people."""
        return await self._hooks.probe()

    async def _try(self, name: str, body: bytes, *, tell: bool = False) -> Delivery:
        """Try once. tell: say what came back, for whoever asked for it."""
        answer = await self._hooks.post(name, body, HEADERS)
        if isinstance(answer, Delivery):
            return answer
        made = delivery(answer, parse_retry_after(answer.retry_after, self._clock.now()))
        return replace(made, answer=shown(answer.status, answer.body)) if tell else made


def card(words: ChatWords, *, urgent: bool) -> bytes:
    """Return the message. Texts are runs and not text blocks: those read Markdown, and names come from people."""
    title: dict[str, Any] = {"type": "TextRun", "text": words.title, "weight": "Bolder", "size": "Large"}
    if urgent:
        title["color"] = "Attention"
    lines = [{"type": "TextRun", "text": line} for line in words.lines if line]
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": words.title,
        "msteams": {"width": "Full"},
        "body": [{"type": "RichTextBlock", "inlines": [run]} for run in (title, *lines)],
    }
    attachment = {"contentType": CARD_TYPE, "contentUrl": None, "content": content}
    return json.dumps({"type": "message", "attachments": [attachment]}, ensure_ascii=False).encode()


def delivery(answer: HttpAnswer, retry_after: timedelta | None) -> Delivery:
    """Return what Teams' answer means: 200 from a webhook, 202 from a workflow.

    The older webhooks also answer 200 with the real error in words ("... failed with error: ... HTTP error 429").
    A hook that is gone is a matter of the settings and not of the contact point: REFUSED, never GONE.
    """
    words = masked(answer.body[:200].decode("utf-8", "replace"))
    if answer.status in (200, 202):
        if "HTTP error" in words or "failed" in words.lower():
            return Delivery(state=DeliveryState.RETRY, reason=words, retry_after=retry_after)
        return Delivery(state=DeliveryState.SENT)
    why = f"{answer.status} {words}".strip()
    if 400 <= answer.status < 500 and answer.status not in (408, 429):
        return Delivery(state=DeliveryState.REFUSED, reason=why)
    return Delivery(state=DeliveryState.RETRY, reason=why, retry_after=retry_after)
