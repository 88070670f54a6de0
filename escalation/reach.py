"""Who can be reached now, and by which of a step's media."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from escalation.chain import (
    BuildingTarget,
    Channel,
    Contact,
    DeskTarget,
    EscalationChain,
    ManagerTarget,
    Medium,
    NearestTarget,
    OnCallTarget,
    PersonTarget,
    ReceiverTarget,
    Roster,
    Step,
    Target,
    TeamTarget,
)
from escalation.ids import ContactPointId, PersonId
from escalation.purpose import Purpose

Way = tuple[int, tuple[Contact, ...]]
"""Index of a step's medium, and a person's contact points on it, best first."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a step can tell now.

    contacts: by person, in the order of the targets; nobody with an empty tuple. desk: the consoles belong to it.
    receivers: alarm receiving centres, in the order of the targets. held_back: contact points left out because a drill
    or a test may not use them; receivers_held_back: centres left out for the same reason.
    """

    contacts: dict[PersonId, tuple[Contact, ...]]
    desk: bool
    held_back: int
    receivers: tuple[str, ...] = ()
    receivers_held_back: tuple[str, ...] = ()

    @property
    def anything_held_back(self) -> bool:
        """True if a real alarm would have told somebody more."""
        return bool(self.held_back or self.receivers_held_back)


def targets_of(chain: EscalationChain) -> frozenset[Target]:
    """Return every target of every step: what a roster for this chain must answer. The desk needs no answer."""
    return frozenset(target for step in chain.steps for target in step.targets if not isinstance(target, DeskTarget))


def word_of(target: Target) -> str:
    """Return a target as the timeline writes it."""
    match target:
        case PersonTarget(person_id):
            return f"person:{person_id}"
        case TeamTarget(team_id):
            return f"team:{team_id}"
        case OnCallTarget(rota_id):
            return f"oncall:{rota_id}"
        case NearestTarget(count, within_m):
            return f"nearest:{count}/{within_m}"
        case BuildingTarget():
            return "building"
        case ManagerTarget():
            return "manager"
        case ReceiverTarget(receiver):
            return f"receiver:{receiver}"
        case DeskTarget():
            return "desk"
        case _:
            assert_never(target)


def has_desk(step: Step) -> bool:
    """True if the consoles sound with this step: it names the desk, or their medium."""
    return DeskTarget() in step.targets or Medium.CONSOLE in step.media


def receivers_of(step: Step) -> tuple[str, ...]:
    """Return the alarm receiving centres that a step names, each once."""
    return tuple(dict.fromkeys(target.receiver for target in step.targets if isinstance(target, ReceiverTarget)))


def reach_of(step: Step, roster: Roster, purpose: Purpose, subject: PersonId | None) -> Reach:
    """Find out whom a step can tell; a test tells the desk alone."""
    found: dict[PersonId, dict[ContactPointId, Contact]] = {}
    held_back: set[tuple[PersonId, ContactPointId]] = set()
    channels = tuple(channel for channel in Channel if channel.medium in step.media)
    for target in step.targets:
        for contact in roster.contacts.get(target, ()):
            if contact.person_id == subject or not _usable(contact) or contact.channel not in channels:
                continue
            if _allowed(contact, purpose):
                found.setdefault(contact.person_id, {}).setdefault(contact.point_id, contact)
            else:
                held_back.add((contact.person_id, contact.point_id))
    receivers = receivers_of(step)
    real = purpose is Purpose.REAL
    return Reach(
        contacts={person_id: tuple(points.values()) for person_id, points in found.items()},
        desk=has_desk(step) or purpose is Purpose.TEST,
        held_back=len(held_back),
        receivers=receivers if real else (),
        receivers_held_back=() if real else receivers,
    )


def contacts_of(persons: Iterable[PersonId], roster: Roster, purpose: Purpose) -> dict[PersonId, list[Contact]]:
    """Return all that the roster knows of these persons, by whatever target, as far as the purpose allows."""
    found: dict[PersonId, dict[ContactPointId, Contact]] = {person_id: {} for person_id in persons}
    for contacts in roster.contacts.values():
        for contact in contacts:
            points = found.get(contact.person_id)
            if points is not None and may_use(contact, purpose):
                points.setdefault(contact.point_id, contact)
    return {person_id: list(points.values()) for person_id, points in found.items()}


def ways_of(step: Step, contacts: Sequence[Contact]) -> tuple[Way, ...]:
    """Return a person's ways in the order of trying; a single one with everything if the step tries all at once.

    contacts: one person's. What is on a dead way out is left out where he has something better among the step's media.
    The order is his own, by the lowest rank on each medium, where the step leaves it to him; else the step's.
    """
    usable = living(_allowed_by(step, contacts))
    ways: list[Way] = []
    for index, medium in enumerate(step.media):
        if medium not in step.media[:index]:
            points = tuple(contact for contact in usable if contact.channel.medium is medium)
            if points:
                ways.append((index, points))
    if step.own_order:
        ways.sort(key=lambda way: min(contact.rank for contact in way[1]))
    if step.all_at_once and ways:
        return ((0, tuple(contact for _, points in ways for contact in points)),)
    return tuple(ways)


def passed_over(step: Step, contacts: Sequence[Contact]) -> tuple[Channel, ...]:
    """Return the channels that ways_of leaves out of the same because nobody answers there just now."""
    allowed = _allowed_by(step, contacts)
    kept = set(living(allowed))
    return tuple(dict.fromkeys(contact.channel for contact in allowed if contact not in kept))


def rung_by(step: Step, used: Collection[int], contacts: Sequence[Contact]) -> list[Contact]:
    """Return the contact points of a person by which the step rang him; those that answer, where any does.

    used: indexes of the step's media.
    """
    media = {medium for index, medium in enumerate(step.media) if step.all_at_once or index in used}
    return living([contact for contact in contacts if contact.channel.medium in media])


def living(contacts: Sequence[Contact]) -> list[Contact]:
    """Leave a person's contact points on dead ways out, but for one who has no others."""
    alive = [contact for contact in contacts if not contact.dead]
    return alive or list(contacts)


def in_house(contacts: Iterable[Contact]) -> list[Contact]:
    """Return those that reach our own app, and not a way that leaves the house."""
    return [contact for contact in contacts if not contact.channel.outward]


def _allowed_by(step: Step, contacts: Sequence[Contact]) -> list[Contact]:
    return [contact for contact in contacts if contact.channel.medium in step.media]


def may_use(contact: Contact, purpose: Purpose) -> bool:
    """True if an incident of this purpose may tell a person there."""
    return _usable(contact) and _allowed(contact, purpose)


def _usable(contact: Contact) -> bool:
    """The consoles belong to the desk, and a centre to nobody here."""
    return contact.channel not in {Channel.CONSOLE, Channel.RECEIVER}


def _allowed(contact: Contact, purpose: Purpose) -> bool:
    match purpose:
        case Purpose.REAL:
            return True
        case Purpose.DRILL:
            return not (contact.channel.outward or contact.external)
        case Purpose.TEST:
            return False
