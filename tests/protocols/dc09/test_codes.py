"""The code tables: complete, without doubles, careful where a person may be in need."""

from __future__ import annotations

from itertools import chain

import pytest

from protocols.dc09 import codes
from protocols.dc09.codes_cid import CID
from protocols.dc09.codes_sia import SIA
from protocols.dc09.meaning import Meaning, Source, table
from protocols.signal import ALARMS, SignalKind

PEOPLE = {SignalKind.PANIC, SignalKind.DURESS, SignalKind.HOLD_UP, SignalKind.MEDICAL, SignalKind.FALL}


def test_every_code_has_the_form_of_its_standard() -> None:
    assert all(len(code) == 2 and code.isascii() and code.isupper() for code in SIA)
    assert all(len(code) == 3 and set(code) <= set("0123456789ABCDEF") for code in CID)


def test_a_code_that_is_written_twice_stops_the_start() -> None:
    row = Meaning(SignalKind.PANIC, "Överfallslarm", Source.OURS)
    with pytest.raises(AssertionError):
        table(iter([("PA", row)]), iter([("PA", row)]))


def test_every_row_has_words_and_a_source() -> None:
    for row in chain(SIA.values(), CID.values()):
        assert row.words.strip()
        assert row.source is not Source.OURS


@pytest.mark.parametrize(
    ("code", "kind", "silent"),
    [
        ("PA", SignalKind.PANIC, None),
        ("HA", SignalKind.HOLD_UP, True),
        ("MA", SignalKind.MEDICAL, None),
        ("QA", SignalKind.PANIC, None),
        ("NA", SignalKind.NO_MOTION, None),
        ("FA", SignalKind.UNSPECIFIED_ALARM, None),
        ("PR", SignalKind.RESTORE, None),
        ("HR", SignalKind.RESTORE, True),
        ("NS", SignalKind.RESTORE, None),
        ("OC", SignalKind.CANCEL, None),
        ("YT", SignalKind.LOW_BATTERY, None),
        ("AT", SignalKind.EXTERNAL_POWER_LOST, None),
        ("AR", SignalKind.RESTORE, None),
        ("TA", SignalKind.TAMPER, None),
        ("YC", SignalKind.DEVICE_FAULT, None),
        ("RP", SignalKind.TEST_ALARM, None),
        ("PT", SignalKind.DEVICE_FAULT, None),
        ("DU", SignalKind.UNKNOWN, None),
        ("QQ", SignalKind.UNSPECIFIED_ALARM, None),
    ],
)
def test_sia_codes_call_for_what_they_mean(code: str, kind: SignalKind, silent: bool | None) -> None:
    meaning = codes.sia(code, {})
    assert (meaning.kind, meaning.silent) == (kind, silent)


@pytest.mark.parametrize("code", ["121", "122", "124", "125", "126"])
def test_nobody_is_called_back_aloud_on_a_silent_code(code: str) -> None:
    assert codes.cid(code, codes.NEW, {}).silent is True
    assert codes.cid(code, codes.NEW, {}).kind in PEOPLE
    assert codes.cid(code, codes.RESTORED, {}).silent is True


@pytest.mark.parametrize("code", [f"{number}" for number in range(110, 119)])
def test_fire_is_an_alarm_and_no_panic(code: str) -> None:
    assert codes.cid(code, codes.NEW, {}).kind is SignalKind.UNSPECIFIED_ALARM


def test_a_restore_never_raises_an_alarm_and_an_unknown_event_always_does() -> None:
    for code in (f"{number:03X}" for number in range(0x1000)):
        assert codes.cid(code, codes.RESTORED, {}).kind not in ALARMS
        if code not in CID:
            assert codes.cid(code, codes.NEW, {}).kind is SignalKind.UNSPECIFIED_ALARM


@pytest.mark.parametrize("code", ["601", "602", "603", "607", "608"])
def test_a_test_is_a_test_when_it_begins_and_when_it_ends(code: str) -> None:
    assert codes.cid(code, codes.NEW, {}).kind is SignalKind.TEST_ALARM
    assert codes.cid(code, codes.RESTORED, {}).kind is SignalKind.TEST_ALARM


def test_an_enrolled_unit_may_mean_something_else_by_a_code() -> None:
    agreed = {"code:SIA:QA": "man_down", "code:CID:102": "no_motion", "code:SIA:PA": "pannkaka"}
    assert codes.sia("QA", agreed).kind is SignalKind.MAN_DOWN
    assert codes.cid("102", codes.NEW, agreed).kind is SignalKind.NO_MOTION
    assert codes.cid("102", codes.RESTORED, agreed).kind is SignalKind.RESTORE
    assert codes.sia("PA", agreed).kind is SignalKind.PANIC
    assert codes.wrong_options(agreed) == ["code:SIA:PA"]
