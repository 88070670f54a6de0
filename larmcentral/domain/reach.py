"""Whether anybody could be reached in the next hours: a unit, stretches of time, and who would be told in each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from escalation.ids import CommitteeId, OrganisationId, PersonId, UnitId
from larmcentral.domain.views_house import ReachRow, ReachSlot


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseUnit:
    """A unit, or a committee that has none (unit_id None), by its name."""

    organisation_id: OrganisationId
    committee_id: CommitteeId
    unit_id: UnitId | None
    name: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time, and who would be told in it, first first. from_at (included), until_at (excluded)."""

    from_at: datetime
    until_at: datetime
    persons: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitReach:
    """Who would be told of a unit's panic. chain: its name, None where nobody made one."""

    unit: HouseUnit
    chain: str | None
    stretches: tuple[Stretch, ...]


def laid_out(answers: Sequence[tuple[datetime, tuple[PersonId, ...]]], until_at: datetime) -> tuple[Stretch, ...]:
    """Lay answers out in time; neighbours with equal ones are one.

    answers: each with the moment from which it holds, first one first. until_at: when the last one ends.
    """
    found: list[Stretch] = []
    ends = [moment for moment, _ in answers[1:]] + [until_at]
    for (begins, persons), end in zip(answers, ends, strict=True):
        if found and found[-1].persons == persons:
            found[-1] = replace(found[-1], until_at=end)
        else:
            found.append(Stretch(begins, end, persons))
    return tuple(found)


def told_in(found: Iterable[UnitReach]) -> frozenset[PersonId]:
    """Return everybody who is named anywhere."""
    return frozenset(person for one in found for stretch in one.stretches for person in stretch.persons)


def rows_of(found: Iterable[UnitReach], names: Mapping[PersonId, str]) -> tuple[ReachRow, ...]:
    """Put it in words; somebody whose name may not be seen counts, and is written as nothing."""
    return tuple(
        ReachRow(
            committee_id=one.unit.committee_id,
            unit_id=one.unit.unit_id,
            unit=one.unit.name,
            chain=one.chain,
            slots=tuple(
                ReachSlot(
                    from_at=stretch.from_at,
                    until_at=stretch.until_at,
                    persons=tuple(names.get(person, "") for person in stretch.persons),
                    nobody=not stretch.persons,
                )
                for stretch in one.stretches
            ),
        )
        for one in found
    )
