"""Operators of the house under load: consoles with the live feed open, and stand-downs over the API."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Final
from uuid import UUID

import aiohttp
import asyncpg

from escalation.effects import SystemFault
from larmcentral.clock import SystemClock
from load.house import LOGIN, ORGANISATION, PASSWORD, House

LOOK_EVERY_S: Final = 0.1
LOOK_LIMIT: Final = 500
AT_ONCE: Final = 8
"""Stand-downs under way at a time."""
EMPTY_S: Final = 120.0
UNREACHABLE: Final = SystemFault.RECEIVER_UNREACHABLE.value
_AGED: Final = """
SELECT id FROM incidents
WHERE organisation_id = $1 AND state <> 'stood_down' AND purpose <> 'test' AND opened_at <= $2
ORDER BY opened_at LIMIT $3
"""


class Operators:
    """One session at the desk. Their own work costs the server something, and that belongs to the house's load."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._profile = house.profile
        self._http: aiohttp.ClientSession | None = None
        self._database: asyncpg.Connection | None = None
        self._asking = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []
        self._under_way: set[UUID] = set()
        self._told_of_faults = asyncio.Event()
        self.stood_down = 0
        self.refused = 0
        self.resyncs = 0
        self.events = 0
        self.drawn_s: dict[UUID, float] = {}
        """When the first console heard of an incident, in monotonic seconds."""
        self.unreached_s: dict[UUID, float] = {}
        """When it heard that no receiver of a centre answered for one, in monotonic seconds."""

    async def start(self) -> None:
        """Log in, open the consoles, and begin to stand down what is old enough."""
        self._http = aiohttp.ClientSession(
            headers={"X-Larm": "1"},
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            connector=aiohttp.TCPConnector(limit=AT_ONCE + self._profile.consoles),
            timeout=aiohttp.ClientTimeout(total=None, sock_read=30),
        )
        self._database = await asyncpg.connect(self._house.dsn)
        login = {"login": LOGIN, "password": PASSWORD}
        async with self._http.post(f"{self._house.web}/api/session", json=login) as answer:
            answer.raise_for_status()
        for number in range(self._profile.consoles):
            self._tasks.append(asyncio.create_task(self._watch(first=number == 0)))
        if self._profile.stand_down_after_s:
            self._tasks.append(asyncio.create_task(self._stand_down_the_old()))

    async def stop(self) -> None:
        """Close the consoles and go home."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        if self._http is not None:
            await self._http.close()
        if self._database is not None:
            await self._database.close()

    async def empty(self) -> None:
        """Return when nothing is open any more."""
        until_s = time.monotonic() + EMPTY_S
        while time.monotonic() < until_s:
            if not self._under_way and not await self._aged(timedelta(days=-1), 1):
                return
            await asyncio.sleep(LOOK_EVERY_S)
        raise RuntimeError(f"incidents were still open {EMPTY_S:.0f} s after the presses had ended")

    async def hear_of_unreached(self, incidents: int, within_s: float) -> None:
        """Return when the desk has heard of so many incidents that no receiver answered for, or when the time is up."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while len(self.unreached_s) < incidents:
                    self._told_of_faults.clear()
                    await self._told_of_faults.wait()

    async def _aged(self, age: timedelta, limit: int) -> list[UUID]:
        if self._database is None:
            raise AssertionError("the operators have not started")
        async with self._asking:
            rows = await self._database.fetch(_AGED, ORGANISATION, SystemClock().now() - age, limit)
        return [row["id"] for row in rows]

    async def _stand_down_the_old(self) -> None:
        age, gate = timedelta(seconds=self._profile.stand_down_after_s), asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            while True:
                for incident_id in await self._aged(age, LOOK_LIMIT):
                    if incident_id not in self._under_way:
                        self._under_way.add(incident_id)
                        group.create_task(self._stand_down(incident_id, gate))
                await asyncio.sleep(LOOK_EVERY_S)

    async def _stand_down(self, incident_id: UUID, gate: asyncio.Semaphore) -> None:
        if self._http is None:
            raise AssertionError("the operators have not started")
        body: Mapping[str, object] = {
            "outcome": "false",
            "note": "",
            "closing": [{"key": "cause", "choice": "by_mistake"}],  # asked of every kind
        }
        page = f"{self._house.web}/api/incidents/{incident_id}/stand-down"
        try:
            async with gate, self._http.post(page, json=body) as answer:
                await answer.read()
                if answer.status == 200:
                    self.stood_down += 1
                else:
                    self.refused += 1
        except (aiohttp.ClientError, TimeoutError):
            self.refused += 1
        finally:
            self._under_way.discard(incident_id)

    async def _watch(self, *, first: bool) -> None:
        """Keep the live feed open, as a console does; the first one notes when it hears of each incident."""
        while True:
            with suppress(aiohttp.ClientError, TimeoutError):
                await self._read_feed(first=first)
            await asyncio.sleep(0.5)

    async def _read_feed(self, *, first: bool) -> None:
        if self._http is None:
            raise AssertionError("the operators have not started")
        async with self._http.get(f"{self._house.web}/api/feed") as answer:
            answer.raise_for_status()
            event = b""
            rest = bytearray()
            async for chunk in answer.content.iter_any():
                now_s = time.monotonic()
                rest += chunk
                *lines, last = rest.split(b"\n")
                rest = bytearray(last)
                for line in lines:
                    if line.startswith(b"event: "):
                        event = bytes(line[7:])
                        self.resyncs += event == b"resync"
                    elif first and event == b"incident" and line.startswith(b"data: "):
                        self._note(bytes(line), now_s)
                    elif first and event == b"system" and line.startswith(b"data: "):
                        self._note_faults(bytes(line[6:]), now_s)

    def _note(self, line: bytes, now_s: float) -> None:
        self.events += 1
        place = line.find(b'"id":"')
        if place >= 0:
            self.drawn_s.setdefault(UUID(line[place + 6 : place + 42].decode()), now_s)

    def _note_faults(self, said: bytes, now_s: float) -> None:
        for one in json.loads(said)["system_alarms"]:
            if one["fault"] == UNREACHABLE and one["incident_id"] is not None:
                self.unreached_s.setdefault(UUID(one["incident_id"]), now_s)
        self._told_of_faults.set()
