"""Why a rota may not go live."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given

from escalation.rota import Layer, Override, Rota
from escalation.rota_complaints import RotaComplaint, RotaComplaintKind, rota_complaints
from tests.escalation.rotas import ANNA, BO, CIA, local, override, rota, rotas, weekly

AT = local(2026, 1, 7)
HOUR = timedelta(hours=1)
K = RotaComplaintKind


def test_a_usual_rota_may_go_live() -> None:
    nights = replace(weekly(BO), hours=(time(22), time(6)), weekdays=frozenset({4, 5}))
    stands_in = (override(BO, AT, AT + HOUR), override(CIA, AT + HOUR, AT + 2 * HOUR), override(CIA, AT, AT + HOUR, 1))

    assert rota_complaints(rota(weekly(ANNA, BO, CIA), nights, overrides=stands_in)) == ()


def test_a_rota_without_layers_is_none() -> None:
    assert rota_complaints(rota()) == (RotaComplaint(K.NO_LAYERS),)


def test_layers_and_overrides_have_their_number() -> None:
    many = tuple(override(BO, AT + number * HOUR, AT + (number + 1) * HOUR) for number in range(1001))

    assert rota_complaints(rota(*[weekly(ANNA)] * 11)) == (
        RotaComplaint(K.TOO_MANY_LAYERS, fields=(("layers", "11"), ("most", "10"))),
    )
    assert rota_complaints(rota(weekly(ANNA), overrides=many)) == (
        RotaComplaint(K.TOO_MANY_OVERRIDES, fields=(("overrides", "1001"), ("most", "1000"))),
    )


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "Europe", "/usr", "Europe/Stockholm\0"])
def test_a_zone_that_is_none_is_named(zone: str) -> None:
    assert rota_complaints(replace(rota(weekly(ANNA)), zone=zone)) == (
        RotaComplaint(K.UNKNOWN_ZONE, fields=(("zone", zone),)),
    )


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (weekly(), RotaComplaint(K.EMPTY_LAYER, 1)),
        (weekly(*[ANNA] * 101), RotaComplaint(K.TOO_MANY_PERSONS, 1, fields=(("persons", "101"), ("most", "100")))),
        (replace(weekly(ANNA), hand_over=time(8, 0, 1)), RotaComplaint(K.HAND_OVER_ODD, 1)),
        (replace(weekly(ANNA), hand_over=time(8, tzinfo=UTC)), RotaComplaint(K.HAND_OVER_ODD, 1)),
        (replace(weekly(ANNA), hours=(time(8), time(9, 0, 0, 5))), RotaComplaint(K.HOURS_ODD, 1)),
        (
            replace(weekly(ANNA), length_days=0),
            RotaComplaint(K.LENGTH_TOO_SHORT, 1, fields=(("days", "0"), ("least", "1"))),
        ),
        (
            replace(weekly(ANNA), length_days=367),
            RotaComplaint(K.LENGTH_TOO_LONG, 1, fields=(("days", "367"), ("most", "366"))),
        ),
        (
            replace(weekly(ANNA), weekdays=frozenset({0, 7, -1})),
            RotaComplaint(K.NO_SUCH_WEEKDAY, 1, fields=(("weekdays", "-1 7"),)),
        ),
    ],
    ids=lambda one: one.kind.value if isinstance(one, RotaComplaint) else "layer",
)
def test_a_layer_is_complained_about_by_its_index(layer: Layer, expected: RotaComplaint) -> None:
    assert rota_complaints(rota(weekly(BO), layer)) == (expected,)


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (override(BO, AT, AT), RotaComplaint(K.OVERRIDE_ENDS_BEFORE_IT_BEGINS, 0, 1)),
        (override(BO, AT, AT - HOUR), RotaComplaint(K.OVERRIDE_ENDS_BEFORE_IT_BEGINS, 0, 1)),
        (override(BO, AT.replace(tzinfo=None), AT), RotaComplaint(K.OVERRIDE_WITHOUT_ZONE, 0, 1)),
        (override(BO, AT, datetime(2026, 2, 1)), RotaComplaint(K.OVERRIDE_WITHOUT_ZONE, 0, 1)),  # noqa: DTZ001
        (
            override(BO, AT, AT + timedelta(days=367)),
            RotaComplaint(K.OVERRIDE_TOO_LONG, 0, 1, (("days", "367"), ("most", "366"))),
        ),
        (override(BO, AT, AT + HOUR, layer=2), RotaComplaint(K.OVERRIDE_OF_NO_LAYER, None, 1, (("layer", "2"),))),
        (override(BO, AT, AT + HOUR, layer=-1), RotaComplaint(K.OVERRIDE_OF_NO_LAYER, None, 1, (("layer", "-1"),))),
    ],
    ids=lambda one: one.kind.value if isinstance(one, RotaComplaint) else "override",
)
def test_an_override_is_complained_about_by_its_index(wrong: Override, expected: RotaComplaint) -> None:
    sound = override(CIA, AT - 2 * HOUR, AT - HOUR)

    assert rota_complaints(rota(weekly(ANNA), weekly(BO), overrides=(sound, wrong))) == (expected,)


def test_two_overrides_of_one_layer_may_not_overlap() -> None:
    overlapping = (override(BO, AT, AT + 2 * HOUR), override(CIA, AT + HOUR, AT + 3 * HOUR))

    assert rota_complaints(rota(weekly(ANNA), overrides=overlapping)) == (
        RotaComplaint(K.OVERRIDES_OVERLAP, 0, 1, (("other", "0"),)),
    )


def test_an_override_of_all_layers_overlaps_with_that_of_any_and_is_named_once() -> None:
    overlapping = (override(BO, AT, AT + 2 * HOUR, layer=None), override(CIA, AT, AT + HOUR, layer=None))

    assert rota_complaints(rota(weekly(ANNA), weekly(ANNA), overrides=overlapping)) == (
        RotaComplaint(K.OVERRIDES_OVERLAP, None, 1, (("other", "0"),)),
    )


def test_a_long_override_overlaps_with_each_that_lies_within_it() -> None:
    overlapping = (
        override(BO, AT, AT + 9 * HOUR),
        override(CIA, AT + HOUR, AT + 2 * HOUR),
        override(CIA, AT + 3 * HOUR, AT + 4 * HOUR),
    )

    assert [one.override for one in rota_complaints(rota(weekly(ANNA), overrides=overlapping))] == [1, 2]


@given(rotas())
def test_complaints_never_fail_and_know_of_no_overlap_where_room_was_made(whole: Rota) -> None:
    empty = {index for index, layer in enumerate(whole.layers) if not layer.persons}

    assert {one.layer for one in rota_complaints(whole)} == empty
