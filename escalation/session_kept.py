"""What a session only takes down: words about a visit, what comes too late to move anything, and after the end."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, assert_never

from escalation.events import Wearer
from escalation.incident import Refused
from escalation.session import Cause, Session
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
from escalation.session_late import act_of, remembered
from escalation.vigil import Due, VigilDecision

OVER: Final = "session_ended"
LONGEST_MEMO: Final = 20_000
"""Signs: ten of the longest memos. A report is written elsewhere."""


def after_the_end(draft: SessionDraft, event: SessionEvent) -> VigilDecision[Session]:
    """Nothing moves it any more; but what was done while it ran is taken down, and not refused for being late."""
    session, act = draft.session, act_of(event)
    if act is not None and session.ended_at is not None and session.began_at <= act[1] <= session.ended_at:
        draft.session = remembered(session, event)
        match event:
            case MemoGiven():
                note_down(draft, event)
            case CheckedIn() | Ended() | Extended():
                write_late(draft, event)
            case WelfareRefused():
                of_wearer(session, event.by)
                draft.call(Cause.WELFARE_NO, event.by, made_at=event.made_at)  # a call for help is never too late
            case _:
                raise Refused(OVER)
        return draft.decision()
    match event:
        case Due() | ContactLost() | ContactRegained() | Resumed():
            return draft.decision()
        case CheckedIn(duress=True) | Ended(duress=True):
            write_sign(draft, event)
            draft.call_under_duress(event.made_at)
            return replace(draft.decision(), refused=OVER)
        case CheckedIn() | Ended() | Extended() | MemoGiven() | WelfareAsked() | WelfareRefused():
            raise Refused(OVER)
        case _:
            assert_never(event)


def write_sign(draft: SessionDraft, event: CheckedIn | Ended, word: str = "") -> None:
    """Under duress the line has a kind of its own, and says as what it passed."""
    word = word or _word_of(event)
    made = () if event.made_at is None else (("made_at", event.made_at.isoformat()),)
    if event.duress:
        draft.write("duress", event.by, ("passed_as", word), ("how", event.how), *made)
    else:
        draft.write(word, event.by, ("how", event.how), *made)


def write_late(draft: SessionDraft, event: CheckedIn | Ended | Extended) -> None:
    """Keep an act that comes too late to change anything; a call for help in it is never too late."""
    made_at = draft.now if event.made_at is None else event.made_at
    if isinstance(event, Extended):
        said = (("until", event.until.isoformat()), ("made_at", made_at.isoformat()))
        draft.write("late_extended", event.by, *said)
        return
    write_sign(draft, event, f"late_{_word_of(event)}")
    if event.duress:
        draft.call_under_duress(event.made_at)


def _word_of(event: CheckedIn | Ended) -> str:
    return "checked_in" if isinstance(event, CheckedIn) else "ended"


def note_down(draft: SessionDraft, event: MemoGiven) -> None:
    """Put a memo behind those that are there. The words themselves stay with the session and out of its log."""
    session = draft.session
    of_wearer(session, event.by)
    memo = event.text if not session.memo else f"{session.memo}\n{event.text}"
    if len(memo) > LONGEST_MEMO:
        raise Refused("memo")
    draft.session = replace(session, memo=memo)
    made = () if event.made_at is None else (("made_at", event.made_at.isoformat()),)
    draft.write("memo", event.by, ("signs", str(len(event.text))), *made)


def of_wearer(session: Session, by: Wearer) -> None:
    """Refuse what is said about somebody else's session."""
    if by.person_id != session.person_id:
        raise Refused("not_the_wearer")
