"""What status bits and battery levels mean."""

from __future__ import annotations

from datetime import timedelta

import pytest

from protocols.h02.codes import BIT_WORDS, BITS, REPEAT_WINDOW, battery_pct, signals_of
from protocols.h02.messages import Report
from protocols.signal import AccountId, SignalKind
from tests.protocols.streams import NOW

DEVICE = AccountId("8660000017")


def kinds(status: int, known: int = 0) -> list[SignalKind]:
    """Return the kinds that a position with this status tells."""
    return [signal.kind for signal in signals_of(DEVICE, b"", Report(word="V1", at=NOW, status=status), NOW, known)]


@pytest.mark.parametrize(("bit", "kind"), BITS)
def test_each_bit_tells_its_kind_where_it_is_zero(bit: int, kind: SignalKind) -> None:
    assert kinds(0xFFFFFFFF & ~(1 << bit)) == [kind]


@pytest.mark.parametrize("bit", sorted(set(range(32)) - {bit for bit, _ in BITS}))
def test_any_other_bit_is_a_state_and_no_alarm(bit: int) -> None:
    status = 0xFFFFFFFF & ~(1 << bit)
    (signal,) = signals_of(DEVICE, b"", Report(word="V1", at=NOW, status=status), NOW)

    assert signal.kind is SignalKind.POSITION
    assert signal.code == f"V1,{status:08X}"
    if bit != 10:
        assert ("state", BIT_WORDS.get(bit, f"bit {bit}")) in signal.evidence


def test_a_level_that_lasts_is_told_once_but_an_alarm_each_time() -> None:
    status = 0xFFFFFFFF & ~(1 << 1 | 1 << 18 | 1 << 19)

    assert kinds(status, 1 << 1 | 1 << 18 | 1 << 19) == [SignalKind.PANIC, SignalKind.UNSPECIFIED_ALARM]


@pytest.mark.parametrize(
    ("level", "expected"),
    [(0, None), (1, 0), (2, 10), (3, 20), (4, 60), (5, 80), (6, 100), (7, 7), (100, 100), (101, None), (-1, None)],
)
def test_a_battery_is_a_level_or_per_cent(level: int, expected: int | None) -> None:
    assert battery_pct(level) == expected


def test_a_battery_that_is_said_in_per_cent_is_never_a_level() -> None:
    assert [battery_pct(said, in_pct=True) for said in (0, 1, 5, 81, 101)] == [None, 1, 5, 81, None]


@pytest.mark.parametrize(("fix", "window"), [(True, None), (None, None), (False, REPEAT_WINDOW)])
def test_an_alarm_without_a_fix_is_known_for_a_minute_because_its_time_may_stand_still(
    fix: bool | None, window: timedelta | None
) -> None:
    status = 0xFFFFFFFF & ~(1 << 1 | 1 << 19)
    panic, power = signals_of(DEVICE, b"", Report(word="V1", at=NOW, fix=fix, status=status), NOW)

    assert (panic.repeat_window, power.repeat_window) == (window, None)


def test_a_retransmission_has_the_same_key_and_a_new_press_another() -> None:
    def key(body: bytes, at_s: int) -> str:
        report = Report(word="V1", at=NOW.replace(second=at_s), status=0xFFFFFFFD)
        return signals_of(DEVICE, body, report, NOW)[0].repeat_key

    assert key(b"one", 1) == key(b"one", 1)
    assert key(b"one", 1) != key(b"two", 2)
