"""The press: tagged PDF, in which what people wrote is words and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
import typst

from larmcentral.reports.press import TEMPLATE, print_sheet
from larmcentral.reports.sheet import sheet
from tests.builders import NOON
from tests.larmcentral.reports.cases import OPERATOR, STORY, case_file

MARKUP = '#panic("x") #import "@preview/a:1.0.0" *fet* $x$ #read("/etc/passwd") #metadata("in") <found> \\ @ref = ` ```'


def noted(text: str, *, redacted: bool = False) -> dict[str, Any]:
    return sheet(case_file((*STORY, ("note", OPERATOR, {"text": text}))), "sv", redacted=redacted)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_case_is_printed_as_a_tagged_pdf_in_its_language(language: str) -> None:
    for redacted in (False, True):
        printed = print_sheet(sheet(case_file(), language, redacted=redacted), NOON)
        assert printed.startswith(b"%PDF-1.7")
        for said in (b"pdfuaid:part", b"/StructTreeRoot", f"/Lang({language})".encode(), b"/DisplayDocTitle true"):
            assert said in printed.replace(b"/Lang (", b"/Lang("), said


def test_the_same_case_is_printed_the_same() -> None:
    assert print_sheet(noted("x"), NOON) == print_sheet(noted("x"), NOON)


def test_a_moment_of_a_real_clock_has_parts_of_a_second_and_is_printed_all_the_same() -> None:
    moment = NOON.replace(second=7, microsecond=250_001)
    assert print_sheet(noted("x"), moment) == print_sheet(noted("x"), moment.replace(microsecond=0))


def test_markup_in_what_somebody_wrote_is_printed_and_not_obeyed() -> None:
    assert print_sheet(noted(MARKUP), NOON)
    data = {"case": json.dumps(noted(MARKUP))}
    assert json.loads(typst.query(TEMPLATE.read_bytes(), "<found>", sys_inputs=data, ignore_system_fonts=True)) == []
    assert json.loads(typst.query(TEMPLATE.read_bytes(), "metadata", sys_inputs=data, ignore_system_fonts=True)) == []


@pytest.mark.parametrize(
    "text", ["😀", "漢字", "\u202eabc", "\u200b", "a\x07b", "مرحبا", "ž → ✓", "rad\nrad", "\U000f0000"]
)
def test_a_sign_that_no_font_has_does_not_cost_the_report(text: str) -> None:
    assert print_sheet(noted(text), NOON)


@pytest.mark.parametrize(
    "text", ["🐀\u031c", "❤\ufe0f ⚠\ufe0f 1\ufe0f\u20e3", "A\u030a", "नि", "👍🏽", "\U000e0014c", "x\u1161"]
)
def test_signs_that_print_alone_but_not_together_do_not_cost_the_report(text: str) -> None:
    assert print_sheet(noted(text), NOON)


def test_what_is_written_as_a_letter_and_its_ring_is_one_letter() -> None:
    apart = json.loads(json.dumps(noted("Åke"), ensure_ascii=False).replace("Åke", "A\u030ake"))
    assert print_sheet(apart, NOON) == print_sheet(noted("Åke"), NOON)


def test_a_text_of_nothing_but_foreign_signs_is_printed_too() -> None:
    assert print_sheet(noted("".join(map(chr, range(0x4E00, 0x4E00 + 600)))), NOON)
