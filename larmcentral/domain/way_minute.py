"""What a provider did in one minute: how tries ended and how long they took."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, assert_never

from escalation.chain import Channel
from larmcentral.domain.notice import DeliveryState

LIMITS_MS: Final = (
    *(1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 50.0, 70.0, 100.0, 150.0, 200.0, 300.0, 500.0, 700.0),
    *(1000.0, 1500.0, 2000.0, 3000.0, 5000.0, 7000.0, 10000.0),
)
"""Upper ends of the buckets; one more bucket is for what took longer. Figures on disk have exactly these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayMinute:
    """minute: its beginning. sent to gone: how many tries ended so. buckets: how many took so long, one try in one.

    total_ms, worst_ms: of all tries, whatever came of them.
    """

    provider: str
    channel: Channel
    minute: datetime
    sent: int = 0
    delivered: int = 0
    retried: int = 0
    refused: int = 0
    gone: int = 0
    total_ms: float = 0.0
    worst_ms: float = 0.0
    buckets: tuple[int, ...] = (0,) * (len(LIMITS_MS) + 1)

    @property
    def tries(self) -> int:
        """How many there were."""
        return sum(self.buckets)

    @property
    def lost(self) -> int:
        """How many of them told nobody, whoever's fault it was."""
        return self.retried + self.refused + self.gone


def with_try(minute: WayMinute, state: DeliveryState, seconds: float) -> WayMinute:
    """Add one try."""
    took_ms = max(seconds, 0.0) * 1000
    place = bisect_left(LIMITS_MS, took_ms)
    buckets = (*minute.buckets[:place], minute.buckets[place] + 1, *minute.buckets[place + 1 :])
    timed = replace(minute, buckets=buckets, total_ms=minute.total_ms + took_ms, worst_ms=max(minute.worst_ms, took_ms))
    match state:
        case DeliveryState.SENT:
            return replace(timed, sent=timed.sent + 1)
        case DeliveryState.DELIVERED:
            return replace(timed, delivered=timed.delivered + 1)
        case DeliveryState.RETRY:
            return replace(timed, retried=timed.retried + 1)
        case DeliveryState.REFUSED:
            return replace(timed, refused=timed.refused + 1)
        case DeliveryState.GONE:
            return replace(timed, gone=timed.gone + 1)
        case _:
            assert_never(state)


def together(minute: WayMinute, other: WayMinute) -> WayMinute:
    """Add up the figures of one provider; the result is of the first one's minute."""
    return replace(
        minute,
        sent=minute.sent + other.sent,
        delivered=minute.delivered + other.delivered,
        retried=minute.retried + other.retried,
        refused=minute.refused + other.refused,
        gone=minute.gone + other.gone,
        total_ms=minute.total_ms + other.total_ms,
        worst_ms=max(minute.worst_ms, other.worst_ms),
        buckets=tuple(a + b for a, b in zip(minute.buckets, other.buckets, strict=True)),
    )


def at_most_ms(minute: WayMinute, percent: int) -> float | None:
    """Return milliseconds that so many percent of the tries did not exceed; None without tries.

    As fine as the buckets are: the upper end of the one in which the try of that rank lies, or the worst if less.
    """
    if not minute.tries:
        return None
    rank = max(-(-minute.tries * percent // 100), 1)
    seen, ends = 0, (*LIMITS_MS, minute.worst_ms)
    for end, count in zip(ends, minute.buckets, strict=True):
        seen += count
        if seen >= rank:
            return min(end, minute.worst_ms)
    raise AssertionError("the rank is one of the tries")


def whole(minutes: Sequence[WayMinute]) -> WayMinute | None:
    """Add up some minutes of one provider; None of none."""
    if not minutes:
        return None
    first, *rest = minutes
    for minute in rest:
        first = together(first, minute)
    return first
