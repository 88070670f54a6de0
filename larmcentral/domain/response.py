"""How fast alarms are taken: percentiles, and shares held against what must be reached. Pure.

Source of the bars: BS 8484:2016, answered and verification begun, over rolling twelve months.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final

from larmcentral.domain.report_ask import Span
from larmcentral.domain.views_reports import Bar, DayOfResponse, KindOfAlarm, ResponseReport

BARS: Final[tuple[tuple[float, int], ...]] = ((10.0, 800), (40.0, 985))
"""Seconds, and how many of a thousand alarms must be accepted within them."""


@dataclass(frozen=True, slots=True)
class DayOfAlarms:
    """One local day's alarms. alarms: all of them; accepted_s: of those that a person accepted; shown_s: of those that
    a screen drew; both from received."""

    day: date
    alarms: int
    accepted_s: Sequence[float]
    shown_s: Sequence[float]


def nearest_rank(ordered: Sequence[float], per_mille: int) -> float | None:
    """Return a percentile by nearest rank: the smallest value that so many of a thousand do not exceed.

    Always one of the values, never one between two. ordered: ascending. per_mille: 1 to 1000. None without values.
    """
    if not ordered:
        return None
    return ordered[-(-len(ordered) * per_mille // 1000) - 1]


def share_within(accepted_s: Sequence[float], alarms: int, within_s: float) -> float | None:
    """Return which share of all alarms was accepted in time; one that nobody accepted was not. None without alarms."""
    return None if alarms == 0 else _within(accepted_s, within_s) / alarms


def bars_of(accepted_s: Sequence[float], alarms: int) -> tuple[Bar, ...]:
    """Hold the alarms against each bar."""
    return tuple(
        Bar(
            within_s=within_s,
            wanted=per_mille / 1000,
            reached=share_within(accepted_s, alarms, within_s),
            met=None if alarms == 0 else _within(accepted_s, within_s) * 1000 >= per_mille * alarms,
        )
        for within_s, per_mille in BARS
    )


def response_report(span: Span, days: Sequence[DayOfAlarms], kinds: Sequence[KindOfAlarm]) -> ResponseReport:
    """Put the report together. days: those with alarms; the others of the span are filled in."""
    accepted_s = sorted(chain.from_iterable(day.accepted_s for day in days))
    shown_s = sorted(chain.from_iterable(day.shown_s for day in days))
    alarms = sum(day.alarms for day in days)
    by_day = {day.day: day for day in days}
    return ResponseReport(
        from_day=span.from_day,
        until_day=span.until_day,
        alarms=alarms,
        never=alarms - len(accepted_s),
        shown_p50_s=nearest_rank(shown_s, 500),
        shown_p99_s=nearest_rank(shown_s, 990),
        accepted_p50_s=nearest_rank(accepted_s, 500),
        accepted_p80_s=nearest_rank(accepted_s, 800),
        accepted_p95_s=nearest_rank(accepted_s, 950),
        accepted_p985_s=nearest_rank(accepted_s, 985),
        accepted_max_s=nearest_rank(accepted_s, 1000),
        bars=bars_of(accepted_s, alarms),
        days=tuple(_day(day, by_day) for day in span.days),
        kinds=tuple(kinds),
    )


def _day(day: date, by_day: Mapping[date, DayOfAlarms]) -> DayOfResponse:
    found = by_day.get(day)
    if found is None:
        return DayOfResponse(day=day, alarms=0, within=tuple(None for _ in BARS))
    within = tuple(share_within(found.accepted_s, found.alarms, within_s) for within_s, _ in BARS)
    return DayOfResponse(day=day, alarms=found.alarms, within=within)


def _within(accepted_s: Sequence[float], within_s: float) -> int:
    return sum(one <= within_s for one in accepted_s)
