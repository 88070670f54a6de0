"""A TakesIn that can be told to hold arrivals, to fail, and to be full."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from larmcentral.domain.arrival import Arrival, UnknownBytes
from larmcentral.domain.errors import LaneFull, StoreUnavailable

PATIENCE_S = 10.0


class FakeIntake:
    """stored: what is "on disk". held: what waits for release(). unknown: what was kept."""

    def __init__(self) -> None:
        self.stored: list[Arrival] = []
        self.unknown: list[UnknownBytes] = []
        self.held: dict[Arrival, asyncio.Future[None]] = {}
        self.error: Exception | None = None
        self.holds = False

    async def take_in(self, arrival: Arrival) -> None:
        if self.holds:
            self.held[arrival] = asyncio.get_running_loop().create_future()
            try:
                await self.held[arrival]
            finally:
                del self.held[arrival]
        if self.error is not None:
            raise self.error
        self.stored.append(arrival)

    def keep_unknown(self, found: UnknownBytes) -> None:
        self.unknown.append(found)

    def be_full(self) -> None:
        self.error = LaneFull("full")

    def be_away(self) -> None:
        self.error = StoreUnavailable("away")

    def be_well(self) -> None:
        self.error = None

    def release(self, *keys: str) -> None:
        """Let the held arrivals go on; with keys only those whose first signal has one of them, in that order."""
        if not keys:
            self.holds = False
        for key in keys or [arrival.signals[0].repeat_key for arrival in self.held]:
            for arrival, waiting in self.held.items():
                if arrival.signals[0].repeat_key == key and not waiting.done():
                    waiting.set_result(None)

    @property
    def stored_keys(self) -> list[str]:
        return [signal.repeat_key for arrival in self.stored for signal in arrival.signals]

    @property
    def held_keys(self) -> list[str]:
        return [arrival.signals[0].repeat_key for arrival in self.held]


async def eventually(fact: Callable[[], bool]) -> None:
    """Give the loop turns until the fact holds; fail where it never does."""
    loop = asyncio.get_running_loop()
    patient_until_s = loop.time() + PATIENCE_S
    while not fact():
        assert loop.time() < patient_until_s, "it never came to be"
        await asyncio.sleep(0)
