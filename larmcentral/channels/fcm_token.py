"""Google's access token: fetched by pyfcm in one thread, shared by all sends, renewed before it is needed."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import google.auth.transport.requests
import requests
from google.auth.exceptions import RefreshError
from google.oauth2 import service_account
from pyfcm import FCMNotification
from pyfcm.errors import InvalidDataError
from requests.adapters import HTTPAdapter

from larmcentral.channels.http_client import check_endpoint
from larmcentral.ports import Clock

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
RENEW_AFTER_S = 30 * 60.0  # half of the hour that Google gives
USELESS_AFTER_S = 58 * 60.0  # until then the old one serves while a new one is fetched
FORCED_GAP_S = 10.0  # between two renewals because of a 401: fresh tokens refused too would else make a storm
REFUSALS = frozenset(  # RFC 6749, section 5.2, and Google's own two
    {"invalid_grant", "invalid_client", "unauthorized_client", "invalid_scope", "disabled_client", "access_denied"}
)
FAILED_GAP_S = 1.0  # after a failed fetch, so that a token server in trouble is not asked by every send


class TokenRefused(Exception):
    """Google does not accept our service account. Trying again does not help."""


class TokenUnreachable(Exception):
    """No token just now."""


class Fcm(FCMNotification):  # type: ignore[misc]  # pyfcm carries no types
    """pyfcm with our endpoint, our trust and a deadline on the token request."""

    def __init__(self, *, service_account_json: str, endpoint: str, ca_file: str | None, timeout_s: float) -> None:
        """Raises ValueError for a service account that is none, or that would send its secret in the clear."""
        info = json.loads(service_account_json)
        check_endpoint(str(info.get("token_uri", "")))
        make: Any = service_account.Credentials.from_service_account_info  # untyped in google-auth
        credentials = make(info, scopes=[SCOPE])
        super().__init__(credentials=credentials, project_id=info.get("project_id"))
        self.FCM_END_POINT_BASE = check_endpoint(endpoint)
        session = requests.Session()
        session.trust_env = False
        session.verify = ca_file or True
        session.mount("https://", HTTPAdapter(max_retries=0))
        session.mount("http://", HTTPAdapter(max_retries=0))
        self._token_session = session
        self._transport = functools.partial(
            google.auth.transport.requests.Request(session), timeout=timeout_s, allow_redirects=False
        )

    def _get_access_token(self) -> str:
        try:
            self.credentials.refresh(self._transport)
        except Exception as error:
            raise InvalidDataError(error) from error
        return str(self.credentials.token)

    def close(self) -> None:
        """Close the line to the token server."""
        self._token_session.close()


class FcmToken:
    """The headers of every send. However many ask, one fetch runs."""

    def __init__(self, fcm: Fcm, clock: Clock) -> None:
        self._fcm = fcm
        self._clock = clock
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="fcm-token")
        self._headers: Mapping[str, str] | None = None
        self._fetched_at = 0.0
        self._forced_at: float | None = None
        self._failed_at: float | None = None
        self._failure: Exception | None = None
        self._fetching: asyncio.Task[None] | None = None
        self._stopped = False

    async def headers(self) -> Mapping[str, str]:
        """Return the headers; waits only where there is no usable token. Raises TokenRefused, TokenUnreachable."""
        now_s = self._clock.monotonic()
        if self._headers is None or now_s - self._fetched_at >= USELESS_AFTER_S:
            await self._fetched()
            if self._headers is None:
                raise TokenUnreachable("no token")
        elif now_s - self._fetched_at >= RENEW_AFTER_S:
            self.begin()
        return self._headers

    def begin(self) -> asyncio.Task[None] | None:
        """Fetch a token in the background, or join the fetch under way. None: too soon after a failure."""
        if self._fetching is None and not self._stopped:
            if self._failed_at is not None and self._clock.monotonic() - self._failed_at < FAILED_GAP_S:
                return None
            self._fetching = asyncio.create_task(self._fetch(), name="fcm-token")
            self._fetching.add_done_callback(self._done)
        return self._fetching

    async def refused(self, headers: Mapping[str, str]) -> Mapping[str, str] | None:
        """Google answered 401 to these: return newer ones, or None where that would be too soon to help.

        Raises TokenRefused, TokenUnreachable.
        """
        if headers is not self._headers:
            return await self.headers()
        now_s = self._clock.monotonic()
        if self._fetching is None and self._forced_at is not None and now_s - self._forced_at < FORCED_GAP_S:
            return None
        self._forced_at = now_s
        await self._fetched()
        return self._headers if self._headers is not headers else None

    async def stop(self) -> None:
        """Forget the fetch under way. Its thread ends by its own deadline."""
        self._stopped = True
        self._failure = TokenUnreachable("stopped")
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.wait([self._fetching])
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._fcm.close()

    async def _fetched(self) -> None:
        fetching = self.begin()
        if fetching is not None:
            await asyncio.wait([fetching])  # not awaited itself: who gives up must not stop it for the others
        if self._failure is not None:
            raise type(self._failure)(str(self._failure))

    async def _fetch(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            headers = await loop.run_in_executor(self._thread, self._fcm.request_headers)
        except InvalidDataError as error:
            self._failed_at = self._clock.monotonic()
            self._failure = _verdict(error.args[0] if error.args else error)
        else:
            self._headers = headers
            self._fetched_at = self._clock.monotonic()
            self._failure = self._failed_at = None

    def _done(self, task: asyncio.Task[None]) -> None:
        self._fetching = None


def _verdict(cause: Any) -> Exception:
    """Tell a refused service account from a token server in trouble."""
    if isinstance(cause, RefreshError):
        answer = cause.args[1] if len(cause.args) > 1 else None
        word = str(answer.get("error", "")) if isinstance(answer, dict) else ""
        if word in REFUSALS and not cause.retryable:
            hint = " (key withdrawn, or this machine's clock is wrong)" if word == "invalid_grant" else ""
            return TokenRefused(f"the service account is refused: {word}{hint}")
        return TokenUnreachable(f"the token server gave no token: {word or 'no reason'}"[:200])
    return TokenUnreachable(f"the token server does not answer: {type(cause).__name__}")
