"""How the ways out are doing, as the screens are shown it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WayFiguresView:
    """How tries ended and how long they took. lost: those that told nobody. p50_ms to p99_ms: upper bounds."""

    tries: int
    lost: int
    lost_pct: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    worst_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WayMinuteView:
    """One minute in which a provider was tried. minute: its beginning."""

    minute: datetime
    figures: WayFiguresView


@dataclass(frozen=True, slots=True, kw_only=True)
class WayView:
    """One provider. state: of larmcentral.domain.way_health.WayState; dead only if all processes agree.

    processes: how many have reported lately, and say_dead, how many of them find it dead. in_line: notices in their
    lines, of the whole house. waiting: notices not out yet, of what the viewer may see, the oldest filed at oldest_at;
    the next of them is tried at next_due_at and the last at last_due_at. hour: None where nothing was tried.
    """

    provider: str
    channel: str
    receiver: str | None
    state: str
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
    minutes: tuple[WayMinuteView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WayBoard:
    """All of them. dead_channels: those that chains pass over just now."""

    server_time: datetime
    dead_channels: tuple[str, ...]
    ways: tuple[WayView, ...]
