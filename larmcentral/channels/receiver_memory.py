"""Which cases a centre, or its people, were told of lately, so that nobody is told of the same one twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.effects import About
from larmcentral.domain.notice import Forward
from larmcentral.ports import Clock

MAX_REMEMBERED: Final = 10_000
"""Beyond it the oldest is forgotten, and a repeat of it is the centre's to recognise."""

Case = tuple[UUID, AlarmKind | None, About]


def case_of(notice: Forward) -> Case:
    """Return what makes a repeat a repeat: the incident, its kind, and whether it begins or is over."""
    return notice.incident_id, notice.text.kind, notice.text.about


class CaseMemory:
    """Cases with the path that each went by. window: for how long one is remembered."""

    def __init__(self, clock: Clock, window: timedelta) -> None:
        self._clock, self._window_s = clock, window.total_seconds()
        self._told: dict[Case, tuple[float, str]] = {}

    def of(self, case: Case) -> str | None:
        """Return the path that a case went by; None if it went by none, or too long ago."""
        at_s, path = self._told.get(case, (0.0, None))
        return path if self._clock.monotonic() - at_s < self._window_s else None

    def keep(self, case: Case, path: str) -> None:
        """Remember it from now on, and forget what is too old."""
        now_s = self._clock.monotonic()
        self._told.pop(case, None)
        self._told[case] = (now_s, path)
        for old, (at_s, _) in list(self._told.items()):
            if now_s - at_s < self._window_s and len(self._told) <= MAX_REMEMBERED:
                break
            del self._told[old]
