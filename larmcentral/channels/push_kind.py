"""What a push is on a phone, whichever service carries it: does it show, does it replace, may it be answered. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from escalation.alarm import AlarmKind
from escalation.effects import About
from escalation.ids import NoticeId
from larmcentral.domain.notice import InHouse

TokenOf = Callable[[NoticeId], str]
"""Makes the key by which whoever holds a notice may answer it."""

CRITICAL_KINDS: Final = frozenset({AlarmKind.PANIC, AlarmKind.DURESS, AlarmKind.HOLD_UP})
"""They break through the mute switch and Focus; Apple grants the entitlement for exactly this."""

ACTIONS: Final = ("going", "cannot", "on_site")
"""The words that the app sends back with an answer's key, in the order of its buttons."""

_REPLACING: Final = frozenset({About.ALARM, About.RELEASED, About.OVER})


def in_background(notice: InHouse) -> bool:
    """True if nothing may show or sound: a silent alarm's wearer hears from the app, in the app's own way, and so does
    whoever lets one count down.
    """
    text = notice.text
    if text.about is About.PRE_ALARM:
        return ("silent", "true") in text.detail
    return text.about is About.TAKEN and text.silent


def critical(notice: InHouse) -> bool:
    """True if it breaks through the mute switch."""
    return notice.text.about is About.ALARM and notice.text.kind in CRITICAL_KINDS


def place_on_screen(notice: InHouse) -> str:
    """Return the name under which a phone keeps it; a newer one of the same name replaces it. At most 64 ASCII signs.

    An alarm, and that it is over, are one place an incident; other news stands beside it. A newer reminder takes the
    place of the one before; no words of a person's ever do.
    """
    about = notice.text.about
    if notice.incident_id is None:
        return about.value
    if about is About.MESSAGE:
        return f"{about.value}/{notice.id}"
    return str(notice.incident_id) if about in _REPLACING else f"{notice.incident_id}/{about.value}"


def answer_key(notice: InHouse, token_of: TokenOf | None) -> str | None:
    """Return the key for the buttons of an alarm; None where there is nothing to answer."""
    asks = notice.text.about is About.ALARM and notice.person_id is not None
    return token_of(notice.id) if asks and token_of is not None else None
