"""Our proposals say what they mean in the words of the protocols themselves."""

from __future__ import annotations

import pytest

from escalation.alarm import AlarmKind
from larmcentral.domain.forwarding import MappingRow, PathOutline, Speech
from larmcentral.domain.forwarding_complaints import complaints
from larmcentral.domain.forwarding_defaults import PROPOSALS, SILENT_LINE, all_defaults, default_row
from protocols.dc09.codes_cid import CID
from protocols.dc09.codes_sia import SIA
from protocols.signal import ALARMS

PATHS = (
    PathOutline("sos", Speech.SOS_ACCESS, "latin1"),
    PathOutline("sia", Speech.DC09_SIA),
    PathOutline("cid", Speech.DC09_CID, "cp1252"),
    PathOutline("jour", Speech.NUMBER),
)


def test_there_is_a_row_for_every_kind_open_and_silent() -> None:
    assert {(row.kind, row.silent) for row in all_defaults()} == {
        (kind, silent) for kind in AlarmKind for silent in (False, True)
    }
    assert all(proposal.why for proposal in PROPOSALS.values())


@pytest.mark.parametrize("row", all_defaults(), ids=lambda row: f"{row.kind.value}-{row.silent}")
def test_every_proposal_can_be_said_on_every_path(row: MappingRow) -> None:
    assert complaints(row, PATHS) == ()
    assert row.event_code == row.sia


@pytest.mark.parametrize("row", all_defaults(), ids=lambda row: f"{row.kind.value}-{row.silent}")
def test_a_person_s_alarm_is_an_alarm_by_either_code_and_a_device_s_fault_is_none(row: MappingRow) -> None:
    meant = [SIA[row.sia].kind in ALARMS, CID[row.cid].kind in ALARMS]
    assert meant == [not row.kind.technical] * 2, (SIA[row.sia], CID[row.cid])


def test_codes_as_centres_know_them() -> None:
    codes = {
        (kind, silent): (default_row(kind, silent).sia, default_row(kind, silent).cid)
        for kind in AlarmKind
        for silent in (False, True)
    }
    assert codes[AlarmKind.PANIC, False] == ("PA", "120")
    assert codes[AlarmKind.PANIC, True] == ("HA", "122")
    assert codes[AlarmKind.DURESS, True] == ("HA", "121")
    assert codes[AlarmKind.MEDICAL, False] == ("MA", "100")
    assert codes[AlarmKind.MAN_DOWN, False] == ("QA", "101")
    assert codes[AlarmKind.FALL, False] == ("QA", "103")
    assert codes[AlarmKind.MISSED_CHECK_IN, False] == ("NA", "102")


def test_every_silent_row_says_first_that_nobody_may_be_rung() -> None:
    for row in all_defaults():
        assert row.text.startswith(SILENT_LINE) is row.silent
