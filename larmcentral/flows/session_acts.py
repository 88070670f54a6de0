"""What goes with an act in a session: who is on shift, where there is coverage, and acts that come after its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from escalation.incident import Refused
from escalation.pre_alarm import PreAlarm
from escalation.session import Session
from escalation.vigil import VigilKind
from larmcentral.domain.record import Subject
from larmcentral.domain.vigil import VigilChange, undecided
from larmcentral.flows.presence import leave_with_session, stay_with_session
from larmcentral.ports import Transaction

HEARD_FROM_THERE: Final = timedelta(minutes=1)
"""An older check-in waited for a network, and so says nothing about the one where it was made."""

Decide = Callable[[VigilChange, datetime], tuple[VigilChange, str | None]]


async def of_the_last(tx: Transaction, kind: VigilKind, subject: Subject, decide: Decide) -> VigilChange | None:
    """What an act comes to that was done in the vigil which ended last; None where it is none of its own."""
    locked = await tx.lock_last_ended(kind, subject)
    for record in locked.records.values():
        if isinstance(record.core, PreAlarm) and record.core.fired:
            return None  # the alarm is out: that must be said
        try:
            change, refused = decide(undecided(record), locked.now)
        except Refused:
            return None
        return change if refused is None else None
    return None


async def stays(tx: Transaction, session: Session, _: datetime) -> None:
    """After an extension."""
    await stay_with_session(tx, session)


async def leaves(tx: Transaction, session: Session, _: datetime) -> None:
    """After the end, if it was this session's."""
    if session.ended_at is not None:
        await leave_with_session(tx, session)


async def heard_there(tx: Transaction, session: Session, now: datetime) -> None:
    """A check-in from a place where there was no signal: there is one now, unless it had to wait for one."""
    if session.place_id is None or session.check_in is None or now - session.check_in.since > HEARD_FROM_THERE:
        return
    known = await tx.place(session.place_id)
    if known is not None and known.no_signal_at is not None and known.no_signal_at < session.check_in.since:
        await tx.report_coverage(session.place_id, session.check_in.since, good=True)
