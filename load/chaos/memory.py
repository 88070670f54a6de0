"""The web runs out of memory while alarms come: people's screens go dark for a while, help does not."""

from __future__ import annotations

import asyncio
import resource
import time
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Final

import aiohttp

from load.afterwards import Check
from load.chaos.aftermath import look, settled
from load.chaos.line import Line, Wanted, seconds
from load.chaos.scene import Plan, Scene, Tell
from load.chaos.supervised import Supervised, a_supervised_scene
from load.house import LOGIN, PASSWORD, an_id

ROOM_MB: Final = 48
"""What the web may still take when its memory is cut short."""
CALM_S: Final = 4.0
SHORT_S: Final = 16.0
AFTER_S: Final = 6.0
PLAN: Final = Plan(per_s=8.0, seconds=CALM_S + SHORT_S + AFTER_S)
AT_ONCE: Final = 48
BODY_BYTES: Final = 5 * 1024 * 1024 - 1024
"""A plan of a building, as large as the web takes."""
FEEDS: Final = 100
BACK_S: Final = 30.0
BACK_WANTED_S: Final = 10.0
NOTICE_WANTED_S: Final = 1.0


class _Crush:
    """Everything heavy that a browser may ask for, at once. answers: by status; broken: no answer at all."""

    def __init__(self, web: str) -> None:
        self._web = web
        self._http = aiohttp.ClientSession(
            headers={"X-Larm": "1"},
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=10.0),
        )
        self.answers = 0
        self.errors = 0
        self.broken = 0

    async def log_in(self) -> None:
        """Begin the session that all of it is asked in."""
        login = {"login": LOGIN, "password": PASSWORD}
        async with self._http.post(f"{self._web}/api/session", json=login) as answer:
            answer.raise_for_status()

    async def press_on(self) -> None:
        """Ask for more and more until cancelled."""
        async with asyncio.TaskGroup() as group:
            for number in range(AT_ONCE):
                group.create_task(self._plans(number))
                group.create_task(self._lists())
            for _ in range(FEEDS):
                group.create_task(self._feed())

    async def close(self) -> None:
        """Leave."""
        await self._http.close()

    async def _plans(self, number: int) -> None:
        page, body = f"{self._web}/api/places/{an_id(f'place {number}')}/plan", bytes(BODY_BYTES)
        while True:
            await self._ask("PUT", page, data=body, headers={"Content-Type": "image/png"})

    async def _lists(self) -> None:
        while True:
            await self._ask("GET", f"{self._web}/api/incidents?state=all&limit=200")

    async def _feed(self) -> None:
        while True:
            with suppress(aiohttp.ClientError, TimeoutError):
                async with self._http.get(f"{self._web}/api/feed") as answer:
                    await answer.content.read(1)
                    await asyncio.sleep(1.0)  # and reads no further
            await asyncio.sleep(0.2)

    async def _ask(self, method: str, page: str, **more: object) -> None:
        try:
            async with self._http.request(method, page, **more) as answer:  # type: ignore[arg-type]  # handed through
                await answer.read()
                self.answers += 1
                self.errors += answer.status >= 500
        except (aiohttp.ClientError, TimeoutError):
            self.broken += 1
            await asyncio.sleep(0.1)


async def memory(tell: Tell) -> list[Line]:
    """Cut the web's memory short and lean on it until it falls or the time is up; look what became of the alarms."""
    async with a_supervised_scene("memory", PLAN, tell) as (scene, kept), AsyncExitStack() as stack:
        crush = _Crush(scene.house.web)
        stack.push_async_callback(crush.close)
        await crush.log_in()
        begun_s = time.monotonic()
        pressing = asyncio.create_task(scene.wearers.press(PLAN.per_s, PLAN.seconds))
        await asyncio.sleep(CALM_S)
        pid = scene.house.crew.pids["web"]
        limit_mb = _cut_short(pid)
        tell(f"memory: the web may take {ROOM_MB} MB more")
        short_s = time.monotonic()
        crushing = asyncio.create_task(crush.press_on())
        await _until_fallen(kept, short_s)
        crushing.cancel()
        await asyncio.gather(crushing, return_exceptions=True)
        over_s = time.monotonic()
        ends = list(kept.ends)
        if not ends:
            _give_back(pid)
        back_s = await _back(scene, over_s)
        await pressing
        rest = await settled(scene)
        after = await look(scene)
        said = scene.said(("MemoryError", "Cannot allocate memory", "out of memory"), "web")
        told = after.notice_seconds("apns", short_s, over_s) + after.notice_seconds("fcm", short_s, over_s)
        calm = after.notice_seconds("apns", begun_s, short_s) + after.notice_seconds("fcm", begun_s, short_s)
        fell = f"fell after {ends[0][1] - short_s:.1f} s" if ends else "did not fall"
        figures = (
            f"web held at {limit_mb} MB  answers {crush.answers}, of which 5xx {crush.errors}, none at all "
            f"{crush.broken}  lines about memory in its log {said}  {fell}  press to push before {seconds(calm)}, "
            f"meanwhile p99 {_p99(told):.2f} s, {seconds(told)}  presses {len(after.presses)} acked "
            f"{len(after.acked)} lost {after.lost}  web back after "
            f"{'never' if back_s is None else f'{back_s:.1f} s'}"
        )
        others = [name for name, _ in ends if name != "web"]
        own = [
            Check("other processes that ended", len(others), 0),
            Check("webs that did not come back", int(back_s is None), 0),
            Check("shortages that nobody felt", int(not ends and crush.errors + crush.broken + said == 0), 0),
        ]
        wanted = [
            Wanted("memory: p99 press to push meanwhile, s", _p99(told), NOTICE_WANTED_S),
            Wanted("memory: web back after, s", BACK_S if back_s is None else back_s, BACK_WANTED_S),
        ]
        return [Line("memory", figures, [*after.all_checks(rest), *own], wanted)]


def _cut_short(pid: int) -> int:
    """Hold a process at what it has and a little; return the limit in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[0])
    limit = pages * resource.getpagesize() + ROOM_MB * 2**20
    resource.prlimit(pid, resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
    return limit // 2**20


def _give_back(pid: int) -> None:
    with suppress(ProcessLookupError):
        resource.prlimit(pid, resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


async def _until_fallen(kept: Supervised, since_s: float) -> None:
    while not kept.ends and time.monotonic() < since_s + SHORT_S:  # noqa: ASYNC110 - another process has no event
        await asyncio.sleep(0.05)


async def _back(scene: Scene, since_s: float) -> float | None:
    while time.monotonic() < since_s + BACK_S:
        if "web" not in await scene.not_ready():
            return time.monotonic() - since_s
        await asyncio.sleep(0.1)
    return None


def _p99(figures: list[float]) -> float:
    return sorted(figures)[int(0.99 * (len(figures) - 1))] if figures else 0.0
