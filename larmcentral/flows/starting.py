"""The beginning of sessions: who and where, what the rules say of it, and those that are linked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from escalation.chain import Risk
from escalation.ids import PersonId, PlaceId, VigilId
from escalation.incident import Refused
from escalation.plan import SafetyPlan
from escalation.session import Session
from escalation.session_course import start_session
from escalation.session_late import STARTED
from escalation.session_rules import Allowed, Flag, NotAllowed, PlaceFacts, StartRequest, judge
from escalation.vigil import VigilKind
from larmcentral.domain.errors import NotFound, RefusedByRule
from larmcentral.domain.place import KnownPlace
from larmcentral.domain.record import Subject
from larmcentral.domain.session_start import SessionStart
from larmcentral.domain.vigil import VigilChange, VigilCore
from larmcentral.flows.means import Means
from larmcentral.flows.presence import come_with_session
from larmcentral.flows.silence import look_with_session
from larmcentral.flows.transact import Sight
from larmcentral.flows.vigils import begun
from larmcentral.ports import Transaction

MOST_LINKED: Final = 10
"""Of one start: a task force, not a department."""


async def begin_sessions(
    tx: Transaction, start: SessionStart, sight: Sight, means: Means
) -> tuple[VigilId, list[VigilChange], datetime]:
    """Return the id of a person's session, then the sessions of him and of those linked to him, his own first, with
    what their devices' supervision comes to, and when all that began. A start that is told again begins nothing.

    Raises NotFound, Refused ("session_runs", "linked_twice") or RefusedByRule.
    """
    everybody = (start.person_id, *start.linked)
    if len(set(everybody)) < len(everybody) or len(start.linked) > MOST_LINKED:
        raise Refused("linked_twice")
    subjects = [await known_person(tx, person_id, sight) for person_id in everybody]
    locked = await tx.lock_running([(VigilKind.SESSION, subject) for subject in subjects])
    if start.made_at is not None:
        before = locked.records or (await tx.lock_last_ended(VigilKind.SESSION, subjects[0])).records
        for record in before.values():
            if record.subject.key == subjects[0].key and was_begun_by(record.core, start.made_at):
                return record.id, [], locked.now
    if locked.records:
        runs = next(iter(locked.records.values()))
        raise RefusedByRule("session_runs", {"person": str(runs.subject.person_id)})
    place = await known_place(tx, subjects[0], start.place_id)
    plans = await tx.plans(subjects)
    group = means.ids.new() if start.linked else None
    changes = []
    for subject, plan in zip(subjects, plans, strict=True):
        request = _request(start, _person(subject), everybody, group)
        allowed = _allowed(request, place, plan, sight, means, locked.now)
        decision = start_session(request, allowed, plan, locked.now)
        await come_with_session(tx, subject, decision.core, place, locked.now)
        changes.append(begun(subject, VigilKind.SESSION, decision, means))
    for subject in subjects:
        changes.extend(await look_with_session(tx, subject, locked.now))
    return changes[0].after.id, changes, locked.now


def was_begun_by(core: VigilCore, made_at: datetime) -> bool:
    """Say whether a session is the one that a phone asked for at this time of its own."""
    return isinstance(core, Session) and (STARTED, made_at) in core.acts


async def known_person(tx: Transaction, person_id: PersonId, sight: Sight | None) -> Subject:
    """Return a person as the subject of what is watched. sight: of whoever asks, None for the person himself.

    Raises NotFound.
    """
    subject = await tx.subject_of_person(person_id)
    if subject is None or (sight is not None and subject.committee_id not in sight):
        raise NotFound("person")
    return subject


async def known_place(tx: Transaction, subject: Subject, place_id: PlaceId | None) -> KnownPlace | None:
    """Return the place a person names; also another committee's, as its danger is his too. Raises NotFound."""
    if place_id is None:
        return None
    place = await tx.place(place_id)
    if place is None or place.organisation_id != subject.organisation_id:
        raise NotFound("place")
    return place


def _request(
    start: SessionStart, person_id: PersonId, everybody: Sequence[PersonId], group: UUID | None
) -> StartRequest:
    together = (one for one in (*everybody, *start.companions) if one != person_id)
    return StartRequest(
        person_id=person_id,
        purpose=start.purpose,
        place_id=start.place_id,
        check_in_every=start.check_in_every,
        ends_at=start.ends_at,
        companions=tuple(dict.fromkeys(together)),
        group=group,
        memo=start.memo,
        recording=start.recording,
        made_at=start.made_at,
    )


def _allowed(
    request: StartRequest,
    place: KnownPlace | None,
    plan: SafetyPlan,
    sight: Sight,
    means: Means,
    now: datetime,
) -> Allowed:
    facts = None if place is None else _facts(place, sight)
    today = now.astimezone(ZoneInfo(means.calendar.zone)).date()
    verdict = judge(request, facts, plan, now, today)
    match verdict:
        case Allowed():
            return verdict
        case NotAllowed():
            raise RefusedByRule(verdict.reason, _fields(verdict))


def _facts(place: KnownPlace, sight: Sight) -> PlaceFacts:
    """What may be known of a place: the danger always; why, and who says so, only where its committee is one's own."""
    flag = place.flag
    own = flag is not None and place.committee_id in sight
    return PlaceFacts(
        risk=Risk.NONE if flag is None else flag.risk,
        flag=Flag(flag.owner_id, flag.ground, flag.review_on) if flag is not None and own else None,
        no_coverage=place.no_signal_at is not None,
        last_bad_at=place.no_signal_at,
    )


def _fields(verdict: NotAllowed) -> dict[str, str]:
    """What the words on the screen need of a refusal; nothing that is empty."""
    said = {
        "rule": verdict.rule,
        "ground": verdict.ground,
        "owner": "" if verdict.owner is None else str(verdict.owner),
        "review_on": "" if verdict.review_on is None else verdict.review_on.isoformat(),
        "review_overdue": "true" if verdict.review_overdue else "",
        "offer": verdict.offer,
    }
    return {name: value for name, value in said.items() if value}


def _person(subject: Subject) -> PersonId:
    if subject.person_id is None:
        raise AssertionError("a person's subject names him")
    return subject.person_id
