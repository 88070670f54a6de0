"""python -m load.console.browser: a process full of screens.

It says {"entered": n} once every screen has heard its feed, reads until it is told `finish`, writes down what each
screen was told, and says {"written": n}.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp
import msgspec
import uvloop

from load.console.screen import Asked, Habits, Screen
from load.console.staff import Seat

ENTER_S: Final = 60.0
"""After the last screen was opened, for those that wait for their first answer."""


class Shown(msgspec.Struct, frozen=True):
    """What one screen was told. heard: by incident, first heard (monotonic), whether in catching up, lines as bits.

    lines are written as text: JSON's numbers end long before a timeline may.
    """

    sort: str
    number: int
    person_id: str | None
    heard: dict[str, tuple[float, bool, str]]
    resyncs: int
    twice: int
    cuts: int
    breaks: int


@dataclass(frozen=True, slots=True)
class Room:
    """Which screens are in one process, and how they come. enter_s: all within so long."""

    seats: Sequence[Seat]
    habits: Habits
    enter_s: float


class Browser:
    """The screens of one process."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._lives: list[asyncio.Task[None]] = []
        self.screens: list[Screen] = []
        self.asked: list[Asked] = []

    async def open(self, http: aiohttp.ClientSession) -> int:
        """Open all pages, one after another; return how many have heard their feed."""
        begun_s = time.monotonic()
        gap_s = self._room.enter_s / max(len(self._room.seats), 1)
        for turn, seat in enumerate(self._room.seats):
            screen = Screen(seat, self._room.habits, http, self.asked.append)
            self.screens.append(screen)
            self._lives.append(asyncio.create_task(screen.live(begun_s + turn * gap_s)))
        with suppress(TimeoutError):
            async with asyncio.timeout(self._room.enter_s + ENTER_S):
                await asyncio.gather(*(screen.entered.wait() for screen in self.screens))
        gc.collect()
        gc.freeze()  # thousands of long-lived objects; walking through them would be time that the server is blamed for
        return sum(screen.entered.is_set() for screen in self.screens)

    async def finish(self) -> None:
        """Hear out what is in line."""
        await asyncio.gather(*(screen.finish() for screen in self.screens))

    async def close(self) -> None:
        """Close all pages."""
        for life in self._lives:
            life.cancel()
        await asyncio.gather(*self._lives, return_exceptions=True)
        await asyncio.gather(*(screen.close() for screen in self.screens))

    def fallen(self) -> list[str]:
        """Return what made screens fall: a fault of ours, not the server's."""
        return [repr(life.exception()) for life in self._lives if life.done() and not life.cancelled()]


def shown_by(screen: Screen) -> Shown:
    """Return what a screen was told, for the harness."""
    heard = {str(one): (each.first_s, each.caught_up, f"{each.lines:x}") for one, each in screen.picture.heard.items()}
    seat, picture = screen.seat, screen.picture
    return Shown(
        seat.sort, seat.number, seat.person_id, heard, picture.resyncs, picture.twice, screen.cuts, screen.breaks
    )


async def obey(room: Room, results: Path) -> None:
    """Open all pages; write down what they were told, when told to."""
    browser = Browser(room)
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as http:
        try:
            _say({"entered": await browser.open(http)})
            while await orders.readline():
                await browser.finish()
                for words in browser.fallen():
                    sys.stderr.write(f"a screen fell: {words}\n")
                with results.open("wb") as file:
                    file.writelines(msgspec.json.encode(shown_by(screen)) + b"\n" for screen in browser.screens)
                with results.with_suffix(".asked").open("w", encoding="utf-8") as file:
                    file.writelines(json.dumps(asdict(one)) + "\n" for one in browser.asked)
                _say({"written": len(browser.screens)})
        finally:
            await browser.close()


def _say(words: dict[str, int]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Read the command line and live."""
    parser = argparse.ArgumentParser(prog="python -m load.console.browser", description=__doc__)
    parser.add_argument("--room", type=Path, required=True, help="a file with the Room, as JSON; it holds sessions")
    parser.add_argument("--results", type=Path, required=True)
    given = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the harness, which ends us in its order
    said: dict[str, Any] = json.loads(given.room.read_text("utf-8"))
    room = Room([Seat(**each) for each in said["seats"]], Habits(**said["habits"]), said["enter_s"])
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(obey(room, given.results))


if __name__ == "__main__":
    main()
