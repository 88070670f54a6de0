"""Every bit of the alarm word says what the table says, alone and beside the others."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.minifinder2.codes import FROM_MEMORY, MAX_RECORDS, REPEAT_WINDOW, signals_of
from protocols.minifinder2.messages import Command, Frame, Item, Key
from protocols.minifinder2.telling import MAX_EVIDENCE
from protocols.signal import ALARMS, AccountId, Signal, SignalKind

NOW = datetime(2026, 3, 4, 5, 6, 10, tzinfo=UTC)
T0_S = 1772600767
DEVICE = AccountId("866000000000017")

RAISED = {
    0: SignalKind.LOW_BATTERY,
    2: SignalKind.FALL,
    3: SignalKind.MAN_DOWN,
    4: SignalKind.ZONE_EXIT,
    5: SignalKind.ZONE_EXIT,
    6: SignalKind.ZONE_EXIT,
    7: SignalKind.ZONE_EXIT,
    8: SignalKind.POWER_OFF,
    9: SignalKind.POWER_ON,
    11: SignalKind.NO_MOTION,
    12: SignalKind.PANIC,
    13: SignalKind.BUTTON,
    14: SignalKind.BUTTON,
    **dict.fromkeys((*range(18, 26), 30), SignalKind.UNKNOWN),
}


def status(at_s: int = T0_S, bits: int = 0x51A00000) -> Item:
    return Item(Key.STATUS, struct.pack("<II", at_s, bits))


def alarm(word: int, *at_s: int) -> Item:
    return Item(Key.ALARM, struct.pack(f"<{1 + len(at_s)}I", word, *at_s))


def told(*items: Item, sequence: int = 1, now: datetime = NOW) -> tuple[Signal, ...]:
    return signals_of(Frame(0x10, sequence, Command.DATA, items), DEVICE, b"raw", now)


def kinds(*items: Item) -> list[SignalKind]:
    return [signal.kind for signal in told(*items)]


@pytest.mark.parametrize("bit", range(32))
def test_each_bit_alone(bit: int) -> None:
    assert kinds(status(), alarm(1 << bit)) == [RAISED.get(bit, SignalKind.HEARTBEAT)]


@pytest.mark.parametrize("fence", range(4))
def test_a_fence_is_entered_where_its_direction_bit_is_set(fence: int) -> None:
    (signal,) = told(status(), alarm(1 << 4 + fence | 1 << 26 + fence))

    assert signal.kind is SignalKind.ZONE_ENTER
    assert ("fence", f"{fence + 1} entered") in signal.evidence


@settings(max_examples=200)
@given(st.integers(0, 0xFFFFFFFF))
def test_no_bit_hides_another(word: int) -> None:
    found = kinds(status(), alarm(word))

    assert len(found) == len(set(found))
    for bit in (0, 2, 3, 8, 9, 11, 12, 13, 14):
        assert (RAISED[bit] in found) == any(word >> b & 1 for b in RAISED if RAISED[b] is RAISED[bit])
    assert [kind in ALARMS for kind in found] == sorted((kind in ALARMS for kind in found), reverse=True)


def test_a_third_word_and_surplus_octets_change_nothing() -> None:
    assert told(status(), alarm(1 << 12, T0_S, 0))[0].event_at == datetime.fromtimestamp(T0_S, UTC)
    assert kinds(Item(Key.STATUS, status().value + bytes(9)), alarm(1 << 12)) == [SignalKind.PANIC]


def test_an_alarm_belongs_to_its_own_record() -> None:
    found = told(status(T0_S - 7200), status(T0_S - 60), alarm(1 << 12), status(T0_S))

    assert [signal.kind for signal in found] == [SignalKind.HEARTBEAT, SignalKind.PANIC, SignalKind.HEARTBEAT]
    assert found[1].event_at == datetime.fromtimestamp(T0_S - 60, UTC)


def test_seventy_six_records_keep_their_own_times() -> None:
    backlog = [item for back in range(76) for item in (status(T0_S - 660 * back), Item(Key.WIFI, bytes(7)))]

    found = told(*backlog)

    assert [signal.event_at for signal in found] == [
        datetime.fromtimestamp(T0_S - 660 * back, UTC) for back in range(76)
    ]
    assert len({signal.repeat_key for signal in found}) == 76


def test_the_same_record_sent_again_from_memory_is_the_same_signal() -> None:
    live = told(status(), alarm(1 << 12), sequence=7)
    again = told(status(bits=0x51A00000 | FROM_MEMORY), alarm(1 << 12), sequence=1)

    assert [signal.repeat_key for signal in again] == [signal.repeat_key for signal in live]
    assert (live[0].buffered, again[0].buffered) == (False, True)
    assert live[0].repeat_window is None


def test_only_the_newest_records_of_a_frame_are_called_live() -> None:
    found = told(status(1262304030), status(T0_S - 168), alarm(1 << 12), status(T0_S - 60), status(T0_S))

    assert [signal.buffered for signal in found] == [None, None, False, False]
    assert told(status(T0_S - 7200))[0].buffered is False


def test_a_clock_in_the_future_makes_no_other_record_old() -> None:
    assert [signal.buffered for signal in told(status(0xFFFFFFFF), status(T0_S))] == [False, False]


def test_a_new_press_is_a_new_signal() -> None:
    assert told(status(), alarm(1 << 12))[0].repeat_key != told(status(T0_S + 1), alarm(1 << 12))[0].repeat_key


def test_an_alarm_without_a_believable_time_is_known_by_its_frame_and_for_a_minute() -> None:
    first = told(status(1262304030), alarm(1 << 12), sequence=1)[0]
    again = told(status(1262304030), alarm(1 << 12), sequence=1, now=NOW + timedelta(seconds=5))[0]
    other = told(status(1262304030), alarm(1 << 12), sequence=2)[0]

    assert first.repeat_key == again.repeat_key != other.repeat_key
    assert first.repeat_window == REPEAT_WINDOW
    assert first.event_at is None


def test_two_alarms_without_a_time_in_one_frame_are_two() -> None:
    unset = status(1262304030)

    one, two = told(unset, alarm(1 << 12), unset, alarm(1 << 12))

    assert one.repeat_key != two.repeat_key


def test_of_an_alarm_word_cut_before_its_sos_an_alarm_remains() -> None:
    (doubted, low) = told(status(), Item(Key.ALARM, b"\x01"))

    assert (doubted.kind, low.kind) == (SignalKind.UNSPECIFIED_ALARM, SignalKind.LOW_BATTERY)
    assert kinds(status(), Item(Key.ALARM, b"\x04")) == [SignalKind.FALL]


def test_an_alarm_behind_more_records_than_a_memory_holds_is_told_and_the_rest_is_counted() -> None:
    crowd = [status(T0_S - index) for index in range(MAX_RECORDS + 40)]

    found = told(*crowd, status(T0_S - 9), alarm(1 << 12), status(T0_S))

    assert len(found) == MAX_RECORDS + 2
    assert found[-2].kind is SignalKind.PANIC
    assert found[-2].event_at == datetime.fromtimestamp(T0_S - 9, UTC)
    assert (found[-1].kind, found[-1].evidence) == (SignalKind.UNKNOWN, (("records_left_out", "41"),))


def test_a_frame_of_nothing_but_alarms_is_bounded() -> None:
    found = told(*(item for _ in range(3 * MAX_RECORDS) for item in (status(), alarm(1 << 12))))

    assert len(found) == 2 * MAX_RECORDS + 1


def test_an_absurd_time_of_its_own_gives_way_to_the_records() -> None:
    (signal,) = told(status(), alarm(1 << 12, 9))

    assert signal.event_at == datetime.fromtimestamp(T0_S, UTC)
    assert signal.doubts == ("time 1970-01-01T00:00:09Z dropped",)


def test_evidence_is_bounded() -> None:
    crowd = [Item(Key.WIFI, bytes(7 * 36)), *(Item(Key.BEACON, bytes(9)) for _ in range(60))]

    (signal,) = told(status(), *crowd)

    assert len(signal.evidence) == MAX_EVIDENCE


def test_doubts_are_bounded() -> None:
    broken = [Item(Key.BEACON)] * 1000

    (signal,) = told(status(), *broken)

    assert signal.doubts == ("item 28 too short",)
    assert ("broken_record", "1000") in signal.evidence


def test_a_battery_above_a_hundred_is_not_believed() -> None:
    assert told(status(bits=0xFF000000))[0].battery_pct is None
    assert told(Item(Key.BATTERY, b"\x32\x41\x0f"))[0].battery_pct == 50


@settings(max_examples=200)
@given(st.lists(st.builds(Item, st.sampled_from([*Key, 0x5A, 0x10]), st.binary(max_size=30)), max_size=8))
def test_no_item_costs_an_alarm_beside_it(items: list[Item]) -> None:
    others = [item for item in items if item.key not in (Key.ALARM, Key.STATUS)]

    found = told(status(), alarm(1 << 12), *others)

    assert found[0].kind is SignalKind.PANIC
    assert found[0].event_at == datetime.fromtimestamp(T0_S, UTC)
