"""An emulated person at a screen: the worker's or responder's phone app, or an operator's console, over the API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import aiohttp

from devices.device import Address

TIMEOUT_S = 10.0
"""A person looks at a screen that does not move for so long, and tries again."""


class Refused(Exception):
    """The centre answered, and said no. status: HTTP's; said: its words as they came."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(f"{status} {said}")
        self.status, self.said = status, said


class App:
    """One person, logged in. Talks to loopback only, and follows no redirect out of it."""

    def __init__(self, address: Address, login: str, password: str) -> None:
        host = f"[{address.host}]" if ":" in address.host else address.host
        self._root = f"http://{host}:{address.port}/api"
        self._login, self._password = login, password
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(
            headers={"X-Larm": "1"},
            cookie_jar=aiohttp.CookieJar(unsafe=True),  # a cookie for an address, which browsers take as well
            timeout=aiohttp.ClientTimeout(TIMEOUT_S),
        )
        try:
            await self.post("session", {"login": self._login, "password": self._password})
        except BaseException:
            await self._http.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._http is not None:
            await self._http.close()

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """Read. Raises Refused, or aiohttp's errors where nobody answers."""
        return await self._ask("GET", path, None, params)

    async def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Do something; None where the answer has no body. Raises as get."""
        return await self._ask("POST", path, body, None)

    async def put(self, path: str, body: Mapping[str, Any]) -> Any:
        """Set something. Raises as get."""
        return await self._ask("PUT", path, body, None)

    async def delete(self, path: str) -> Any:
        """Take something back. Raises as get."""
        return await self._ask("DELETE", path, None, None)

    async def send(self, kind: str, signal_id: UUID, **more: Any) -> Any:
        """Send a signal as the phone app does. signal_id: the same when it is sent again."""
        return await self.post("me/signals", {"id": str(signal_id), "kind": kind, **more})

    async def _ask(
        self, method: str, path: str, body: Mapping[str, Any] | None, params: Mapping[str, str] | None
    ) -> Any:
        if self._http is None:
            raise AssertionError("use it as a context: async with App(...)")
        async with self._http.request(
            method, f"{self._root}/{path}", json=body, params=params, allow_redirects=False
        ) as answer:
            said = await answer.text()
            if not 200 <= answer.status < 300:
                raise Refused(answer.status, said)
            return json.loads(said) if said else None
