"""A shift change at the desk: the open cases, signed by the one who leaves and by the one who comes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from escalation.alarm import AlarmKind
from escalation.chain import ManagerTarget
from escalation.effects import About, SystemFault
from escalation.events import Operator, System
from escalation.ids import IncidentId, PersonId, UserId
from escalation.incident import Refused, State
from escalation.plan import SafetyPlan
from escalation.vigil import ClearFault, Due, RaiseFault, SendWord, VigilDecision, VigilEffect, VigilEntry


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One open incident as it stood when the list was made. age: since it opened."""

    incident_id: IncidentId
    kind: AlarmKind
    state: State
    age: timedelta

    @property
    def gravity(self) -> int:
        """1 is gravest."""
        return self.kind.gravity


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A frozen picture; decide_handover() returns the next one.

    cases: gravest first, then oldest. to_user: who is to come, None while nobody is named; then whoever signs.
    left_at, taken_at: when each signed; taken_by: who came. told_at: when managers were told that it is open.
    """

    from_user: UserId
    from_person: PersonId | None
    to_user: UserId | None
    made_at: datetime
    sign_by: datetime
    cases: tuple[CaseLine, ...]
    left_at: datetime | None = None
    taken_at: datetime | None = None
    taken_by: UserId | None = None
    told_at: datetime | None = None
    words: int = 0
    ended_at: datetime | None = None

    @property
    def due_at(self) -> datetime | None:
        """When managers are told; None once they were, or once both have signed."""
        return None if self.told_at is not None or self.ended_at is not None else self.sign_by


@dataclass(frozen=True, slots=True)
class Signed:
    """An operator signs: who leaves, that this is the list; who comes, that he has read it."""

    by: Operator


HandoverEvent = Due | Signed


def start_handover(
    from_: Operator, to_user: UserId | None, cases: tuple[CaseLine, ...], plan: SafetyPlan, now: datetime
) -> VigilDecision[Handover]:
    """Make the list. Raises Refused: same_person."""
    if to_user == from_.user_id:
        raise Refused("same_person")
    handover = Handover(
        from_user=from_.user_id,
        from_person=from_.person_id,
        to_user=to_user,
        made_at=now,
        sign_by=now + plan.handover_within,
        cases=tuple(sorted(cases, key=lambda case: (case.gravity, -case.age, case.incident_id))),
    )
    said = (("cases", str(len(cases))), ("to", str(to_user or "")))
    return VigilDecision(handover, (), (VigilEntry("listed", now, from_, said),))


def decide_handover(handover: Handover, event: HandoverEvent, now: datetime) -> VigilDecision[Handover]:
    """Return the shift change as it is from now on. Nothing but both names ends it, and it ends no incident.

    Raises Refused: signed (by both already, or by this one), same_person (one cannot hand over to himself), not_named.
    """
    match event:
        case Due():
            return _pass_time(handover, now)
        case Signed(by):
            return _sign(handover, by, now)
        case _:
            assert_never(event)


def _pass_time(handover: Handover, now: datetime) -> VigilDecision[Handover]:
    if handover.due_at is None or now < handover.due_at:
        return VigilDecision(handover)
    number = handover.words + 1
    word = SendWord(
        About.HANDOVER_OPEN,
        (ManagerTarget(),),
        number,
        handover.sign_by,
        outward=True,
        detail=(("cases", str(len(handover.cases))),),
    )
    entry = VigilEntry("unsigned", now, System(), (("missing", ",".join(_missing(handover))),))
    told = replace(handover, told_at=now, words=number)
    return VigilDecision(told, (word, RaiseFault(SystemFault.HANDOVER_OPEN)), (entry,))


def _sign(handover: Handover, by: Operator, now: datetime) -> VigilDecision[Handover]:
    if handover.ended_at is not None:
        raise Refused("signed")
    if by.user_id == handover.from_user and handover.left_at is None:
        signed, part = replace(handover, left_at=now), "leaves"
    else:
        _may_come(handover, by)
        signed, part = replace(handover, taken_at=now, taken_by=by.user_id), "comes"
    effects: tuple[VigilEffect, ...] = ()
    if not _missing(signed):
        signed = replace(signed, ended_at=now)
        if handover.told_at is not None:
            effects = (ClearFault(SystemFault.HANDOVER_OPEN),)
    return VigilDecision(signed, effects, (VigilEntry("signed", now, by, (("part", part),)),))


def _may_come(handover: Handover, by: Operator) -> None:
    same_person = by.person_id is not None and by.person_id == handover.from_person
    if by.user_id == handover.from_user or same_person:
        raise Refused("same_person")
    if handover.taken_at is not None:
        raise Refused("signed")
    if handover.to_user is not None and by.user_id != handover.to_user:
        raise Refused("not_named")


def _missing(handover: Handover) -> tuple[str, ...]:
    parts = (("leaves", handover.left_at), ("comes", handover.taken_at))
    return tuple(part for part, signed_at in parts if signed_at is None)
