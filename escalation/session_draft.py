"""A session's decision while it is being made: what changes, what is to be done, what is written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from escalation.awaited import Awaited
from escalation.chain import PersonTarget, Target
from escalation.effects import About
from escalation.events import Actor, System
from escalation.ids import PersonId
from escalation.session import Cause, Raised, Session
from escalation.session_late import done_at
from escalation.vigil import DURESS_CALL, CallForHelp, ReportSafe, SendWord, VigilDecision, VigilEffect, VigilEntry

_ENTRY_OF: Final = {
    Cause.CHECK_IN: "missed",
    Cause.OVERDUE: "overdue",
    Cause.WELFARE: "welfare_unanswered",
    Cause.WELFARE_NO: "welfare_no",
    Cause.CONTACT: "contact_lost",
}


class SessionDraft:
    """The session as it becomes, and the lists that grow beside it."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session = session
        self.now = now
        self.effects: list[VigilEffect] = []
        self.entries: list[VigilEntry] = []
        self._companions_told = False

    def write(self, kind: str, by: Actor, *detail: tuple[str, str]) -> None:
        """Add a line to the session's log."""
        self.entries.append(VigilEntry(kind, self.now, by, detail))

    def say(
        self,
        about: About,
        to: tuple[PersonId, ...],
        due_at: datetime | None,
        *detail: tuple[str, str],
        outward: bool = False,
    ) -> None:
        """Send people word, under the next number."""
        self.session = replace(self.session, words=self.session.words + 1)
        targets: tuple[Target, ...] = tuple(PersonTarget(person_id) for person_id in to)
        self.effects.append(SendWord(about, targets, self.session.words, due_at, outward, detail))

    def remind(self, about: About, awaited: Awaited, last: bool) -> None:
        """Remind the worker; the last reminder before the alarm goes by every way there is."""
        self.say(about, (self.session.person_id,), awaited.due_at, outward=last)
        self.write("reminded", System(), ("of", about.value), ("due_at", awaited.due_at.isoformat()))

    def call(
        self, cause: Cause, by: Actor, owed_at: datetime | None = None, *, made_at: datetime | None = None
    ) -> None:
        """Call for help, and tell the companions, once a decision.

        owed_at: when the sign of life should have come. made_at: when the worker asked for help, if that had to wait.
        """
        session = self.session
        if session.raised_at(cause) is None:
            self.session = replace(session, raised=(*session.raised, Raised(cause, self.now)))
        owed = () if owed_at is None else (("due_at", owed_at.isoformat()),)
        self.write(_ENTRY_OF[cause], by, *owed)
        self.effects.append(
            CallForHelp(cause.kind, cause.value, event_at=done_at(made_at, self.now) if made_at else None)
        )
        if session.companions and not self._companions_told:
            self._companions_told = True
            self.say(About.COMPANION, session.companions, owed_at, ("why", cause.value), outward=True)

    def call_under_duress(self, made_at: datetime | None) -> None:
        """Call for help covertly. made_at: when the PIN was given, where that may have had to wait."""
        self.effects.append(
            DURESS_CALL if made_at is None else replace(DURESS_CALL, event_at=done_at(made_at, self.now))
        )

    def report_safe(self, before: Session, how: str) -> None:
        """Say that the worker is safe, if help had been called before."""
        if before.alarmed:
            self.effects.append(ReportSafe(how))

    def decision(self) -> VigilDecision[Session]:
        """Close the draft."""
        return VigilDecision(self.session, tuple(self.effects), tuple(self.entries))
