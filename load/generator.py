"""python -m load.generator: a process of its own full of devices. It presses on a fixed schedule and times the acks.

A fleet may be mixed of several families. Orders come in as JSON lines on standard input, reports go out as JSON lines
on standard output. Every press is written down with the time it was meant for, the time it was made, and the time of
its ack, in this machine's monotonic seconds.
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
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import uvloop

from devices.device import Address, DeviceSettings, Surroundings
from devices.fleet import SPREAD_DEGREES
from devices.tracker import Tracker
from devices.watch import Watch
from load.families import account_of, builder_of, family_of
from load.schedule import Presses

PROTOCOL: Final = "watch"
"""The family of a fleet that is not mixed."""
CONNECTED_S: Final = 60.0
"""After the ramp, for those who wait for their first answer."""


def account(device: int) -> str:
    """Return the name that a watch of the fleet gives itself."""
    return account_of(PROTOCOL, device)


def digest(frame: bytes) -> str:
    """Return what tells one frame from another, for finding a press again among the stored signals."""
    return hashlib.blake2b(frame, digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Pressed:
    """What became of one press. acked_s: None if the device gave up. frame: digest of what it sent.

    octets: the frame itself in hex; empty where whoever pressed knows that it is stored as one piece.
    """

    number: int
    account: str
    frame: str
    intended_s: float
    begun_s: float
    acked_s: float | None
    attempts: int
    octets: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Which part of the fleet this process is. ports: where each family is listened for. families: their shares."""

    ports: Mapping[str, int]
    families: Sequence[tuple[str, int]]
    devices: int
    generator: int
    generators: int
    ramp_s: float
    keepalive_s: float


Pressable = Watch | Tracker
"""What a fleet is made of; both know whether they are connected."""


class Generator:
    """The devices of one process."""

    def __init__(self, place: Place) -> None:
        self._place = place
        chance = random.Random(place.generator)
        self._surroundings = Surroundings(chance)
        self._devices: dict[int, Pressable] = {}
        self._accounts: dict[int, str] = {}
        for device in range(place.generator, place.devices, place.generators):
            family = family_of(place.families, device)
            self._accounts[device] = account_of(family, device)
            settings = DeviceSettings(
                device=self._accounts[device],
                addresses=(Address("127.0.0.1", place.ports[family]),),
                keepalive_s=place.keepalive_s,
                lat=57.93 + chance.uniform(-SPREAD_DEGREES, SPREAD_DEGREES),
                lon=12.09 + chance.uniform(-SPREAD_DEGREES, SPREAD_DEGREES),
                battery_pct=chance.uniform(20, 100),
            )
            built = builder_of(family)(settings, self._surroundings)
            if not isinstance(built, Watch | Tracker):
                raise TypeError(f"a {family} does not say whether it is connected")
            self._devices[device] = built
        self._lives: list[asyncio.Task[None]] = []

    @property
    def connected(self) -> int:
        """How many devices have a connection, and were answered on it where the family has a greeting."""
        return sum(device.connected for device in self._devices.values())

    async def connect(self) -> None:
        """Let the devices begin to live, one after another over the ramp."""
        begun_s = time.monotonic()
        gap_s = self._place.ramp_s / len(self._devices)
        for turn, device in enumerate(self._devices.values()):
            self._lives.append(asyncio.create_task(_live(device, begun_s + turn * gap_s)))
        await _until(begun_s + self._place.ramp_s)
        until_s = time.monotonic() + CONNECTED_S
        while self.connected < len(self._devices) and time.monotonic() < until_s:
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
        for device in self._devices.values():
            await device.close()

    async def _press(self, number: int, device: int, intended_s: float) -> Pressed:
        begun_s, named = time.monotonic(), self._accounts[device]
        try:
            receipt = await self._devices[device].press()
        except (OSError, RuntimeError) as error:
            # The emulator fell, not the server; the press counts as not acked, and the log says why.
            sys.stderr.write(f"press {number}: {type(error).__name__}\n")
            return Pressed(number, named, "", intended_s, begun_s, None, 0)
        acked_s = time.monotonic() if receipt.acked else None
        sent, tries = receipt.sent, receipt.attempts
        return Pressed(number, named, digest(sent), intended_s, begun_s, acked_s, tries, sent.hex())


async def _live(device: Pressable, from_s: float) -> None:
    await _until(from_s)
    await device.run()


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
    parser.add_argument("--place", type=json.loads, required=True, help="Place, as JSON")
    parser.add_argument("--results", type=Path, required=True)
    given = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the harness, which ends us in its order
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(obey(Place(**given.place), given.results))


if __name__ == "__main__":
    main()
