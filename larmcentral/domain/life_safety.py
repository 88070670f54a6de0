"""Which notices wait for nothing: no agreed rate, and no other notice."""

from __future__ import annotations

from typing import Final

from escalation.effects import About
from escalation.purpose import Purpose
from larmcentral.domain.notice import Forward, OutgoingNotice

LIFE_SAFETY: Final = frozenset(
    {
        About.ALARM,
        About.PRE_ALARM,  # who is not told of the countdown cannot stop it
        About.WELFARE,
        About.COMPANION,
        About.OWNER_IDLE,  # an alarm that nobody looks after
        About.MESSAGE,  # the desk has words for whoever is on his way into it
    }
)
"""Somebody may be in danger, and the notice is how he gets help."""


def is_life_safety(notice: OutgoingNotice) -> bool:
    """True for notices of this kind about real alarms, and for whatever a centre is told. A drill may wait."""
    if isinstance(notice, Forward):
        return True
    return notice.purpose is Purpose.REAL and notice.text.about in LIFE_SAFETY
