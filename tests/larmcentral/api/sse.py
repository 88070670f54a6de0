"""A browser's EventSource, as far as tests need one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx

from tests.larmcentral.api.house import ApiHouse

PATIENCE_S: Final = 20.0
"""For a machine that eight others share; what is timed is timed elsewhere."""


@dataclass(frozen=True, slots=True)
class Event:
    kind: str
    id: str | None
    data: Any


class Feed:
    """An open feed. last_id is what a browser would resume from."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.last_id: str | None = None
        self._lines = response.aiter_lines()

    async def next(self, *kinds: str) -> Event:
        """The next event of these kinds, or of any; others are passed over."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                event = await self._one()
                if not kinds or event.kind in kinds:
                    return event

    async def until_incident(self, incident: object) -> Event:
        while True:
            event = await self.next("incident")
            if event.data["incident"]["id"] == str(incident):
                return event

    async def until_line(self, incident: object, **detail: str) -> Event:
        """The event whose last entry has this detail; a reader may hear of earlier lines first."""
        while True:
            event = await self.until_incident(incident)
            if event.data["entries"] and event.data["entries"][-1]["detail"] == detail:
                return event

    async def rest(self) -> list[Event]:
        """Everything until the server ends the stream."""
        events = []
        async with asyncio.timeout(PATIENCE_S):
            try:
                while True:
                    events.append(await self._one())
            except StopAsyncIteration:
                return events

    async def _one(self) -> Event:
        fields: dict[str, str] = {}
        while True:
            line = await anext(self._lines)
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "event" in fields:
                self.last_id = fields.get("id", self.last_id)
                return Event(fields["event"], fields.get("id"), json.loads(fields["data"]))
            else:
                fields = {}


@asynccontextmanager
async def open_feed(
    house: ApiHouse, login: str, *, after: str | None = None, last_event_id: str | None = None, query: str = ""
) -> AsyncIterator[Feed]:
    """A feed over a real socket; the house's web role must be started."""
    cookies = {"larm_session": await house.cookie(login)}
    headers = {} if last_event_id is None else {"Last-Event-ID": last_event_id}
    params = {} if after is None else {"after": after}
    async with (
        httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{house.role.port}", cookies=cookies, headers=headers, timeout=None
        ) as client,
        client.stream("GET", "/api/feed" + query, params=params or None) as response,
    ):
        yield Feed(response)


async def cursor_of(house: ApiHouse, login: str) -> str:
    """What the queue says one may resume from."""
    async with house.browser(login) as browser:
        cursor = (await browser.get("/api/incidents")).json()["cursor"]
        assert isinstance(cursor, str)
        return cursor
