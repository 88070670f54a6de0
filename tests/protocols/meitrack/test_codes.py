"""Every event of the table, on a handheld, on a vehicle and on a unit nobody has registered."""

from __future__ import annotations

import pytest

from protocols.meitrack.codes import EVENTS, Meaning, Wearer, meaning_of, plain, volts, wearer_of
from protocols.signal import ALARMS, SignalKind

KIND = SignalKind
BY_KIND = {
    KIND.PANIC: [1],
    KIND.BUTTON: [*range(2, 9)],
    KIND.LOW_BATTERY: [17],
    KIND.DEVICE_FAULT: [18, 44],
    KIND.ZONE_ENTER: [20],
    KIND.ZONE_EXIT: [21],
    KIND.RESTORE: [22],
    KIND.EXTERNAL_POWER_LOST: [23],
    KIND.HEARTBEAT: [31],
    KIND.POWER_OFF: [40],
    KIND.UNSPECIFIED_ALARM: [65, 78],
    KIND.FALL: [79],
    KIND.POSITION: [*range(9, 17), 19, *range(24, 30), *range(32, 38), 41, 42, *range(70, 74), 90, 91, 129, 130],
}


def test_each_event_means_what_the_table_says() -> None:
    expected = {event: kind for kind, events in BY_KIND.items() for event in events}

    assert expected == EVENTS
    assert {event: meaning_of(str(event), Wearer.PERSON).kind for event in EVENTS} == expected


def test_an_event_that_calls_for_help_says_so() -> None:
    for event in EVENTS:
        for wearer in Wearer:
            meaning = meaning_of(str(event), wearer)
            assert meaning.is_alarm == (meaning.kind in ALARMS)


def test_on_a_vehicle_keys_are_inputs_and_an_alarm_is_one_on_doubt() -> None:
    assert meaning_of("1", Wearer.VEHICLE).kind is KIND.UNSPECIFIED_ALARM
    assert meaning_of("79", Wearer.VEHICLE).kind is KIND.UNSPECIFIED_ALARM
    assert meaning_of("2", Wearer.VEHICLE).kind is KIND.POSITION


def test_on_an_unknown_model_event_1_is_an_sos() -> None:
    assert meaning_of("1", Wearer.UNKNOWN) == Meaning(KIND.PANIC, None, is_alarm=True)
    assert meaning_of("79", Wearer.UNKNOWN).kind is KIND.UNSPECIFIED_ALARM


@pytest.mark.parametrize("event", ["0", "250", "65535", "x", "1.0", "999999", "²"])
def test_an_event_of_no_table_is_unknown(event: str) -> None:
    assert meaning_of(event, Wearer.PERSON).kind is KIND.UNKNOWN


def test_without_an_event_a_record_is_a_position() -> None:
    assert meaning_of("", Wearer.UNKNOWN) == Meaning(KIND.POSITION, None, is_alarm=False)


@pytest.mark.parametrize(
    ("model", "wearer", "steps", "expected"),
    [
        ("MT90", Wearer.PERSON, 2400, 3.87),
        ("mt-90 G", Wearer.PERSON, 2400, 3.52),
        ("P99L", Wearer.PERSON, 389, 3.89),
        ("Trackids", Wearer.PERSON, 389, 3.89),
        ("MVT380", Wearer.VEHICLE, 600, 3.52),
        ("MVT600", Wearer.VEHICLE, 2400, 3.87),
        ("T1", Wearer.VEHICLE, 2400, 3.87),
        ("T333", Wearer.VEHICLE, 389, 3.89),
        ("TC68SG", Wearer.VEHICLE, 2400, 3.87),
        (None, Wearer.UNKNOWN, 389, 3.89),
        ("Oyster", Wearer.UNKNOWN, 389, 3.89),
    ],
)
def test_a_model_decides_who_carries_it_and_what_a_step_is(
    model: str | None, wearer: Wearer, steps: int, expected: float
) -> None:
    assert wearer_of(plain(model)) is wearer
    assert volts(steps, plain(model)) == expected


def test_a_reading_that_no_battery_has_becomes_no_volts() -> None:
    assert volts(2000, "") == 20.0
    assert volts(2001, "") is None
