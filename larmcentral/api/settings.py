"""What the API is told once, at its start."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from escalation.chain import Channel
from larmcentral.domain.contact import NORDIC
from larmcentral.domain.views_setup import Setup

NOTHING_SAID: Final = Setup(organisation="", map=None, push_key=None, call_back=None)


class Page(Enum):
    """Which of our pages asks. Each has a log-in of its own, so that one browser can be a desk and a worker's phone."""

    DESK = "desk"
    PHONE = "phone"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class ChannelSetting:
    """A way out as it is set up. facts: what is no secret, as name and value: endpoint, sender, host, limits."""

    provider: str
    channel: Channel
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings:
    """version: shown in health and OpenAPI. dist: the built console, None for none.

    secure_cookies: cookies and HSTS for TLS; off only on loopback. origins: further hosts ("host:port") that pages
    may come from, where a proxy changes the Host header. receipt_secret: a part of the addresses that the SMS gateway
    calls back, for receipts and for answers; without one those addresses do not exist. alarm_receivers: contracted
    alarm receiving centres that a chain may name. metrics_secret: bearer token for /metrics; without one anybody who
    reaches the port may read the counts. channels: the ways out, within a channel in the order in which they are asked.
    allowed_countries: beginnings of the numbers that contact points for texts and calls may have. setup: what every
    screen is told; its map's address is the only one elsewhere that our pages may fetch from.
    """

    version: str
    dist: Path | None = None
    secure_cookies: bool = True
    origins: frozenset[str] = frozenset()
    receipt_secret: str | None = None
    metrics_secret: str | None = None
    alarm_receivers: frozenset[str] = frozenset()
    channels: tuple[ChannelSetting, ...] = ()
    allowed_countries: tuple[str, ...] = NORDIC
    setup: Setup = NOTHING_SAID
    body_limit_bytes: int = 64 * 1024

    def cookie(self, page: Page = Page.DESK) -> str:
        """Return a page's session cookie's name; the prefix makes browsers insist on Secure and on this very host."""
        name = "larm_session" if page is Page.DESK else f"larm_session_{page.value}"
        return f"__Host-{name}" if self.secure_cookies else name
