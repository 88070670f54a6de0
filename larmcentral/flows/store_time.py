"""What the time is at the store, whose clock decides what is due; a wrong clock of ours must hold nothing up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from larmcentral.ports import Clock

GOOD_FOR_S: Final = 30.0
"""How long the store's time is carried on by our own monotonic clock before it is asked for again."""


class StoreTime:
    """The store's time, learnt with each transaction and carried on by what never steps."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._learnt: tuple[datetime, float] | None = None

    def learn(self, now: datetime) -> None:
        """Take the time that a transaction has just told."""
        self._learnt = now, self._clock.monotonic()

    def seconds_until(self, due_at: datetime) -> float:
        """Return how long something is not due yet; 0 or less if it is, or if the store must be asked for its time."""
        if self._learnt is None:
            return 0.0
        told, at_s = self._learnt
        age_s = self._clock.monotonic() - at_s
        if age_s > GOOD_FOR_S:
            return 0.0
        return (due_at - told - timedelta(seconds=age_s)).total_seconds()
