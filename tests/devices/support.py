"""Settings and surroundings for emulators under test: short waits, a fixed clock, chance from a seed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from devices.device import Address, DeviceSettings, Surroundings

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def surroundings() -> Surroundings:
    """Return surroundings with a standing clock; waits are real but short."""
    return Surroundings(random.Random(1), now=lambda: NOW)


def swift_surroundings() -> Surroundings:
    """Return surroundings in which waits are over at once, and are counted."""
    passed_s = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal passed_s
        passed_s += seconds
        await asyncio.sleep(0)

    return Surroundings(random.Random(1), now=lambda: NOW, monotonic_s=lambda: passed_s, sleep=sleep)


def settings(*ports: int, device: str = "8660000001", **changes: Any) -> DeviceSettings:
    """Return settings for a device that calls these ports and loses patience soon."""
    given = DeviceSettings(
        device=device,
        addresses=tuple(Address("127.0.0.1", port) for port in ports),
        retransmit_s=0.05,
        give_up_s=5.0,
        keepalive_s=0.02,
    )
    return replace(given, **changes)


async def until(fact: Callable[[], bool]) -> None:
    """Wait for a fact, 10 s at most."""
    async with asyncio.timeout(10):
        while not fact():
            await asyncio.sleep(0)
