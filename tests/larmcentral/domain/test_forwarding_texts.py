"""A case in a centre's words."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from escalation.alarm import AlarmKind
from escalation.effects import About
from larmcentral.domain.forwarding_defaults import SILENT_LINE, default_row
from larmcentral.domain.forwarding_tests import nobodys_case
from larmcentral.domain.forwarding_texts import filled, handover_of, marked_handover, reference, values_of
from tests.house.files import imported, named, sources, tree
from tests.larmcentral.channels.centre import case, forward
from tests.larmcentral.channels.support import OPENED_AT, in_house, outward

STOCKHOLM = ZoneInfo("Europe/Stockholm")
PANIC = default_row(AlarmKind.PANIC, False)


def told(**changes: Any) -> Any:
    return handover_of(forward(**changes), PANIC, kind="Överfallslarm", zone=STOCKHOLM)


def test_the_proposed_texts_say_who_where_and_how_to_get_in() -> None:
    found = told(floor="2 tr", door_code="1947", danger="hund")
    assert found.row.section_text == "Storgatan 5"
    assert found.row.detector_text == "Åsa Öberg"
    assert found.row.text.splitlines() == [
        "Överfallslarm kl. 14:02:03 2026-11-22",
        "Åsa Öberg, Hemtjänst Nord",
        "Motring +46701740601",
        "Adress: Storgatan 5, Älvmården",
        "Våning: 2 tr",
        "Portkod: 1947",
        "Fara: hund",
        "Position: 59.32930, 18.06860 +/-8 m kl. 14:02:03",
        "Ärende 7KQ2-M9XD",
    ]


def test_what_is_not_known_leaves_no_line_behind() -> None:
    found = told(person=None, phone=None, unit=None, place=None, address=None, lat=None, lon=None)
    assert found.row.text.splitlines() == ["Överfallslarm kl. 14:02:03 2026-11-22", "Anna K", "Ärende 7KQ2-M9XD"]
    assert found.row.section_text == "Storgatan 5", "the notice knows a place, too"


def test_a_silent_alarm_says_first_that_nobody_may_be_rung() -> None:
    silent = handover_of(
        forward(silent=True, phone=None), default_row(AlarmKind.PANIC, True), kind="Överfallslarm", zone=STOCKHOLM
    )
    assert silent.row.text.splitlines()[0] == SILENT_LINE
    assert "Motring" not in silent.row.text


def test_a_repeat_has_the_same_reference_and_news_has_another() -> None:
    first = reference(forward())
    assert reference(forward(attempt=2)) == first
    others = {
        reference(forward("other")),
        reference(forward(about=About.OVER)),
        reference(forward(kind=AlarmKind.DURESS)),
    }
    assert len(others | {first}) == 4
    assert first.startswith("7KQ2-M9XD-")
    assert reference(forward(number="Ärende-" * 20)).isascii()
    assert len(reference(forward(number="Ärende-" * 20))) <= 50


def test_the_end_carries_the_time_of_the_end() -> None:
    found = told(about=About.OVER)
    assert (found.restore, found.occurred_at) == (True, OPENED_AT + timedelta(minutes=5))
    assert found.row.text.splitlines()[0].endswith("14:02:03 2026-11-22")


def test_placeholders_stand_for_what_they_say() -> None:
    row = replace(PANIC, text="{map}\n{kind}/{time}\n{unknown}", section_text="{place}\n{floor}")
    found = filled(row, values_of(case(floor="3"), kind="Fall", at=OPENED_AT, zone=STOCKHOLM))
    assert found.text == "geo:59.329300,18.068600;u=8\nFall/14:02:03 2026-11-22"
    assert found.section_text == "Storgatan 5 3"


def test_what_people_typed_cannot_bring_lines_or_placeholders_of_its_own() -> None:
    row = replace(PANIC, text="{person}\n{danger}")
    found = filled(row, values_of(case(person="A\nB {phone}", danger="x\r\ny"), kind="", at=OPENED_AT, zone=STOCKHOLM))
    assert found.text == "A B {phone}\nx y"


def test_a_test_is_marked_in_every_text_and_is_about_nobody() -> None:
    found = marked_handover(PANIC, nobodys_case(), name="test-1", kind="Larm", at=OPENED_AT, zone=STOCKHOLM)
    assert (found.test, found.restore, found.lat, found.number) == (True, False, None, "PROV")
    for words in (found.row.text, found.row.section_text, found.row.detector_text):
        assert words.startswith("PROV / TEST")


@pytest.mark.parametrize("notice", [in_house(), outward(), None])
def test_nothing_but_a_forward_becomes_a_case_for_a_centre(notice: Any) -> None:
    with pytest.raises(TypeError, match="real cases only"):
        handover_of(notice, PANIC, kind="Larm", zone=STOCKHOLM)


def test_nobody_but_these_two_makes_a_case_for_a_centre() -> None:
    """It begins as a Forward, which is real by type, or is marked as a test; there is no third way."""
    makers = {
        named(file)
        for file in sources(".py")
        if any(name.startswith("larmcentral.domain.forwarding.") for name in imported(file))
        for call in ast.walk(tree(file))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {"Handover", "CentreCall"}
    }
    assert makers == {"larmcentral/domain/forwarding_texts.py", "larmcentral/channels/receiver_number.py"}
