"""The assurance loop: could somebody be reached now, and will somebody be on call in the days to come?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import structlog

from escalation.alarm import AlarmKind
from escalation.chain import (
    BuildingTarget,
    DeskTarget,
    ManagerTarget,
    NearestTarget,
    ReceiverTarget,
    Risk,
    Roster,
    Step,
)
from escalation.conditions import holds
from escalation.effects import SystemFault
from escalation.ids import CommitteeId, OrganisationId, RotaId
from escalation.purpose import Purpose
from escalation.reach import reach_of
from escalation.rota_shifts import Gap, upcoming_gap
from larmcentral.domain.assurance import ChainInUse
from larmcentral.domain.record import Subject
from larmcentral.flows.means import Means
from larmcentral.flows.rosters import RosterAsk, rosters
from larmcentral.flows.running import Loop
from larmcentral.ports import Transaction

log = structlog.get_logger(__name__)

EVERY_S: Final = 600.0
"""Ten minutes: phones are lost and shifts end at any time, and the look costs a query a chain."""
ROTAS_EVERY_S: Final = 3600.0
"""Gaps are warned of three days ahead; an hour's delay is nothing beside that."""
FIRST_STEPS: Final = 2
"""A chain may end in empty steps for a while; one that begins with them lets minutes pass in silence."""

_House = tuple[OrganisationId, CommitteeId]


class Assurance:
    """Raises nobody_reachable and rota_gap as system alarms of a committee, and clears them."""

    def __init__(self, means: Means, *, every_s: float = EVERY_S, rotas_every_s: float = ROTAS_EVERY_S) -> None:
        self._means, self._store, self._clock = means, means.store, means.clock
        self._every_s, self._rotas_every_s = every_s, rotas_every_s
        self._warned: dict[RotaId, datetime] = {}
        self._chains = Loop("assurance of chains", self._look_at_chains, means.clock)
        self._rotas = Loop("assurance of rotas", self._look_at_rotas, means.clock)

    def start(self) -> None:
        """Begin to look."""
        self._chains.start()
        self._rotas.start()

    async def stop(self) -> None:
        """Stop looking."""
        await self._chains.stop()
        await self._rotas.stop()

    async def _look_at_chains(self) -> None:
        await self.look_at_chains()
        await self._clock.sleep(self._every_s)

    async def _look_at_rotas(self) -> None:
        await self.look_at_rotas()
        await self._clock.sleep(self._rotas_every_s)

    async def look_at_chains(self) -> frozenset[CommitteeId]:
        """Look once at every chain that an alarm could take; return the committees where one reaches nobody."""
        in_use = await self._store.chains_in_use()
        now = self._clock.now()
        async with self._store.transaction() as tx:
            found = await rosters(tx, [_ask(one) for one in in_use], self._means, now)
            wrong: dict[_House, bool] = {}
            for one, roster in zip(in_use, found, strict=True):
                empty = [index for index, step in enumerate(_first(one)) if not _reaches(step, one.kind, roster)]
                house = (one.organisation_id, one.committee_id)
                wrong[house] = wrong.get(house, False) or bool(empty)
                if empty:
                    log.warning("nobody_reachable", chain=str(one.chain.id), steps=empty)
            await _say(tx, SystemFault.NOBODY_REACHABLE, wrong)
        return _wrong_ones(wrong)

    async def look_at_rotas(self) -> frozenset[CommitteeId]:
        """Look once at every rota; return the committees where a gap comes within 72 h, or runs."""
        in_use = await self._store.rotas_in_use()
        now = self._clock.now()
        wrong: dict[_House, bool] = {}
        for one in in_use:
            gap = upcoming_gap(one.rota, now, self._means.calendar.is_holiday)
            house = (one.organisation_id, one.committee_id)
            wrong[house] = wrong.get(house, False) or gap is not None
            if gap is not None:
                self._warn(one.rota.id, gap)
        async with self._store.transaction() as tx:
            await _say(tx, SystemFault.ROTA_GAP, wrong)
        return _wrong_ones(wrong)

    def _warn(self, rota_id: RotaId, gap: Gap) -> None:
        """Say it once a gap: one that runs, or whose end comes into sight, is the one that was warned of."""
        warned_until = self._warned.get(rota_id)
        if warned_until is None or gap.from_at > warned_until:
            log.warning("rota_gap", rota=str(rota_id), from_at=gap.from_at.isoformat())
        self._warned[rota_id] = gap.until_at


async def _say(tx: Transaction, fault: SystemFault, wrong: Mapping[_House, bool]) -> None:
    for (organisation_id, committee_id), raised in wrong.items():
        await tx.set_fault(organisation_id, committee_id, fault.value, raised=raised)


def _wrong_ones(wrong: Mapping[_House, bool]) -> frozenset[CommitteeId]:
    return frozenset(committee_id for (_, committee_id), raised in wrong.items() if raised)


def _ask(one: ChainInUse) -> RosterAsk:
    """Ask for the first steps alone, and for nobody in particular."""
    nobody = Subject(
        organisation_id=one.organisation_id,
        committee_id=one.committee_id,
        protocol="house",
        account=str(one.committee_id),
        unit_id=one.unit_id,
    )
    return RosterAsk(nobody, replace(one.chain, steps=tuple(_first(one))))


def _first(one: ChainInUse) -> Sequence[Step]:
    return [step for step in one.chain.steps[:FIRST_STEPS] if _can_be_known(step, one)]


def _can_be_known(step: Step, one: ChainInUse) -> bool:
    """Leave out steps of the desk alone, and those whose people depend on where the alarm will come from."""
    people = [target for target in step.targets if not isinstance(target, DeskTarget | ReceiverTarget)]
    near = any(isinstance(target, NearestTarget | BuildingTarget) for target in people)
    by_place = near or step.when.risk > Risk.NONE
    of_some_unit = one.unit_id is None and (ManagerTarget() in people or bool(step.when.units))
    return bool(people) and not by_place and not of_some_unit


def _reaches(step: Step, kind: AlarmKind | None, roster: Roster) -> bool:
    """True if the step would tell somebody now by a way that answers, or does not apply now whatever is the matter."""
    if not any(
        holds(step.when, roster.circumstances, one, silent) for one in _kinds(step, kind) for silent in (False, True)
    ):
        return True
    found = reach_of(step, roster, Purpose.REAL, None).contacts.values()
    return any(not point.dead for points in found for point in points)


def _kinds(step: Step, kind: AlarmKind | None) -> Iterable[AlarmKind]:
    if kind is not None:
        return (kind,)
    return step.when.kinds or (AlarmKind.PANIC,)
