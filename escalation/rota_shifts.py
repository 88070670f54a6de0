"""The rota laid out in time: everybody's shifts, and the gaps in which nobody is on call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from escalation.ids import PersonId
from escalation.rota import (
    IsHoliday,
    Layer,
    Override,
    Rota,
    on_duty,
    overrides_of,
    turn_at,
    turn_begins,
    window,
)

LONGEST_RANGE: Final = timedelta(days=400)
"""A year with its edges: what a planner looks at, and a bound for what one question costs."""
WARNED_AHEAD: Final = timedelta(hours=72)
"""A long weekend: who finds a gap on Thursday evening can still fill it."""
LONGEST_WHOLE_SHIFT: Final = timedelta(days=31)
"""Who is on call for longer than a month without a break has no shift to speak of."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One person's unbroken time in one layer. layer: its index. from_at (included), until_at (excluded): UTC."""

    person_id: PersonId
    layer: int
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Nobody at all is on call. from_at (included), until_at (excluded): UTC."""

    from_at: datetime
    until_at: datetime


class RangeTooLong(ValueError):
    """More was asked for than one answer may hold: ask for less at a time."""

    def __init__(self, asked: timedelta) -> None:
        super().__init__(f"{asked.days} days asked for, {LONGEST_RANGE.days} at most")
        self.asked = asked


def shifts(rota: Rota, from_at: datetime, until_at: datetime, is_holiday: IsHoliday) -> list[Shift]:
    """Return the shifts between two moments, cut off at both, in the order in which they begin, then of the layers.

    from_at, until_at: aware; empty if the second is not the later. Two shifts of a layer never overlap, and a
    person's neighbouring ones are one. Raises RangeTooLong.
    """
    from_at, until_at = from_at.astimezone(UTC), until_at.astimezone(UTC)
    if until_at - from_at > LONGEST_RANGE:
        raise RangeTooLong(until_at - from_at)
    found: list[Shift] = []
    for index in range(len(rota.layers)):
        found += _of_layer(rota, index, from_at, until_at, is_holiday)
    return sorted(found, key=lambda shift: (shift.from_at, shift.layer))


def whole_shifts(rota: Rota, from_at: datetime, until_at: datetime, is_holiday: IsHoliday) -> list[Shift]:
    """Return the shifts that touch the time between two moments, not cut off: what a calendar shows, what is swapped.

    Only what reaches more than LONGEST_WHOLE_SHIFT beyond is cut off there. Raises RangeTooLong.
    """
    wide = shifts(rota, from_at - LONGEST_WHOLE_SHIFT, until_at + LONGEST_WHOLE_SHIFT, is_holiday)
    return [shift for shift in wide if shift.from_at < until_at and shift.until_at > from_at]


def gaps(rota: Rota, from_at: datetime, until_at: datetime, is_holiday: IsHoliday) -> list[Gap]:
    """Return when nobody is on call between two moments, cut off at both, first one first. Raises RangeTooLong."""
    found: list[Gap] = []
    covered_until, until_at = from_at.astimezone(UTC), until_at.astimezone(UTC)
    for shift in shifts(rota, covered_until, until_at, is_holiday):
        if shift.from_at > covered_until:
            found.append(Gap(from_at=covered_until, until_at=shift.from_at))
        covered_until = max(covered_until, shift.until_at)
    if covered_until < until_at:
        found.append(Gap(from_at=covered_until, until_at=until_at))
    return found


def upcoming_gap(rota: Rota, now: datetime, is_holiday: IsHoliday, horizon: timedelta = WARNED_AHEAD) -> Gap | None:
    """Return the first gap that begins within the horizon, or runs now; None if somebody is on call all through.

    Its from_at is not before now; its end is looked for as far again as the horizon reaches.
    """
    found = gaps(rota, now, now + 2 * horizon, is_holiday)
    return found[0] if found and found[0].from_at < now + horizon else None


def _of_layer(rota: Rota, index: int, from_at: datetime, until_at: datetime, is_holiday: IsHoliday) -> list[Shift]:
    """Ask at every moment where the answer may change: on_call and shifts cannot disagree."""
    layer, zone = rota.layers[index], ZoneInfo(rota.zone)
    overrides = [
        one for one in overrides_of(rota.overrides, index) if one.from_at < until_at and one.until_at > from_at
    ]
    moments = {from_at, *_moments(layer, overrides, zone, from_at, until_at)}
    begins = sorted(moment for moment in moments if from_at <= moment < until_at)
    found: list[Shift] = []
    for begin, end in pairwise((*begins, until_at)):
        person_id = on_duty(layer, overrides, zone, begin, is_holiday)
        if person_id is None:
            continue
        if found and found[-1].person_id == person_id and found[-1].until_at == begin:
            found[-1] = replace(found[-1], until_at=end)
        else:
            found.append(Shift(person_id=person_id, layer=index, from_at=begin, until_at=end))
    return found


def _moments(
    layer: Layer, overrides: Sequence[Override], zone: tzinfo, from_at: datetime, until_at: datetime
) -> Iterator[datetime]:
    """Every moment at which another person may begin or the layer fall silent; more than that does no harm."""
    for override in overrides:
        yield override.from_at
        yield override.until_at
    turn = max(turn_at(layer, zone, from_at), 0)
    while (begins := turn_begins(layer, zone, turn)) < until_at:
        yield begins
        turn += 1
    if layer.restricted:
        day, last = from_at.astimezone(zone).date() - _DAY, until_at.astimezone(zone).date() + _DAY
        while day <= last:
            yield from window(layer, zone, day)
            day += _DAY
