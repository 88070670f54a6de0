"""Wait for a fact, asked again and again, with a limit that only a broken server reaches."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(ask: Callable[[], Awaitable[T]], what: str, *, within_s: float = 60.0, every_s: float = 0.05) -> T:
    """Return the first answer that is not empty. An OSError is an answer that is not there yet."""
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + within_s
    while True:
        try:
            if answer := await ask():
                return answer
        except OSError:
            pass
        assert loop.time() < ends_at, f"not within {within_s} s: {what}"
        await asyncio.wait([loop.create_future()], timeout=every_s)
