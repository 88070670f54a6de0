"""Whom a chain would tell if nobody answered, and when that answer may change: for the board of the next hours.

It looks at the steps without walking through time, so that many units and hours cost little; test_whom.py holds it
against the dry run, which is the real walk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta, tzinfo

from escalation.alarm import AlarmKind
from escalation.chain import Condition, EscalationChain, OnCallTarget, Roster, Step
from escalation.conditions import holds
from escalation.ids import PersonId, RotaId
from escalation.purpose import Purpose
from escalation.reach import reach_of
from escalation.rota import IsHoliday, Rota
from escalation.rota_shifts import shifts
from escalation.wall_time import instant_of

_DAY = timedelta(days=1)


def whom(
    chain: EscalationChain,
    roster: Roster,
    *,
    kind: AlarmKind,
    silent: bool,
    subject: PersonId | None = None,
    graver: EscalationChain | None = None,
) -> tuple[PersonId, ...]:
    """Return the persons whom a real alarm would tell until its chain is used up, nobody twice, first told first.

    roster: as of the moment of the alarm, for the whole walk and for both chains. subject: who raised it, and is not
    told. graver: the chain of the kind that this one upgrades to. The desk and alarm receiving centres are no persons.
    """
    told: dict[PersonId, None] = {}
    steps, upgrade_to = iter(chain.steps), chain.upgrade_to
    while (step := next(steps, None)) is not None:
        reach = reach_of(step, roster, Purpose.REAL, subject)
        begins = bool(reach.contacts or reach.desk or reach.receivers)
        if not begins or not holds(step.when, roster.circumstances, kind, silent):
            continue
        told |= dict.fromkeys(reach.contacts)
        if upgrade_to is not None:
            kind, upgrade_to = kind.graver(upgrade_to), None
            steps = iter(graver.steps) if graver is not None and graver.steps else steps
    return tuple(told)


def turning_points(
    chain: EscalationChain,
    rotas: Mapping[RotaId, Rota],
    from_at: datetime,
    until_at: datetime,
    zone: tzinfo,
    is_holiday: IsHoliday,
) -> tuple[datetime, ...]:
    """Return every moment at which the answer may change, from_at first; until_at is none of them.

    rotas: those that the chain names; one that is missing turns nothing. zone: that conditions are written in.
    from_at, until_at: aware UTC. Raises RangeTooLong.
    """
    found = {from_at}
    for step in chain.steps:
        found.update(_of_condition(step.when, from_at, until_at, zone))
        for rota in _rotas_of(step, rotas):
            for shift in shifts(rota, from_at, until_at, is_holiday):
                found |= {shift.from_at, shift.until_at}
    return tuple(sorted(moment for moment in found if from_at <= moment < until_at))


def _rotas_of(step: Step, rotas: Mapping[RotaId, Rota]) -> Iterator[Rota]:
    for target in step.targets:
        if isinstance(target, OnCallTarget) and target.rota_id in rotas:
            yield rotas[target.rota_id]


def _of_condition(when: Condition, from_at: datetime, until_at: datetime, zone: tzinfo) -> Iterator[datetime]:
    hours = [] if when.hours is None else [hour.replace(tzinfo=None) for hour in when.hours]
    if when.weekdays or when.holiday is not None:
        hours.append(time.min)
    day, last = from_at.astimezone(zone).date(), until_at.astimezone(zone).date()
    while hours and day <= last:
        for hour in hours:
            yield instant_of(datetime.combine(day, hour), zone)
        day += _DAY
