"""What a record means, element by element and model by model."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from protocols.signal import AccountId, Signal, SignalKind
from protocols.teltonika.beacons import beacons
from protocols.teltonika.codes import REPEAT_WINDOW, signals_of
from protocols.teltonika.evidence import GH_NAMED, MAX_EVIDENCE, NAMED
from protocols.teltonika.messages import CODEC_8E, CODEC_GH3000, Batch, Element, Record
from protocols.teltonika.models import Carried, carried_by

NOW = datetime(2026, 3, 4, 5, 6, 10, tzinfo=UTC)
DEVICE = AccountId("866000000000017")
RECORD = Record(at_ms=1_772_600_767_000, priority=0, lat=57.93, lon=12.09, satellites=9, event_id=0, raw=b"a record")


def element(element_id: int, value: int, size: int = 1) -> Element:
    return Element(element_id, value.to_bytes(size, "big"))


def said(record: Record, carried: Carried = Carried.PERSON, codec: int = CODEC_8E) -> tuple[Signal, ...]:
    return signals_of(Batch(codec, 1, (record,)), DEVICE, carried, NOW)


def kinds(record: Record, carried: Carried = Carried.PERSON, codec: int = CODEC_8E) -> list[tuple[str, str | None]]:
    return [(signal.kind.value, signal.code) for signal in said(record, carried, codec)]


@pytest.mark.parametrize(
    ("one", "by_cause", "person", "vehicle", "unknown"),
    [
        (element(236, 1), False, "panic", "position", "panic"),
        (element(236, 1), True, "panic", "unspecified_alarm", "panic"),
        (element(236, 2), True, "panic", "unspecified_alarm", "panic"),
        (element(236, 0), True, "position", "position", "position"),
        (element(236, 1, 2), False, "position", "position", "position"),
        (element(236, 1, 2), True, "unspecified_alarm", "unspecified_alarm", "unspecified_alarm"),
        (element(242, 1), False, "man_down", "position", "man_down"),
        (element(242, 1), True, "man_down", "unspecified_alarm", "man_down"),
        (element(242, 0), True, "position", "position", "position"),
        (element(389, 0x11), True, "button", "position", "button"),
        (element(389, 0), True, "position", "position", "position"),
        (element(389, 0x11, 4), True, "position", "position", "position"),
        (element(247, 1), True, "unspecified_alarm", "unspecified_alarm", "unspecified_alarm"),
        (element(247, 1), False, "position", "position", "position"),
        (element(113, 20), True, "low_battery", "low_battery", "low_battery"),
        (element(113, 21), True, "position", "position", "position"),
        (element(113, 3), False, "position", "position", "position"),
        (element(222, 1), True, "position", "position", "position"),
    ],
)
def test_what_an_element_means_depends_on_who_carries_the_device(
    one: Element, by_cause: bool, person: str, vehicle: str, unknown: str
) -> None:
    record = replace(RECORD, elements=(one,), event_id=one.id if by_cause else 0)

    found = [kinds(record, carried)[0][0] for carried in (Carried.PERSON, Carried.VEHICLE, Carried.UNKNOWN)]

    assert found == [person, vehicle, unknown]
    assert {len(kinds(record, carried)) for carried in Carried} == {1}


@pytest.mark.parametrize(
    ("model", "carried"),
    [
        ("TMT250", Carried.PERSON),
        ("teltonika tmt-250", Carried.PERSON),
        ("GH5200", Carried.PERSON),
        ("GH 3000", Carried.PERSON),
        ("TST100", Carried.PERSON),
        ("tat100", Carried.PERSON),
        ("FMB003", Carried.VEHICLE),
        ("fmc 130", Carried.VEHICLE),
        ("FTC921", Carried.VEHICLE),
        ("", Carried.UNKNOWN),
        ("EV07B", Carried.UNKNOWN),
        (None, Carried.UNKNOWN),
    ],
)
def test_a_model_is_known_in_any_spelling(model: str | None, carried: Carried) -> None:
    assert carried_by(model) is carried


def test_all_that_a_record_says_is_told_gravest_first() -> None:
    elements = (element(389, 0x11), element(113, 9), element(242, 1), element(236, 1))

    assert kinds(replace(RECORD, elements=elements, event_id=113)) == [
        ("panic", "236=1"),
        ("man_down", "242=1"),
        ("low_battery", "113=9"),
        ("button", "389=17"),
    ]


def test_of_an_element_that_is_said_twice_the_first_counts() -> None:
    assert kinds(replace(RECORD, elements=(element(236, 1), element(236, 0, 2)))) == [("panic", "236=1")]


def test_a_cause_without_its_value_is_an_alarm_on_doubt() -> None:
    assert kinds(replace(RECORD, event_id=236)) == [("unspecified_alarm", "236")]


@pytest.mark.parametrize(("carried", "kind"), [(Carried.PERSON, "unspecified_alarm"), (Carried.VEHICLE, "position")])
def test_priority_panic_alone_is_an_alarm_on_doubt_unless_a_vehicle_says_it(carried: Carried, kind: str) -> None:
    assert kinds(replace(RECORD, priority=2), carried)[0][0] == kind
    assert kinds(replace(RECORD, priority=2, elements=(element(236, 1),)))[0][0] == "panic"


@pytest.mark.parametrize("carried", list(Carried))
def test_codec_07_means_the_same_from_every_model(carried: Carried) -> None:
    elements = (element(221, 1), element(222, 1), element(1, 77), element(236, 1))
    signals = said(replace(RECORD, elements=elements, event_id=None), carried, CODEC_GH3000)

    assert [(signal.kind.value, signal.code, signal.battery_pct) for signal in signals] == [
        ("panic", "222=1", 77),
        ("button", "221=1", 77),
    ]


@pytest.mark.parametrize(("satellites", "gnss", "valid"), [(0, 1, False), (9, 1, True), (9, 2, False), (9, 3, True)])
def test_a_place_without_a_fix_is_the_last_known_one(satellites: int, gnss: int, valid: bool) -> None:
    position = said(replace(RECORD, satellites=satellites, elements=(element(69, gnss),)))[0].position

    assert position is not None
    assert (position.valid, position.fix_at is not None) == (valid, valid)


def test_zero_zero_with_satellites_is_a_doubt_and_without_is_none() -> None:
    assert said(replace(RECORD, lat=0.0, lon=0.0))[0].doubts == ("position 0/0 dropped",)
    indoors = said(replace(RECORD, lat=0.0, lon=0.0, satellites=0))[0]
    assert (indoors.kind, indoors.position, indoors.doubts) == (SignalKind.HEARTBEAT, None, ())


def test_a_time_beyond_all_calendars_is_dropped_with_a_doubt() -> None:
    signal = said(replace(RECORD, at_ms=2**64 - 1, elements=(element(236, 1),)))[0]

    assert (signal.event_at, signal.doubts) == (None, ("time 18446744073709551615 ms dropped",))
    assert signal.repeat_window == REPEAT_WINDOW


def test_a_retransmission_has_the_same_name_and_a_new_press_another() -> None:
    press = replace(RECORD, elements=(element(236, 1),), raw=b"one")
    later = signals_of(Batch(CODEC_8E, 1, (press,)), DEVICE, Carried.PERSON, NOW.replace(minute=7))

    assert said(press)[0].repeat_key == later[0].repeat_key
    assert said(press)[0].repeat_key != said(replace(press, raw=b"two"))[0].repeat_key
    assert (
        said(press)[0].repeat_key != signals_of(Batch(CODEC_8E, 1, (press,)), None, Carried.PERSON, NOW)[0].repeat_key
    )


def test_undated_telemetry_is_never_a_repeat_and_an_undated_alarm_is_for_a_minute() -> None:
    unset = replace(RECORD, at_ms=0)
    alarm = replace(unset, elements=(element(236, 1),))
    later = NOW.replace(second=40)

    def again(record: Record) -> str:
        return signals_of(Batch(CODEC_8E, 1, (record,)), DEVICE, Carried.PERSON, later)[0].repeat_key

    assert said(unset)[0].repeat_key != again(unset)
    assert said(alarm)[0].repeat_key == again(alarm)


def test_every_named_element_is_told_by_its_name() -> None:
    for codec, names in ((CODEC_8E, NAMED), (CODEC_GH3000, GH_NAMED)):
        told = said(replace(RECORD, elements=tuple(element(one, 7) for one in names)), codec=codec)[0].evidence
        assert told == (("satellites", "9"), *((name, "7") for name in names.values()))


def test_the_cell_is_told_with_its_operator() -> None:
    elements = (element(205, 0xABCD, 2), element(206, 4660, 2), element(241, 310410, 4), element(636, 11259375, 4))

    assert said(replace(RECORD, elements=elements))[0].evidence[1:] == (("cell", "310,410,4660,11259375,"),)


def test_evidence_is_bounded() -> None:
    elements = tuple(element(id_, 1) for id_ in range(1000, 1200))

    assert len(said(replace(RECORD, elements=elements))[0].evidence) == MAX_EVIDENCE


@pytest.mark.parametrize(
    ("element_id", "raw", "lines"),
    [
        (385, "11", ()),
        (385, "1121" + "00" * 10, ()),
        (
            385,
            "1106" + "0A" * 10 + "0B" * 6 + "C4" + "012D" + "0064",
            ("0a" * 10 + ":" + "0b" * 6 + ",-60,volt=3.01,word=100",),
        ),
        (548, "01", ()),
        (548, "0103000144", (",68",)),
        (548, "0109" + "010401020304" + "0001C4", ("01020304,-60",)),
        (10829, "0109" + "070132" + "2102FFFF" + "0000", (",0,humidity_pct=50,item33=ffff",)),
        (
            11317,
            "0112" + "0F06020000000012" + "01020102" + "0202CAFE" + "0001",
            ("02:00:00:00:00:12,,bytes=cafe,id=0102",),
        ),
    ],
)
def test_beacons_are_told_as_far_as_they_can_be_read(element_id: int, raw: str, lines: tuple[str, ...]) -> None:
    assert beacons(Element(element_id, bytes.fromhex(raw))) == lines
