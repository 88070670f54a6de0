"""Sweden's red days and their eves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from larmcentral.calendars.swedish_days import SwedishDays

RED_DAYS = {
    date(2026, 1, 1): "Nyårsdagen",
    date(2026, 1, 6): "Trettondedag jul",
    date(2026, 4, 3): "Långfredagen",
    date(2026, 4, 5): "Påskdagen",
    date(2026, 4, 6): "Annandag påsk",
    date(2026, 5, 1): "Första maj",
    date(2026, 5, 14): "Kristi himmelsfärdsdag",
    date(2026, 5, 24): "Pingstdagen",
    date(2026, 6, 6): "Nationaldagen",
    date(2026, 6, 19): "Midsommarafton",
    date(2026, 6, 20): "Midsommardagen",
    date(2026, 10, 31): "Alla helgons dag",
    date(2026, 12, 24): "Julafton",
    date(2026, 12, 25): "Juldagen",
    date(2026, 12, 26): "Annandag jul",
    date(2026, 12, 31): "Nyårsafton",
    date(2027, 1, 1): "Nyårsdagen",
    date(2027, 1, 6): "Trettondedag jul",
    date(2027, 3, 26): "Långfredagen",
    date(2027, 3, 28): "Påskdagen",
    date(2027, 3, 29): "Annandag påsk",
    date(2027, 5, 1): "Första maj",
    date(2027, 5, 6): "Kristi himmelsfärdsdag",
    date(2027, 5, 16): "Pingstdagen",
    date(2027, 6, 6): "Nationaldagen",
    date(2027, 6, 25): "Midsommarafton",
    date(2027, 6, 26): "Midsommardagen",
    date(2027, 11, 6): "Alla helgons dag",
    date(2027, 12, 24): "Julafton",
    date(2027, 12, 25): "Juldagen",
    date(2027, 12, 26): "Annandag jul",
    date(2027, 12, 31): "Nyårsafton",
}


def test_the_holidays_of_two_years_are_these_and_no_others() -> None:
    days, first = SwedishDays(), date(2026, 1, 1)
    years = [first + timedelta(days=number) for number in range(2 * 365)]

    assert {day: days.name(day) for day in years if days.is_holiday(day)} == RED_DAYS


@pytest.mark.parametrize(
    "day",
    [date(2026, 4, 2), date(2026, 4, 4), date(2026, 1, 5), date(2026, 4, 30)],
    ids=["Thu", "Sat", "eve", "Valborg"],
)
def test_days_that_are_only_often_free_are_ordinary(day: date) -> None:
    assert not SwedishDays().is_holiday(day)
    assert SwedishDays().name(day) is None


def test_a_sunday_without_a_name_is_not_a_holiday() -> None:
    sunday = date(2026, 1, 11)

    assert sunday.weekday() == 6
    assert not SwedishDays().is_holiday(sunday)


def test_names_are_swedish_whatever_the_machine_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANG", "LANGUAGE", "LC_ALL"):
        monkeypatch.setenv(name, "en_US.UTF-8")

    assert SwedishDays().name(date(2026, 12, 24)) == "Julafton"


def test_the_house_keeps_swedish_time_unless_it_says_otherwise() -> None:
    assert SwedishDays().zone == "Europe/Stockholm"
    assert SwedishDays("Europe/Helsinki").zone == "Europe/Helsinki"
