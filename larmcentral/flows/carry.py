"""Does what the rules of sessions, countdowns, supervision, loans and shift changes ask for, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, assert_never
from uuid import uuid5

from escalation.chain import Contact, Roster
from escalation.ids import NoticeId
from escalation.notice import notice_to
from escalation.pre_alarm import PreAlarm
from escalation.purpose import Purpose
from escalation.supervision import Supervision
from escalation.vigil import CallForHelp, ClearFault, RaiseFault, ReportSafe, SendWord
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.record import Subject
from larmcentral.domain.vigil import VigilChange, VigilRecord, Word
from larmcentral.flows.means import Means
from larmcentral.flows.open_incidents import NO_CHAIN, Call, OpenIncidents
from larmcentral.flows.rosters import RosterAsk, rosters
from larmcentral.flows.saving import save_changes
from larmcentral.ports import Transaction

WORDS_ROUND: Final = 1
"""A vigil's notices are numbered by the vigil's own count; there are no rounds of them."""


def touched_by(changes: Sequence[VigilChange]) -> list[Subject]:
    """Return the subjects whose open incidents these decisions need locked."""
    subjects = []
    for change in changes:
        for effect in change.effects:
            match effect:
                case CallForHelp():
                    subjects.append(_call(change.after, effect, None).about)
                case ReportSafe():
                    subjects.append(change.after.subject)
                case SendWord() | RaiseFault() | ClearFault():
                    pass
                case _:
                    assert_never(effect)
    return subjects


async def carry_out(
    tx: Transaction,
    changes: Sequence[VigilChange],
    means: Means,
    now: datetime,
    incidents: OpenIncidents | None = None,
) -> list[OutgoingNotice]:
    """Do what vigils' decisions ask for, save them and every incident they touch; return what is to be sent.

    incidents: those that the caller has locked, with touched_by() among them, where he decides about them as well;
    they are saved here too. Without it they are locked here, after the vigils.
    """
    if incidents is None:
        incidents = await OpenIncidents.lock(tx, touched_by(changes), means)
    await incidents.raise_all(list(_calls(changes, now)))
    await incidents.report_safe(_safe(changes))
    await _say_faults(tx, changes)
    spoken = await _with_words(tx, changes, means, now)
    notices = [*await tx.save_vigils(spoken, lease=means.lease)] if spoken else []
    return [*notices, *await save_changes(tx, incidents.changes, means)]


def _calls(changes: Iterable[VigilChange], now: datetime) -> Iterator[Call]:
    for change in changes:
        for effect in change.effects:
            if isinstance(effect, CallForHelp):
                yield _call(change.after, effect, now)


def _safe(changes: Iterable[VigilChange]) -> list[tuple[Subject, str]]:
    """Signs of life of persons; that a device is heard again says nothing of whoever wears it."""
    return [
        (change.after.subject, effect.how)
        for change in changes
        for effect in change.effects
        if isinstance(effect, ReportSafe) and not isinstance(change.after.core, Supervision)
    ]


def _call(vigil: VigilRecord, effect: CallForHelp, now: datetime | None) -> Call:
    # A countdown is no delay on the way: what counts is how old the event was when we heard of it.
    heard_at = vigil.core.began_at if isinstance(vigil.core, PreAlarm) else now
    late = None if effect.event_at is None or heard_at is None else max(heard_at - effect.event_at, timedelta())
    return Call(
        subject=vigil.subject,
        kind=effect.kind,
        silent=effect.silent,
        signal_id=effect.signal_id,
        event_at=effect.event_at,
        lateness=late,
        why=effect.why,
    )


async def _say_faults(tx: Transaction, changes: Sequence[VigilChange]) -> None:
    for change in changes:
        subject = change.after.subject
        for effect in change.effects:
            if isinstance(effect, RaiseFault | ClearFault):
                home, raised = (subject.organisation_id, subject.committee_id), isinstance(effect, RaiseFault)
                await tx.set_fault(*home, effect.fault.value, raised=raised, vigil_id=change.after.id)


async def _with_words(
    tx: Transaction, changes: Sequence[VigilChange], means: Means, now: datetime
) -> list[VigilChange]:
    """Put the notices that each vigil's words come to into its change."""
    said = [(at, e) for at, change in enumerate(changes) for e in change.effects if isinstance(e, SendWord)]
    asks = [RosterAsk(changes[at].after.subject, NO_CHAIN, word.to) for at, word in said]
    found = await rosters(tx, asks, means, now) if asks else []
    spoken = list(changes)
    for (at, word), roster in zip(said, found, strict=True):
        notices = tuple(_notices(spoken[at].after, word, roster))
        spoken[at] = replace(spoken[at], notices=spoken[at].notices + notices)
    return spoken


def _notices(vigil: VigilRecord, word: SendWord, roster: Roster) -> Iterator[Word]:
    purpose = vigil.subject.purpose
    points: dict[Contact, None] = {}
    for target in word.to:
        points.update(dict.fromkeys(roster.contacts.get(target, ())))
    for contact in points:
        if contact.channel.outward and not (word.outward and purpose is Purpose.REAL):
            continue
        name = f"{word.about.value}/{word.number}/{contact.person_id}/{contact.point_id}"
        notice_id = NoticeId(uuid5(vigil.id, name))
        notice = notice_to(
            contact, notice_id, purpose, round=WORDS_ROUND, step=0, attempt=word.number, about=word.about
        )
        yield notice, word.due_at, word.detail
