"""Why a chain may not go live: typed, so that the words can be made in any language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final, assert_never

from escalation.chain import (
    ALWAYS,
    BuildingTarget,
    Condition,
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
    TeamTarget,
)
from escalation.draft import SHORTEST_WAIT
from escalation.ids import PersonId
from escalation.purpose import Purpose
from escalation.reach import has_desk, reach_of, receivers_of

MAX_STEPS: Final = 20
"""More than anybody can keep in his head, and a bound for what one decision may file."""
LONGEST_WAIT: Final = timedelta(hours=1)
"""A step that rests longer is no help; a zero too many, more likely."""
LONGEST_MEDIUM_WAIT: Final = timedelta(minutes=5)
LONGEST_TURN_WAIT: Final = timedelta(minutes=10)
"""The next in turn sleeps for so long while the one before him does not answer."""
MOST_REPEATS: Final = 10
"""Whoever did not answer so often does not answer: others must be asked."""
SHORTEST_IDLE_AFTER: Final = timedelta(seconds=10)
"""Below this the managers hear of an operator who is still reading."""
LONGEST_IDLE_AFTER: Final = timedelta(minutes=15)
MOST_NEAREST: Final = 50
LEAST_WITHIN_M: Final = 50
"""Nearer than the error of a position."""
MOST_WITHIN_M: Final = 100_000
"""An hour and more by car."""
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
    NO_DESK_ALWAYS = "no_desk_always"  # each step that sounds on the consoles has a condition
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
    TURN_WAIT_TOO_SHORT = "turn_wait_too_short"  # seconds, least
    TURN_WAIT_TOO_LONG = "turn_wait_too_long"  # seconds, most
    REPEATS_OUT_OF_RANGE = "repeats_out_of_range"  # number, least, most
    NEAREST_COUNT_OUT_OF_RANGE = "nearest_count_out_of_range"  # number, least, most
    NEAREST_WITHIN_OUT_OF_RANGE = "nearest_within_out_of_range"  # number (metres), least, most
    HOURS_EMPTY = "hours_empty"  # at: the condition's hours begin when they end
    NO_SUCH_WEEKDAY = "no_such_weekday"  # weekday
    ROTA_EMPTY = "rota_empty"  # rota: nobody ever stands in it
    NO_MANAGERS = "no_managers"
    NO_SUCH_RECEIVER = "no_such_receiver"  # receiver
    NOBODY_AFTER_RECEIVER = "nobody_after_receiver"  # receiver: no step from there on has people or the consoles
    TOO_FEW_NEEDED = "too_few_needed"  # needed
    MORE_NEEDED_THAN_REACHED = "more_needed_than_reached"  # needed, reached
    ACKNOWLEDGE_LAPSE_TOO_SHORT = "acknowledge_lapse_too_short"  # seconds, least
    ACKNOWLEDGE_LAPSE_TOO_LONG = "acknowledge_lapse_too_long"  # seconds, most
    ATTENTION_LAPSE_TOO_SHORT = "attention_lapse_too_short"  # seconds, least
    ATTENTION_LAPSE_TOO_LONG = "attention_lapse_too_long"  # seconds, most
    LOOP_WAIT_TOO_SHORT = "loop_wait_too_short"  # seconds, least
    LOOP_WAIT_TOO_LONG = "loop_wait_too_long"  # seconds, most
    IDLE_AFTER_TOO_SHORT = "idle_after_too_short"  # seconds, least
    IDLE_AFTER_TOO_LONG = "idle_after_too_long"  # seconds, most
    UPGRADE_NOT_GRAVER = "upgrade_not_graver"  # kind: a technical one calls nobody to a person


@dataclass(frozen=True, slots=True)
class Complaint:
    """One reason. step: index, None where the whole chain is meant. fields: plain pairs for the words."""

    kind: ComplaintKind
    step: int | None = None
    fields: tuple[tuple[str, str], ...] = ()


def complaints(
    chain: EscalationChain, roster: Roster, *, receivers: frozenset[str] = frozenset()
) -> tuple[Complaint, ...]:
    """Say why a chain may not go live; empty if it may.

    roster: who would stand behind the targets at a usual time, so with everybody who shares a rota, not only
    with those on duty this minute. Who is near or in the building it cannot know, so nothing is said of those.
    receivers: the alarm receiving centres that the settings name.
    """
    return (*_of_chain(chain, roster), *_of_steps(chain, roster, receivers))


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
        elif not any(has_desk(step) and step.when == ALWAYS for step in steps):
            yield Complaint(ComplaintKind.NO_DESK_ALWAYS)
        known = not any(_found_by_place(step) for step in steps)
        if known and any(_asks_people(step) for step in steps) and not any(_people_of(step, roster) for step in steps):
            yield Complaint(ComplaintKind.NOBODY_AT_ALL)
    if chain.upgrade_to is not None and chain.upgrade_to.technical:
        yield Complaint(ComplaintKind.UPGRADE_NOT_GRAVER, None, (("kind", chain.upgrade_to.value),))
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
    yield from _between(
        chain.idle_after,
        SHORTEST_IDLE_AFTER,
        LONGEST_IDLE_AFTER,
        ComplaintKind.IDLE_AFTER_TOO_SHORT,
        ComplaintKind.IDLE_AFTER_TOO_LONG,
    )


def _of_steps(chain: EscalationChain, roster: Roster, receivers: frozenset[str]) -> Iterator[Complaint]:
    asked: set[PersonId] = set()
    known = True
    for index, step in enumerate(chain.steps):
        asked |= _people_of(step, roster)
        known = known and not _found_by_place(step)
        yield from _of_people(index, step, roster, len(asked) if known else None)
        yield from _of_targets(index, step, roster, receivers)
        if not any(_asks_people(later) or has_desk(later) for later in chain.steps[index:]):
            for receiver in receivers_of(step):
                yield Complaint(ComplaintKind.NOBODY_AFTER_RECEIVER, index, (("receiver", receiver),))
        yield from _of_waits(index, step)
        yield from _of_condition(index, step.when)


def _of_people(index: int, step: Step, roster: Roster, reached: int | None) -> Iterator[Complaint]:
    """reached: how many persons this step and those before it ask; the earlier ones keep ringing. None: not known."""
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
    elif reached is not None and _asks_people(step) and step.responders_needed > reached:
        yield Complaint(ComplaintKind.MORE_NEEDED_THAN_REACHED, index, (*needed, ("reached", str(reached))))


def _of_targets(index: int, step: Step, roster: Roster, receivers: frozenset[str]) -> Iterator[Complaint]:
    for target in dict.fromkeys(step.targets):
        match target:
            case OnCallTarget(rota_id):
                if not roster.contacts.get(target):
                    yield Complaint(ComplaintKind.ROTA_EMPTY, index, (("rota", str(rota_id)),))
            case ManagerTarget():
                if not roster.contacts.get(target):
                    yield Complaint(ComplaintKind.NO_MANAGERS, index)
            case ReceiverTarget(receiver):
                if receiver not in receivers:
                    yield Complaint(ComplaintKind.NO_SUCH_RECEIVER, index, (("receiver", receiver),))
            case NearestTarget(count, within_m):
                yield from _within(count, 1, MOST_NEAREST, ComplaintKind.NEAREST_COUNT_OUT_OF_RANGE, index)
                wrong_radius = ComplaintKind.NEAREST_WITHIN_OUT_OF_RANGE
                yield from _within(within_m, LEAST_WITHIN_M, MOST_WITHIN_M, wrong_radius, index)
            case PersonTarget() | TeamTarget() | BuildingTarget() | DeskTarget():
                pass
            case _:
                assert_never(target)


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
    if step.in_turn:
        yield from _between(
            step.turn_wait,
            SHORTEST_WAIT,
            LONGEST_TURN_WAIT,
            ComplaintKind.TURN_WAIT_TOO_SHORT,
            ComplaintKind.TURN_WAIT_TOO_LONG,
            index,
        )
    yield from _within(step.repeats, 0, MOST_REPEATS, ComplaintKind.REPEATS_OUT_OF_RANGE, index)


def _of_condition(index: int, when: Condition) -> Iterator[Complaint]:
    if when.hours is not None and when.hours[0] == when.hours[1]:
        yield Complaint(ComplaintKind.HOURS_EMPTY, index, (("at", when.hours[0].isoformat("minutes")),))
    for weekday in sorted(when.weekdays):
        if not 0 <= weekday <= 6:
            yield Complaint(ComplaintKind.NO_SUCH_WEEKDAY, index, (("weekday", str(weekday)),))


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


def _within(number: int, least: int, most: int, kind: ComplaintKind, step: int) -> Iterator[Complaint]:
    if not least <= number <= most:
        yield Complaint(kind, step, (("number", str(number)), ("least", str(least)), ("most", str(most))))


def _asks_people(step: Step) -> bool:
    return any(not isinstance(target, DeskTarget | ReceiverTarget) for target in step.targets)


def _found_by_place(step: Step) -> bool:
    """True if only the hour of the alarm can tell who stands behind it."""
    return any(isinstance(target, NearestTarget | BuildingTarget) for target in step.targets)


def _people_of(step: Step, roster: Roster) -> set[PersonId]:
    return set(reach_of(step, roster, Purpose.REAL, None).contacts)
