from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from escalation.chain import ManagerTarget, PersonTarget
from escalation.effects import About, SystemFault
from escalation.events import System, Wearer
from escalation.ids import DeviceId
from escalation.incident import Refused
from escalation.loan import (
    Loan,
    LoanFacts,
    Prolonged,
    Refusal,
    Returned,
    decide_loan,
    gate,
    months_later,
    start_loan,
)
from escalation.plan import SafetyPlan
from escalation.vigil import ClearFault, Due, RaiseFault, SendWord, VigilDecision, VigilEffect, VigilEntry
from tests.escalation.cast import ANNA, BO, FIA

MORNING = datetime(2026, 3, 2, 6, 5, tzinfo=UTC)
"""07:05 in Stockholm."""
BACK = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
"""16:30."""
HALF_HOUR = timedelta(minutes=30)
DAY = timedelta(days=1)
TODAY = date(2026, 3, 2)
PLAN = SafetyPlan()
DEVICE = DeviceId(UUID(int=14))
ME = Wearer(ANNA)
GOOD = LoanFacts(
    in_pool=True,
    battery_pct=20,
    tested_at=MORNING - 30 * DAY,
    trained_on=date(2024, 3, 2),
    contract_ends_on=TODAY,
)
LENT = start_loan(DEVICE, ANNA, BACK, PLAN, MORNING, ME)
RETURN_DUE = SendWord(About.RETURN_DUE, (PersonTarget(ANNA),), 1, BACK, outward=True, detail=(("device", str(DEVICE)),))


def not_returned(number: int) -> SendWord:
    return SendWord(
        About.NOT_RETURNED, (ManagerTarget(),), number, BACK, outward=True, detail=(("device", str(DEVICE)),)
    )


def run(loan: Loan, until: datetime) -> tuple[Loan, list[tuple[datetime, VigilEffect]]]:
    """Let the clock come round whenever the loan asks for it."""
    done: list[tuple[datetime, VigilEffect]] = []
    while loan.due_at is not None and loan.due_at <= until:
        at = loan.due_at
        decision = decide_loan(loan, Due(), at)
        loan = decision.core
        done.extend((at, effect) for effect in decision.effects)
        assert loan.due_at is None or loan.due_at > at
    return loan, done


# Journey 12: the pool device.


def test_at_the_bounds_the_device_may_be_taken() -> None:
    assert gate(GOOD, PLAN, MORNING, TODAY) == ()


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"battery_pct": 12}, Refusal("battery_low", (("percent", "12"), ("least", "20")))),
        ({"battery_pct": None}, Refusal("battery_unknown")),
        ({"tested_at": MORNING - 34 * DAY}, Refusal("test_old", (("days", "34"), ("most", "30")))),
        (
            {"tested_at": MORNING - 30 * DAY - timedelta(hours=1)},
            Refusal("test_old", (("days", "31"), ("most", "30"))),
        ),
        ({"tested_at": None}, Refusal("never_tested")),
        ({"trained_on": None}, Refusal("training_missing")),
        ({"trained_on": date(2024, 3, 1)}, Refusal("training_expired", (("expired_on", "2026-03-01"),))),
        ({"contract_ends_on": date(2026, 3, 1)}, Refusal("contract_ended", (("ended_on", "2026-03-01"),))),
        ({"lent_to": BO}, Refusal("lent", (("person", str(BO)),))),
        ({"in_pool": False}, Refusal("not_in_pool")),
    ],
)
def test_each_refusal_says_why(changed: dict[str, Any], refusal: Refusal) -> None:
    assert gate(replace(GOOD, **changed), PLAN, MORNING, TODAY) == (refusal,)


def test_all_that_stands_against_it_is_said_at_once() -> None:
    nothing = LoanFacts(
        in_pool=False, battery_pct=None, tested_at=None, trained_on=None, contract_ends_on=date(2026, 1, 1), lent_to=BO
    )
    assert [refusal.reason for refusal in gate(nothing, PLAN, MORNING, TODAY)] == [
        "not_in_pool",
        "lent",
        "battery_unknown",
        "never_tested",
        "training_missing",
        "contract_ended",
    ]


def test_staff_whose_contract_has_no_end_may_take_it() -> None:
    assert gate(replace(GOOD, contract_ends_on=None), PLAN, MORNING, TODAY) == ()


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 3, 2), 24, date(2026, 3, 2)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2025, 11, 15), 1, date(2025, 12, 15)),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


def test_a_loan_is_due_when_it_should_be_back() -> None:
    assert LENT.core.due_at == BACK
    assert LENT.effects == ()
    said = (("device", str(DEVICE)), ("person", str(ANNA)), ("due_back_at", BACK.isoformat()))
    assert LENT.entries == (VigilEntry("lent", MORNING, ME, said),)


@pytest.mark.parametrize("due_back_at", [MORNING, MORNING - DAY, MORNING + 32 * DAY])
def test_a_return_in_the_past_or_beyond_a_month_is_refused(due_back_at: datetime) -> None:
    with pytest.raises(Refused, match="due_back"):
        start_loan(DEVICE, ANNA, due_back_at, PLAN, MORNING, ME)


def test_reminder_at_16_30_manager_at_17_00_and_every_day_from_then_on() -> None:
    loan, done = run(LENT.core, BACK + 2 * DAY)
    assert done == [
        (BACK, RETURN_DUE),
        (BACK + HALF_HOUR, not_returned(2)),
        (BACK + HALF_HOUR, RaiseFault(SystemFault.NOT_RETURNED)),
        (BACK + HALF_HOUR + DAY, not_returned(3)),
    ]
    assert loan.due_at == BACK + HALF_HOUR + 2 * DAY


def test_after_an_outage_of_days_the_manager_is_told_once_and_the_borrower_not_at_all() -> None:
    late = BACK + 3 * DAY
    decision = decide_loan(LENT.core, Due(), late)
    assert decision.effects == (not_returned(1), RaiseFault(SystemFault.NOT_RETURNED))
    assert decision.core.due_at == BACK + HALF_HOUR + 3 * DAY
    assert decide_loan(decision.core, Due(), late) == VigilDecision(decision.core)


def test_a_clock_that_comes_early_or_twice_changes_nothing() -> None:
    assert decide_loan(LENT.core, Due(), BACK - timedelta(seconds=1)) == VigilDecision(LENT.core)
    reminded = decide_loan(LENT.core, Due(), BACK).core
    assert decide_loan(reminded, Due(), BACK) == VigilDecision(reminded)


def test_a_device_brought_back_in_time_is_told_to_nobody() -> None:
    back = decide_loan(LENT.core, Returned(ME), BACK - HALF_HOUR)
    assert back.effects == ()
    assert back.entries == (VigilEntry("returned", BACK - HALF_HOUR, ME),)
    assert (back.core.ended_at, back.core.due_at) == (BACK - HALF_HOUR, None)
    assert decide_loan(back.core, Due(), BACK + DAY) == VigilDecision(back.core)


def test_a_device_brought_back_late_mends_the_fault() -> None:
    loan, _ = run(LENT.core, BACK + HALF_HOUR)
    assert decide_loan(loan, Returned(FIA), BACK + DAY).effects == (ClearFault(SystemFault.NOT_RETURNED),)


def test_a_loan_that_is_prolonged_begins_anew_from_its_new_end() -> None:
    loan, _ = run(LENT.core, BACK + HALF_HOUR)
    until = BACK + timedelta(hours=2)
    longer = decide_loan(loan, Prolonged(ME, until), BACK + timedelta(hours=1))
    assert longer.effects == (ClearFault(SystemFault.NOT_RETURNED),)
    assert longer.core.due_at == until
    _, done = run(longer.core, until)
    assert [(at, type(effect)) for at, effect in done] == [(until, SendWord)]
    assert isinstance(done[0][1], SendWord)
    assert done[0][1].number == 3


def test_a_loan_is_not_prolonged_into_the_past_nor_for_a_month() -> None:
    for until in (BACK, BACK + 32 * DAY):
        with pytest.raises(Refused, match="due_back"):
            decide_loan(LENT.core, Prolonged(ME, until), BACK)


@pytest.mark.parametrize("event", [Returned(ME), Prolonged(ME, BACK + DAY)])
def test_what_is_back_is_back(event: Returned | Prolonged) -> None:
    back = decide_loan(LENT.core, Returned(FIA), BACK).core
    with pytest.raises(Refused, match="returned"):
        decide_loan(back, event, BACK)


def test_what_the_clock_does_is_written_down_as_the_servers_own() -> None:
    entries = decide_loan(LENT.core, Due(), BACK).entries
    assert entries == (VigilEntry("return_due", BACK, System(), (("due_back_at", BACK.isoformat()),)),)
