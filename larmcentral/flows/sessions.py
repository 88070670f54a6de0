"""Lone work as people command it: sessions, check-ins, welfare questions and countdowns, each one transaction.

A phone may have been out of reach: what it says carries a time of its own, made_at, and may come twice. The session
it was done in may have ended since; it is told of it even so.

What a PIN given under duress leads to differs from the plain one by a covert incident and by nothing else: the same
vigils are locked and saved, and the phone gets the same answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from escalation.alarm import AlarmKind
from escalation.events import Actor, Operator, Responder, Wearer
from escalation.ids import PersonId, PlaceId, VigilId
from escalation.incident import Refused
from escalation.plan import countdown_of
from escalation.pre_alarm import (
    Again,
    Cancelled,
    CancelledUnderDuress,
    Confirmed,
    PreAlarmEvent,
    start_pre_alarm,
)
from escalation.session import Session
from escalation.session_events import (
    CheckedIn,
    Ended,
    Extended,
    MemoGiven,
    Resumed,
    SessionEvent,
    WelfareAsked,
    WelfareRefused,
)
from escalation.session_late import done_at
from escalation.vigil import DURESS_CALL, VigilKind
from larmcentral.domain.alarm_kind import COUNTED_DOWN
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.record import Subject
from larmcentral.domain.session_start import SessionStart
from larmcentral.domain.vigil import VigilChange, undecided
from larmcentral.flows.alarms import raise_alarms
from larmcentral.flows.carry import carry_out
from larmcentral.flows.means import Means
from larmcentral.flows.open_incidents import Call
from larmcentral.flows.presence import come_on_shift
from larmcentral.flows.saving import save_changes
from larmcentral.flows.session_acts import Decide, heard_there, leaves, of_the_last, stays
from larmcentral.flows.starting import begin_sessions, known_person, known_place
from larmcentral.flows.transact import Sight, store_now, transact
from larmcentral.flows.vigils import begun, of_pre_alarm, of_session
from larmcentral.ports import Transaction

NO_SESSION: Final = "no_session"
NO_PRE_ALARM: Final = "no_pre_alarm"

_After = Callable[[Transaction, Session, datetime], Awaitable[None]]


class LoneWork:
    """Commands of workers, operators and colleagues. Raises Refused, NotFound or StoreUnavailable."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def start(self, start: SessionStart, by: Wearer | Operator, sight: Sight) -> VigilId:
        """Begin a session, and those of persons linked to it; return the first one's id. Asked for again with the same
        made_at it is the same one, running or over.

        Raises RefusedByRule where the place or the plan forbids it, with the rule's words and what is offered instead;
        NotFound for a person or place that does not exist or may not be seen.
        """
        if isinstance(by, Wearer) and by.person_id != start.person_id:
            raise Refused("not_the_wearer")

        async def begin(tx: Transaction) -> tuple[VigilId, Sequence[OutgoingNotice]]:
            session_id, changes, now = await begin_sessions(tx, start, sight, self._means)
            return session_id, await carry_out(tx, changes, self._means, now) if changes else ()

        return await transact(self._means, None, begin)

    async def check_in(
        self, person_id: PersonId, *, how: str, duress: bool = False, made_at: datetime | None = None
    ) -> None:
        """Say that all is well. how: "app", "button", "call" ..."""
        event = CheckedIn(Wearer(person_id), how, duress, made_at)
        await self._in_session(person_id, event, duress=duress, after=heard_there)

    async def extend(
        self, person_id: PersonId, until: datetime, by: Wearer | Operator, *, made_at: datetime | None = None
    ) -> None:
        """Say that it will take longer, or less long. An operator does it for a worker whom he has on the phone."""
        await self._in_session(person_id, Extended(by, until, made_at), after=stays)

    async def end(
        self,
        person_id: PersonId,
        by: Wearer | Operator,
        *,
        how: str,
        duress: bool = False,
        made_at: datetime | None = None,
    ) -> None:
        """Say that the worker has arrived safely; an operator's word ends the session and no incident."""
        await self._in_session(person_id, Ended(by, how, duress, made_at), duress=duress, after=leaves)

    async def write_memo(self, person_id: PersonId, memo: str, *, made_at: datetime | None = None) -> None:
        """Put words about the visit behind those that are there, with the local time of day at which they were said."""
        by, zone = Wearer(person_id), ZoneInfo(self._means.calendar.zone)

        def decide(change: VigilChange, now: datetime) -> tuple[VigilChange, str | None]:
            said_at = done_at(made_at, now).astimezone(zone)
            return of_session(change, MemoGiven(by, f"{said_at:%H:%M} {memo}", made_at), now)

        await self._act(person_id, VigilKind.SESSION, decide, NO_SESSION)

    async def ask_welfare(self, person_id: PersonId, by: Operator | Responder, sight: Sight) -> None:
        """Ask how the worker is; whoever does not answer in time is looked for."""
        await self._in_session(person_id, WelfareAsked(by), sight=sight)

    async def answer_welfare(
        self, person_id: PersonId, *, fine: bool, duress: bool = False, made_at: datetime | None = None
    ) -> None:
        """Answer that question. Not fine calls for help at once."""
        by = Wearer(person_id)
        event: SessionEvent = CheckedIn(by, "welfare", duress, made_at) if fine else WelfareRefused(by, made_at)
        if duress and not fine:
            # First, and by itself: whoever made her say no may also be the reason why no session runs.
            await self.call_under_duress(person_id)
        await self._in_session(person_id, event, duress=fine and duress)

    async def begin_pre_alarm(
        self, person_id: PersonId, kind: AlarmKind, *, event_at: datetime | None, silent: bool = False
    ) -> None:
        """The phone felt a fall or stillness: count down before help is called. One that counts already goes on."""
        if kind not in COUNTED_DOWN:
            raise Refused("not_counted_down")

        async def begin(tx: Transaction) -> tuple[None, Sequence[OutgoingNotice]]:
            subject = await known_person(tx, person_id, None)
            locked = await tx.lock_running([(VigilKind.PRE_ALARM, subject)])
            (plan,) = await tx.plans([subject])
            running = [undecided(record) for record in locked.records.values()]
            if running:
                again = Again(kind, countdown_of(plan, kind))
                change, _ = of_pre_alarm(running[0], again, locked.now)
            else:
                decision = start_pre_alarm(person_id, kind, plan, locked.now, event_at=event_at, silent=silent)
                change = begun(subject, VigilKind.PRE_ALARM, decision, self._means)
            return None, await carry_out(tx, [change], self._means, locked.now)

        await transact(self._means, None, begin)

    async def cancel_pre_alarm(self, person_id: PersonId, *, how: str, duress: bool = False) -> None:
        """Say that nothing happened. how: "pin" or "button"."""
        by = Wearer(person_id)
        await self._in_countdown(person_id, CancelledUnderDuress(by) if duress else Cancelled(by, how), duress=duress)

    async def confirm_pre_alarm(self, person_id: PersonId) -> None:
        """Want help now, and not at the end of the countdown."""
        await self._in_countdown(person_id, Confirmed(Wearer(person_id)), late=False)

    async def call_under_duress(self, person_id: PersonId) -> None:
        """Call for help covertly, where a PIN was given under duress that may end nothing any more."""

        async def call(tx: Transaction) -> tuple[None, Sequence[OutgoingNotice]]:
            subject = await known_person(tx, person_id, None)
            return None, await self._under_duress(tx, subject, await store_now(tx))

        await transact(self._means, None, call)

    async def on_shift(self, person_id: PersonId, until: datetime, place_id: PlaceId | None) -> None:
        """Be at work until then, and let colleagues nearby be found by the last position."""

        async def come(tx: Transaction) -> tuple[None, Sequence[OutgoingNotice]]:
            subject = await known_person(tx, person_id, None)
            place = await known_place(tx, subject, place_id)
            now = (await tx.lock_running([(VigilKind.SESSION, subject)])).now
            if until <= now:
                raise Refused("end")
            await come_on_shift(tx, subject, until, place, now)
            return None, ()

        await transact(self._means, None, come)

    async def off_shift(self, person_id: PersonId) -> None:
        """Be at work no more; the last position is forgotten."""

        async def leave(tx: Transaction) -> tuple[None, Sequence[OutgoingNotice]]:
            await tx.depart(person_id)
            return None, ()

        await transact(self._means, None, leave)

    async def _in_session(
        self,
        person_id: PersonId,
        event: SessionEvent,
        *,
        sight: Sight | None = None,
        duress: bool = False,
        after: _After | None = None,
    ) -> None:
        """Let something happen to the person's running session."""

        async def then(tx: Transaction, change: VigilChange, now: datetime) -> None:
            if after is not None and isinstance(change.after.core, Session):
                await after(tx, change.after.core, now)

        def decide(change: VigilChange, now: datetime) -> tuple[VigilChange, str | None]:
            return of_session(change, event, now)

        await self._act(person_id, VigilKind.SESSION, decide, NO_SESSION, sight=sight, duress=duress, then=then)

    async def _in_countdown(
        self, person_id: PersonId, event: PreAlarmEvent, *, duress: bool = False, late: bool = True
    ) -> None:
        """Let something happen to the person's running pre-alarm. late: no harm in saying it again after its end."""

        def decide(change: VigilChange, now: datetime) -> tuple[VigilChange, str | None]:
            return of_pre_alarm(change, event, now)

        await self._act(person_id, VigilKind.PRE_ALARM, decide, NO_PRE_ALARM, duress=duress, late=late)

    async def _act(
        self,
        person_id: PersonId,
        kind: VigilKind,
        decide: Decide,
        none: str,
        *,
        sight: Sight | None = None,
        duress: bool = False,
        late: bool = True,
        then: Callable[[Transaction, VigilChange, datetime], Awaitable[None]] | None = None,
    ) -> None:
        """Decide about a running vigil; with late, about the last one where that knows the act or hears of it late.

        none: the reason where there is neither; under duress help is called even so.
        """

        async def act(tx: Transaction) -> tuple[str | None, Sequence[OutgoingNotice]]:
            subject = await known_person(tx, person_id, sight)
            locked = await tx.lock_running([(kind, subject)])
            running = next((undecided(record) for record in locked.records.values()), None)
            if running is None:
                over = await of_the_last(tx, kind, subject, decide) if late else None
                if over is not None:
                    return None, await carry_out(tx, [over], self._means, locked.now)
                return none, await self._under_duress(tx, subject, locked.now) if duress else ()
            change, refused = decide(running, locked.now)
            if then is not None and refused is None:
                await then(tx, change, locked.now)
            return refused, await carry_out(tx, [change], self._means, locked.now)

        refused = await transact(self._means, None, act)
        if refused is not None:
            # Said after the commit: a call for help that came with it stands.
            raise Refused(refused)

    async def _under_duress(self, tx: Transaction, subject: Subject, now: datetime) -> Sequence[OutgoingNotice]:
        call = Call(subject=subject, kind=DURESS_CALL.kind, silent=True, why=DURESS_CALL.why)
        return await save_changes(tx, await raise_alarms(tx, [call], self._means, now), self._means)


async def resume_sessions(
    tx: Transaction, subjects: Sequence[Subject], by: Actor, means: Means, now: datetime
) -> Sequence[OutgoingNotice]:
    """What sessions had raised was stood down while their workers are still out: the watch over them goes on.

    To be called in the transaction of the stand-down, for the subjects of visible incidents.
    """
    people = [subject for subject in subjects if subject.person_id is not None and not subject.technical]
    if not people:
        return ()
    locked = await tx.lock_running([(VigilKind.SESSION, subject) for subject in people])
    changes = [of_session(undecided(record), Resumed(by), now)[0] for record in locked.records.values()]
    return await carry_out(tx, changes, means, now) if changes else ()
