"""The nearest colleagues."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest
from geopy.distance import great_circle
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.ids import PersonId
from escalation.nearest import LEAST_RADIUS_M, Placed, nearest
from larmcentral.geo import metres_between

SQUARE = (59.3293, 18.0686)


class Counted:
    """The real distance, and how often it was asked for."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, from_lat: float, from_lon: float, to_lat: float, to_lon: float) -> float:
        self.asked += 1
        return metres_between(from_lat, from_lon, to_lat, to_lon)


def placed(number: int, lat: float, lon: float) -> Placed:
    return Placed(PersonId(UUID(int=number)), lat, lon)


def numbers(found: Sequence[tuple[Placed, float]]) -> list[int]:
    return [person.person_id.int for person, _ in found]


def test_the_closest_come_first_with_their_metres() -> None:
    persons = [placed(1, 59.34, 18.07), placed(2, 59.3294, 18.0686), placed(3, 59.331, 18.0686)]
    found = nearest(persons, *SQUARE, 5000, 2, metres_between)

    assert numbers(found) == [2, 3]
    assert [metres for _, metres in found] == [pytest.approx(11.1, abs=0.1), pytest.approx(189.4, abs=0.1)]


def test_who_is_too_far_away_is_left_out_to_the_metre() -> None:
    person = placed(1, 59.331, 18.0686)
    metres = metres_between(*SQUARE, person.lat, person.lon)

    assert numbers(nearest([person], *SQUARE, metres, 5, metres_between)) == [1]
    assert nearest([person], *SQUARE, metres - 0.001, 5, metres_between) == []


def test_equals_come_by_id() -> None:
    persons = [placed(number, 59.33, 18.07) for number in (3, 1, 2)]

    assert numbers(nearest(persons, *SQUARE, 5000, 2, metres_between)) == [1, 2]


@pytest.mark.parametrize("count", [0, -1])
def test_nobody_is_nearest_of_none_asked_for(count: int) -> None:
    assert nearest([placed(1, *SQUARE)], *SQUARE, 5000, count, metres_between) == []


def test_across_the_antimeridian_people_are_near() -> None:
    persons = [placed(1, 60, -179.999), placed(2, 60, 179.99)]

    assert numbers(nearest(persons, 60, 179.999, 5000, 2, metres_between)) == [1, 2]


def test_around_a_pole_people_are_near_whatever_their_longitude() -> None:
    persons = [placed(1, 89.999, -90), placed(2, 89.99, 90)]

    assert numbers(nearest(persons, 89.9999, 90, 5000, 2, metres_between)) == [1, 2]


def test_a_whole_house_at_one_place_costs_one_measurement() -> None:
    distance = Counted()
    persons = [placed(number, 59.33, 18.07) for number in range(1, 2001)]

    assert numbers(nearest(persons, *SQUARE, 5000, 3, distance)) == [1, 2, 3]
    assert distance.asked == 1


def test_few_are_measured_of_many() -> None:
    distance = Counted()
    persons = [placed(number, 59.33 + number * 1e-5, 18.07) for number in range(1, 2001)]

    assert numbers(nearest(persons, 59.33, 18.07, 50_000, 5, distance)) == [1, 2, 3, 4, 5]
    assert distance.asked <= 6


def anywhere() -> st.SearchStrategy[tuple[float, float]]:
    return st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(anywhere(), anywhere())
def test_the_earth_is_nowhere_smaller_than_the_sphere_and_hardly_larger(
    a: tuple[float, float], b: tuple[float, float]
) -> None:
    def on_sphere(*degrees: float) -> float:
        """Of the least radius, by geopy's own great circle."""
        return float(great_circle(degrees[:2], degrees[2:], radius=LEAST_RADIUS_M / 1000).meters)

    assert on_sphere(*a, *b) <= metres_between(*a, *b) + 1e-6
    assert metres_between(*a, *b) <= 1.011 * on_sphere(*a, *b) + 1e-6


@settings(max_examples=150)
@given(
    st.data(),
    st.sampled_from([SQUARE, (0.0, 0.0), (68.5, 21.0), (60.0, 179.999), (89.999, 10.0), (-90.0, 0.0)]) | anywhere(),
    st.sampled_from([50, 2_000, 100_000, 3_000_000, 50_000_000]),
    st.integers(1, 8),
)
def test_they_are_those_whom_measuring_everybody_finds(
    data: st.DataObject, here: tuple[float, float], within_m: int, count: int
) -> None:
    spread = data.draw(st.sampled_from([0.0005, 0.02, 1.0, 40.0]))
    offsets = st.floats(-1, 1, allow_subnormal=False)
    near = st.tuples(offsets, offsets).map(
        lambda by: (max(-90.0, min(90.0, here[0] + by[0] * spread)), (here[1] + by[1] * spread + 180) % 360 - 180)
    )
    places = data.draw(st.lists(near | st.just(here) | anywhere(), max_size=25))
    persons = [placed(1 + number * 7 % 29, *place) for number, place in enumerate(places)]

    measured = [(metres_between(*here, person.lat, person.lon), person.person_id, person) for person in persons]
    expected = sorted((one for one in measured if one[0] <= within_m), key=lambda one: one[:2])[:count]

    found = nearest(persons, *here, within_m, count, metres_between)
    assert [(metres, person.person_id) for person, metres in found] == [one[:2] for one in expected]
