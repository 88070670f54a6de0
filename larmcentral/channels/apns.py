"""Push to iPhones: one notice, one try, within one deadline."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from aioapns.common import PRIORITY_HIGH, PRIORITY_NORMAL, NotificationRequest, PushType
from aioapns.exceptions import ConnectionClosed

from larmcentral.channels.apns_payload import delivery, message, service_message
from larmcentral.channels.apns_pool import ApnsPool, NotConnected, PoolSettings
from larmcentral.channels.apns_protocol import PayloadTooLarge, Place
from larmcentral.channels.apns_token import ProviderToken
from larmcentral.channels.push_kind import TokenOf, answer_key, in_background, place_on_screen
from larmcentral.channels.retry_after import parse_retry_after
from larmcentral.channels.shown import masked
from larmcentral.channels.tls import trust
from larmcentral.channels.wording import Wording
from larmcentral.domain.notice import Delivery, DeliveryState, InHouse, Probe, ServiceMessage
from larmcentral.ports import Clock

# A device token is hexadecimal of variable length; it stands in the request's path, so nothing else may pass.
DEVICE_TOKEN = re.compile(r"(?:[0-9a-fA-F]{2}){8,100}")
MAX_TIME_TO_LIVE = timedelta(days=1)  # an alarm that old on a phone that comes to life would only confuse


@dataclass(frozen=True, slots=True, kw_only=True)
class ApnsSettings:
    """Where and as whom we push.

    key_pem: contents of Apple's .p8 file. topic: bundle id of the app. ca_file: PEM of the CA to trust, None for
    the system's; TLS is verified either way. sound, silent_sound: files in the app; the silent one holds silence.
    volume: 0 to 1. time_to_live: how long Apple keeps a notice for a phone that is off, 1 min to MAX_TIME_TO_LIVE.
    deadline: for one try, all in all. max_streams: notices under way on one connection; h2 slows down beyond 200.
    """

    key_pem: str = field(repr=False)
    key_id: str
    team_id: str
    topic: str
    host: str = "api.push.apple.com"
    port: int = 443
    ca_file: str | None = None
    sound: str = "default"
    silent_sound: str = "silence.caf"
    volume: float = 1.0
    category: str = "ALARM"
    time_to_live: timedelta = timedelta(hours=1)
    deadline: timedelta = timedelta(seconds=5)
    ping_every: timedelta = timedelta(seconds=30)
    max_connections: int = 4
    max_streams: int = 100

    def __post_init__(self) -> None:
        if not timedelta(minutes=1) <= self.time_to_live <= MAX_TIME_TO_LIVE:
            raise ValueError("apns time_to_live must be 1 minute to 1 day")
        if not 0 <= self.volume <= 1:
            raise ValueError("apns volume must be 0 to 1")
        if not self.topic.isascii() or not self.host.isascii():
            raise ValueError("apns topic and host must be ASCII")
        if self.max_connections < 1 or self.max_streams < 1 or self.deadline <= timedelta():
            raise ValueError("apns max_connections, max_streams and deadline must be positive")


class ApnsChannel:
    """Our own app on iPhones; takes drills, for it is in the house."""

    def __init__(self, settings: ApnsSettings, clock: Clock, wording: Wording, token_of: TokenOf | None = None) -> None:
        """token_of: makes the key of an alarm's buttons; None for none. Raises ValueError for a key that is none."""
        self._settings, self._token_of = settings, token_of
        self._clock = clock
        self._token = ProviderToken(
            key_pem=settings.key_pem, key_id=settings.key_id, team_id=settings.team_id, clock=clock
        )
        self._wording = wording
        self._pool: ApnsPool | None = None
        self._changing = asyncio.Lock()

    async def start(self) -> None:
        """Begin to hold a connection open. Does not wait for it: a provider that is down must not stop the server."""
        async with self._changing:
            if self._pool is None:
                tls = await asyncio.to_thread(trust, self._settings.ca_file)
                tls.set_alpn_protocols(["h2"])
                self._pool = self._make_pool(tls)
                self._pool.start()

    async def stop(self) -> None:
        """Close the connections; tries under way end as RETRY."""
        async with self._changing:
            pool, self._pool = self._pool, None
            if pool is not None:
                await pool.stop()

    async def send(self, notice: InHouse) -> Delivery:
        """Try once. The notice's id is the apns-id of every try; a phone keeps one notification an alarm."""
        if not isinstance(notice, InHouse):
            raise TypeError("APNs takes in-house notices only")
        return await self._try(notice.address, lambda: self._request(notice))

    async def post(self, message: ServiceMessage) -> Delivery:
        """Show words about ourselves on the phone."""
        return await self._try(
            message.address,
            lambda: NotificationRequest(
                device_token=message.address,
                message=service_message(message),
                notification_id=str(message.id),
                priority=int(PRIORITY_HIGH),
                collapse_key="service",
                push_type=PushType.ALERT,
            ),
            tell=True,
        )

    async def probe(self) -> Probe:
        """Find out whether Apple takes our connection; it is the one that notices use."""
        pool = self._pool
        if pool is None:
            return Probe(alive=False, reason="stopped")
        try:
            async with asyncio.timeout(self._settings.deadline.total_seconds()):
                await pool.acquire()
        except TimeoutError:
            return Probe(alive=False, reason="no answer in time")
        except NotConnected as error:
            return Probe(alive=False, reason=str(error))
        return Probe(alive=True)

    async def _try(self, address: str, request: Callable[[], NotificationRequest], *, tell: bool = False) -> Delivery:
        """Try once. tell: say what came back, for whoever asked for it."""
        if not DEVICE_TOKEN.fullmatch(address):
            return Delivery(state=DeliveryState.GONE, reason="BadDeviceToken: not a device token")
        pool = self._pool
        if pool is None:
            return Delivery(state=DeliveryState.RETRY, reason="stopped")
        now = self._clock.now()
        deadline_at = asyncio.get_running_loop().time() + self._settings.deadline.total_seconds()
        try:
            async with asyncio.timeout_at(deadline_at):
                connection = await pool.acquire()
            answer = await connection.send_notification(
                request(),
                expires=int((now + self._settings.time_to_live).timestamp()),
                deadline_at=deadline_at,
            )
        except TimeoutError:
            return Delivery(state=DeliveryState.RETRY, reason="no answer in time")
        except NotConnected as error:
            return Delivery(
                state=DeliveryState.RETRY, reason=str(error), retry_after=timedelta(seconds=error.retry_in_s)
            )
        except ConnectionClosed as error:
            return Delivery(state=DeliveryState.RETRY, reason=str(error))
        except PayloadTooLarge:
            return Delivery(state=DeliveryState.REFUSED, reason="PayloadTooLarge: not sent")
        made = delivery(answer, parse_retry_after(answer.retry_after, now))
        return replace(made, answer=masked(f"{answer.status} {answer.description or ''}".strip())) if tell else made

    def _make_pool(self, tls: ssl.SSLContext) -> ApnsPool:
        settings = self._settings
        authority = settings.host if settings.port == 443 else f"{settings.host}:{settings.port}"
        return ApnsPool(
            PoolSettings(
                host=settings.host,
                port=settings.port,
                max_connections=settings.max_connections,
                connect_deadline_s=settings.deadline.total_seconds(),
                ping_every_s=settings.ping_every.total_seconds(),
            ),
            Place(
                authority=authority,
                topic=settings.topic,
                max_streams=settings.max_streams,
                silence_s=settings.deadline.total_seconds() / 2,
            ),
            self._token,
            tls,
            self._clock,
        )

    def _request(self, notice: InHouse) -> NotificationRequest:
        settings, quiet = self._settings, in_background(notice)
        return NotificationRequest(
            device_token=notice.address,
            message=message(
                notice,
                sound=settings.sound,
                volume=settings.volume,
                silent_sound=settings.silent_sound,
                category=settings.category,
                wording=self._wording,
                answer=answer_key(notice, self._token_of),
            ),
            notification_id=str(notice.id),
            # Apple refuses a background push of high priority.
            priority=int(PRIORITY_NORMAL if quiet else PRIORITY_HIGH),
            collapse_key=place_on_screen(notice),
            push_type=PushType.BACKGROUND if quiet else PushType.ALERT,
        )
