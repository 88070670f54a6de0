"""What the HTTP channels share: one bounded session, the deadline of a try, and faults in words."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp

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


class HttpClient:
    """POSTs to one provider. Follows no redirect, keeps no cookie, reads no proxy from the environment."""

    def __init__(self, *, ca_file: str | None, max_connections: int, deadline: timedelta) -> None:
        self._ca_file = ca_file
        self._max_connections = max_connections
        self._deadline_s = deadline.total_seconds()
        self._session: aiohttp.ClientSession | None = None
        self._places = asyncio.Semaphore(max_connections)  # in the order of coming; aiohttp's own queue lets one starve
        self._waiting = 0
        self._changing = asyncio.Lock()

    async def start(self) -> None:
        """Make the session. Opens no connection."""
        async with self._changing:
            if self._session is None:
                tls = await asyncio.to_thread(trust, self._ca_file)
                self._session = aiohttp.ClientSession(
                    connector=aiohttp.TCPConnector(
                        limit=self._max_connections, ssl=tls, keepalive_timeout=KEEP_ALIVE_S
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

    async def post(self, url: str, body: bytes | Mapping[str, str], **options: Any) -> HttpAnswer:
        """Post within the deadline. body: bytes as they are, or a form. options: headers, auth.

        Raises Unreachable.
        """
        session = self._session
        if session is None:
            raise Unreachable("stopped")
        if self._waiting >= MAX_WAITING:
            raise Unreachable("too many notices wait for this provider")
        self._waiting += 1
        try:
            async with asyncio.timeout(self._deadline_s), self._places:
                if self._session is not session:
                    raise Unreachable("stopped")
                async with session.post(url, data=body, allow_redirects=False, **options) as response:
                    return HttpAnswer(response.status, await _read(response), response.headers.get("Retry-After"))
        except TimeoutError:
            raise Unreachable("no answer in time") from None
        except (aiohttp.ClientError, OSError) as error:
            raise Unreachable("stopped" if self._session is not session else in_words(error)) from error
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._session is session or (task is not None and task.cancelling()):
                raise
            raise Unreachable("stopped") from None  # a closing session cancels those who wait for a connection
        finally:
            self._waiting -= 1


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
        case aiohttp.ClientConnectorError():
            return f"cannot connect: {error.os_error}"[:200]
        case aiohttp.ServerDisconnectedError():
            return "the server cut the connection"
        case _:
            return f"{type(error).__name__}: {error}"[:200]


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
