"""The lines of an account in words."""

from __future__ import annotations

from datetime import datetime

import pytest

from larmcentral.reports.account import Account, ToldLine
from larmcentral.reports.times import Times
from larmcentral.reports.veil import NoVeil, veil_over
from larmcentral.reports.words import Language
from larmcentral.reports.words_english import ENGLISH
from larmcentral.reports.words_swedish import SWEDISH
from tests.builders import NOON
from tests.larmcentral.reports.cases import ANNA, BO, CARIN, INCIDENT, OPERATOR, RESPONDER, SYSTEM, Told, case_file

WEARER = {"kind": "wearer", "person_id": str(ANNA)}


def told(line: Told, words: Language = SWEDISH, *, redacted: bool = False) -> ToldLine:
    case = case_file((line,))
    veil = veil_over(case, words.removed) if redacted else NoVeil()
    return Account(case, words, veil, Times("Europe/Stockholm", ())).line(case.lines[0])


def test_a_line_has_three_clocks_where_they_are_known() -> None:
    line = case_file().lines[0]
    opened = Account(case_file(), SWEDISH, NoVeil(), Times("Europe/Stockholm", ())).line(line)
    assert (opened.device, opened.server, opened.person) == ("2026-11-22 12:59:56", "2026-11-22 13:00:01", "")
    taken = told(("acknowledged", OPERATOR, {}))
    assert (taken.device, taken.server, taken.person) == ("", "2026-11-22 13:00:01", "2026-11-22 13:00:01")
    offline = told(("wearer_safe", WEARER, {"made_at": "2026-11-22T11:58:00+00:00"}))
    assert (offline.server, offline.person) == ("2026-11-22 13:00:01", "2026-11-22 12:58:00")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (("opened", SYSTEM, {"kind": "panic", "state": "open"}), "Larmet öppnades; slag: Nödlarm"),
        (("step_begun", SYSTEM, {"step": "0", "round": "2"}), "Ett steg började; steg 1; varv 2"),
        (
            ("notice_failed", SYSTEM, {"person": str(CARIN), "channel": "sms", "reason": "no_route", "notice": "x"}),
            "Utskick nådde inte fram; till Carin Dal; via sms; orsak: no route",
        ),
        (
            ("way_passed_over", SYSTEM, {"channels": "sms voice", "person": str(BO)}),
            "En väg hoppades över: den är död; till Bo Berg; väg: sms, samtal",
        ),
        (
            ("notice_waits", SYSTEM, {"due": "2026-11-22T12:05:00+00:00"}),
            "Utskick måste vänta; väntar till 2026-11-22 13:05:00",
        ),
        (
            ("stood_down", OPERATOR, {"outcome": "other", "merged_into": str(INCIDENT)}),
            "Avslutade larmet; utfall: Annat; uppgick i larm 0ZC5-ZZA7",
        ),
        (
            ("step_recorded", OPERATOR, {"plan": "Våld", "version": "3", "key": "police", "outcome": "done"}),
            "Åtgärd i planen; utfall: gjort; åtgärdsplan: Våld; utgåva 3",
        ),
        (("released", SYSTEM, {"person": "nobody we know"}), "Frikallades; till någon"),
        (("made_up_later", SYSTEM, {"incident": "no id"}), "made up later; larm no id"),
    ],
)
def test_a_line_is_told_with_what_stands_beside_it(line: Told, words: str) -> None:
    assert told(line).words == words


def test_what_a_person_wrote_stands_as_he_wrote_it() -> None:
    assert told(("note", OPERATOR, {"text": "Hon är #här#"})).quote == "Hon är #här#"
    both = told(("step_recorded", OPERATOR, {"text": "Ring polisen", "note": "upptaget"}), ENGLISH)
    assert (both.words, both.quote) == ("Step of the plan recorded", "Ring polisen upptaget")


@pytest.mark.parametrize(
    ("actor", "who", "redacted"),
    [
        (SYSTEM, "servern", False),
        (WEARER, "bäraren", False),
        (OPERATOR, "Eva Ek", True),
        (RESPONDER, "Bo Berg", True),
        ({"kind": "operator", "user_id": "gone"}, "någon", False),
    ],
)
def test_who_did_it_is_named_by_what_he_was_there(actor: dict[str, str], who: str, redacted: bool) -> None:
    assert told(("arrived", actor, {}), redacted=redacted).who == who


def test_a_redacted_line_names_nobody_who_was_only_told() -> None:
    line = told(("notice_sent", SYSTEM, {"person": str(CARIN), "channel": "sms"}), redacted=True)
    assert line.words == "Utskick skickat; till maskat; via sms"
    assert told(("note", OPERATOR, {"text": "Anna är hos Carin"}), redacted=True).quote == "maskat är hos maskat"


def test_a_redacted_line_searches_what_a_plan_or_a_provider_is_called_as_well() -> None:
    plan = {"plan": "Hos Anna Alm på Ekgatan 3", "version": "1", "key": "a", "text": "Ring", "outcome": "done"}
    assert "Anna" not in told(("step_recorded", OPERATOR, plan), redacted=True).words
    assert "Ekgatan" not in told(("step_recorded", OPERATOR, plan), redacted=True).words
    failed = {"reason": "no mailbox anna@example.org", "channel": "mail"}
    assert told(("notice_failed", SYSTEM, failed), ENGLISH, redacted=True).words.endswith(
        "no mailbox redacted@example.org"
    )


def test_times_on_both_sides_of_a_change_of_clocks_say_which() -> None:
    before, after = (datetime.fromisoformat(f"2026-10-25T0{hour}:30:00+00:00") for hour in (0, 1))
    times = Times("Europe/Stockholm", (before, after, None))
    assert [times.moment(at) for at in (before, after, None)] == [
        "2026-10-25 02:30:00 +0200",
        "2026-10-25 02:30:00 +0100",
        "",
    ]
    assert Times("Europe/Stockholm", (NOON,)).written("soon") == "soon"
    assert Times("Europe/Stockholm", (NOON,)).written("2026-11-22T12:00:00") == "2026-11-22T12:00:00"
