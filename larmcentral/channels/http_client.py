"""What the HTTP channels share: one bounded session, the deadline of a try, and faults in words."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.client_proto import ResponseHandler
from yarl import URL

from larmcentral.channels.http_guard import GuardedResolver, HttpGuard, TargetRefused
from larmcentral.channels.tls import trust

MAX_ANSWER_BYTES = 65_536  # providers answer in some 500 bytes; more of it is not read
MAX_WAITING = 10_000  # sends that wait for a connection or an answer; beyond it the outbox is the better queue
KEEP_ALIVE_S = 55.0  # shorter than the providers' minute, so that we do not post into a line they just closed


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """status: 200 to 599. body: what came, cut at MAX_ANSWER_BYTES. retry_after: that header as it came."""

    status: int
    body: bytes
    retry_after: str | None


class Unreachable(Exception):
    """No answer. The text says why and where to look; whether the provider acted is unknown."""


class Forbidden(Unreachable):
    """Nothing was sent: the guard does not let us go there."""


class HttpClient:
    """Asks one provider. Follows no redirect, keeps no cookie, reads no proxy from the environment."""

    def __init__(
        self,
        *,
        ca_file: str | None,
        max_connections: int,
        deadline: timedelta,
        guard: HttpGuard | None = None,
        resolver: AbstractResolver | None = None,
        max_per_host: int | None = None,
    ) -> None:
        """guard: for addresses that others gave us; None where the settings name the provider.

        resolver: asked in place of the system's. max_per_host: so that one slow host of many does not take every place.
        """
        self._ca_file = ca_file
        self._max_connections = max_connections
        self._max_per_host = max_per_host
        self._deadline_s = deadline.total_seconds()
        self._guard, self._inner = guard, resolver
        self._resolver: AbstractResolver | None = None
        self._session: aiohttp.ClientSession | None = None
        self._tls: ssl.SSLContext | None = None
        self._places = asyncio.Semaphore(max_connections)  # in the order of coming; aiohttp's own queue lets one starve
        self._hosts: dict[str, _Host] = {}
        self._waiting = 0
        self._changing = asyncio.Lock()

    async def start(self) -> None:
        """Make the session. Opens no connection."""
        async with self._changing:
            if self._session is None:
                self._tls = await asyncio.to_thread(trust, self._ca_file)
                self._resolver = self._inner if self._guard is None else GuardedResolver(self._guard, self._inner)
                self._session = aiohttp.ClientSession(
                    connector=_CleanConnector(
                        limit=self._max_connections,
                        ssl=self._tls,
                        keepalive_timeout=KEEP_ALIVE_S,
                        resolver=self._resolver,
                    ),
                    cookie_jar=aiohttp.DummyCookieJar(),
                    timeout=aiohttp.ClientTimeout(total=None),
                    trust_env=False,
                )

    async def stop(self) -> None:
        """Close the session. Tries under way raise Unreachable."""
        async with self._changing:
            session, self._session = self._session, None
            if session is not None:
                await session.close()
            resolver, self._resolver = self._resolver, None
            if resolver is not None:
                await resolver.close()

    async def post(self, url: str, body: bytes | Mapping[str, str], **options: Any) -> HttpAnswer:
        """Post within the deadline. body: bytes as they are, or a form. options: headers, auth.

        Raises Unreachable; Forbidden where the guard says no.
        """
        return await self._ask("POST", url, data=body, **options)

    async def get(self, url: str, **options: Any) -> HttpAnswer:
        """Ask within the deadline, for probes. Raises as post() does."""
        return await self._ask("GET", url, **options)

    async def connect(self, url: str) -> None:
        """Open a connection, with TLS where the URL says so, and close it without a word. Raises as post() does."""
        target = self._target(url)
        host, port, tls = target.host or "", target.port or 0, self._tls if target.scheme == "https" else None
        try:
            async with asyncio.timeout(self._deadline_s):
                address = host
                if self._resolver is not None:
                    address = (await self._resolver.resolve(host, port, socket.AF_UNSPEC))[0]["host"]
                _, writer = await asyncio.open_connection(
                    address, port, ssl=tls, server_hostname=host if tls is not None else None
                )
                writer.close()
                with suppress(OSError):  # how the other side takes the farewell is no matter
                    await writer.wait_closed()
        except TimeoutError:
            raise Unreachable("no answer in time") from None
        except TargetRefused as error:
            raise Forbidden(str(error)) from None
        except OSError as error:
            raise Unreachable(in_words(error)) from error

    async def _ask(self, method: str, url: str, **options: Any) -> HttpAnswer:
        target, session = self._target(url), self._session
        if session is None:
            raise Unreachable("stopped")
        if self._waiting >= MAX_WAITING:
            raise Unreachable("too many notices wait for this provider")
        self._waiting += 1
        try:
            async with asyncio.timeout(self._deadline_s), self._place(target.host or ""):
                if self._session is not session:
                    raise Unreachable("stopped")
                async with session.request(method, target, allow_redirects=False, **options) as response:
                    return HttpAnswer(response.status, await _read(response), response.headers.get("Retry-After"))
        except TimeoutError:
            raise Unreachable("no answer in time") from None
        except (aiohttp.ClientError, OSError) as error:
            if isinstance(cause := getattr(error, "os_error", None), TargetRefused):
                raise Forbidden(str(cause)) from None
            raise Unreachable("stopped" if self._session is not session else in_words(error)) from error
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._session is session or (task is not None and task.cancelling()):
                raise
            raise Unreachable("stopped") from None  # a closing session cancels those who wait for a connection
        finally:
            self._waiting -= 1

    def _target(self, url: str) -> URL:
        """Return the URL as aiohttp will read it, so that guard and connection mean the same host."""
        if self._session is None:
            raise Unreachable("stopped")
        try:
            target = URL(url)
            if self._guard is not None:
                self._guard.check(target)
        except TargetRefused as error:
            raise Forbidden(str(error)) from None
        except ValueError:
            raise Forbidden("the address cannot be read") from None
        return target

    @asynccontextmanager
    async def _place(self, host: str) -> AsyncIterator[None]:
        """Wait for a place: first among those who want the same host, then among all."""
        if self._max_per_host is None:
            async with self._places:
                yield
            return
        line = self._hosts.setdefault(host, _Host(asyncio.Semaphore(self._max_per_host)))
        line.users += 1
        try:
            async with line.places, self._places:
                yield
        finally:
            line.users -= 1
            if not line.users:
                del self._hosts[host]


@dataclass(slots=True)
class _Host:
    """Those who want one host. users: who waits or is served; without any it is forgotten."""

    places: asyncio.Semaphore
    users: int = 0


class _CleanConnector(aiohttp.TCPConnector):
    """Takes no idle connection on which something was said that nobody asked for.

    aiohttp 3.14 looks at that when a connection is put back and not when it is taken: a second answer to one request,
    coming late, would be read as the answer to the next.
    """

    async def _get(self, key: Any, traces: Any) -> Any:
        idle = self._conns.get(key)
        while idle and _spoke(idle[0][0]):
            idle.popleft()[0].close()
        return await super()._get(key, traces)


def _spoke(line: ResponseHandler) -> bool:
    return line.is_connected() and line.should_close


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) >= MAX_ANSWER_BYTES:
            break
    return bytes(body[:MAX_ANSWER_BYTES])


def check_endpoint(url: str) -> str:
    """Return the URL where secrets may be sent to it: https, or http to this machine. Raises ValueError."""
    parts = urlsplit(url)
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and _loopback(parts.hostname))):
        raise ValueError(f"the endpoint must be https (http only on this machine): {url}")
    return url


def in_words(error: Exception) -> str:
    """Say why there is no answer, so that an operator knows where to look."""
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return f"the server's certificate is not trusted: {error.certificate_error}"[:200]
        case ssl.SSLCertVerificationError():
            return f"the server's certificate is not trusted: {error.verify_message}"[:200]
        case aiohttp.ClientConnectorError():
            return f"cannot connect: {error.os_error}"[:200]
        case aiohttp.ServerDisconnectedError():
            return "the server cut the connection"
        case aiohttp.ClientOSError():
            return f"the connection broke: {error.strerror or type(error).__name__}"[:200]
        case aiohttp.ClientPayloadError():
            return "the answer broke off"
        case aiohttp.ClientResponseError():
            return "what came back is no HTTP"  # its own words hold the whole URL, and that may be a secret
        case aiohttp.ClientError():
            return type(error).__name__
        case OSError():
            return f"cannot connect: {error}"[:200]
        case _:
            return f"{type(error).__name__}: {error}"[:200]


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
