"""The processes full of screens, from the harness's side: opened, heard out, their results read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import msgspec

from load.console.browser import ENTER_S, Room, Shown
from load.console.screen import LAST_S, Asked, Habits
from load.console.staff import Seat
from load.house import House, line_of

PATIENCE_S: Final = 60.0
_SHOWN: Final = msgspec.json.Decoder(Shown)


class Screens:
    """All browsers. browsers: how many processes share the screens."""

    def __init__(self, house: House, seats: Sequence[Seat], habits: Habits, *, browsers: int, enter_s: float) -> None:
        self._house, self._seats, self._habits, self._enter_s = house, seats, habits, enter_s
        self.names = tuple(f"browser {number}" for number in range(browsers))
        self._processes: list[asyncio.subprocess.Process] = []

    async def open(self) -> int:
        """Open all pages; return how many have heard their feed."""
        for number, name in enumerate(self.names):
            room = Room(self._seats[number :: len(self.names)], self._habits, self._enter_s)
            file = self._house.folder / f"room-{number}.json"
            file.touch(mode=0o600)
            file.write_text(json.dumps(asdict(room)), "utf-8")
            words = ("-m", "load.console.browser", "--room", str(file), "--results", str(self._results(number)))
            self._processes.append(await self._house.crew.start(name, *words, log=self._house.log("generator")))
        return sum([await self._heard(each, "entered", self._enter_s + ENTER_S) for each in self._processes])

    async def finish(self) -> tuple[list[Shown], list[Asked]]:
        """Hear out what is in line and close all pages; return what each was told, and every request's answer."""
        for process in self._processes:
            if process.stdin is None:
                raise AssertionError("it was started with a pipe")
            process.stdin.write(b"finish\n")
        for process in self._processes:
            await self._heard(process, "written", LAST_S)
        await self._house.crew.end(*self.names)
        return (
            [_SHOWN.decode(line) for number in range(len(self.names)) for line in _lines(self._results(number))],
            [
                Asked(**json.loads(line))
                for number in range(len(self.names))
                for line in _lines(self._results(number).with_suffix(".asked"))
            ],
        )

    def _results(self, number: int) -> Path:
        return self._house.folder / f"screens-{number}.jsonl"

    async def _heard(self, process: asyncio.subprocess.Process, word: str, limit_s: float) -> int:
        return int(json.loads(await line_of(process, limit_s + PATIENCE_S))[word])


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()
