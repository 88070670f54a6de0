"""What is to be said against a row, path by path."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from larmcentral.domain.forwarding import MappingRow, PathOutline, Speech
from larmcentral.domain.forwarding_complaints import complaints
from tests.larmcentral.channels.centre import PLAIN

SOS = PathOutline("sos", Speech.SOS_ACCESS, "latin1")
SIA = PathOutline("sia", Speech.DC09_SIA, "ascii")
CID = PathOutline("cid", Speech.DC09_CID, "cp1252")
JOUR = PathOutline("jour", Speech.NUMBER)
ROW = MappingRow(**PLAIN)


def said(path: PathOutline, **changes: Any) -> list[tuple[str, str]]:
    return [(one.fault.value, one.field) for one in complaints(replace(ROW, **changes), [path])]


def test_nothing_against_a_row_that_all_can_say() -> None:
    assert complaints(ROW, [SOS, SIA, CID, JOUR]) == ()


@pytest.mark.parametrize(
    ("path", "changes", "found"),
    [
        (SOS, {"event_code": ""}, [("code_missing", "event_code")]),
        (SOS, {"event_code": "x" * 26}, [("too_long", "event_code")]),
        (SOS, {"event_code": "Ł"}, [("signs_lost", "event_code")]),
        (SOS, {"area": "123456"}, [("too_long", "area")]),
        (SOS, {"section": "A1", "detector": "x"}, []),
        (SOS, {"section_text": "x" * 41}, [("too_long", "section_text")]),
        (SOS, {"section_text": "x" * 40 + "{person}"}, []),
        (SOS, {"text": "x" * 2001}, [("too_long", "text")]),
        (SIA, {"sia": ""}, [("code_missing", "sia")]),
        (SIA, {"sia": "pa"}, [("code_form", "sia")]),
        (SIA, {"cid": ""}, []),
        (SIA, {"section": "A1"}, [("not_digits", "section")]),
        (SIA, {"section": "123"}, [("not_digits", "section")]),
        (SIA, {"detector": "1234"}, [("not_digits", "detector")]),
        (SIA, {"text": "x" * 301}, [("too_long", "text")]),
        (SIA, {"detector_text": "€" * 14}, [("too_long", "detector_text")]),
        (CID, {"cid": "12"}, [("code_form", "cid")]),
        (CID, {"sia": ""}, []),
        (JOUR, {"sia": "", "cid": "", "event_code": "", "section": "A"}, []),
        (JOUR, {"text": "{persom}"}, [("placeholder_unknown", "text")]),
        (JOUR, {"text": "{person"}, [("placeholder_unknown", "text")]),
        (JOUR, {"detector_text": "a\nb"}, [("line_break", "detector_text")]),
    ],
)
def test_each_path_has_its_own_limits(path: PathOutline, changes: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert said(path, **changes) == found


def test_a_complaint_says_how_much_too_long() -> None:
    [one] = complaints(replace(ROW, area="1234567"), [SOS])
    assert (one.path, dict(one.fields)) == ("sos", {"limit": "5", "length": "7"})
