"""What a redacted copy keeps to itself."""

from __future__ import annotations

import pytest

from larmcentral.reports.veil import NoVeil, Veil, names_of_staff, veil_over
from tests.larmcentral.reports.cases import EVA, OPERATOR, STORY, case_file

VEIL = Veil(("Anna Alm", "Bo", "Ekgatan 3", "1947", ""), "###")


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Anna ropar", "### ropar"),
        ("ANNA ALMS dörr, hos anna, ALM.", "### dörr, hos ###, ###."),
        ("Bo bor där; de bo kvar", "### bor där; de bo kvar"),
        ("Annandag på Ekgatan 3", "Annandag på ###"),
        ("kod 1947, inte 19475", "kod ###, inte 19475"),
        ("ring 0701-740 606 eller +46 70 174 06 01", "ring ### eller ###"),
        ("vid 57.87654, 11.98765", "vid ###, ###"),
        ("efter 30 minuter, kl 13.05", "efter 30 minuter, kl 13.05"),
        ("", ""),
    ],
)
def test_names_and_numbers_are_taken_out_of_free_text(said: str, left: str) -> None:
    assert VEIL.text(said) == left


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Anna-Karin föll, Anna blöder", "### föll, ### blöder"),
        ("hos Karin, hos karins mor", "hos ###, hos ### mor"),
        ("O'Brien eller O\u2019Brien eller Brien", "### eller O\u2019### eller ###"),
        ("A\u030asa ropar", "### ropar"),
        ("i Solgården på Ekgatan", "i ### på ###"),
        ("ring 070 - 123 45 67", "ring ###"),
        ("ring 070\u00a0123\u00a045\u00a067 eller 070\u2011123\u201145\u201167", "ring ### eller ###"),
        ("rad 1\n2\n3\n4\n5\n6\n7", "rad 1\n2\n3\n4\n5\n6\n7"),
    ],
)
def test_double_names_and_numbers_are_taken_out_however_they_are_typed(said: str, left: str) -> None:
    assert Veil(("Anna-Karin O'Brien", "Åsa Ek", "Solgården, Ekgatan 3"), "###").text(said) == left


def test_a_whole_value_is_taken_out_and_nothing_stays_nothing() -> None:
    assert (VEIL.hide("vad som helst"), VEIL.hide("")) == ("###", "")


def test_without_anybody_to_hide_only_numbers_are_taken_out() -> None:
    assert Veil((), "###").text("Anna på 0701-740606") == "Anna på ###"


def test_without_a_veil_everything_is_there() -> None:
    assert (NoVeil().hide("Anna"), NoVeil().text("Anna 0701-740606")) == ("Anna", "Anna 0701-740606")


def test_staff_who_acted_stay_named_and_those_who_were_only_told_do_not() -> None:
    case = case_file()
    assert names_of_staff(case) == {"Eva Ek", "Bo Berg"}
    assert veil_over(case, "###").text("Eva Ek, Bo Berg, Carin, Anna, Solgården") == "Eva Ek, Bo Berg, ###, ###, ###"


def test_a_wearer_who_is_staff_besides_is_not_named_for_it() -> None:
    hers = case_file((*STORY, ("note", {**OPERATOR, "user_id": str(EVA)}, {"text": "x"})))
    person = hers.detail.incident.person
    assert person is not None
    assert person.name not in names_of_staff(hers)
