"""An operator while somebody attacks the web: he asks as usual, on a connection that stands and on new ones."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Final

import aiohttp

from load.house import LOGIN, PASSWORD
from load.spite.place import Place

EVERY_S: Final = 0.25
PATIENCE_S: Final = 20.0


@dataclass(slots=True)
class Answers:
    """What became of an operator's requests. seconds: of those that were answered well; failed: the others, by why."""

    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


class Operator:
    """One session at the desk."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._http = aiohttp.ClientSession(
            headers={"X-Larm": "1"},
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            timeout=aiohttp.ClientTimeout(total=PATIENCE_S),
        )
        self.cookie = ""

    async def log_in(self) -> Answers:
        """Log in; return how long it took."""
        return await self._timed("POST", "/api/session", {"login": LOGIN, "password": PASSWORD}, fresh=False)

    async def work(self, for_s: float) -> Answers:
        """Ask for the queue in turn on the connection that stands and on one of its own."""
        until_s, said, asking = time.monotonic() + for_s, Answers(), []
        turn = 0
        while time.monotonic() < until_s:
            asking.append(asyncio.create_task(self._timed("GET", "/api/incidents", None, fresh=turn % 2 == 1)))
            turn += 1
            await asyncio.sleep(EVERY_S)
        for one in await asyncio.gather(*asking):
            said.seconds += one.seconds
            said.failed += one.failed
        return said

    async def close(self) -> None:
        """Go home."""
        await self._http.close()

    async def _timed(self, method: str, path: str, body: object, *, fresh: bool) -> Answers:
        begun_s = time.monotonic()
        headers = {"Connection": "close"} if fresh else {}
        try:
            url = self._place.house.web + path
            async with self._http.request(method, url, json=body, headers=headers) as answer:
                await answer.read()
                if cookie := answer.cookies.get("larm_session"):
                    self.cookie = f"larm_session={cookie.value}"
                status = answer.status
        except (aiohttp.ClientError, TimeoutError) as error:
            return Answers(failed=[type(error).__name__])
        return Answers([time.monotonic() - begun_s]) if status == 200 else Answers(failed=[str(status)])
