"""One screen: the console's page or the phone's, as far as the server notices it.

It fetches the queue, opens the feed behind it, comes back with Last-Event-ID when its line is cut, fetches anew when it
is told to, and does what its owner does: an operator looks at his part of the incidents, a responder says "coming".
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import aiohttp

from load.console.events import Event, Events
from load.console.picture import INCIDENT, QUEUE, IncidentEvent, Picture
from load.console.staff import Seat

FIRST_RETRY_S: Final = 1.0
LAST_RETRY_S: Final = 8.0
"""Both as in larmcentral/web/shared/feed.ts."""
SILENCE_S: Final = 7.0
"""A feed that says nothing for so long is given up; it ticks every two seconds."""
LAST_TICKS: Final = 2
"""Before a screen closes: the first may have been put in line before the last event was."""
LAST_S: Final = 30.0
FEED: Final = "GET /api/feed"
LOOKS_WITHIN_S: Final = 1.5
"""An operator opens an incident of his that soon."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How the screens' owners are. desks: how many share the incidents. stay_s: how long one keeps the page open at the
    mean, and stays away a fifth of it; 0: all the time. See ConsolePlan for the rest."""

    web: str
    desks: int
    cut_every_s: float
    coming: float
    answer_s: float
    stay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One request's answer. status: 0 if none came."""

    what: str
    status: int
    took_s: float


class Screen:
    """One screen's life. requests: where the answers are noted."""

    def __init__(self, seat: Seat, habits: Habits, http: aiohttp.ClientSession, note: Callable[[Asked], None]) -> None:
        self.seat, self._habits, self._http, self._note = seat, habits, http, note
        self.picture = Picture()
        self.cuts = self.breaks = 0
        self.entered = asyncio.Event()
        self._chance = random.Random(f"{seat.sort} {seat.number}")
        self._headers = {"Cookie": seat.cookie, "X-Larm": "1", "X-Larm-As": seat.sort}
        self._person = None if seat.person_id is None else UUID(seat.person_id)
        self._last_id = ""
        self._cursor = ""
        self._retry_s = FIRST_RETRY_S
        self._ticks = 0
        self._ticked = asyncio.Event()
        self._closing = False
        self._acts: set[asyncio.Task[None]] = set()

    async def live(self, from_s: float) -> None:
        """Open the page at a monotonic time, and keep it open until cancelled."""
        await asyncio.sleep(max(0.0, from_s - time.monotonic()))
        while True:
            await self._visit()
            away_s = self._habits.stay_s / 5
            await asyncio.sleep(away_s * self._chance.uniform(0.5, 1.5))
            self._last_id = self._cursor = ""  # a page that is opened anew remembers nothing

    async def finish(self) -> None:
        """Return when everything that was put in line for this screen has come, or patience is over."""
        self._closing = True
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_S):
                until = self._ticks + LAST_TICKS
                while self._ticks < until:
                    self._ticked.clear()
                    await self._ticked.wait()
                await asyncio.gather(*self._acts, return_exceptions=True)

    async def close(self) -> None:
        """Stop what its owner was about to do."""
        for act in tuple(self._acts):
            act.cancel()
        await asyncio.gather(*self._acts, return_exceptions=True)

    async def _visit(self) -> None:
        stay_s = self._habits.stay_s
        until_s = time.monotonic() + stay_s * self._chance.uniform(0.5, 1.5) if stay_s else None
        await self._ask("GET", "/api/me")
        fetched = await self._fetch()
        while not fetched:
            await asyncio.sleep(self._later())
            fetched = await self._fetch()
        while until_s is None or time.monotonic() < until_s:
            stood_s = self._standing_s(until_s)
            broken = True
            with suppress(aiohttp.ClientError, TimeoutError):
                broken = await self._read(stood_s)
            self.breaks += broken
            await asyncio.sleep(self._later() if broken else self._retry_s)

    def _standing_s(self, until_s: float | None) -> float | None:
        """How long the line stands this time, None for good."""
        every_s = self._habits.cut_every_s
        stood_s = self._chance.expovariate(1 / every_s) if every_s and not self._closing else None
        left_s = None if until_s is None else max(0.0, until_s - time.monotonic())
        return min((each for each in (stood_s, left_s) if each is not None), default=None)

    async def _read(self, stand_s: float | None) -> bool:
        """Read the feed; True if it broke without our doing. stand_s: after so long we cut it ourselves."""
        headers = self._headers | ({"Last-Event-ID": self._last_id} if self._last_id else {})
        page = f"{self._habits.web}/api/feed?after={self._cursor}&as={self.seat.sort}"
        timeout = aiohttp.ClientTimeout(total=None, sock_read=SILENCE_S, sock_connect=SILENCE_S)
        begun_s = time.monotonic()
        async with self._http.get(page, headers=headers, timeout=timeout) as answer:
            if answer.status != 200:
                self._note(Asked(FEED, answer.status, time.monotonic() - begun_s))
                return True
            self.picture.connected()
            events = Events(self._last_id)
            try:
                async with asyncio.timeout(stand_s) as standing:
                    async for chunk in answer.content.iter_any():
                        now_s = time.monotonic()
                        for event in events.receive(chunk):
                            await self._hear(event, now_s)
            except TimeoutError:
                if not standing.expired():
                    raise
                self.cuts += 1
                return False
            finally:
                self._last_id, self._retry_s = events.last_id, events.retry_s or FIRST_RETRY_S
                answer.close()
        return True

    async def _hear(self, event: Event, now_s: float) -> None:
        match event.kind:
            case "incident":
                said = INCIDENT.decode(event.body)
                fresh = self.picture.incident(said, now_s)
                self._act(said, fresh=fresh)
            case "tick":
                self.picture.tick()
                self._ticks += 1
                self._ticked.set()
                self.entered.set()
            case "resync":
                self.picture.resyncs += 1
                await self._fetch()

    def _act(self, said: IncidentEvent, *, fresh: bool) -> None:
        """Let its owner do his part, once for each incident."""
        one = said.incident
        if not fresh or one.state == "stood_down" or self._closing:
            return
        if self.seat.sort == "desk" and one.id.int % self._habits.desks == self.seat.number:
            self._soon(self._look(one.id, "shown", self._chance.uniform(0.2, LOOKS_WITHIN_S)))
        told = any(each.person_id == self._person and each.state == "notified" for each in one.responders)
        if told and self._chance.random() < self._habits.coming:
            self._soon(self._look(one.id, "on-the-way", self._chance.uniform(0.2, 1.0) * self._habits.answer_s))

    def _soon(self, act: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(act)
        self._acts.add(task)
        task.add_done_callback(self._acts.discard)

    async def _look(self, incident_id: UUID, word: str, after_s: float) -> None:
        await asyncio.sleep(after_s)
        await self._ask("GET", f"/api/incidents/{incident_id}", "GET /api/incidents/{id}")
        await self._ask("POST", f"/api/incidents/{incident_id}/{word}", f"POST /api/incidents/{{id}}/{word}")

    async def _fetch(self) -> bool:
        """Fetch the queue; True if it came."""
        said = await self._ask("GET", "/api/incidents")
        if said is None:
            return False
        queue = QUEUE.decode(said)
        self._cursor = self._last_id = queue.cursor
        self.picture.fetched(queue, time.monotonic())
        return True

    async def _ask(self, method: str, path: str, what: str = "") -> bytes | None:
        begun_s = time.monotonic()
        status, said = 0, b""
        with suppress(aiohttp.ClientError, TimeoutError):
            async with self._http.request(method, self._habits.web + path, headers=self._headers) as answer:
                said = await answer.read()
                status = answer.status
        self._note(Asked(what or f"{method} {path}", status, time.monotonic() - begun_s))
        return said if 200 <= status < 300 else None

    def _later(self) -> float:
        """How long to wait after a failure; longer each time, and short again once something was heard."""
        wait_s = min(LAST_RETRY_S, self._retry_s)
        self._retry_s = wait_s * 2
        return wait_s
