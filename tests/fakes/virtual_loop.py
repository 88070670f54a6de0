"""A loop whose clock jumps to the next deadline: hours pass in milliseconds, in the right order."""

from __future__ import annotations

import asyncio
import selectors
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from larmcentral.domain.ids import uuid7
from larmcentral.domain.way_health import WayState


class _Jumping(selectors.DefaultSelector):
    """Never waits: what the loop would have slept is added to its clock."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            if timeout is None:
                raise AssertionError("everything waits for something that nothing will bring about")
            self.now += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """asyncio on virtual time."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


class VirtualClock:
    """ports.Clock of a virtual loop, from a chosen moment on."""

    def __init__(self, loop: asyncio.AbstractEventLoop, epoch: datetime = datetime(2026, 3, 4, 2, tzinfo=UTC)) -> None:
        self._loop, self._epoch = loop, epoch

    def now(self) -> datetime:
        return self._epoch + timedelta(seconds=self._loop.time())

    def monotonic(self) -> float:
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class CountedIds:
    """ports.Ids without chance: the same run makes the same ids."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock, self._count = clock, 0

    def new(self) -> UUID:
        self._count += 1
        return uuid7(self._clock.now(), self._count.to_bytes(10, "big"))


class NoMeasures:
    """ports.Measures that remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []

    def lane_length(self, lane: str, length: int) -> None:
        self.told.append(("lane_length", lane, length))

    def repeat(self, protocol: str) -> None:
        self.told.append(("repeat", protocol))

    def handed_over(self, channel: str, seconds: float) -> None:
        self.told.append(("handed_over", channel, seconds))

    def first_notice(self, seconds: float) -> None:
        self.told.append(("first_notice", seconds))

    def delivery(self, channel: str, result: str) -> None:
        self.told.append(("delivery", channel, result))

    def way_state(self, provider: str, state: WayState) -> None:
        self.told.append(("way_state", provider, state))

    def way_took(self, provider: str, seconds: float) -> None:
        self.told.append(("way_took", provider, seconds))

    def acknowledged(self, seconds: float) -> None:
        self.told.append(("acknowledged", seconds))

    def deadline_fired(self, late_s: float) -> None:
        self.told.append(("deadline_fired", late_s))

    def condition(self, condition: object) -> None:
        self.told.append(("condition", condition))

    def database_ready(self, ready: bool) -> None:
        self.told.append(("database_ready", ready))

    def synthetic_panic(self, seconds: float) -> None:
        self.told.append(("synthetic_panic", seconds))

    def synthetic_panic_age(self, seconds: float) -> None:
        self.told.append(("synthetic_panic_age", seconds))
