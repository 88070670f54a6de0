"""Who stands behind a chain's targets just now, loaded inside the transaction that decides.

Persons, teams and the desk cost one round trip for a whole batch, as the alarm's road has no time for more. Rotas,
managers, colleagues nearby and conditions ask further, and only for chains that name them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from escalation.chain import (
    BuildingTarget,
    Channel,
    Circumstances,
    Condition,
    Contact,
    EscalationChain,
    ManagerTarget,
    NearestTarget,
    OnCallTarget,
    PersonTarget,
    Risk,
    Roster,
    Target,
    TeamTarget,
)
from escalation.ids import OrganisationId, PersonId, RotaId, UnitId
from escalation.rota import Rota, on_call
from larmcentral.domain.place import Situation
from larmcentral.domain.record import Subject
from larmcentral.flows.means import Means
from larmcentral.flows.nearby import nearest_people, people_in_building
from larmcentral.ports import Transaction

NOWHERE: Final = Situation()

_Static = PersonTarget | TeamTarget
_Asked = OnCallTarget | ManagerTarget | NearestTarget | BuildingTarget
_Contacts = Mapping[Target, tuple[Contact, ...]]


@dataclass(frozen=True, slots=True)
class RosterAsk:
    """A chain and whom it is walked for. extra: targets beside the chain's own."""

    subject: Subject
    chain: EscalationChain
    extra: tuple[Target, ...] = ()

    @property
    def targets(self) -> frozenset[Target]:
        """Everything to look up."""
        return frozenset(self.extra).union(*(step.targets for step in self.chain.steps))


async def rosters(tx: Transaction, asks: Sequence[RosterAsk], means: Means, now: datetime) -> list[Roster]:
    """Return a roster for each ask, in their order. Raises what the transaction raises."""
    where = await _situations(tx, asks)
    persons = await _persons(tx, asks, where, means, now)
    contacts = _marked(await _contacts(tx, asks, persons), means.dead())
    found = []
    for ask, place, behind in zip(asks, where, persons, strict=True):
        known = contacts.get(ask.subject.organisation_id, {})
        own: dict[Target, tuple[Contact, ...]] = {
            target: _through(target, people, known) for target, people in behind.items()
        }
        found.append(Roster({**known, **own} if own else known, _circumstances(ask, place, means, now)))
    return found


async def roster_of(tx: Transaction, ask: RosterAsk, means: Means, now: datetime) -> Roster:
    """Return the roster of one chain."""
    (found,) = await rosters(tx, [ask], means, now)
    return found


async def _situations(tx: Transaction, asks: Sequence[RosterAsk]) -> list[Situation]:
    """Where alarms come from; asked only for those of whose chains something depends on it."""
    wanted = [ask for ask in asks if _depends_on_place(ask)]
    if not wanted:
        return [NOWHERE] * len(asks)
    found = iter(await tx.situations([ask.subject for ask in wanted]))
    return [next(found) if _depends_on_place(ask) else NOWHERE for ask in asks]


def _depends_on_place(ask: RosterAsk) -> bool:
    if any(isinstance(target, NearestTarget | BuildingTarget) for target in ask.targets):
        return True
    if any(step.when.risk > Risk.NONE for step in ask.chain.steps):
        return True
    of_unit = any(step.when.units for step in ask.chain.steps) or ManagerTarget() in ask.targets
    return of_unit and ask.subject.unit_id is None


async def _persons(
    tx: Transaction, asks: Sequence[RosterAsk], where: Sequence[Situation], means: Means, now: datetime
) -> list[dict[_Asked, tuple[PersonId, ...]]]:
    """Who stands behind those targets that are no persons or teams."""
    asked = [[target for target in ask.targets if isinstance(target, _Asked)] for ask in asks]
    rotas = await _rotas(tx, asked)
    managers = await _managers(tx, asks, asked, where)
    found = []
    for ask, place, targets in zip(asks, where, asked, strict=True):
        behind: dict[_Asked, tuple[PersonId, ...]] = {}
        for target in targets:
            match target:
                case OnCallTarget(rota_id):
                    rota = rotas.get(rota_id)
                    behind[target] = () if rota is None else on_call(rota, now, means.calendar.is_holiday)
                case ManagerTarget():
                    unit_id = _unit(ask.subject, place)
                    behind[target] = () if unit_id is None else managers.get(unit_id, ())
                case NearestTarget(count, within_m):
                    near = await nearest_people(tx, ask.subject, place, count, within_m, means, now)
                    behind[target] = tuple(near)
                case BuildingTarget():
                    behind[target] = tuple(await people_in_building(tx, ask.subject, place, means, now))
        found.append(behind)
    return found


async def _rotas(tx: Transaction, asked: Iterable[Sequence[_Asked]]) -> Mapping[RotaId, Rota]:
    wanted = {target.rota_id for targets in asked for target in targets if isinstance(target, OnCallTarget)}
    return await tx.rotas(wanted) if wanted else {}


async def _managers(
    tx: Transaction, asks: Sequence[RosterAsk], asked: Sequence[Sequence[_Asked]], where: Sequence[Situation]
) -> Mapping[UnitId, tuple[PersonId, ...]]:
    units = {
        unit_id
        for ask, place, targets in zip(asks, where, asked, strict=True)
        if ManagerTarget() in targets and (unit_id := _unit(ask.subject, place)) is not None
    }
    return await tx.managers(units) if units else {}


async def _contacts(
    tx: Transaction, asks: Sequence[RosterAsk], persons: Sequence[Mapping[_Asked, tuple[PersonId, ...]]]
) -> dict[OrganisationId, _Contacts]:
    wanted: dict[OrganisationId, set[Target]] = {}
    for ask, behind in zip(asks, persons, strict=True):
        targets = wanted.setdefault(ask.subject.organisation_id, set())
        targets.update(target for target in ask.targets if isinstance(target, _Static))
        targets.update(PersonTarget(person_id) for people in behind.values() for person_id in people)
    return {
        organisation_id: (await tx.roster(organisation_id, targets)).contacts
        for organisation_id, targets in wanted.items()
        if targets
    }


def _marked(contacts: dict[OrganisationId, _Contacts], dead: Collection[Channel]) -> Mapping[OrganisationId, _Contacts]:
    """Mark the contact points whose way out answers nobody just now."""
    if not dead:
        return contacts
    return {
        organisation_id: {
            target: tuple(replace(point, dead=True) if point.channel in dead else point for point in points)
            for target, points in known.items()
        }
        for organisation_id, known in contacts.items()
    }


def _through(target: _Asked, people: Sequence[PersonId], known: _Contacts) -> tuple[Contact, ...]:
    """The people's own contact points, in the order of the people; of the nearest no more people than are wanted."""
    usable = [points for person_id in people if (points := known.get(PersonTarget(person_id), ()))]
    if isinstance(target, NearestTarget):
        usable = _nearest(usable, target.count)
    return tuple(point for points in usable for point in points)


def _nearest(usable: Sequence[tuple[Contact, ...]], count: int) -> list[tuple[Contact, ...]]:
    """Take those who can be reached before those whose every way out is dead, and the nearest of each."""
    by_use = sorted(range(len(usable)), key=lambda place: all(point.dead for point in usable[place]))
    return [usable[place] for place in sorted(by_use[:count])]


def _circumstances(ask: RosterAsk, place: Situation, means: Means, now: datetime) -> Circumstances | None:
    if not any(_asks_for_circumstances(step.when) for step in ask.chain.steps):
        return None
    local = now.astimezone(ZoneInfo(means.calendar.zone)).replace(tzinfo=None)
    return Circumstances(
        local=local,
        holiday=means.calendar.is_holiday(local.date()),
        unit_id=_unit(ask.subject, place),
        risk=place.risk,
    )


def _asks_for_circumstances(when: Condition) -> bool:
    """Kind and silence are the incident's own; the rest is known here only."""
    return (
        when.hours is not None
        or bool(when.weekdays)
        or when.holiday is not None
        or bool(when.units)
        or when.risk > Risk.NONE
    )


def _unit(subject: Subject, place: Situation) -> UnitId | None:
    """The wearer's unit, or the one that the place belongs to."""
    return place.unit_id if subject.unit_id is None else UnitId(subject.unit_id)
