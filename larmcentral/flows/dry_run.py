"""Who would be called: the real walk along a chain that nobody answers, with rota and calendar as of then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from escalation.alarm import AlarmKind
from escalation.chain import BuildingTarget, Contact, EscalationChain, NearestTarget, Roster, Target
from escalation.dry_run import Call, CallKind, DryRunTooLong, dry_run_by_rosters
from escalation.ids import CommitteeId, PersonId, UnitId
from escalation.incident import Refused
from larmcentral.domain.errors import NotFound
from larmcentral.domain.record import Subject
from larmcentral.domain.views_house import DryCall
from larmcentral.flows.asking import together
from larmcentral.flows.means import Means
from larmcentral.flows.open_incidents import DESK_ALONE, NO_CHAIN
from larmcentral.flows.rosters import RosterAsk, rosters
from larmcentral.flows.transact import Sight
from larmcentral.ports import Transaction


class DryRun:
    """Answers "who would be called at Saturday 02:00 for a fall in Nord, and when"; changes nothing."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def who_would_be_called(
        self,
        *,
        person_id: PersonId | None,
        unit_id: UnitId | None,
        committee_id: CommitteeId,
        kind: AlarmKind,
        silent: bool,
        at: datetime,
        sight: Sight,
    ) -> Sequence[DryCall]:
        """Return the calls of an alarm that nobody answers, in order, until its chain is used up for the first time.

        Of a person, else of a unit, else of the committee. Who is near, or in the building, is as of now and says so.
        Raises NotFound, Refused ("dry_run_too_long"), StoreUnavailable.
        """
        async with self._means.store.transaction(sight) as tx:
            subject = await _subject(tx, person_id, unit_id, committee_id)
            subject = subject.as_technical() if kind.technical else subject.as_covert() if silent else subject
            walk = _Walk(tx, subject, self._means)
            try:
                calls = await walk.run(kind, silent, at)
            except DryRunTooLong:
                raise Refused("dry_run_too_long") from None
            names = {i: await _name(tx, i) for i in {call.person_id for call in calls if call.person_id is not None}}
            return tuple(_view(call, names, walk) for call in calls)


class _Walk:
    """One dry run inside one transaction."""

    def __init__(self, tx: Transaction, subject: Subject, means: Means) -> None:
        self._tx, self._subject, self._means = tx, subject, means
        self._now = means.clock.now()
        self._known: dict[datetime, Roster] = {}
        self._near: Roster | None = None

    async def run(self, kind: AlarmKind, silent: bool, at: datetime) -> tuple[Call, ...]:
        chain, graver = await self._chains(kind)
        walk = dry_run_by_rosters(
            chain, kind=kind, silent=silent, begins_at=at, subject=self._subject.person_id, graver=graver
        )
        moment = next(walk)
        while True:
            roster = await self._roster(moment, [one for one in (chain, graver) if one is not None])
            try:
                moment = walk.send(roster)
            except StopIteration as end:
                calls: tuple[Call, ...] = end.value
                return calls

    def near(self, person_id: PersonId) -> bool:
        """Say whether a person is called because he is near, or in the building, just now."""
        behind = [] if self._near is None else [set(points) for points in self._near.contacts.values()]
        return any(contact.person_id == person_id for points in behind for contact in points)

    async def _chains(self, kind: AlarmKind) -> tuple[EscalationChain, EscalationChain | None]:
        (found,) = await self._tx.chains([(self._subject, kind)])
        chain = found or (DESK_ALONE if kind.technical else NO_CHAIN)
        if chain.upgrade_to is None:
            return chain, None
        (graver,) = await self._tx.chains([(self._subject, chain.upgrade_to)])
        return chain, graver

    async def _roster(self, at: datetime, chains: Sequence[EscalationChain]) -> Roster:
        """Return who stands behind the targets then. Rotas and conditions turn on whole minutes, so one a minute."""
        minute = at.replace(second=0, microsecond=0)
        if minute not in self._known:
            asks = [RosterAsk(self._subject, chain) for chain in chains]
            found = await rosters(self._tx, asks, self._means, at)
            if self._near is None:
                self._near = _only_near(await rosters(self._tx, asks, self._means, self._now))
            then = found[0] if len(found) == 1 else together(found[0], found[1])
            self._known[minute] = together(then, self._near)
        return self._known[minute]


def _only_near(found: Sequence[Roster]) -> Roster:
    contacts: dict[Target, tuple[Contact, ...]] = {
        target: points
        for roster in found
        for target, points in roster.contacts.items()
        if isinstance(target, NearestTarget | BuildingTarget)
    }
    return Roster(contacts)


async def _subject(
    tx: Transaction, person_id: PersonId | None, unit_id: UnitId | None, committee_id: CommitteeId
) -> Subject:
    if person_id is not None:
        found = await tx.subject_of_person(person_id)
    else:
        found = await tx.subject_of_house(committee_id, unit_id)
    if found is None:
        raise NotFound("person" if person_id is not None else "unit")
    return found


async def _name(tx: Transaction, person_id: PersonId) -> str | None:
    facts = await tx.person_facts(person_id)
    return None if facts is None else facts.name


def _view(call: Call, names: dict[PersonId, str | None], walk: _Walk) -> DryCall:
    return DryCall(
        after_s=call.after_s,
        what=_word(call.kind),
        step=call.step,
        round=1,
        person_id=call.person_id,
        person=None if call.person_id is None else names[call.person_id],
        channel=None if call.channel is None else call.channel.value,
        receiver=call.receiver,
        why=call.why or None,
        as_of_now=call.person_id is not None and walk.near(call.person_id),
    )


def _word(kind: CallKind) -> str:
    match kind:
        case CallKind.PERSON:
            return "told"
        case CallKind.DESK | CallKind.RECEIVER | CallKind.PASSED_OVER | CallKind.UPGRADED | CallKind.NO_CHAIN:
            word: str = kind.value
            return word
        case CallKind.USED_UP:
            return "used_up"
        case _:
            assert_never(kind)
