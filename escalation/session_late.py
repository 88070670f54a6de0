"""What is done where there is no coverage comes later: it keeps its own time beside ours, and undoes nothing newer.

An act is known by its word and the phone's time for it. So the phone may send it again until it has heard our answer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from escalation.session import Session
from escalation.session_events import CheckedIn, Ended, Extended, MemoGiven, SessionEvent, WelfareRefused

STARTED: Final = "started"
KEPT_ACTS: Final = 64
"""A phone that was out of reach for a shift of check-ins every quarter sends half as many."""

Act = tuple[str, datetime]


def done_at(made_at: datetime | None, now: datetime) -> datetime:
    """Return when something was done: by the phone's word, but never later than now, whatever its clock says."""
    return now if made_at is None else min(made_at, now)


def act_of(event: SessionEvent) -> Act | None:
    """Return the name under which an act is known again; None for what has no time of its own.

    Under duress it is an act of its own: that it calls for help must not hang on what was said plainly before.
    """
    match event:
        case CheckedIn(made_at=made_at) if made_at is not None:
            return ("duress" if event.duress else "checked_in"), made_at
        case Ended(made_at=made_at) if made_at is not None:
            return ("duress_ended" if event.duress else "ended"), made_at
        case Extended(made_at=made_at) if made_at is not None:
            return "extended", made_at
        case MemoGiven(made_at=made_at) if made_at is not None:
            return "memo", made_at
        case WelfareRefused(made_at=made_at) if made_at is not None:
            return "welfare_no", made_at
        case _:
            return None


def is_repeat(session: Session, event: SessionEvent) -> bool:
    """Say whether the session has heard this very act before."""
    act = act_of(event)
    return act is not None and act in session.acts


def remembered(session: Session, event: SessionEvent) -> Session:
    """Return the session with the act among those that it knows again."""
    act = act_of(event)
    return session if act is None else replace(session, acts=(*session.acts, act)[-KEPT_ACTS:])


def is_newest(session: Session, at: datetime) -> bool:
    """Say whether a sign of life is younger than all that we know of: our start, the newest one, a call for help.

    One from before a call must not end it: whatever it was called for may have happened since.
    """
    heard_at = session.started_at if session.check_in is None else session.check_in.since
    return at > max(session.started_at, heard_at, session.newest_call_at or session.started_at)


def answers(session: Session, at: datetime) -> bool:
    """Say whether a sign of life was given after somebody had asked for it; True where nobody has."""
    return session.welfare is None or at >= session.welfare.asked_at


def newer_than_end(session: Session, at: datetime) -> bool:
    """Say whether a new end was said after the one that stands."""
    if session.end is None:
        return at >= session.began_at
    # The end that was said with the start is as old as the start, which may have had to wait as well.
    said_at = session.began_at if session.end.since == session.started_at else session.end.since
    return at >= said_at
