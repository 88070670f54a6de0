"""Push to browsers (RFC 8030, 8291, 8292): pywebpush for the encryption, our own client for the wire.

The endpoint comes from a browser, that is from anybody: it passes the guard before each connection.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

from aiohttp.abc import AbstractResolver
from pywebpush import WebPusher
from yarl import URL

from larmcentral.channels.http_client import Forbidden, HttpClient, Unreachable
from larmcentral.channels.http_guard import HttpGuard
from larmcentral.channels.push_kind import TokenOf, answer_key, in_background, place_on_screen
from larmcentral.channels.retry_after import parse_retry_after
from larmcentral.channels.shown import shown
from larmcentral.channels.vapid import VapidKey
from larmcentral.channels.web_push_payload import (
    MAX_PAYLOAD_BYTES,
    NoSubscription,
    delivery,
    parse_subscription,
    payload,
    service_payload,
    topic,
)
from larmcentral.channels.wording import Wording
from larmcentral.domain.notice import Delivery, DeliveryState, InHouse, Probe, ServiceMessage
from larmcentral.ports import Clock

MAX_TIME_TO_LIVE = timedelta(days=1)  # an alarm that old on a screen that comes to life would only confuse
# Of the browsers that there are. Any other server may be the subscriber's own, and go down whenever he likes.
KNOWN_SERVICES = ("fcm.googleapis.com", "push.services.mozilla.com", "push.apple.com", "notify.windows.com")
MAX_PER_HOST = 32  # of max_connections: one service in trouble leaves places for the others


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPushSettings:
    """As whom we push, and where we may.

    key_pem: our VAPID key. subject: mailto: or https: address of ours. allow_hosts: push services by name that may lie
    on the inner network, on any port and without TLS. ca_file: PEM of the CA to trust, None for the system's.
    time_to_live: how long a service keeps a notice for a browser that is closed, 0 to MAX_TIME_TO_LIVE.
    """

    key_pem: str = field(repr=False)
    subject: str
    allow_hosts: tuple[str, ...] = ()
    ca_file: str | None = None
    time_to_live: timedelta = timedelta(hours=1)
    deadline: timedelta = timedelta(seconds=5)
    max_connections: int = 64

    def __post_init__(self) -> None:
        if not timedelta() <= self.time_to_live <= MAX_TIME_TO_LIVE:
            raise ValueError("web push time_to_live must be 0 to 1 day")
        if self.max_connections < 1 or self.deadline <= timedelta():
            raise ValueError("web push max_connections and deadline must be positive")


class WebPushChannel:
    """Our own app in browsers; takes drills, for it is in the house."""

    def __init__(
        self,
        settings: WebPushSettings,
        clock: Clock,
        wording: Wording,
        token_of: TokenOf | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        """token_of: makes the key of an alarm's buttons; None for none. resolver: asked in place of the system's.

        Raises ValueError for a key or subject that cannot be used.
        """
        self._settings, self._clock, self._wording, self._token_of = settings, clock, wording, token_of
        self._vapid = VapidKey(key_pem=settings.key_pem, subject=settings.subject, clock=clock)
        self._guard = HttpGuard(settings.allow_hosts)
        self._http = HttpClient(
            ca_file=settings.ca_file,
            max_connections=settings.max_connections,
            deadline=settings.deadline,
            guard=self._guard,
            resolver=resolver,
            max_per_host=min(MAX_PER_HOST, settings.max_connections),
        )
        self._last_service: str | None = None

    @property
    def public_key(self) -> str:
        """What a browser subscribes with (applicationServerKey), urlsafe base64."""
        return self._vapid.public_key

    async def start(self) -> None:
        """Make the session."""
        await self._http.start()

    async def stop(self) -> None:
        """Close; tries under way end as RETRY."""
        await self._http.stop()

    async def send(self, notice: InHouse) -> Delivery:
        """Try once. A service replaces what it still keeps of the same place on the screen."""
        if not isinstance(notice, InHouse):
            raise TypeError("web push takes in-house notices only")
        if in_background(notice):
            # A browser shows every push, if need be in words of its own: the wearer's cover would be gone.
            return Delivery(state=DeliveryState.REFUSED, reason="a browser shows every push; this must not show")
        body = payload(notice, self._wording, answer_key(notice, self._token_of))
        return await self._try(notice.address, body, topic(place_on_screen(notice)))

    async def post(self, message: ServiceMessage) -> Delivery:
        """Show words about ourselves in the browser."""
        return await self._try(message.address, service_payload(message), topic(f"service/{message.id}"), tell=True)

    async def probe(self) -> Probe:
        """Connect to the browsers' service that took something last: any other server says nothing about the others."""
        if self._last_service is None:
            return Probe(alive=True, reason="no push service took anything yet")
        try:
            await self._http.connect(self._last_service)
        except Unreachable as error:
            return Probe(alive=False, reason=str(error))
        return Probe(alive=True)

    async def _try(self, address: str, body: bytes, on_screen: str, *, tell: bool = False) -> Delivery:
        """Try once. tell: say what came back, for whoever asked for it."""
        if len(body) > MAX_PAYLOAD_BYTES:
            return Delivery(state=DeliveryState.REFUSED, reason="too long for a push: not sent")
        try:
            to = parse_subscription(address)
            # pywebpush carries no types; its dictionary holds the encrypted body alone.
            pusher: Any = WebPusher({"endpoint": to.endpoint, "keys": {"p256dh": to.p256dh, "auth": to.auth}})
            sealed = cast(bytes, pusher.encode(body)["body"])
            origin = str(URL(to.endpoint).origin())
        except NoSubscription as error:
            return Delivery(state=DeliveryState.GONE, reason=str(error))
        except ValueError:
            return Delivery(state=DeliveryState.REFUSED, reason="the endpoint cannot be read")
        headers = {
            "Authorization": self._vapid.header(origin),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(self._settings.time_to_live.total_seconds())),
            "Urgency": "high",
            "Topic": on_screen,
        }
        try:
            answer = await self._http.post(to.endpoint, sealed, headers=headers)
        except Forbidden as error:
            return Delivery(state=DeliveryState.REFUSED, reason=str(error))
        except Unreachable as error:
            return Delivery(state=DeliveryState.RETRY, reason=str(error))
        made = delivery(answer, parse_retry_after(answer.retry_after, self._clock.now()))
        if made.state is DeliveryState.SENT and self._is_service(URL(origin).host or ""):
            self._last_service = origin
        return replace(made, answer=shown(answer.status, answer.body)) if tell else made

    def _is_service(self, host: str) -> bool:
        return self._guard.allows(host) or known_service(host)


def known_service(host: str) -> bool:
    """Whether a host belongs to a push service of some browser, and not to whoever gave us the address."""
    return any(host == one or host.endswith(f".{one}") for one in KNOWN_SERVICES)
