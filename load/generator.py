"""python -m load.generator: a process of its own full of watches. It presses on a fixed schedule and times the acks.

Orders come in as JSON lines on standard input, reports go out as JSON lines on standard output. Every press is written
down with the time it was meant for, the time it was made, and the time of its ack, in this machine's monotonic seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import hashlib
import json
import random
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import uvloop

from devices.device import Address, DeviceSettings, Surroundings
from devices.fleet import SPREAD_DEGREES
from devices.watch import Watch
from load.schedule import Presses

FIRST_ACCOUNT: Final = 8_660_010_000
PROTOCOL: Final = "watch"
CONNECTED_S: Final = 60.0
"""After the ramp, for those who wait for their first answer."""


def account(device: int) -> str:
    """Return the name that a watch of the fleet gives itself."""
    return str(FIRST_ACCOUNT + device)


def digest(frame: bytes) -> str:
    """Return what tells one frame from another, for finding a press again among the stored signals."""
    return hashlib.blake2b(frame, digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Pressed:
    """What became of one press. acked_s: None if the watch gave up."""

    number: int
    account: str
    frame: str
    intended_s: float
    begun_s: float
    acked_s: float | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Place:
    """Which part of the fleet this process is."""

    port: int
    devices: int
    generator: int
    generators: int
    ramp_s: float
    keepalive_s: float


class Generator:
    """The watches of one process."""

    def __init__(self, place: Place) -> None:
        self._place = place
        chance = random.Random(place.generator)
        self._surroundings = Surroundings(chance)
        self._watches: dict[int, Watch] = {}
        for device in range(place.generator, place.devices, place.generators):
            settings = DeviceSettings(
                device=account(device),
                addresses=(Address("127.0.0.1", place.port),),
                keepalive_s=place.keepalive_s,
                lat=57.93 + chance.uniform(-SPREAD_DEGREES, SPREAD_DEGREES),
                lon=12.09 + chance.uniform(-SPREAD_DEGREES, SPREAD_DEGREES),
                battery_pct=chance.uniform(20, 100),
            )
            self._watches[device] = Watch(settings, self._surroundings)
        self._lives: list[asyncio.Task[None]] = []

    @property
    def connected(self) -> int:
        """How many watches have been answered on the connection they have."""
        return sum(watch.connected for watch in self._watches.values())

    async def connect(self) -> None:
        """Let the watches begin to live, one after another over the ramp."""
        begun_s = time.monotonic()
        gap_s = self._place.ramp_s / len(self._watches)
        for turn, watch in enumerate(self._watches.values()):
            self._lives.append(asyncio.create_task(_live(watch, begun_s + turn * gap_s)))
        await _until(begun_s + self._place.ramp_s)
        until_s = time.monotonic() + CONNECTED_S
        while self.connected < len(self._watches) and time.monotonic() < until_s:
            await _until(time.monotonic() + 0.1)
        gc.collect()
        gc.freeze()  # thousands of long-lived objects; walking through them again and again would be our own lateness

    async def press(self, presses: Presses) -> list[Pressed]:
        """Press on schedule; return when each press is acked or given up."""
        under_way: list[asyncio.Task[Pressed]] = []
        for number, device, intended_s in presses.of(self._place.generator, self._place.generators):
            if time.monotonic() < intended_s:
                await _until(intended_s)
            under_way.append(asyncio.create_task(self._press(number, device, intended_s)))
            if len(under_way) % 64 == 0:
                await asyncio.sleep(0)  # behind its time it would otherwise never read an ack
        return list(await asyncio.gather(*under_way))

    async def close(self) -> None:
        """Hang up."""
        for life in self._lives:
            life.cancel()
        await asyncio.gather(*self._lives, return_exceptions=True)
        for watch in self._watches.values():
            await watch.close()

    async def _press(self, number: int, device: int, intended_s: float) -> Pressed:
        begun_s = time.monotonic()
        try:
            receipt = await self._watches[device].press()
        except (OSError, RuntimeError) as error:
            # The emulator fell, not the server; the press counts as not acked, and the log says why.
            sys.stderr.write(f"press {number}: {type(error).__name__}\n")
            return Pressed(number, account(device), "", intended_s, begun_s, None, 0)
        acked_s = time.monotonic() if receipt.acked else None
        return Pressed(number, account(device), digest(receipt.sent), intended_s, begun_s, acked_s, receipt.attempts)


async def _live(watch: Watch, from_s: float) -> None:
    await _until(from_s)
    await watch.run()


async def _until(at_s: float) -> None:
    await asyncio.sleep(max(0.0, at_s - time.monotonic()))


def read_pressed(path: Path) -> list[Pressed]:
    """Read what a generator has written."""
    return [Pressed(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]


async def obey(place: Place, results: Path) -> None:
    """Connect, then do as ordered until told to stop or until nobody is there to tell."""
    generator = Generator(place)
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    try:
        await generator.connect()
        _say({"connected": generator.connected})
        while line := await orders.readline():
            order: Mapping[str, Any] = json.loads(line)
            pressed = await generator.press(Presses(**order))
            with results.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(asdict(one)) + "\n" for one in pressed)
            _say({"pressed": len(pressed), "acked": sum(one.acked_s is not None for one in pressed)})
            _say({"connected": generator.connected})
    finally:
        await generator.close()


def _say(words: Mapping[str, int]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Read the command line and live."""
    parser = argparse.ArgumentParser(prog="python -m load.generator", description=__doc__)
    for name in ("port", "devices", "generator", "generators"):
        parser.add_argument(f"--{name}", type=int, required=True)
    for name in ("ramp-s", "keepalive-s"):
        parser.add_argument(f"--{name}", type=float, required=True)
    parser.add_argument("--results", type=Path, required=True)
    given = vars(parser.parse_args())
    results = given.pop("results")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the harness, which ends us in its order
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(obey(Place(**given), results))


if __name__ == "__main__":
    main()
