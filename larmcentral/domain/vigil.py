"""Vigils as the store keeps them, and what a transaction changes of one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from escalation.effects import Notify
from escalation.handover import Handover
from escalation.ids import VigilId
from escalation.loan import Loan
from escalation.pre_alarm import PreAlarm
from escalation.session import Session
from escalation.supervision import Supervision
from escalation.vigil import VigilEffect, VigilEntry, VigilKind
from larmcentral.domain.record import Subject

VigilCore = Session | PreAlarm | Supervision | Loan | Handover


def watched(kind: VigilKind, subject: Subject) -> str:
    """Name what a vigil watches; of each kind one runs at a time.

    A supervision and a loan are the device's own, whoever wears it: nobody is to lose the one for wearing two.
    """
    if kind in {VigilKind.SUPERVISION, VigilKind.LOAN} and subject.device_id is not None:
        return f"device:{subject.device_id}"
    return subject.key


Word = tuple[Notify, datetime | None, tuple[tuple[str, str], ...]]
"""A notice of a vigil, the moment that it speaks of, and further pairs for its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VigilRecord:
    """A vigil as stored. subject: whom or what it watches. entries: length of its log. version grows with each save."""

    id: VigilId
    kind: VigilKind
    subject: Subject
    core: VigilCore
    version: int
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VigilChange:
    """One vigil's part of a transaction.

    effects: what its rules asked for; the flow carries them out and puts the notices they led to into notices, each
    with the moment that it speaks of (a check-in, an end) and further pairs for its words.
    """

    before: VigilRecord | None
    after: VigilRecord
    effects: tuple[VigilEffect, ...] = ()
    log: tuple[VigilEntry, ...] = ()
    notices: tuple[Word, ...] = ()

    def then(self, core: VigilCore, effects: tuple[VigilEffect, ...], entries: tuple[VigilEntry, ...]) -> VigilChange:
        """Add a further decision about the same vigil in the same transaction."""
        return replace(
            self,
            after=replace(self.after, core=core, entries=self.after.entries + len(entries)),
            effects=self.effects + effects,
            log=self.log + entries,
        )

    @property
    def nothing(self) -> bool:
        """True if there is nothing to file."""
        return self.before is not None and self.before.core == self.after.core and not (self.log or self.notices)


def undecided(record: VigilRecord) -> VigilChange:
    """Return the empty change of a stored vigil, to be continued with then()."""
    return VigilChange(before=record, after=replace(record, version=record.version + 1))
