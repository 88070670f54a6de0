"""What crosses HTTP about the ways out and how they are doing."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from larmcentral.api.shapes import ChannelName, Shape


class WayFiguresView(Shape):
    """How tries ended and how long they took. lost: those that told nobody. p50_ms to p99_ms: upper bounds."""

    tries: int
    lost: int
    lost_pct: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    worst_ms: float


class WayMinuteView(Shape):
    """One minute in which a provider was tried; minutes without a try are left out."""

    minute: datetime
    figures: WayFiguresView


class WayView(Shape):
    """One provider. receiver: of a centre's way. state: dead only if all processes that send agree; slow: it carries.

    processes: how many have reported lately (none: nobody sends just now); say_dead: how many of them find it dead.
    since: null where nothing was tried. reason: the last word against it. answered_at: the last look that it answered.
    in_line: notices in the lines of all processes, of the whole house. waiting: notices that are not out yet, of the
    viewer's committees: filed at oldest_at at the earliest, tried next at next_due_at, the last at last_due_at.
    hour, minutes: of the last hour; null and empty where nothing was tried.
    """

    provider: str
    channel: ChannelName
    receiver: str | None
    state: Literal["unknown", "alive", "slow", "dead"]
    since: datetime | None
    reason: str
    last_good_at: datetime | None
    last_bad_at: datetime | None
    answered_at: datetime | None
    processes: int
    say_dead: int
    in_line: int
    waiting: int
    oldest_at: datetime | None
    next_due_at: datetime | None
    last_due_at: datetime | None
    hour: WayFiguresView | None
    minutes: list[WayMinuteView]


class WayBoard(Shape):
    """GET /api/ways-out. dead_channels: what chains pass over just now. ways: in the order in which they are asked."""

    server_time: datetime
    dead_channels: list[ChannelName]
    ways: list[WayView]
