"""A case in DC-09's words: codes, signs, lengths and what is left when texts are refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from larmcentral.channels.receiver_dc09_report import RESTORES, Form, report_of, restore_code
from larmcentral.domain.forwarding import Handover, MappingRow
from larmcentral.domain.forwarding_defaults import all_defaults
from protocols.dc09.codes_sia import SIA
from protocols.dc09.payload import parse_cid, parse_sia
from protocols.signal import SignalKind
from tests.larmcentral.channels.centre import PLAIN, handover

ROW = MappingRow(**PLAIN)


def said(row: MappingRow, payload: str = "sia", character_set: str = "ascii", **changes: Any) -> tuple[str, list[str]]:
    report = report_of(handover(row), account="1234", payload=payload, character_set=character_set, **changes)
    return report.data.decode("cp1252"), [block.letter for block in report.blocks]


def test_the_restore_of_every_code_that_we_propose_is_a_restore() -> None:
    codes = {row.sia for row in all_defaults()}
    assert {code: SIA[restore_code(code)].kind for code in codes} == dict.fromkeys(codes, SignalKind.RESTORE)
    assert {SIA[code].kind for code in RESTORES.values()} == {SignalKind.RESTORE}
    assert (restore_code("PA"), restore_code("HA"), restore_code("MA"), restore_code("NA")) == ("PR", "HR", "MR", "NS")


def test_a_code_without_an_end_of_its_own_is_called_off() -> None:
    assert restore_code("JK") == "OC"


def test_signs_arrive_as_was_agreed() -> None:
    assert said(ROW)[0] == "#1234|Nri1/PA7^Asa Oberg^"
    assert said(ROW, character_set="cp1252")[0] == "#1234|Nri1/PA7^Åsa Öberg^"
    blocks = report_of(handover(ROW), account="1234", payload="sia", character_set="utf-8").blocks
    assert [block.text for block in blocks if block.letter == "I"] == [
        "Överfallslarm kl. 14:02 / Tel 0701740601".encode()
    ]


def test_contact_id_has_the_name_in_a_block_and_digits_where_it_wants_them() -> None:
    report = report_of(
        handover(replace(ROW, section="", detector="")), account="1234", payload="cid", character_set="ascii"
    )
    assert report.data == b"#1234|1120 00 000"
    texts = {block.letter: block.text.decode() for block in report.blocks}
    assert (texts["I"], texts["L"]) == ("Asa Oberg / Overfallslarm kl. 14:02 / Tel 0701740601", "Storgatan 5")


def test_a_slip_in_the_table_never_holds_a_case_back() -> None:
    row = replace(ROW, sia="", cid="12", section="A1", detector="12345")
    for payload, data in (("sia", "#1234|NPA^Asa Oberg^"), ("cid", "#1234|1120 00 000")):
        report = report_of(handover(row), account="1234", payload=payload, character_set="ascii")
        assert report.data.decode() == data
        assert len(report.notes) >= 3


def test_the_shortest_form_has_code_and_place_alone() -> None:
    assert said(ROW, form=Form.SHORTEST) == ("#1234|Nri1/PA7", [])


def test_between_them_the_lines_of_text_stay_alone() -> None:
    assert said(ROW, form=Form.ONE_BLOCK) == ("#1234|Nri1/PA7^Asa Oberg^", ["I"])


def test_long_texts_are_cut_and_said_to_be() -> None:
    report = report_of(
        handover(replace(ROW, text="x" * 900, detector_text="y" * 60)),
        account="1234",
        payload="sia",
        character_set="ascii",
    )
    assert len(report.blocks[-2].text) == 300
    assert "text: cut from 900 to 300 signs" in report.notes
    assert "detector_text: cut from 60 to 40 signs" in report.notes


def test_without_a_position_there_is_none() -> None:
    report = report_of(handover(ROW, lat=None), account="1234", payload="sia", character_set="ascii")
    assert [block.letter for block in report.blocks] == ["H", "I", "L"]


@given(
    st.builds(
        replace,
        st.just(ROW),
        text=st.text(max_size=400),
        section_text=st.text(max_size=80),
        detector_text=st.text(max_size=80),
        section=st.text(max_size=5),
        detector=st.text(max_size=5),
        sia=st.text(max_size=3),
        cid=st.text(max_size=4),
    ),
    st.sampled_from(["ascii", "cp1252", "utf-8"]),
    st.booleans(),
)
def test_whatever_a_row_holds_the_report_can_be_said_and_read(row: MappingRow, signs: str, restore: bool) -> None:
    told: Handover = handover(row, restore=restore)
    sia = report_of(told, account="1234", payload="sia", character_set=signs)
    [event] = parse_sia(sia.data).events
    assert event.code is not None
    cid = report_of(told, account="1234", payload="cid", character_set=signs)
    [one] = parse_cid(cid.data).events
    assert one.qualifier == (3 if restore else 1)
    for block in (*sia.blocks, *cid.blocks):
        assert not set(block.text) & set(b"[]\r\n")


@pytest.mark.parametrize("row", all_defaults(), ids=lambda row: f"{row.kind.value}-{row.silent}")
def test_every_row_that_we_propose_goes_out_without_a_slip(row: MappingRow) -> None:
    for payload in ("sia", "cid"):
        report = report_of(handover(row), account="1234", payload=payload, character_set="cp1252")
        assert not [note for note in report.notes if "code" in note or "left out" in note]
