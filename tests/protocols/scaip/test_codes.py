"""Codes of any width, and a unit that reads one otherwise. Every row of the tables is in captures/scaip."""

from __future__ import annotations

import pytest

from protocols.scaip import codes
from protocols.scaip.codes import DEVICES, STATUSES
from protocols.signal import ALARMS, SignalKind
from tests.protocols.captured import captures


@pytest.mark.parametrize("dty", ["5", "05", "0005", "00000005"])
def test_codes_compare_as_numbers_and_are_shown_padded(dty: str) -> None:
    assert codes.meaning(dty, "10", {}).kind is SignalKind.FALL
    assert codes.code(dty, "10") == "0005/0010"


def test_what_is_no_number_is_an_alarm_on_doubt() -> None:
    assert codes.meaning("x", None, {}).kind is SignalKind.UNSPECIFIED_ALARM
    assert codes.meaning(None, "y", {}).kind is SignalKind.UNSPECIFIED_ALARM
    assert codes.code("x" * 20, None) == "x" * 8
    assert (codes.location("4"), codes.location("x"), codes.location(None)) == ("inomhus", None, None)


def test_an_enrolled_unit_may_read_a_code_otherwise() -> None:
    options = {"code:0003": "duress", "code:0003/0110": "medical", "code:0003/0016": "nonsense", "other": "x"}
    assert codes.meaning("3", None, options).kind is SignalKind.DURESS
    assert codes.meaning("3", "110", options).kind is SignalKind.MEDICAL
    assert codes.meaning("3", "16", options).kind is SignalKind.LOW_BATTERY
    assert codes.wrong_options(options) == ("code:0003/0016",)


def test_whatever_calls_for_help_from_an_attack_button_is_silent() -> None:
    for dty in ("6", "0007"):
        for stc in (None, "9", "0010", "0110", "0999", "x"):
            found = codes.meaning(dty, stc, {})
            assert (found.kind in ALARMS, found.silent) == (True, True), (dty, stc)
    assert codes.meaning("3", "0110", {}).silent is None
    assert codes.meaning("3", None, {"code:0003": "duress"}).silent, "an account's own duress button"


def test_every_row_is_captured() -> None:
    said = "".join(row["frame"] for _, _, row in captures("scaip", "frames"))
    assert [dty for dty in DEVICES if f"<dty>{dty:04d}</dty>" not in said] == []
    seldom = {24, 25, 26, 113, 114, 115}  # the inside of a row of numbers
    assert {stc for stc in STATUSES if f"<stc>{stc:04d}</stc>" not in said} == seldom
    assert {codes.meaning("3", str(stc), {}).kind for stc in seldom} == {SignalKind.DEVICE_FAULT, SignalKind.RESTORE}
