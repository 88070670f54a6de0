"""The desk through a bad night: operators who take cases, write and stand down over the API, and note each promise.

Whatever was answered with a 2xx is a promise; whatever was not is tried again, as a person would.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import aiohttp
import asyncpg

from load.house import LOGIN, ORGANISATION, PASSWORD, House

LOOK_EVERY_S: Final = 0.2
AT_ONCE: Final = 8
"""Acts under way at a time."""
ANSWER_S: Final = 5.0
REST_S: Final = 0.5
"""After an act that came to nothing, before any other is tried."""
NOTE_AFTER_S: Final = 1.0
TAKE_AFTER_S: Final = 4.0
END_AFTER_S: Final = 8.0
"""Of a case's age: after its second step, and after its third."""
OF_THREE: Final = 3
"""One case of three is written about, another one is taken before it is stood down."""

_OPEN: Final = """
SELECT id, account, extract(epoch FROM clock_timestamp() - opened_at)::double precision AS age_s FROM incidents
WHERE organisation_id = $1 AND state <> 'stood_down' AND purpose <> 'test'
"""
_LOST_DATABASE: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


@dataclass(frozen=True, slots=True)
class Act:
    """What was answered with a 2xx. kind: of its line on the timeline. words: of a note."""

    incident_id: UUID
    kind: str
    at_s: float
    words: str = ""


class ChaosDesk:
    """Operators at work. tries: requests without a 2xx. open_accounts: as of the look begun at looked_s."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._http = aiohttp.ClientSession(
            headers={"X-Larm": "1"},
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            timeout=aiohttp.ClientTimeout(total=ANSWER_S),
        )
        self._database: asyncpg.Connection | None = None
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._done: set[tuple[UUID, str]] = set()
        self._under_way: set[tuple[UUID, str]] = set()
        self._rests_until_s = 0.0
        self.acts: list[Act] = []
        self.tries = 0
        self.logins = 0
        self.looked_s = 0.0
        self.open_accounts: frozenset[str] = frozenset()

    async def log_in(self) -> None:
        """Begin a session. Raises aiohttp.ClientError where the web says no."""
        login = {"login": LOGIN, "password": PASSWORD}
        async with self._http.post(f"{self._house.web}/api/session", json=login) as answer:
            answer.raise_for_status()
        self.logins += 1

    async def work(self) -> None:
        """Look and act until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                with suppress(*_LOST_DATABASE, TimeoutError):
                    rows = await self._look()
                    for row in rows if time.monotonic() > self._rests_until_s else ():
                        for kind in _owed(row):
                            act = (row["id"], kind)
                            if act not in self._done and act not in self._under_way:
                                self._under_way.add(act)
                                group.create_task(self._act(*act))
                await asyncio.sleep(LOOK_EVERY_S)

    async def serves(self) -> bool:
        """True if the web answers an operator just now."""
        with suppress(aiohttp.ClientError, TimeoutError):
            async with self._http.get(f"{self._house.web}/api/incidents", params={"limit": "1"}) as answer:
                return answer.status == 200
        return False

    async def close(self) -> None:
        """Go home."""
        await self._http.close()
        if self._database is not None:
            self._database.terminate()

    async def _look(self) -> list[Any]:
        begun_s = time.monotonic()
        if self._database is None or self._database.is_closed():
            self._database = await asyncpg.connect(self._house.dsn, timeout=ANSWER_S)
        rows = await self._database.fetch(_OPEN, ORGANISATION, timeout=ANSWER_S)
        self.open_accounts = frozenset(row["account"] for row in rows)
        self.looked_s = begun_s
        return list(rows)

    async def _act(self, incident_id: UUID, kind: str) -> None:
        words = str(incident_id) if kind == "note" else ""
        page, body = _asked(kind, words)
        try:
            async with (
                self._gate,
                self._http.post(f"{self._house.web}/api/incidents/{incident_id}/{page}", json=body) as answer,
            ):
                await answer.read()
                if answer.status == 200:
                    self._done.add((incident_id, kind))
                    self.acts.append(Act(incident_id, kind, time.monotonic(), words))
                    return
                if answer.status == 409:
                    self._done.add((incident_id, kind))
                if answer.status == 401:
                    await self.log_in()
            self._came_to_nothing()
        except (aiohttp.ClientError, TimeoutError):
            self._came_to_nothing()
        finally:
            self._under_way.discard((incident_id, kind))

    def _came_to_nothing(self) -> None:
        self.tries += 1
        self._rests_until_s = time.monotonic() + REST_S


def _owed(case: Any) -> list[str]:
    """Return what a case of this age asks of the desk."""
    turn = case["id"].int % OF_THREE
    owed = []
    if turn == 0 and case["age_s"] > NOTE_AFTER_S:
        owed.append("note")
    if turn == 1 and case["age_s"] > TAKE_AFTER_S:
        owed.append("acknowledged")
    if case["age_s"] > END_AFTER_S:
        owed.append("stood_down")
    return owed


def _asked(kind: str, words: str) -> tuple[str, dict[str, object]]:
    match kind:
        case "note":
            return "note", {"text": words}
        case "acknowledged":
            return "acknowledge", {}
        case _:
            # The cause is asked of every kind.
            return "stand-down", {
                "outcome": "false",
                "note": "",
                "closing": [{"key": "cause", "choice": "by_mistake"}],
            }
