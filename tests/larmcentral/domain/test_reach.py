"""Answers laid out in time, and put in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from escalation.ids import CommitteeId, OrganisationId, PersonId
from larmcentral.domain.reach import HouseUnit, Stretch, UnitReach, laid_out, rows_of, told_in
from larmcentral.domain.views_house import ReachRow, ReachSlot

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ONE, TWO, THREE = (NOON + timedelta(hours=hours) for hours in (1, 2, 3))
ANNA, BO = PersonId(UUID(int=1)), PersonId(UUID(int=2))
CARE = HouseUnit(
    organisation_id=OrganisationId(UUID(int=8)), committee_id=CommitteeId(UUID(int=9)), unit_id=None, name="Omsorg"
)


def test_neighbours_with_equal_answers_are_one_stretch() -> None:
    answers = [(NOON, (ANNA,)), (ONE, (ANNA,)), (TWO, ())]
    assert laid_out(answers, THREE) == (Stretch(NOON, TWO, (ANNA,)), Stretch(TWO, THREE, ()))


def test_the_order_is_part_of_the_answer() -> None:
    assert len(laid_out([(NOON, (ANNA, BO)), (ONE, (BO, ANNA))], TWO)) == 2


def test_persons_are_written_by_name_and_nobody_is_said() -> None:
    found = [UnitReach(unit=CARE, chain=None, stretches=(Stretch(NOON, ONE, (BO, ANNA)), Stretch(ONE, TWO, ())))]
    assert told_in(found) == {ANNA, BO}
    assert rows_of(found, {ANNA: "Anna"}) == (
        ReachRow(
            committee_id=CARE.committee_id,
            unit_id=None,
            unit="Omsorg",
            chain=None,
            slots=(
                ReachSlot(from_at=NOON, until_at=ONE, persons=("", "Anna"), nobody=False),
                ReachSlot(from_at=ONE, until_at=TWO, persons=(), nobody=True),
            ),
        ),
    )
