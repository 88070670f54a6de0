"""Overrides that make room for themselves, and swaps."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from escalation.ids import UserId
from escalation.incident import Refused
from escalation.rota import Rota, on_call
from escalation.rota_change import swap, with_override
from escalation.rota_complaints import RotaComplaintKind, rota_complaints
from escalation.rota_shifts import Shift, shifts
from tests.escalation.rotas import ANNA, BO, CIA, DAG, is_holiday, local, moments, override, rota, rotas, weekly

HOUR = timedelta(hours=1)
AT = local(2026, 1, 7)
SOMEBODY = UserId(UUID(int=0xE2))


def test_an_older_override_keeps_what_lies_around_a_newer_one() -> None:
    older, newer = override(BO, AT, AT + 4 * HOUR), override(CIA, AT + HOUR, AT + 2 * HOUR)

    assert with_override(with_override(rota(weekly(ANNA)), older), newer).overrides == (
        override(BO, AT, AT + HOUR),
        override(BO, AT + 2 * HOUR, AT + 4 * HOUR),
        newer,
    )


def test_an_older_override_of_all_layers_stays_in_the_others() -> None:
    older, newer = override(BO, AT, AT + HOUR, layer=None), override(CIA, AT, AT + HOUR, layer=1)
    whole = rota(weekly(ANNA), weekly(ANNA), weekly(ANNA), overrides=(older,))

    assert with_override(whole, newer).overrides == (
        override(BO, AT, AT + HOUR, layer=0),
        override(BO, AT, AT + HOUR, layer=2),
        newer,
    )


def test_overrides_of_other_layers_and_other_times_stay_as_they_are() -> None:
    others = (override(BO, AT, AT + HOUR, layer=1), override(BO, AT - HOUR, AT), override(BO, AT + HOUR, AT + 2 * HOUR))
    newer = override(CIA, AT, AT + HOUR)
    whole = rota(weekly(ANNA), weekly(ANNA), overrides=others)

    assert with_override(whole, newer).overrides == (*others, newer)


def test_two_shifts_change_their_persons_and_nothing_else_changes() -> None:
    whole = rota(weekly(ANNA, BO, CIA))
    before = shifts(whole, local(2026, 1, 5, 8), local(2026, 2, 16, 8), is_holiday)
    after = shifts(
        swap(whole, before[0], before[4], made_by=SOMEBODY), before[0].from_at, before[-1].until_at, is_holiday
    )

    assert [shift.person_id for shift in before] == [ANNA, BO, CIA, ANNA, BO, CIA]
    assert [shift.person_id for shift in after] == [BO, CIA, ANNA, CIA]
    assert [after[0].until_at, after[2].until_at] == [before[1].until_at, before[4].until_at]


def test_a_swap_says_who_made_it_and_why() -> None:
    whole = rota(weekly(ANNA, BO))
    a, b = shifts(whole, local(2026, 1, 5, 8), local(2026, 1, 19, 8), is_holiday)

    assert [(one.ground, one.made_by) for one in swap(whole, a, b, made_by=SOMEBODY).overrides] == [
        ("swap", SOMEBODY)
    ] * 2


def test_a_swap_back_leaves_everybody_where_he_was() -> None:
    whole = rota(weekly(ANNA, BO))
    begins, ends = local(2026, 1, 5, 8), local(2026, 1, 19, 8)
    before = shifts(whole, begins, ends, is_holiday)
    once = swap(whole, *before, made_by=SOMEBODY)
    twice = swap(once, *shifts(once, begins, ends, is_holiday), made_by=SOMEBODY)

    assert shifts(twice, begins, ends, is_holiday) == before
    assert len(twice.overrides) == 2


def test_nobody_swaps_with_himself() -> None:
    shift = Shift(person_id=ANNA, layer=0, from_at=AT, until_at=AT + HOUR)

    with pytest.raises(Refused, match="same_person"):
        swap(rota(weekly(ANNA)), shift, shift, made_by=SOMEBODY)


@given(rotas(), moments(), st.integers(1, 5000), st.sampled_from([None, 0]), st.integers(-3000, 8000))
def test_room_is_made_for_a_newer_override_and_no_more_than_that(
    whole: Rota, begins: datetime, minutes: int, layer: int | None, offset: int
) -> None:
    newer = override(DAG, begins, begins + timedelta(minutes=minutes), layer)
    at = begins + timedelta(minutes=offset)
    after = with_override(whole, newer)

    overlap = RotaComplaintKind.OVERRIDES_OVERLAP
    assert overlap not in {complaint.kind for complaint in rota_complaints(after)}
    if newer.from_at <= at < newer.until_at:
        assert on_call(after, at, is_holiday)[0] == DAG
    else:
        assert on_call(after, at, is_holiday) == on_call(whole, at, is_holiday)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])  # each lays out a month twice
@given(rotas(), moments(), st.data())
def test_any_two_shifts_can_be_swapped(whole: Rota, begins: datetime, data: st.DataObject) -> None:
    found = shifts(whole, begins, begins + timedelta(days=30), is_holiday)
    assume(len(found) > 1)
    a, b = data.draw(st.sampled_from(found)), data.draw(st.sampled_from(found))
    assume(a.person_id != b.person_id)
    after = shifts(swap(whole, a, b, made_by=SOMEBODY), begins, begins + timedelta(days=30), is_holiday)

    for shift, person_id in ((a, b.person_id), (b, a.person_id)):
        assert any(
            one.layer == shift.layer
            and one.person_id == person_id
            and one.from_at <= shift.from_at
            and shift.until_at <= one.until_at
            for one in after
        )
