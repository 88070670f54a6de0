"""A pool device on loan: who may take it, and what follows when it does not come back."""

from __future__ import annotations

import calendar
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, assert_never

from escalation.chain import ManagerTarget, PersonTarget, Target
from escalation.effects import About, SystemFault
from escalation.events import Operator, System, Wearer
from escalation.ids import DeviceId, PersonId
from escalation.incident import Refused
from escalation.plan import SafetyPlan
from escalation.vigil import ClearFault, Due, RaiseFault, SendWord, VigilDecision, VigilEffect, VigilEntry

LONGEST_LOAN: Final = timedelta(days=31)
"""Longer than a month is no loan from a pool: the device is given to the person."""
TELL_MANAGERS_AGAIN: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanFacts:
    """What is known of a device and of who wants it.

    battery_pct: 0 to 100, None if it does not say. tested_at: the last test alarm that came through, None if none did.
    trained_on: local day of the person's last training, None if there is none. contract_ends_on: the last day, None if
    it has no end. lent_to: who has the device now.
    """

    in_pool: bool
    battery_pct: int | None
    tested_at: datetime | None
    trained_on: date | None
    contract_ends_on: date | None = None
    lent_to: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why the device may not be taken. reason is a key for the words; fields: plain pairs for them."""

    reason: str
    fields: tuple[tuple[str, str], ...] = ()


def gate(facts: LoanFacts, plan: SafetyPlan, now: datetime, today: date) -> tuple[Refusal, ...]:
    """Say everything that stands against the loan; empty if nothing does. today: the local day."""
    return tuple(_refusals(facts, plan, now, today))


def _refusals(facts: LoanFacts, plan: SafetyPlan, now: datetime, today: date) -> Iterator[Refusal]:
    if not facts.in_pool:
        yield Refusal("not_in_pool")
    if facts.lent_to is not None:
        yield Refusal("lent", (("person", str(facts.lent_to)),))
    if facts.battery_pct is None:
        yield Refusal("battery_unknown")
    elif facts.battery_pct < plan.pool_battery_pct:
        yield Refusal("battery_low", (("percent", str(facts.battery_pct)), ("least", str(plan.pool_battery_pct))))
    if facts.tested_at is None:
        yield Refusal("never_tested")
    elif (age := now - facts.tested_at) > plan.pool_test_age:
        # Days begun, so that the words never say "30 of 30".
        yield Refusal("test_old", (("days", str(_days(age))), ("most", str(_days(plan.pool_test_age)))))
    if facts.trained_on is None:
        yield Refusal("training_missing")
    elif today > (expires_on := months_later(facts.trained_on, plan.training_months)):
        yield Refusal("training_expired", (("expired_on", expires_on.isoformat()),))
    if facts.contract_ends_on is not None and today > facts.contract_ends_on:
        yield Refusal("contract_ended", (("ended_on", facts.contract_ends_on.isoformat()),))


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months on, or the month's last day where there is none."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _days(age: timedelta) -> int:
    return math.ceil(age / timedelta(days=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """A frozen picture; decide_loan() returns the next one.

    reminded: the borrower was, since the return was due. managers_told_at: for which time managers were told last, None
    if not since it was due; from then on the fault stands.
    """

    device_id: DeviceId
    person_id: PersonId
    plan: SafetyPlan
    out_at: datetime
    due_back_at: datetime
    reminded: bool = False
    managers_told_at: datetime | None = None
    words: int = 0
    ended_at: datetime | None = None

    @property
    def due_at(self) -> datetime | None:
        """When somebody is told next; None once it is back."""
        if self.ended_at is not None:
            return None
        if self.managers_told_at is not None:
            return self.managers_told_at + TELL_MANAGERS_AGAIN
        return self.due_back_at + self.plan.pool_manager_after if self.reminded else self.due_back_at


@dataclass(frozen=True, slots=True)
class Returned:
    """The device is back."""

    by: Wearer | Operator


@dataclass(frozen=True, slots=True)
class Prolonged:
    """It is needed for longer."""

    by: Wearer | Operator
    until: datetime


LoanEvent = Due | Returned | Prolonged


def start_loan(
    device_id: DeviceId,
    person_id: PersonId,
    due_back_at: datetime,
    plan: SafetyPlan,
    now: datetime,
    by: Wearer | Operator,
) -> VigilDecision[Loan]:
    """Lend a device that gate() has nothing against. Raises Refused: due_back (in the past, or over 31 days off)."""
    _in_reach(due_back_at, now)
    loan = Loan(device_id=device_id, person_id=person_id, plan=plan, out_at=now, due_back_at=due_back_at)
    said = (("device", str(device_id)), ("person", str(person_id)), ("due_back_at", due_back_at.isoformat()))
    return VigilDecision(loan, (), (VigilEntry("lent", now, by, said),))


def decide_loan(loan: Loan, event: LoanEvent, now: datetime) -> VigilDecision[Loan]:
    """Return the loan as it is from now on, with what to do and what to write down.

    Raises Refused: returned, due_back.
    """
    match event:
        case Due():
            return _pass_time(loan, now)
        case Returned(by):
            _still_out(loan)
            back = replace(loan, ended_at=now)
            return VigilDecision(back, _mended(loan), (VigilEntry("returned", now, by),))
        case Prolonged(by, until):
            _still_out(loan)
            _in_reach(until, now)
            longer = replace(loan, due_back_at=until, reminded=False, managers_told_at=None)
            return VigilDecision(
                longer, _mended(loan), (VigilEntry("prolonged", now, by, (("until", until.isoformat()),)),)
            )
        case _:
            assert_never(event)


def _pass_time(loan: Loan, now: datetime) -> VigilDecision[Loan]:
    if loan.due_at is None or now < loan.due_at:
        return VigilDecision(loan)
    first = loan.due_back_at + loan.plan.pool_manager_after
    if now < first:
        return _tell(replace(loan, reminded=True), About.RETURN_DUE, (PersonTarget(loan.person_id),), now)
    # Only the newest of the times that have passed is told: a week's outage is one word, not seven.
    told_at = first + TELL_MANAGERS_AGAIN * ((now - first) // TELL_MANAGERS_AGAIN)
    told = _tell(replace(loan, reminded=True, managers_told_at=told_at), About.NOT_RETURNED, (ManagerTarget(),), now)
    if loan.managers_told_at is None:
        return replace(told, effects=(*told.effects, RaiseFault(SystemFault.NOT_RETURNED)))
    return told


def _tell(loan: Loan, about: About, to: tuple[Target, ...], now: datetime) -> VigilDecision[Loan]:
    number = loan.words + 1
    # The device that is missing may be the only one with our app, so this goes by text message too.
    word = SendWord(about, to, number, loan.due_back_at, outward=True, detail=(("device", str(loan.device_id)),))
    entry = VigilEntry(about.value, now, System(), (("due_back_at", loan.due_back_at.isoformat()),))
    return VigilDecision(replace(loan, words=number), (word,), (entry,))


def _mended(loan: Loan) -> tuple[VigilEffect, ...]:
    return (ClearFault(SystemFault.NOT_RETURNED),) if loan.managers_told_at is not None else ()


def _still_out(loan: Loan) -> None:
    if loan.ended_at is not None:
        raise Refused("returned")


def _in_reach(due_back_at: datetime, now: datetime) -> None:
    if not now < due_back_at <= now + LONGEST_LOAN:
        raise Refused("due_back")
