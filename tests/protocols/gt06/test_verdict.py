"""Two codes, one verdict: every row of the tables, and what happens when they disagree."""

from __future__ import annotations

from protocols.gt06.codes import (
    ALARM_CODES,
    EVENT_CODES,
    GRAVEST_FIRST,
    INFO_CODES,
    MODULE_EVENT_CODES,
    NETWORK_ALARM_CODES,
)
from protocols.gt06.messages import Status
from protocols.gt06.verdict import of_event, of_heartbeat, of_status
from protocols.signal import SignalKind

NOTHING = SignalKind.POSITION


def kinds(info: int, alarm: int, model: str | None = "GK310") -> tuple[SignalKind, ...]:
    return of_status(Status(info, alarm=alarm), model).ordered(NOTHING)


def test_every_row_of_the_alarm_table_says_its_kind_on_a_personal_model() -> None:
    assert {code: kinds(0x40, code) for code in ALARM_CODES} == {
        code: (row.kind or NOTHING,) for code, row in ALARM_CODES.items()
    }
    assert [code for code, row in ALARM_CODES.items() if row.kind is SignalKind.PANIC] == [0x01]
    assert [code for code, row in ALARM_CODES.items() if row.kind is SignalKind.FALL] == [0x23]


def test_every_row_of_the_status_table_says_its_kind() -> None:
    assert {code: kinds(code << 3, 0) for code in INFO_CODES} == {
        code: (row.kind or NOTHING,) for code, row in INFO_CODES.items()
    }
    assert kinds(0x20, 0) == (SignalKind.PANIC,)


def test_every_row_of_the_event_tables_says_its_kind() -> None:
    for codes in (EVENT_CODES, NETWORK_ALARM_CODES, MODULE_EVENT_CODES):
        for code, row in codes.items():
            assert of_event("event", code, codes).ordered(NOTHING) == (row.kind or NOTHING,)
        assert of_event("event", 0, codes).ordered(NOTHING) == (NOTHING,)
        assert of_event("event", 0x6F, codes).ordered(NOTHING) == (SignalKind.UNSPECIFIED_ALARM,)


def test_every_kind_of_the_tables_has_a_place_in_the_order() -> None:
    tables = (ALARM_CODES, INFO_CODES, EVENT_CODES, NETWORK_ALARM_CODES, MODULE_EVENT_CODES)
    assert {row.kind for table in tables for row in table.values()} - {None} <= set(GRAVEST_FIRST)


def test_either_code_saying_sos_is_sos_and_both_are_one() -> None:
    assert kinds(0x20, 0x01) == (SignalKind.PANIC,)
    assert kinds(0x00, 0x01) == (SignalKind.PANIC,)
    assert kinds(0x20, 0x00) == (SignalKind.PANIC,)


def test_codes_that_disagree_are_both_told_gravest_first() -> None:
    assert kinds(0x18, 0x01) == (SignalKind.PANIC, SignalKind.LOW_BATTERY)
    assert kinds(0x20, 0x0F) == (SignalKind.PANIC, SignalKind.LOW_BATTERY)
    assert kinds(0x20, 0x23) == (SignalKind.PANIC, SignalKind.FALL)


def test_the_alarm_code_says_which_way_a_fence_was_crossed() -> None:
    assert kinds(0x30, 0x04) == (SignalKind.ZONE_ENTER,)
    assert kinds(0x30, 0x00) == (SignalKind.ZONE_EXIT,)


def test_an_unknown_code_is_an_alarm_on_doubt() -> None:
    verdict = of_status(Status(0x40, alarm=0x77), None)

    assert verdict.ordered(NOTHING) == (SignalKind.UNSPECIFIED_ALARM,)
    assert verdict.doubts == ["alarm code 77 unknown"]
    assert kinds(5 << 3, 0) == (SignalKind.UNSPECIFIED_ALARM,)
    assert kinds(5 << 3, 0x01) == (SignalKind.PANIC,)


def test_a_model_we_do_not_know_raises_a_doubt_and_an_alarm_only_where_the_other_meaning_is_grave() -> None:
    for model in (None, "", "VAN 7"):
        assert kinds(0, 0x18, model) == (SignalKind.UNSPECIFIED_ALARM, SignalKind.REMOVED)
        assert kinds(0, 0x19, model) == (SignalKind.LOW_BATTERY,)
        assert of_status(Status(0, alarm=0x19), model).doubts == ["alarm code 19 means acceleration on some models"]
    for model in ("gk310", "GK-309", " ll 301"):
        assert kinds(0, 0x18, model) == (SignalKind.REMOVED,)
        assert of_status(Status(0, alarm=0x19), model).doubts == []


def test_a_heartbeat_calls_only_for_help_and_repeats_the_rest_as_a_state() -> None:
    for info, alarm, expected in (
        (0x20, 0x00, SignalKind.PANIC),
        (0x00, 0x01, SignalKind.PANIC),
        (0x00, 0x23, SignalKind.FALL),
        (0x18, 0x0F, SignalKind.HEARTBEAT),
        (0x40, 0x77, SignalKind.HEARTBEAT),
    ):
        assert of_heartbeat(Status(info, alarm=alarm)).ordered(SignalKind.HEARTBEAT) == (expected,)
    assert of_heartbeat(Status(0x18, alarm=0x0F)).words == ["low battery"]
