"""The rota: who is on call when, layer by layer, with the exceptions that were agreed.

A layer's restrictions are windows of local wall time, each of which belongs to the day it begins on: a layer of Fridays
from 22 to 06 lasts until Saturday morning. Wall time is read by instant_of, so a hand-over at an hour that the clocks
jump over comes right after the jump, and at an hour that comes twice it comes the first time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import Enum
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from escalation.ids import PersonId, RotaId, UserId
from escalation.wall_time import instant_of

HOUSE_ZONE: Final = "Europe/Stockholm"

IsHoliday = Callable[[date], bool]
"""True of a public holiday or a day that is kept like one. Sundays are weekdays' business, not this one's."""

_DAY: Final = timedelta(days=1)


class OnHolidays(Enum):
    """What a layer does about holidays."""

    ALWAYS = "always"
    ONLY_HOLIDAYS = "only_holidays"
    NOT_HOLIDAYS = "not_holidays"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Persons who take turns.

    persons: in the order of their turns. starts_on, hand_over: local day and time at which the first one's turn
    begins; before that the layer names nobody. length_days: of a turn, 1 or more; 7 is weekly.
    hours: local time of day from (included) to (excluded), over midnight where to is not the later one; None is the
    whole day. weekdays: 0 is Monday; empty is every day. Hours, weekdays and holidays must all hold, so weekends and
    holidays together are two layers.
    """

    name: str
    persons: tuple[PersonId, ...]
    starts_on: date
    hand_over: time = time(8)
    length_days: int = 7
    hours: tuple[time, time] | None = None
    weekdays: frozenset[int] = frozenset()
    holidays: OnHolidays = OnHolidays.ALWAYS

    @property
    def restricted(self) -> bool:
        """True if there are hours at which it names nobody."""
        return self.hours is not None or bool(self.weekdays) or self.holidays is not OnHolidays.ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Somebody stands in for whoever a layer names, and where the layer names nobody he fills the gap.

    from_at (included), until_at (excluded): aware UTC. layer: its index, None for all of them.
    ground: why, in a few words. Where two speak of the same time and layer, the later in the rota counts.
    """

    person_id: PersonId
    from_at: datetime
    until_at: datetime
    layer: int | None
    ground: str
    made_by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota:
    """Layers, first called first, and the overrides on top. zone: an IANA name, what all its wall times mean."""

    id: RotaId
    name: str
    layers: tuple[Layer, ...]
    overrides: tuple[Override, ...] = ()
    zone: str = HOUSE_ZONE
    version: int = 1


def on_call(rota: Rota, at: datetime, is_holiday: IsHoliday) -> tuple[PersonId, ...]:
    """Return who is on call at a moment, layer by layer, nobody twice; empty if nobody is.

    rota: one without complaints. at: aware. Raises ZoneInfoNotFoundError where the rota's zone is none.
    """
    zone, at = ZoneInfo(rota.zone), at.astimezone(UTC)
    named = (
        on_duty(layer, overrides_of(rota.overrides, index), zone, at, is_holiday)
        for index, layer in enumerate(rota.layers)
    )
    return tuple(dict.fromkeys(person_id for person_id in named if person_id is not None))


def overrides_of(overrides: Sequence[Override], layer: int) -> list[Override]:
    """Return those that speak of a layer, in the order of the rota."""
    return [one for one in overrides if one.layer is None or one.layer == layer]


def on_duty(
    layer: Layer, overrides: Sequence[Override], zone: tzinfo, at: datetime, is_holiday: IsHoliday
) -> PersonId | None:
    """Return whom one layer names at a moment. overrides: those that speak of it. at: aware UTC."""
    for override in reversed(overrides):
        if override.from_at <= at < override.until_at:
            return override.person_id
    if not layer.persons or not _in_window(layer, zone, at, is_holiday):
        return None
    turn = turn_at(layer, zone, at)
    return layer.persons[turn % len(layer.persons)] if turn >= 0 else None


def turn_at(layer: Layer, zone: tzinfo, at: datetime) -> int:
    """Return the number of the turn that runs at a moment, the first is 0; negative before the layer starts."""
    # By the date alone it may be a turn too late, before the hour of hand-over; one more allows for moved clocks.
    turn = (at.astimezone(zone).date() - layer.starts_on).days // _length(layer) + 1
    while turn >= 0 and turn_begins(layer, zone, turn) > at:
        turn -= 1
    return turn


def turn_begins(layer: Layer, zone: tzinfo, turn: int) -> datetime:
    """Return when a turn begins, UTC."""
    day = layer.starts_on + turn * _length(layer) * _DAY
    return instant_of(datetime.combine(day, layer.hand_over), zone)


def window(layer: Layer, zone: tzinfo, day: date) -> tuple[datetime, datetime]:
    """Return from when until when (UTC) the layer's window of a day lasts, whether or not it applies that day."""
    from_hour, to_hour = layer.hours or (time.min, time.min)
    last_day = day if from_hour < to_hour else day + _DAY
    return instant_of(datetime.combine(day, from_hour), zone), instant_of(datetime.combine(last_day, to_hour), zone)


def _in_window(layer: Layer, zone: tzinfo, at: datetime, is_holiday: IsHoliday) -> bool:
    if not layer.restricted:
        return True
    today = at.astimezone(zone).date()
    # Yesterday's may reach over midnight; tomorrow's has begun where clocks were put back across midnight.
    for day in (today, today - _DAY, today + _DAY):
        if _applies(layer, day, is_holiday):
            begins, ends = window(layer, zone, day)
            if begins <= at < ends:
                return True
    return False


def _applies(layer: Layer, day: date, is_holiday: IsHoliday) -> bool:
    if layer.weekdays and day.weekday() not in layer.weekdays:
        return False
    match layer.holidays:
        case OnHolidays.ALWAYS:
            return True
        case OnHolidays.ONLY_HOLIDAYS:
            return is_holiday(day)
        case OnHolidays.NOT_HOLIDAYS:
            return not is_holiday(day)
        case _:
            assert_never(layer.holidays)


def _length(layer: Layer) -> int:
    """A length of nothing is complained about; asking who is on call must not fail for it."""
    return max(layer.length_days, 1)
