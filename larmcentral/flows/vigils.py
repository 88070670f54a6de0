"""From a decision about a session, a countdown, a loan or a shift change to what is saved of it."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from escalation.handover import Handover, decide_handover
from escalation.ids import VigilId
from escalation.loan import Loan, decide_loan
from escalation.pre_alarm import PreAlarm, PreAlarmEvent, decide_pre_alarm
from escalation.session import Session
from escalation.session_course import decide_session
from escalation.session_events import SessionEvent
from escalation.supervision import Supervision
from escalation.vigil import Due, VigilDecision, VigilKind
from larmcentral.domain.record import Subject
from larmcentral.domain.vigil import VigilChange, VigilCore, VigilRecord
from larmcentral.flows.means import Means


def begun(subject: Subject, kind: VigilKind, decision: VigilDecision[VigilCore], means: Means) -> VigilChange:
    """Return the change that files a new vigil."""
    record = VigilRecord(
        id=VigilId(means.ids.new()),
        kind=kind,
        subject=subject,
        core=decision.core,
        version=1,
        entries=0,
    )
    return VigilChange(before=None, after=record).then(decision.core, decision.effects, decision.entries)


def of_session(change: VigilChange, event: SessionEvent, now: datetime) -> tuple[VigilChange, str | None]:
    """Let something happen to a session; return its change, and what the person is to be refused with all the same.

    Raises Refused.
    """
    core = change.after.core
    if not isinstance(core, Session):
        raise AssertionError(f"{change.after.kind.value} is no session")
    decision = decide_session(core, event, now)
    return change.then(decision.core, decision.effects, decision.entries), decision.refused


def of_pre_alarm(change: VigilChange, event: PreAlarmEvent, now: datetime) -> tuple[VigilChange, str | None]:
    """Let something happen to a countdown; as of_session()."""
    core = change.after.core
    if not isinstance(core, PreAlarm):
        raise AssertionError(f"{change.after.kind.value} is no pre-alarm")
    decision = decide_pre_alarm(core, event, now)
    return change.then(decision.core, decision.effects, decision.entries), decision.refused


def fallen_due(change: VigilChange, now: datetime) -> VigilChange:
    """Let the clock act on a vigil: whatever is due by now, once."""
    core = change.after.core
    decision: VigilDecision[Session] | VigilDecision[PreAlarm] | VigilDecision[Loan] | VigilDecision[Handover]
    match core:
        case Session():
            decision = decide_session(core, Due(), now)
        case PreAlarm():
            decision = decide_pre_alarm(core, Due(), now)
        case Loan():
            decision = decide_loan(core, Due(), now)
        case Handover():
            decision = decide_handover(core, Due(), now)
        case Supervision():
            raise AssertionError("a device's silence is judged by what was heard of it, not by the clock alone")
        case _:
            assert_never(core)
    return change.then(decision.core, decision.effects, decision.entries)
