"""The board "can anybody be reached": who would be told of a panic in each unit, through the next hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from escalation.alarm import AlarmKind
from escalation.chain import EscalationChain, OnCallTarget, Roster
from escalation.ids import PersonId, RotaId
from escalation.rota import Rota
from escalation.whom import turning_points, whom
from larmcentral.domain.reach import HouseUnit, UnitReach, laid_out
from larmcentral.domain.record import Subject
from larmcentral.flows.asking import together
from larmcentral.flows.means import Means
from larmcentral.flows.rosters import RosterAsk, rosters
from larmcentral.flows.transact import Sight
from larmcentral.ports import Transaction

KIND: Final = AlarmKind.PANIC
"""What the board asks about: who cannot be reached for this can be reached for nothing."""
MOST_MOMENTS: Final = 500
"""Of one board: three days in which a shift begins every nine minutes. A board with more ends earlier."""

_Told = tuple[datetime, tuple[PersonId, ...]]


@dataclass(frozen=True, slots=True)
class _Walk:
    """A unit and its chain. graver: what takes over behind the first step, where the chain becomes a graver kind's."""

    unit: HouseUnit
    subject: Subject
    chain: EscalationChain | None
    graver: EscalationChain | None

    @property
    def chains(self) -> tuple[EscalationChain, ...]:
        """Those whose steps may be begun."""
        return tuple(one for one in (self.chain, self.graver) if one is not None)

    def asks(self) -> list[RosterAsk]:
        """Ask who stands behind each."""
        return [RosterAsk(self.subject, chain) for chain in self.chains]

    def told(self, found: Sequence[Roster]) -> tuple[PersonId, ...]:
        """Return whom the unit's panic would tell. found: the answers to its asks."""
        if self.chain is None:
            return ()
        roster = found[0] if len(found) == 1 else together(found[0], found[1])
        return whom(self.chain, roster, kind=KIND, silent=False, graver=self.graver)


class ReachBoard:
    """Answers for many units at once; changes nothing.

    Who is near an alarm, or in its building, nobody knows of an hour that is yet to come: they do not count here.
    """

    def __init__(self, means: Means) -> None:
        self._means = means

    async def look(self, units: Sequence[HouseUnit], *, hours: int, sight: Sight) -> tuple[UnitReach, ...]:
        """Return who would be told in each unit from now on, in the order of the units. Raises StoreUnavailable."""
        from_at = self._means.clock.now().replace(second=0, microsecond=0)
        until_at = from_at + timedelta(hours=hours)
        async with self._means.store.transaction(sight) as tx:
            walks = await _walks(tx, units)
            turns = await self._turns(tx, walks, from_at, until_at)
            moments = sorted({moment for one in turns for moment in one})
            if len(moments) > MOST_MOMENTS:
                until_at = moments[MOST_MOMENTS]
            told: list[list[_Told]] = [[] for _ in walks]
            for moment in moments[:MOST_MOMENTS]:
                concerned = [place for place, one in enumerate(turns) if moment in one]
                asks = [walks[place].asks() for place in concerned]
                found = iter(await rosters(tx, [ask for one in asks for ask in one], self._means, moment))
                for place, asked in zip(concerned, asks, strict=True):
                    told[place].append((moment, walks[place].told([next(found) for _ in asked])))
        return tuple(
            UnitReach(
                unit=walk.unit,
                chain=None if walk.chain is None else walk.chain.name,
                stretches=laid_out(answers, until_at),
            )
            for walk, answers in zip(walks, told, strict=True)
        )

    async def _turns(
        self, tx: Transaction, walks: Sequence[_Walk], from_at: datetime, until_at: datetime
    ) -> list[frozenset[datetime]]:
        """For each unit, the moments at which its answer may change, the first one among them."""
        calendar = self._means.calendar
        rotas, zone = await _rotas(tx, walks), ZoneInfo(calendar.zone)
        return [
            frozenset({from_at}).union(
                *(turning_points(one, rotas, from_at, until_at, zone, calendar.is_holiday) for one in walk.chains)
            )
            for walk in walks
        ]


async def _walks(tx: Transaction, units: Sequence[HouseUnit]) -> list[_Walk]:
    subjects = [_subject(unit) for unit in units]
    chains = await tx.chains([(subject, KIND) for subject in subjects])
    upgrades = [
        (subject, chain.upgrade_to)
        for subject, chain in zip(subjects, chains, strict=True)
        if chain is not None and chain.upgrade_to is not None
    ]
    gravers = iter(await tx.chains(upgrades) if upgrades else ())
    return [
        _Walk(unit, subject, chain, next(gravers) if chain is not None and chain.upgrade_to is not None else None)
        for unit, subject, chain in zip(units, subjects, chains, strict=True)
    ]


def _subject(unit: HouseUnit) -> Subject:
    return Subject(
        organisation_id=unit.organisation_id,
        committee_id=unit.committee_id,
        protocol="house",
        account=str(unit.unit_id or unit.committee_id),
        unit_id=unit.unit_id,
        label=unit.name,
    )


async def _rotas(tx: Transaction, walks: Sequence[_Walk]) -> Mapping[RotaId, Rota]:
    named = {
        target.rota_id
        for walk in walks
        for chain in walk.chains
        for step in chain.steps
        for target in step.targets
        if isinstance(target, OnCallTarget)
    }
    return await tx.rotas(named) if named else {}
