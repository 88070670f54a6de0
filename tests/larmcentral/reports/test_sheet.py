"""A case as it is set: all of it, or without what finds a person."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from larmcentral.reports.sheet import sheet
from tests.larmcentral.reports.cases import case_file

SECRETS = ["Anna", "Alm", "Carin", "Dal", "740", "601", "Solgården", "Ekgatan", "1947", "3 tr", "57.87", "866"]


def test_the_first_page_says_what_who_where_and_the_four_clocks() -> None:
    made = sheet(case_file(), "sv", redacted=False)
    facts = dict(made["facts"]["pairs"])
    assert (made["title"], made["subtitle"]) == ("Larm 0ZC5-ZZA7", "Nödlarm · Skarpt")
    assert (facts["Person"], facts["Portkod"], facts["Utfall"]) == ("Anna Alm", "1947", "Skarpt larm")
    assert facts["Senaste position"] == "57.87654, 11.98765 ± 8 m"
    assert facts["Kallade"] == "Bo Berg (på väg); Carin Dal (har inte svarat)"
    assert [time for _, _, time in made["clocks"]["rows"]] == [
        "2026-11-22 12:59:56",
        "2026-11-22 13:00:00",
        "2026-11-22 13:00:04",
        "2026-11-22 13:00:05",
        "2026-11-22 13:00:08",
    ]
    assert made["closing"]["pairs"] == [("Skada", "lindrig")]
    assert made["printed"] == "Utskrivet 2026-11-23 13:00:00 av Karin Chef"


def test_every_line_signal_and_notice_is_there_and_the_hash_to_hold_against_them() -> None:
    case = case_file()
    made = sheet(case, "en", redacted=False)
    assert [len(made[part]["rows"]) for part in ("timeline", "signals", "notices")] == [8, 1, 1]
    for part in ("timeline", "signals", "notices"):
        assert {len(row) for row in made[part]["rows"]} == {len(made[part]["columns"])}
    assert made["signals"]["rows"][0][2:] == [
        "Panic",
        "AL\n[3G*8660000001*0002*AL]",
        "57.87654, 11.98765 ± 8 m",
        "clock_far_off",
    ]
    assert case.last_hash.hex() in made["proof"]["text"]


def test_a_silent_alarm_and_a_clock_that_said_nothing_are_said_so() -> None:
    made = sheet(case_file(silent=True, event_at=None, person=None, purpose="drill"), "en", redacted=False)
    assert made["subtitle"] == "Panic · Drill · Silent alarm"
    assert made["clocks"]["rows"][0] == ("Raised", "device's clock", "–")
    assert "Person" not in dict(made["facts"]["pairs"])


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_redacted_copy_holds_nothing_that_names_or_finds_a_person(language: str) -> None:
    said = json.dumps(sheet(case_file(), language, redacted=True), ensure_ascii=False)
    said = said.replace(case_file().last_hash.hex(), "")
    assert [secret for secret in SECRETS if secret in said] == []
    assert all(name in said for name in ("Eva Ek", "Bo Berg"))


def test_what_a_provider_said_of_a_notice_is_searched_in_a_redacted_copy() -> None:
    case = case_file()
    (notice,) = case.notices
    case = replace(case, notices=(replace(notice, reason="070-174 06 01: Carin Dal has left"),))
    assert sheet(case, "en", redacted=True)["notices"]["rows"][0][-1] == "redacted: redacted has left"
    assert sheet(case, "en", redacted=False)["notices"]["rows"][0][-1] == "070-174 06 01: Carin Dal has left"


def test_a_redacted_copy_says_that_it_is_one_and_what_no_machine_can_do() -> None:
    made = sheet(case_file(), "sv", redacted=True)
    assert made["warning"]["title"] == "Maskat exemplar"
    assert "läs den innan exemplaret lämnas ut" in made["warning"]["text"]
    assert sheet(case_file(), "sv", redacted=False)["warning"] is None
