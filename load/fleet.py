"""The processes full of devices: started, ordered to press, and heard out."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

from load.generator import Place, Pressed, read_pressed
from load.house import House, line_of
from load.schedule import Presses

LEAD_S: Final = 1.0
"""Between the order and the first press, so that every generator has it in time."""
PATIENCE_S: Final = 90.0
"""For the slowest press and the last notice; a device gives up after 30 s, and a notice is tried for longer."""


class Fleet:
    """The generators, from the harness's side."""

    def __init__(self, house: House) -> None:
        self._house, self._profile = house, house.profile
        self.names = tuple(f"generator {number}" for number in range(self._profile.generators))
        self._processes: list[asyncio.subprocess.Process] = []

    async def connect(self) -> int:
        """Start them and let all devices connect; return how many did."""
        crew = self._house.crew
        for number, name in enumerate(self.names):
            place = Place(
                ports=self._house.listeners(number % self._profile.receivers),
                families=self._profile.families,
                devices=self._profile.devices,
                generator=number,
                generators=self._profile.generators,
                ramp_s=self._profile.ramp_s,
                keepalive_s=self._profile.keepalive_s,
            )
            words = ("--place", json.dumps(asdict(place)), "--results", str(self._results(number)))
            process = await crew.start(name, "-m", "load.generator", *words, log=self._house.log("generator"))
            self._processes.append(process)
        return sum([await self._heard(process, "connected", self._profile.ramp_s) for process in self._processes])

    async def press(self, presses: Presses) -> None:
        """Order the presses; return when each is acked or given up."""
        for process in self._processes:
            if process.stdin is None:
                raise AssertionError("it was started with a pipe")
            process.stdin.write(json.dumps(asdict(presses)).encode() + b"\n")
        limit_s = LEAD_S + presses.count / presses.per_s
        for process in self._processes:
            await self._heard(process, "pressed", limit_s)
            await self._heard(process, "connected", limit_s)

    def pressed(self) -> list[Pressed]:
        """Return every press of every generator."""
        return [one for number in range(len(self.names)) for one in read_pressed(self._results(number))]

    def _results(self, number: int) -> Path:
        return self._house.folder / f"presses-{number}.jsonl"

    async def _heard(self, process: asyncio.subprocess.Process, word: str, limit_s: float) -> int:
        said = json.loads(await line_of(process, limit_s + PATIENCE_S))
        return int(said[word])
