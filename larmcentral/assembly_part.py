"""A part of a process: something that starts and stops."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """Started in the order of its list, stopped in the opposite one."""

    name: str
    start: Callable[[], Awaitable[Any] | None]
    stop: Callable[[], Awaitable[Any] | None]
