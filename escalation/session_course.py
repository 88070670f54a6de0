"""How a session goes: it starts, is kept alive by check-ins, calls for help when they stay away, and ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from escalation.awaited import Awaited, remind
from escalation.effects import About
from escalation.events import Operator, Responder, System, Wearer
from escalation.incident import Refused
from escalation.plan import SafetyPlan
from escalation.session import Cause, Session, Welfare
from escalation.session_draft import SessionDraft
from escalation.session_events import (
    CheckedIn,
    ContactLost,
    ContactRegained,
    Ended,
    Extended,
    MemoGiven,
    Resumed,
    SessionEvent,
    WelfareAsked,
    WelfareRefused,
)
from escalation.session_kept import after_the_end, note_down, of_wearer, write_late, write_sign
from escalation.session_late import (
    STARTED,
    answers,
    done_at,
    is_newest,
    is_repeat,
    newer_than_end,
    remembered,
)
from escalation.session_rules import LONGEST_SESSION, Allowed, StartRequest
from escalation.vigil import Due, ReportSafe, VigilDecision


def start_session(request: StartRequest, allowed: Allowed, plan: SafetyPlan, now: datetime) -> VigilDecision[Session]:
    """Begin a session that judge() has allowed; the first check-in is owed one interval from now."""
    every = allowed.check_in_every
    session = Session(
        person_id=request.person_id,
        started_at=now,
        plan=plan,
        purpose=request.purpose.strip(),
        place_id=request.place_id,
        memo=request.memo,
        recording=request.recording,
        companions=request.companions,
        group=request.group,
        check_in_every=every,
        shortened=allowed.shortened,
        check_in=Awaited(now + every, now) if every is not None else None,
        end=Awaited(request.ends_at, now) if request.ends_at is not None else None,
        made_at=None if request.made_at is None else done_at(request.made_at, now),
        acts=() if request.made_at is None else ((STARTED, request.made_at),),
    )
    draft = SessionDraft(session, now)
    said: list[tuple[str, str]] = []
    if request.place_id is not None:
        said.append(("place", str(request.place_id)))
    if every is not None:
        said.append(("check_in_every_s", f"{every.total_seconds():g}"))
    if request.ends_at is not None:
        said.append(("ends_at", request.ends_at.isoformat()))
    if request.companions:
        said.append(("companions", ",".join(str(person_id) for person_id in request.companions)))
    if request.group is not None:
        said.append(("group", str(request.group)))
    if request.made_at is not None:
        said.append(("made_at", request.made_at.isoformat()))
    for word, applies in (("shortened", allowed.shortened), ("review_overdue", allowed.review_overdue)):
        if applies:
            said.append((word, "true"))
    draft.write(STARTED, Wearer(request.person_id), *said)
    return draft.decision()


def decide_session(session: Session, event: SessionEvent, now: datetime) -> VigilDecision[Session]:
    """Return the session as it is from now on, with what to do and what to write down.

    What the phone says again, because it did not hear our answer, changes nothing and is not refused.

    Raises Refused: session_ended, not_the_wearer, end (an end in the past or over a day off), welfare_asked (somebody
    has asked and waits), own_question, memo (no room for further words).
    """
    if is_repeat(session, event):
        return VigilDecision(session)
    draft = SessionDraft(session, now)
    if session.ended_at is not None:
        return after_the_end(draft, event)
    draft.session = session = remembered(session, event)
    match event:
        case Due():
            _pass_time(draft)
        case CheckedIn():
            _check_in(draft, event)
        case Extended():
            _extend(draft, event)
        case Ended():
            _end(draft, event)
        case MemoGiven():
            note_down(draft, event)
        case WelfareAsked():
            _ask(draft, event.by)
        case WelfareRefused():
            of_wearer(session, event.by)
            draft.session = replace(session, welfare=None)
            draft.call(Cause.WELFARE_NO, event.by, made_at=event.made_at)
        case ContactLost():
            if session.lost_contact_at is None:
                draft.session = replace(session, lost_contact_at=event.since)
                draft.call(Cause.CONTACT, System(), event.since)
        case ContactRegained():
            _regain(draft)
        case Resumed():
            if session.alarmed:
                draft.session = _watched_anew(session, now, now)
                draft.write("resumed", event.by)
        case _:
            assert_never(event)
    return draft.decision()


def _pass_time(draft: SessionDraft) -> None:
    session, plan, now = draft.session, draft.session.plan, draft.now
    gone: list[tuple[datetime, Cause, datetime]] = []
    if session.check_in and session.missed_at is None:
        gone.append((session.check_in.due_at + plan.missed_after, Cause.CHECK_IN, session.check_in.due_at))
    if session.end and session.overdue_at is None:
        gone.append((session.end.due_at + plan.overdue_after, Cause.OVERDUE, session.end.due_at))
    if session.welfare:
        gone.append((session.welfare.due_at, Cause.WELFARE, session.welfare.due_at))
    for at, cause, owed_at in sorted(gone, key=lambda one: one[0]):
        if at > now:
            continue
        if cause is Cause.WELFARE:
            draft.session = replace(draft.session, welfare=None)
        draft.call(cause, System(), owed_at)
    session = draft.session
    if session.check_in and session.missed_at is None:
        reminder = remind(session.check_in, plan.check_in_reminders, plan.missed_after, now)
        if reminder:
            draft.session = replace(draft.session, check_in=reminder.awaited)
            draft.remind(About.CHECK_IN_DUE, reminder.awaited, reminder.last)
    if session.end and session.overdue_at is None:
        reminder = remind(session.end, plan.end_reminders, plan.overdue_after, now)
        if reminder:
            draft.session = replace(draft.session, end=reminder.awaited)
            draft.remind(About.END_DUE, reminder.awaited, reminder.last)


def _check_in(draft: SessionDraft, event: CheckedIn) -> None:
    session, at = draft.session, done_at(event.made_at, draft.now)
    of_wearer(session, event.by)
    if event.made_at is not None and not is_newest(session, at):
        write_late(draft, event)
        return
    welfare = None if event.made_at is None or answers(session, at) else session.welfare
    draft.session = _watched_anew(replace(session, welfare=welfare), draft.now, at)
    write_sign(draft, event)
    draft.report_safe(session, event.how)
    if event.duress:
        draft.call_under_duress(event.made_at)


def _extend(draft: SessionDraft, event: Extended) -> None:
    session = draft.session
    if isinstance(event.by, Wearer):
        of_wearer(session, event.by)
    if not draft.now < event.until <= draft.now + LONGEST_SESSION:
        raise Refused("end")
    was_overdue, at = session.overdue_at is not None, done_at(event.made_at, draft.now)
    if event.made_at is not None and not (is_newest(session, at) if was_overdue else newer_than_end(session, at)):
        write_late(draft, event)
        return
    if was_overdue:
        # What was raised for other causes is one incident with this, and over with it: so its watch begins anew too.
        session = _watched_anew(session, draft.now, at)
    draft.session = replace(session, end=Awaited(event.until, at))
    made = () if event.made_at is None else (("made_at", event.made_at.isoformat()),)
    draft.write("extended", event.by, ("until", event.until.isoformat()), *made)
    if was_overdue and isinstance(event.by, Wearer):
        # An operator's word is no sign of life, as at the end.
        draft.effects.append(ReportSafe("extended"))


def _end(draft: SessionDraft, event: Ended) -> None:
    session, at = draft.session, done_at(event.made_at, draft.now)
    if isinstance(event.by, Wearer):
        of_wearer(session, event.by)
    if event.made_at is not None and at < session.began_at:
        write_late(draft, event)  # it ended one before: this one was begun since
        return
    draft.session = replace(session, ended_at=draft.now, ended_how=event.how, welfare=None, raised=())
    write_sign(draft, event)
    called_at = session.newest_call_at
    if isinstance(event.by, Wearer) and (event.made_at is None or called_at is None or called_at < at):
        # An operator's word is no sign of life, nor is one from before the call: people stand that incident down.
        draft.report_safe(session, event.how)
    if event.duress:
        draft.call_under_duress(event.made_at)


def _ask(draft: SessionDraft, by: Operator | Responder) -> None:
    session = draft.session
    if isinstance(by, Responder) and by.person_id == session.person_id:
        raise Refused("own_question")
    if session.welfare:
        raise Refused("welfare_asked")
    due_at = draft.now + session.plan.welfare_within
    asked = Welfare(draft.now, due_at, by.user_id if isinstance(by, Operator) else None, by.person_id)
    draft.session = replace(session, welfare=asked)
    draft.write("welfare_asked", by, ("answer_by", due_at.isoformat()))
    # Help is called next, so this word goes by every way there is.
    draft.say(About.WELFARE, (session.person_id,), due_at, outward=True)


def _regain(draft: SessionDraft) -> None:
    session = draft.session
    if session.lost_contact_at is None:
        return
    silent_for = draft.now - session.lost_contact_at
    raised = tuple(one for one in session.raised if one.cause is not Cause.CONTACT)
    draft.session = replace(session, lost_contact_at=None, raised=raised)
    draft.write("contact_regained", System(), ("silent_s", f"{silent_for.total_seconds():.0f}"))
    if session.raised and not raised:
        # The device lives again, which says nothing of a worker who has missed a check-in besides.
        draft.effects.append(ReportSafe("contact"))


def _watched_anew(session: Session, now: datetime, at: datetime) -> Session:
    """The worker was well at `at`: the interval begins there. An end that was overdue is asked for anew, soon.

    The next sign of life is never owed before now: who was out of reach is first reminded, and only then missed.
    """
    if session.check_in_every is not None:
        session = replace(session, check_in=Awaited(max(at + session.check_in_every, now), at))
    if session.overdue_at is not None:
        session = replace(session, end=Awaited(now + session.plan.overdue_after, now))
    return replace(session, raised=())
