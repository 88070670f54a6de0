from datetime import UTC, datetime, timedelta

from escalation.alarm import AlarmKind
from escalation.awaited import Awaited
from escalation.chain import PersonTarget
from escalation.effects import About
from escalation.events import System
from escalation.plan import SafetyPlan
from escalation.session import Cause, Raised, Session
from escalation.session_draft import SessionDraft
from escalation.vigil import CallForHelp, ReportSafe, SendWord, VigilEntry
from tests.escalation.cast import ANNA, BO, CIA

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
PAIR = Session(person_id=ANNA, started_at=NOW, plan=SafetyPlan(), purpose="visit", companions=(BO, CIA))
ALONE = Session(person_id=ANNA, started_at=NOW, plan=SafetyPlan(), purpose="visit")


def test_every_word_has_a_number_of_its_own() -> None:
    draft = SessionDraft(ALONE, NOW)
    draft.say(About.WELFARE, (ANNA,), None)
    draft.say(About.WELFARE, (ANNA,), None)
    assert [effect.number for effect in draft.effects if isinstance(effect, SendWord)] == [1, 2]
    assert draft.decision().core.words == 2


def test_a_call_for_help_is_written_down_and_told_to_each_companion() -> None:
    draft = SessionDraft(PAIR, NOW)
    draft.call(Cause.OVERDUE, System(), NOW - timedelta(minutes=5))
    owed = NOW - timedelta(minutes=5)
    assert draft.decision().core.raised == (Raised(Cause.OVERDUE, NOW),)
    assert draft.effects == [
        CallForHelp(AlarmKind.OVERDUE, "overdue"),
        SendWord(
            About.COMPANION,
            (PersonTarget(BO), PersonTarget(CIA)),
            1,
            owed,
            outward=True,
            detail=(("why", "overdue"),),
        ),
    ]
    assert draft.entries == [VigilEntry("overdue", NOW, System(), (("due_at", owed.isoformat()),))]


def test_companions_are_told_once_of_what_fell_due_together() -> None:
    draft = SessionDraft(PAIR, NOW)
    draft.call(Cause.CHECK_IN, System())
    draft.call(Cause.OVERDUE, System())
    assert [type(effect) for effect in draft.effects] == [CallForHelp, SendWord, CallForHelp]


def test_who_works_alone_has_no_companions_to_tell() -> None:
    draft = SessionDraft(ALONE, NOW)
    draft.call(Cause.CONTACT, System())
    assert draft.effects == [CallForHelp(AlarmKind.LOST_CONTACT, "silence")]


def test_the_last_reminder_leaves_the_house() -> None:
    draft = SessionDraft(ALONE, NOW)
    draft.remind(About.END_DUE, Awaited(NOW, NOW), last=False)
    draft.remind(About.END_DUE, Awaited(NOW, NOW), last=True)
    assert draft.effects == [
        SendWord(About.END_DUE, (PersonTarget(ANNA),), 1, NOW),
        SendWord(About.END_DUE, (PersonTarget(ANNA),), 2, NOW, outward=True),
    ]


def test_nobody_is_reported_safe_who_was_not_looked_for() -> None:
    draft = SessionDraft(ALONE, NOW)
    draft.report_safe(ALONE, "button")
    assert draft.effects == []
    draft.call(Cause.CHECK_IN, System())
    draft.report_safe(draft.session, "button")
    assert draft.effects[-1] == ReportSafe("button")
