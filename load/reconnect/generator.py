"""python -m load.reconnect.generator: a process of its own full of devices that lose their connection all at once.

Orders come in as JSON lines on standard input: when to cut the network, from when on to come back, and who presses.
What became of it is written into the file of results: when each device was answered again, and each press.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import uvloop

from load.generator import Generator, Place, Pressed

AGAIN_S = 0.1
"""A device whose first sign of life was not answered in its usual time tries on."""


class Reconnecting(Generator):
    """The devices of one process, around outages."""

    async def outage(
        self, cut: bool, begin_s: float, end_s: float, within_s: float, presses: Sequence[tuple[int, int, float]]
    ) -> tuple[dict[int, float | None], list[Pressed]]:
        """Live through one outage; return when each device was answered again, and what became of the presses.

        cut: the network is away between begin_s and end_s (monotonic); else the connections are cut from the other end.
        From end_s each device is waited for within_s, None if it was not answered by then. presses: see schedule.py.
        """
        pressing = [asyncio.create_task(self._pressed(*each, begin_s)) for each in presses if each[1] in self._devices]
        await _until(begin_s)
        if cut:
            self._cover(covered=False)
            await _until(end_s)
            self._cover(covered=True)
        else:
            await _until(end_s)
        back = await asyncio.gather(*(self._back(device, end_s + within_s) for device in self._devices))
        return dict(zip(self._devices, back, strict=True)), list(await asyncio.gather(*pressing))

    def _cover(self, *, covered: bool) -> None:
        for device in self._devices.values():
            device.move(replace(device.circumstances, covered=covered))

    async def _back(self, number: int, until_s: float) -> float | None:
        """Say that one is alive until that is answered; return when it was."""
        device = self._devices[number]
        while time.monotonic() < until_s:
            with suppress(OSError):
                if (await device.check_in()).done:
                    return time.monotonic()
            await asyncio.sleep(AGAIN_S)
        return None

    async def _pressed(self, number: int, device: int, after_s: float, begin_s: float) -> Pressed:
        await _until(begin_s + after_s)
        return await self._press(number, device, begin_s + after_s)


async def _until(at_s: float) -> None:
    await asyncio.sleep(max(0.0, at_s - time.monotonic()))


async def obey(place: Place, results: Path) -> None:
    """Connect, then do as ordered until nobody is there to tell."""
    generator = Reconnecting(place)
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    try:
        await generator.connect()
        _say({"connected": generator.connected})
        while line := await orders.readline():
            back, pressed = await generator.outage(**json.loads(line))
            with results.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"back": list(back.values())}) + "\n")
                file.writelines(json.dumps({"pressed": asdict(one)}) + "\n" for one in pressed)
            _say({"back": sum(at_s is not None for at_s in back.values()), "pressed": len(pressed)})
    finally:
        await generator.close()


def _say(words: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Read the command line and live."""
    parser = argparse.ArgumentParser(prog="python -m load.reconnect.generator", description=__doc__)
    parser.add_argument("--place", type=json.loads, required=True, help="Place, as JSON")
    parser.add_argument("--results", type=Path, required=True)
    given = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the harness, which ends us in its order
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(obey(Place(**given.place), given.results))


if __name__ == "__main__":
    main()
