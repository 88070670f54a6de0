"""Why a chain may not go live: typed, so that the words can be made in any language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final

from escalation.chain import DeskTarget, EscalationChain, Medium, PersonTarget, Roster, Step
from escalation.draft import SHORTEST_WAIT
from escalation.ids import PersonId
from escalation.purpose import Purpose
from escalation.reach import has_desk, reach_of

MAX_STEPS: Final = 20
"""More than anybody can keep in his head, and a bound for what one decision may file."""
LONGEST_WAIT: Final = timedelta(hours=1)
"""A step that rests longer is no help; a zero too many, more likely."""
LONGEST_MEDIUM_WAIT: Final = timedelta(minutes=5)
SHORTEST_ACKNOWLEDGE_LAPSE: Final = timedelta(seconds=10)
"""Below this a person cannot say more than yes before the incident opens again."""
LONGEST_ACKNOWLEDGE_LAPSE: Final = timedelta(minutes=15)
"""How long a mere yes may hold up the help of all others."""
SHORTEST_ATTENTION_LAPSE: Final = timedelta(minutes=1)
LONGEST_ATTENTION_LAPSE: Final = timedelta(hours=4)
LONGEST_LOOP_WAIT: Final = timedelta(minutes=10)
"""A used-up chain means that nobody has come: it may not rest long."""


class ComplaintKind(Enum):
    """What is wrong. The words, and the fields they may use, are beside each."""

    NO_STEPS = "no_steps"
    TOO_MANY_STEPS = "too_many_steps"  # steps, most
    NO_DESK = "no_desk"  # no step sounds on the consoles
    NOBODY_AT_ALL = "nobody_at_all"  # names persons or teams, but not one of them has a contact point
    NO_TARGETS = "no_targets"
    NO_MEDIA = "no_media"
    MEDIUM_TWICE = "medium_twice"  # medium
    TARGET_TWICE = "target_twice"
    PERSON_WITHOUT_CONTACT = "person_without_contact"  # person
    WAIT_TOO_SHORT = "wait_too_short"  # seconds, least
    WAIT_TOO_LONG = "wait_too_long"  # seconds, most
    MEDIUM_WAIT_TOO_SHORT = "medium_wait_too_short"  # seconds, least
    MEDIUM_WAIT_TOO_LONG = "medium_wait_too_long"  # seconds, most
    TOO_FEW_NEEDED = "too_few_needed"  # needed
    MORE_NEEDED_THAN_REACHED = "more_needed_than_reached"  # needed, reached
    ACKNOWLEDGE_LAPSE_TOO_SHORT = "acknowledge_lapse_too_short"  # seconds, least
    ACKNOWLEDGE_LAPSE_TOO_LONG = "acknowledge_lapse_too_long"  # seconds, most
    ATTENTION_LAPSE_TOO_SHORT = "attention_lapse_too_short"  # seconds, least
    ATTENTION_LAPSE_TOO_LONG = "attention_lapse_too_long"  # seconds, most
    LOOP_WAIT_TOO_SHORT = "loop_wait_too_short"  # seconds, least
    LOOP_WAIT_TOO_LONG = "loop_wait_too_long"  # seconds, most


@dataclass(frozen=True, slots=True)
class Complaint:
    """One reason. step: index, None where the whole chain is meant. fields: plain pairs for the words."""

    kind: ComplaintKind
    step: int | None = None
    fields: tuple[tuple[str, str], ...] = ()


def complaints(chain: EscalationChain, roster: Roster) -> tuple[Complaint, ...]:
    """Say why a chain may not go live; empty if it may.

    roster: who would stand behind the targets at a usual time, so with everybody who shares a rota, not only
    with those on duty this minute.
    """
    return (*_of_chain(chain, roster), *_of_steps(chain, roster))


def _of_chain(chain: EscalationChain, roster: Roster) -> Iterator[Complaint]:
    steps = chain.steps
    if not steps:
        yield Complaint(ComplaintKind.NO_STEPS)
    else:
        if len(steps) > MAX_STEPS:
            fields = (("steps", str(len(steps))), ("most", str(MAX_STEPS)))
            yield Complaint(ComplaintKind.TOO_MANY_STEPS, None, fields)
        if not any(has_desk(step) for step in steps):
            yield Complaint(ComplaintKind.NO_DESK)
        if any(_asks_people(step) for step in steps) and not any(_people_of(step, roster) for step in steps):
            yield Complaint(ComplaintKind.NOBODY_AT_ALL)
    yield from _between(
        chain.acknowledge_lapse,
        SHORTEST_ACKNOWLEDGE_LAPSE,
        LONGEST_ACKNOWLEDGE_LAPSE,
        ComplaintKind.ACKNOWLEDGE_LAPSE_TOO_SHORT,
        ComplaintKind.ACKNOWLEDGE_LAPSE_TOO_LONG,
    )
    yield from _between(
        chain.attention_lapse,
        max(SHORTEST_ATTENTION_LAPSE, chain.acknowledge_lapse),
        LONGEST_ATTENTION_LAPSE,
        ComplaintKind.ATTENTION_LAPSE_TOO_SHORT,
        ComplaintKind.ATTENTION_LAPSE_TOO_LONG,
    )
    yield from _between(
        chain.loop_wait,
        SHORTEST_WAIT,
        LONGEST_LOOP_WAIT,
        ComplaintKind.LOOP_WAIT_TOO_SHORT,
        ComplaintKind.LOOP_WAIT_TOO_LONG,
    )


def _of_steps(chain: EscalationChain, roster: Roster) -> Iterator[Complaint]:
    asked: set[PersonId] = set()
    for index, step in enumerate(chain.steps):
        asked |= _people_of(step, roster)
        yield from _of_people(index, step, roster, len(asked))
        yield from _of_waits(index, step)


def _of_people(index: int, step: Step, roster: Roster, reached: int) -> Iterator[Complaint]:
    """reached: how many persons this step and those before it ask; the earlier ones keep ringing."""
    if not step.targets:
        yield Complaint(ComplaintKind.NO_TARGETS, index)
    if len(set(step.targets)) < len(step.targets):
        yield Complaint(ComplaintKind.TARGET_TWICE, index)
    if not step.media and (_asks_people(step) or not step.targets):
        yield Complaint(ComplaintKind.NO_MEDIA, index)
    for medium in Medium:
        if step.media.count(medium) > 1:
            yield Complaint(ComplaintKind.MEDIUM_TWICE, index, (("medium", medium.value),))
    people = _people_of(step, roster)
    for target in dict.fromkeys(step.targets):
        if isinstance(target, PersonTarget) and target.person_id not in people:
            yield Complaint(ComplaintKind.PERSON_WITHOUT_CONTACT, index, (("person", str(target.person_id)),))
    needed = (("needed", str(step.responders_needed)),)
    if step.responders_needed < 1:
        yield Complaint(ComplaintKind.TOO_FEW_NEEDED, index, needed)
    elif _asks_people(step) and step.responders_needed > reached:
        yield Complaint(ComplaintKind.MORE_NEEDED_THAN_REACHED, index, (*needed, ("reached", str(reached))))


def _of_waits(index: int, step: Step) -> Iterator[Complaint]:
    yield from _between(
        step.wait, SHORTEST_WAIT, LONGEST_WAIT, ComplaintKind.WAIT_TOO_SHORT, ComplaintKind.WAIT_TOO_LONG, index
    )
    if not step.all_at_once and len(step.media) > 1:
        yield from _between(
            step.medium_wait,
            SHORTEST_WAIT,
            LONGEST_MEDIUM_WAIT,
            ComplaintKind.MEDIUM_WAIT_TOO_SHORT,
            ComplaintKind.MEDIUM_WAIT_TOO_LONG,
            index,
        )


def _between(
    wait: timedelta,
    least: timedelta,
    most: timedelta,
    too_short: ComplaintKind,
    too_long: ComplaintKind,
    step: int | None = None,
) -> Iterator[Complaint]:
    seconds = ("seconds", f"{wait.total_seconds():g}")
    if wait < least:
        yield Complaint(too_short, step, (seconds, ("least", f"{least.total_seconds():g}")))
    elif wait > most:
        yield Complaint(too_long, step, (seconds, ("most", f"{most.total_seconds():g}")))


def _asks_people(step: Step) -> bool:
    return any(not isinstance(target, DeskTarget) for target in step.targets)


def _people_of(step: Step, roster: Roster) -> set[PersonId]:
    return set(reach_of(step, roster, Purpose.REAL, None).contacts)
