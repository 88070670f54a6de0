"""Push to Android phones: FCM's HTTP v1, pyfcm for payload and token, aiohttp for the wire."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from larmcentral.channels.fcm_payload import (
    AndroidChannels,
    delivery,
    parameters,
    read_error,
    service_parameters,
)
from larmcentral.channels.fcm_token import Fcm, FcmToken, TokenRefused, TokenUnreachable
from larmcentral.channels.http_client import HttpAnswer, HttpClient, Unreachable
from larmcentral.channels.push_kind import TokenOf, answer_key
from larmcentral.channels.retry_after import parse_retry_after
from larmcentral.channels.shown import shown
from larmcentral.channels.wording import Wording
from larmcentral.domain.notice import Delivery, DeliveryState, InHouse, Probe, ServiceMessage
from larmcentral.ports import Clock

MAX_TIME_TO_LIVE = timedelta(days=1)  # an alarm that old on a phone that comes to life would only confuse
MAX_TOKEN_CHARS = 4096  # Google names no length; real ones are some 160 long


@dataclass(frozen=True, slots=True, kw_only=True)
class FcmSettings:
    """Where and as whom we push.

    service_account_json: contents of the key file from the Firebase console; its token_uri is used as it stands.
    endpoint: base URL, https or this machine. ca_file: PEM of the CA to trust, None for the usual ones.
    time_to_live: how long Google keeps a notice for a phone that is off, 0 to MAX_TIME_TO_LIVE.
    deadline: for one try, token and second try after a 401 included.
    """

    service_account_json: str = field(repr=False)
    endpoint: str = "https://fcm.googleapis.com/v1/projects"
    ca_file: str | None = None
    channels: AndroidChannels = field(default_factory=AndroidChannels)
    time_to_live: timedelta = timedelta(hours=1)
    deadline: timedelta = timedelta(seconds=5)
    max_connections: int = 64

    def __post_init__(self) -> None:
        if not timedelta() <= self.time_to_live <= MAX_TIME_TO_LIVE:
            raise ValueError("fcm time_to_live must be 0 to 1 day")
        if self.max_connections < 1 or self.deadline <= timedelta():
            raise ValueError("fcm max_connections and deadline must be positive")


class FcmChannel:
    """Our own app on Android phones; takes drills, for it is in the house."""

    def __init__(self, settings: FcmSettings, clock: Clock, wording: Wording, token_of: TokenOf | None = None) -> None:
        """token_of: makes the key of an alarm's buttons; None for none.

        Raises ValueError for a service account that cannot be used.
        """
        self._settings, self._token_of = settings, token_of
        self._clock = clock
        self._wording = wording
        self._fcm = Fcm(
            service_account_json=settings.service_account_json,
            endpoint=settings.endpoint,
            ca_file=settings.ca_file,
            timeout_s=settings.deadline.total_seconds(),
        )
        self._url = str(self._fcm.fcm_end_point)
        self._http = HttpClient(
            ca_file=settings.ca_file, max_connections=settings.max_connections, deadline=settings.deadline
        )
        self._token: FcmToken | None = None

    async def start(self) -> None:
        """Open the session and fetch a token in the background, so that the first alarm finds one."""
        await self._http.start()
        if self._token is None:
            self._token = FcmToken(self._fcm, self._clock)
            self._token.begin()

    async def stop(self) -> None:
        """Close; tries under way end as RETRY."""
        token, self._token = self._token, None
        if token is not None:
            await token.stop()
        await self._http.stop()

    async def send(self, notice: InHouse) -> Delivery:
        """Try once; a 401 is answered with a new token and one more try inside the same deadline."""
        if not isinstance(notice, InHouse):
            raise TypeError("FCM takes in-house notices only")
        if not 0 < len(notice.address) <= MAX_TOKEN_CHARS:
            return Delivery(state=DeliveryState.GONE, reason="not a registration token")
        return await self._try(self._body(notice))

    async def post(self, message: ServiceMessage) -> Delivery:
        """Show words about ourselves on the phone."""
        if not 0 < len(message.address) <= MAX_TOKEN_CHARS:
            return Delivery(state=DeliveryState.GONE, reason="not a registration token")
        arguments = service_parameters(
            message, channels=self._settings.channels, time_to_live=self._settings.time_to_live
        )
        return await self._try(bytes(self._fcm.parse_payload(**arguments)), tell=True)

    async def probe(self) -> Probe:
        """Find out whether Google gives us a token and answers."""
        token = self._token
        if token is None:
            return Probe(alive=False, reason="stopped")
        try:
            async with asyncio.timeout(self._settings.deadline.total_seconds()):
                await token.headers()
                await self._http.connect(self._url)
        except TimeoutError:
            return Probe(alive=False, reason="no answer in time")
        except (Unreachable, TokenUnreachable, TokenRefused) as error:
            return Probe(alive=False, reason=str(error))
        return Probe(alive=True)

    async def _try(self, body: bytes, *, tell: bool = False) -> Delivery:
        """Try once. tell: say what came back, for whoever asked for it."""
        token = self._token
        if token is None:
            return Delivery(state=DeliveryState.RETRY, reason="stopped")
        try:
            async with asyncio.timeout(self._settings.deadline.total_seconds()):
                answer = await self._post(token, body)
        except TimeoutError:
            return Delivery(state=DeliveryState.RETRY, reason="no answer in time")
        except (Unreachable, TokenUnreachable) as error:
            return Delivery(state=DeliveryState.RETRY, reason=str(error))
        except TokenRefused as error:
            return Delivery(state=DeliveryState.REFUSED, reason=str(error), about_us=True)
        made = delivery(answer, parse_retry_after(answer.retry_after, self._clock.now()))
        return replace(made, answer=shown(answer.status, answer.body)) if tell else made

    async def _post(self, token: FcmToken, body: bytes) -> HttpAnswer:
        headers = await token.headers()
        answer = await self._http.post(self._url, body, headers=headers)
        if answer.status == 401 and not read_error(answer.body).code:  # THIRD_PARTY_AUTH_ERROR is a 401 as well
            newer: Mapping[str, str] | None = await token.refused(headers)
            if newer is not None:
                answer = await self._http.post(self._url, body, headers=newer)
        return answer

    def _body(self, notice: InHouse) -> bytes:
        settings = self._settings
        arguments = parameters(
            notice,
            channels=settings.channels,
            time_to_live=settings.time_to_live,
            wording=self._wording,
            answer=answer_key(notice, self._token_of),
        )
        return bytes(self._fcm.parse_payload(**arguments))
