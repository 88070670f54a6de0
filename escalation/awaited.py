"""Something a worker owes at a time: the reminders around it, and how long after it help is called."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Awaited:
    """A check-in or the end of a session.

    since: when the wait began; a reminder that would lie at or before it is not given. reminded: how many of the
    others have been given, or were overtaken.
    """

    due_at: datetime
    since: datetime
    reminded: int = 0


def reminders_of(awaited: Awaited, offsets: tuple[timedelta, ...], grace: timedelta) -> tuple[datetime, ...]:
    """When reminders are given, earliest first. Those at the alarm's own time or after it never are."""
    times = sorted({awaited.due_at + offset for offset in offsets if offset < grace})
    return tuple(time for time in times if time > awaited.since)


def next_look(awaited: Awaited, offsets: tuple[timedelta, ...], grace: timedelta) -> datetime:
    """When a reminder, or else the alarm, is due."""
    left = reminders_of(awaited, offsets, grace)[awaited.reminded :]
    return left[0] if left else awaited.due_at + grace


@dataclass(frozen=True, slots=True)
class Reminder:
    """The newest reminder that is due. last: the alarm comes next."""

    awaited: Awaited
    last: bool


def remind(awaited: Awaited, offsets: tuple[timedelta, ...], grace: timedelta, now: datetime) -> Reminder | None:
    """Return the reminder to give now; None if none has come due since the one before.

    Those that a later one has overtaken are counted and not given.
    """
    times = reminders_of(awaited, offsets, grace)
    passed = sum(time <= now for time in times)
    if passed <= awaited.reminded:
        return None
    return Reminder(replace(awaited, reminded=passed), passed == len(times))
