"""What the start of a session is held against: the place's risk and coverage, and the plan's bounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from escalation.chain import Risk
from escalation.ids import PersonId, PlaceId
from escalation.plan import SafetyPlan

LONGEST_SESSION: Final = timedelta(hours=24)
"""Nobody works longer at a stretch; an end further off is a slip of the finger."""
LONGEST_REVIEW: Final = timedelta(days=90)
"""A flag is a statement about people who live there: it is looked at again, or it is dropped."""
TWO_PERSON_RULE: Final = "AFS 2023:2"
"""Where the risk of violence is evident, the task is not done alone."""
LINKED_SESSION: Final = "linked_session"
"""What is offered instead: two or more people, each with a session and timers of his own, in one group."""


@dataclass(frozen=True, slots=True)
class Flag:
    """Why nobody works there alone, who answers for that, and when it is looked at again."""

    owner: PersonId
    ground: str
    review_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFacts:
    """What is known of a place, as far as this committee may know it.

    flag: None where no risk is recorded, or where the ground is another committee's secret; the risk counts anyway.
    no_coverage: there was no signal the last time; last_bad_at: when that was.
    """

    risk: Risk = Risk.NONE
    flag: Flag | None = None
    no_coverage: bool = False
    last_bad_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRequest:
    """What a worker asks for.

    check_in_every, ends_at: None where he names none; with neither, the plan's usual interval applies.
    companions: who else is there, or follows from elsewhere. group: the same for all linked sessions, made by the
    caller. recording: where a spoken memo is kept; opaque. made_at: when he asked by the phone's word, None: just now.
    """

    person_id: PersonId
    purpose: str
    place_id: PlaceId | None = None
    check_in_every: timedelta | None = None
    ends_at: datetime | None = None
    companions: tuple[PersonId, ...] = ()
    group: UUID | None = None
    memo: str | None = None
    recording: str | None = None
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """It may start. shortened: the interval is the plan's for a place without coverage, not the one asked for.

    memo_wanted: the place asks for a memo; one was given. review_overdue: the place's flag should have been looked at.
    """

    check_in_every: timedelta | None
    shortened: bool = False
    memo_wanted: bool = False
    review_overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAllowed:
    """It may not start. reason is a key for the words; rule, ground, review_on and owner say on what authority.

    offer: what may be started instead, empty where nothing is.
    """

    reason: str
    rule: str = ""
    ground: str = ""
    owner: PersonId | None = None
    review_on: date | None = None
    review_overdue: bool = False
    offer: str = ""


def judge(
    request: StartRequest, place: PlaceFacts | None, plan: SafetyPlan, now: datetime, today: date
) -> Allowed | NotAllowed:
    """Say whether a session may start, and with which interval.

    place: None where the worker names no place. today: the local day, for the flag's review.
    """
    place = place or PlaceFacts()
    if not request.purpose.strip():
        return NotAllowed(reason="purpose")
    if request.person_id in request.companions:
        return NotAllowed(reason="own_companion")
    every = request.check_in_every
    if every is not None and not plan.shortest_check_in <= every <= plan.longest_check_in:
        return NotAllowed(reason="interval")
    if request.ends_at is not None and not now < request.ends_at <= now + LONGEST_SESSION:
        return NotAllowed(reason="end")
    if (refused := _two_person_rule(request, place, today)) is not None:
        return refused
    if every is None and request.ends_at is None:
        every = plan.usual_check_in
    shortened = place.no_coverage and (every is None or every > plan.no_coverage_interval)
    if place.no_coverage and not (request.memo or "").strip() and not request.recording:
        return NotAllowed(reason="memo_wanted")
    return Allowed(
        check_in_every=plan.no_coverage_interval if shortened else every,
        shortened=shortened,
        memo_wanted=place.no_coverage,
        review_overdue=_review_overdue(place, today),
    )


def flag_faults(owner: PersonId | None, ground: str, review_on: date | None, today: date) -> tuple[str, ...]:
    """Say what a flag lacks before it may be set: an owner, a ground, a review within 90 days; empty if nothing."""
    faults = []
    if owner is None:
        faults.append("owner")
    if not ground.strip():
        faults.append("ground")
    if review_on is None:
        faults.append("review_on")
    elif review_on < today:
        faults.append("review_past")
    elif review_on > today + LONGEST_REVIEW:
        faults.append("review_too_far")
    return tuple(faults)


def nobody_alone(risk: Risk) -> bool:
    """Say whether the risk of a place asks for two: there a session by oneself is refused."""
    return risk >= Risk.EVIDENT


def _two_person_rule(request: StartRequest, place: PlaceFacts, today: date) -> NotAllowed | None:
    if not nobody_alone(place.risk):
        return None
    if not request.companions:
        reason = "two_person_rule"
    elif request.group is None:
        # Being two on paper is not enough: each has timers of his own, and the group ties them.
        reason = "not_linked"
    else:
        return None
    return NotAllowed(
        reason=reason,
        rule=TWO_PERSON_RULE,
        ground=place.flag.ground if place.flag else "",
        owner=place.flag.owner if place.flag else None,
        review_on=place.flag.review_on if place.flag else None,
        review_overdue=_review_overdue(place, today),
        offer=LINKED_SESSION,
    )


def _review_overdue(place: PlaceFacts, today: date) -> bool:
    """A flag past its review still counts: nobody has said that the danger is over."""
    return place.flag is not None and place.flag.review_on < today
