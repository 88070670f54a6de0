"""What a question to a rota costs, and finding the nearest of many.

LARM_MEASURE=1 pytest -s tests/escalation/test_rota_figures.py prints the figures; they mean something only on a
machine with nothing else to do.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from datetime import time as wall
from uuid import UUID

import pytest

from escalation.ids import PersonId
from escalation.nearest import Placed, nearest
from escalation.rota import Layer, OnHolidays, Rota, on_call
from escalation.rota_shifts import gaps, shifts, upcoming_gap
from larmcentral.calendars.swedish_days import SwedishDays
from larmcentral.geo import metres_between
from tests.escalation.rotas import local, override, rota

pytestmark = pytest.mark.skipif(os.environ.get("LARM_MEASURE") != "1", reason="LARM_MEASURE=1 measures costs")

ON_CALL_MS = 1.0
NEAREST_MS = 5.0
"""What the two may take, at the median: ten minutes' assurance and an alarm's first step hang on them."""


def _measure(what: str, times: int, ask: Callable[[int], object]) -> float:
    took_ms: list[float] = []
    for number in range(times):
        started_s = time.perf_counter()
        ask(number)
        took_ms.append((time.perf_counter() - started_s) * 1000)
    took_ms.sort()
    middle_ms = took_ms[times // 2]
    sys.stdout.write(f"{what}: p50 {middle_ms:.3f} ms, p99 {took_ms[times * 99 // 100]:.3f} ms\n")
    return middle_ms


def _usual() -> Rota:
    """Three layers of twelve persons: a week, nights but for holidays, weekends; and two hundred overrides."""
    persons = tuple(PersonId(UUID(int=number)) for number in range(1, 13))
    week = Layer(name="week", persons=persons, starts_on=date(2025, 1, 6))
    nights = replace(week, length_days=1, hours=(wall(22), wall(6)), holidays=OnHolidays.NOT_HOLIDAYS)
    weekends = replace(week, weekdays=frozenset({5, 6}))
    begins = local(2026, 1, 1, 8)
    overrides = tuple(
        override(persons[number % 12], begins + number * timedelta(days=1), begins + (number + 0.5) * timedelta(days=1))
        for number in range(200)
    )
    return rota(week, nights, weekends, overrides=overrides)


def test_who_is_on_call() -> None:
    whole, days, begins = _usual(), SwedishDays(), local(2026, 1, 1)
    chance = random.Random(3)
    moments = [begins + timedelta(minutes=chance.randrange(365 * 24 * 60)) for _ in range(5000)]
    year = begins, begins + timedelta(days=365)

    assert _measure("who is on call", 5000, lambda n: on_call(whole, moments[n], days.is_holiday)) <= ON_CALL_MS
    _measure("gap in the next 72 h", 200, lambda n: upcoming_gap(whole, moments[n], days.is_holiday))
    _measure("shifts of a year", 5, lambda _: shifts(whole, *year, days.is_holiday))
    _measure("gaps of a year", 5, lambda _: gaps(whole, *year, days.is_holiday))


@pytest.mark.parametrize("within_m", [2_000, 20_000])
def test_nearest_of_five_thousand(within_m: int) -> None:
    chance = random.Random(7)
    town = [
        Placed(PersonId(UUID(int=number)), 59.33 + chance.gauss(0, 0.05), 18.07 + chance.gauss(0, 0.1))
        for number in range(1, 5001)
    ]
    places = [(59.33 + chance.gauss(0, 0.05), 18.07 + chance.gauss(0, 0.1)) for _ in range(500)]

    for count in (3, 5, 15):
        what = f"nearest {count} of 5,000 within {within_m:,} m"
        took_ms = _measure(what, 500, lambda n: nearest(town, *places[n], within_m, count, metres_between))  # noqa: B023
        assert took_ms <= NEAREST_MS
