"""The rate agreed with a provider: alarms take their place from it and never wait, everything else waits its turn."""

from __future__ import annotations

from typing import Final

BURST_S: Final = 1.0
"""So much of the rate may be used at once, after a quiet while."""
_NOTHING: Final = 1e-6
"""Of a token: less is the rounding of seconds, and must not make anybody wait for no time at all."""


class Pace:
    """A bucket that fills at the agreed rate. It goes below nought for alarms, and others wait until that is made up.

    per_second: above nought, or None for no rate at all. Times are the clock's monotonic seconds.
    """

    def __init__(self, per_second: float | None, now_s: float) -> None:
        self._rate = per_second
        self._most = 0.0 if per_second is None else max(per_second * BURST_S, 1.0)
        self._tokens, self._at_s, self._promised_s = self._most, now_s, now_s

    def take(self, now_s: float) -> None:
        """A notice goes; whether there was room for it was asked before, or it does not wait."""
        if self._rate is not None:
            self._fill(now_s)
            self._tokens -= 1.0

    def wait_s(self, now_s: float, ahead: int = 0) -> float:
        """Return how long a notice must wait that has so many others ahead of it; nought if it may go."""
        if self._rate is None:
            return 0.0
        self._fill(now_s)
        missing = 1.0 + ahead - self._tokens
        return missing / self._rate if missing > _NOTHING else 0.0

    def promise_s(self, now_s: float, ahead: int) -> float:
        """Return the same for one that is put off, behind all that were before it: each has a time of its own."""
        if self._rate is None:
            return 0.0
        self._promised_s = max(now_s + self.wait_s(now_s, ahead), self._promised_s + 1.0 / self._rate)
        return self._promised_s - now_s

    def _fill(self, now_s: float) -> None:
        if self._rate is not None:
            self._tokens = min(self._tokens + (now_s - self._at_s) * self._rate, self._most)
            self._at_s = now_s
