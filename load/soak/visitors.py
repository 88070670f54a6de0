"""Watches that come and go: each connects, says where it is, hangs up, and comes again after a while."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from devices.device import Address, DeviceSettings, Surroundings
from devices.watch import Watch
from load.families import account_of

FAMILY: Final = "watch"
KEEPALIVE_S: Final = 5.0
AWAY: Final = 0.2
"""Of a visit's time, a watch is away before it comes again."""


class Visitors:
    """All of them, in this process. numbers: of their devices. visits: how many came to an end in order."""

    def __init__(self, numbers: range, ports: Mapping[str, int], visit_s: float) -> None:
        self._numbers, self._port, self._visit_s = numbers, ports[FAMILY], visit_s
        self._lives: list[asyncio.Task[None]] = []
        self.visits = 0
        self.unanswered = 0

    def start(self) -> None:
        """Let them come, one after another."""
        self._lives = [asyncio.create_task(self._come_and_go(number)) for number in self._numbers]

    async def stop(self) -> None:
        """Let them go for good. May be called twice."""
        lives, self._lives = self._lives, []
        for life in lives:
            life.cancel()
        await asyncio.gather(*lives, return_exceptions=True)

    async def _come_and_go(self, number: int) -> None:
        chance = random.Random(number)
        await asyncio.sleep(chance.uniform(0, self._visit_s))
        while True:
            await self._visit(number, chance)
            await asyncio.sleep(AWAY * self._visit_s * chance.uniform(0.5, 1.5))

    async def _visit(self, number: int, chance: random.Random) -> None:
        settings = DeviceSettings(
            device=account_of(FAMILY, number),
            addresses=(Address("127.0.0.1", self._port),),
            keepalive_s=KEEPALIVE_S,
        )
        watch = Watch(settings, Surroundings(chance))
        life = asyncio.create_task(watch.run())
        try:
            await asyncio.sleep(self._visit_s * chance.uniform(0.5, 1.5))
            if watch.connected:
                self.visits += 1
            else:
                self.unanswered += 1
        finally:
            life.cancel()
            with suppress(asyncio.CancelledError):
                await life
            await watch.close()
