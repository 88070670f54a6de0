"""What people make an incident do, each command one transaction: lock, decide, file, then send."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from escalation.action_plan import ActionPlan, StepRecord, chosen
from escalation.alarm import AlarmKind
from escalation.chain import PersonTarget, Target
from escalation.decide import decide
from escalation.effects import Entry, EntryKind
from escalation.events import (
    Acknowledged,
    Actor,
    Arrived,
    ClosingAnswer,
    Declined,
    EscalatedNow,
    Event,
    HandedOver,
    JumpedTo,
    MessageSent,
    MessageTo,
    NoteAdded,
    OnTheWay,
    Operator,
    Outcome,
    PeopleAdded,
    PutBack,
    PutOnHold,
    Responder,
    SosCall,
    SosMoment,
    StepRecorded,
    StoodDown,
)
from escalation.ids import IncidentId, PersonId, UserId
from escalation.incident import Decision, Refused, State
from escalation.purpose import Purpose
from escalation.vigil import VigilKind
from larmcentral.domain.errors import NotFound
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.record import Subject, unchanged
from larmcentral.flows.deciding import Deciding, Held, hold
from larmcentral.flows.drills import start_drill
from larmcentral.flows.merging import merge
from larmcentral.flows.saving import save_changes
from larmcentral.flows.sessions import resume_sessions
from larmcentral.flows.transact import Sight, transact
from larmcentral.ports import Transaction


class Escalate(Deciding):
    """Commands of people. All raise Refused, NotFound or StoreUnavailable."""

    async def acknowledge(self, incident_id: IncidentId, by: Operator | Responder, sight: Sight) -> None:
        """Take charge of it."""

        async def say(held: Held) -> Event:
            return Acknowledged(by, await held.roster())

        await self._decide(incident_id, sight, say)

    async def on_the_way(self, incident_id: IncidentId, by: Responder, sight: Sight) -> None:
        """Go there."""

        async def say(held: Held) -> Event:
            return OnTheWay(by, await held.roster())

        await self._decide(incident_id, sight, say)

    async def arrived(self, incident_id: IncidentId, by: Responder, sight: Sight) -> None:
        """Be on site."""

        async def say(held: Held) -> Event:
            return Arrived(by, await held.roster())

        await self._decide(incident_id, sight, say)

    async def decline(self, incident_id: IncidentId, by: Responder, sight: Sight) -> None:
        """Say that one cannot."""

        async def say(held: Held) -> Event:
            return Declined(by, await held.roster())

        await self._decide(incident_id, sight, say)

    async def note(self, incident_id: IncidentId, by: Operator | Responder, text: str, sight: Sight) -> None:
        """Write words on the timeline."""

        async def say(held: Held) -> Event:
            return NoteAdded(by, text)

        await self._decide(incident_id, sight, say)

    async def escalate_now(self, incident_id: IncidentId, by: Operator, sight: Sight) -> None:
        """Begin the next step without waiting."""

        async def say(held: Held) -> Event:
            return EscalatedNow(by, await held.roster())

        await self._decide(incident_id, sight, say)

    async def jump(self, incident_id: IncidentId, by: Operator, step: int, sight: Sight) -> None:
        """Begin a step out of turn. step: index in the incident's own chain."""

        async def say(held: Held) -> Event:
            return JumpedTo(by, step, await held.roster())

        await self._decide(incident_id, sight, say)

    async def add_people(self, incident_id: IncidentId, by: Operator, targets: Sequence[Target], sight: Sight) -> None:
        """Tell further people at once. targets: one or more."""

        async def say(held: Held) -> Event:
            return PeopleAdded(by, tuple(targets), await held.roster(*targets))

        await self._decide(incident_id, sight, say)

    async def hold(self, incident_id: IncidentId, by: Operator, wait: timedelta, sight: Sight) -> None:
        """Keep the next step waiting."""

        async def say(held: Held) -> Event:
            return PutOnHold(by, wait)

        await self._decide(incident_id, sight, say)

    async def merge(self, incident_id: IncidentId, into: IncidentId, by: Operator, sight: Sight) -> None:
        """Say that two incidents of one person are the same matter; the first ends, the second goes on for both.

        A worker who is still out alone is watched on, as after any end of what he sees.
        """
        resumed = _watched_on(await self._subject_of(incident_id, sight))

        async def act(tx: Transaction) -> tuple[None, Sequence[OutgoingNotice]]:
            now = (await tx.lock_running([(VigilKind.SESSION, one) for one in resumed])).now
            notices = await merge(tx, incident_id, into, by, self._means)
            return None, [*notices, *await resume_sessions(tx, resumed, by, self._means, now)]

        await transact(self._means, sight, act)

    async def stamp(self, incident_id: IncidentId, by: Operator, what: str, text: str, sight: Sight) -> None:
        """Stamp a moment of the operator's own call to the emergency services; the server never makes that call.

        what: dialled, answered or case_number, else Refused "bad_moment".
        """
        if what not in {moment.value for moment in SosMoment}:
            raise Refused("bad_moment")

        async def say(held: Held) -> Event:
            return SosCall(by, SosMoment(what), text)

        await self._decide(incident_id, sight, say)

    async def record_step(
        self, incident_id: IncidentId, by: Operator, key: str, record: StepRecord, sight: Sight
    ) -> None:
        """Say what came of a step of the plan that goes with it now; NotFound where that has no such step."""

        async def say(held: Held) -> Event:
            plan = await _plan_of(held)
            step = None if plan is None else plan.step(key)
            if plan is None or step is None:
                raise NotFound(f"step of incident {incident_id}")
            return StepRecorded(by, plan, step, record, await held.tx.newest_record(incident_id, plan.id, key))

        await self._decide(incident_id, sight, say)

    async def send_message(self, incident_id: IncidentId, by: Operator, to: MessageTo, text: str, sight: Sight) -> None:
        """Send words to those who go there, or to the wearer."""

        async def say(held: Held) -> Event:
            incident = held.record.incident
            people = [one.person_id for one in incident.responders]
            if to is MessageTo.WEARER:
                people = [] if incident.subject is None else [incident.subject]
            return MessageSent(by, to, text, await held.roster(*map(PersonTarget, people)))

        await self._decide(incident_id, sight, say)

    async def hand_over(self, incident_id: IncidentId, by: Operator, to: UserId, sight: Sight) -> None:
        """Give it to another operator, who must be at the desk (else Refused "not_at_desk")."""

        async def say(held: Held) -> Event:
            seats = await held.tx.at_desk(held.record.subject.committee_id)
            found = [seat.operator for seat in seats if seat.operator.user_id == to]
            if not found and to != by.user_id:
                raise Refused("not_at_desk")
            return HandedOver(by, found[0] if found else by)

        await self._decide(incident_id, sight, say)

    async def put_back(self, incident_id: IncidentId, by: Operator, sight: Sight) -> None:
        """Return it to the queue, for a graver one."""

        async def say(held: Held) -> Event:
            return PutBack(by, await held.roster())

        await self._decide(incident_id, sight, say)

    async def stand_down(
        self,
        incident_id: IncidentId,
        by: Actor,
        outcome: Outcome,
        note: str,
        sight: Sight | None,
        closing: tuple[ClosingAnswer, ...] | None = None,
    ) -> None:
        """End the response with a verdict. A worker who is still out alone is watched on.

        closing: the answers of whoever was shown the form, None for whoever was shown none.
        """
        subject = await self._subject_of(incident_id, sight)
        resumed = _watched_on(subject)

        async def say(held: Held) -> Event:
            return StoodDown(by, outcome, note, await held.roster(), closing)

        async def act(tx: Transaction) -> tuple[None, Sequence[OutgoingNotice]]:
            # Vigils come before incidents, here as everywhere.
            await tx.lock_running([(VigilKind.SESSION, one) for one in resumed])
            held = await hold(tx, incident_id, self._means)
            decision = decide(held.record.incident, await say(held), held.now)
            notices = await save_changes(tx, [unchanged(held.record).then(decision)], self._means)
            return None, [*notices, *await resume_sessions(tx, resumed, by, self._means, held.now)]

        await transact(self._means, sight, act)

    async def shown(self, incident_id: IncidentId, by: Operator, sight: Sight) -> None:
        """An operator's screen shows it for the first time; later times change nothing."""

        async def look(tx: Transaction) -> tuple[None, Sequence[OutgoingNotice]]:
            held = await hold(tx, incident_id, self._means)
            record = held.record
            if record.shown_at is not None or record.incident.state is State.STOOD_DOWN:
                return None, ()
            entry = Entry(EntryKind.SHOWN, held.now, by)
            change = unchanged(record).then(Decision(record.incident, entries=(entry,)))
            return None, await save_changes(tx, [change.shown(held.now)], self._means)

        await transact(self._means, sight, look)

    async def start_drill(self, person_id: PersonId, kind: AlarmKind, by: Operator, sight: Sight) -> IncidentId:
        """Open a drill about a person, on the chain an alarm of his would take. It is born a drill."""

        async def act(tx: Transaction) -> tuple[IncidentId, Sequence[OutgoingNotice]]:
            return await start_drill(tx, person_id, kind, by, self._means)

        return await transact(self._means, sight, act)

    async def _subject_of(self, incident_id: IncidentId, sight: Sight | None) -> Subject:
        """Whom it is about; that never changes, so it may be asked for in a transaction of its own."""
        async with self._means.store.transaction(sight) as tx:
            return (await hold(tx, incident_id, self._means)).record.subject


async def _plan_of(held: Held) -> ActionPlan | None:
    """The plan that goes with an incident: of its kind, and of its person's unit or its place's."""
    record, tx = held.record, held.tx
    unit_id = record.subject.unit_id
    if unit_id is None and record.place_id is not None and (known := await tx.place(record.place_id)) is not None:
        unit_id = known.place.unit_id
    plans = await tx.action_plans(record.subject.organisation_id, record.subject.committee_id)
    return chosen(plans, record.incident.kind, unit_id, record.place_id)


def _watched_on(subject: Subject) -> list[Subject]:
    """The person whose session may go on when his visible incident ends; a covert one must not show there."""
    visible = subject.person_id is not None and not (subject.covert or subject.technical)
    return [subject] if visible and subject.purpose is Purpose.REAL else []
