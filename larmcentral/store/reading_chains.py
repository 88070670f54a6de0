"""Chains for people: read in their newest version, gone live with the next, and who stands behind one at all."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from escalation.alarm import AlarmKind
from escalation.chain import EscalationChain, ManagerTarget, OnCallTarget, PersonTarget, Roster, Target, TeamTarget
from escalation.ids import ChainId, CommitteeId, PersonId, RotaId, UserId
from larmcentral.domain.chain_json import dump_chain
from larmcentral.domain.errors import NotFound
from larmcentral.domain.ids import uuid7
from larmcentral.domain.roles import Scope
from larmcentral.domain.views_house import ChainRow, ChainUse
from larmcentral.store import chains, register_places
from larmcentral.store.access import looking
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load
from larmcentral.store.versions import next_version
from larmcentral.store.work import database_time

_SQL: Final = load("reading_chains")

CHAIN_LIMIT: Final = 1000
"""One a unit and kind would be more than anybody keeps up."""


class Chains:
    """Chains of a scope's committees, in the web's role. All raise NotFound for one that is elsewhere."""

    def __init__(self, web: Pool) -> None:
        self._web = web

    async def chains(self, scope: Scope) -> tuple[ChainRow, ...]:
        """Return all, by name, and which alarms take them."""
        where = (scope.organisation_id, list(scope.committees))
        async with looking(self._web, scope) as connection:
            rows = await connection.fetch(_SQL["rows"], *where, CHAIN_LIMIT)
            choices = await connection.fetch(_SQL["uses"], *where)
        uses: defaultdict[UUID, list[ChainUse]] = defaultdict(list)
        for choice in choices:
            uses[choice["chain_id"]].append(ChainUse(unit_id=choice["unit_id"], kind=choice["kind"]))
        return tuple(ChainRow(**dict(row), uses=tuple(uses[row["id"]])) for row in rows)

    async def chain(self, scope: Scope, chain_id: ChainId) -> tuple[CommitteeId, EscalationChain]:
        """Return the newest version of one, and whose it is."""
        async with looking(self._web, scope) as connection:
            row = await connection.fetchrow(_SQL["one"], scope.organisation_id, list(scope.committees), chain_id)
        if row is None:
            raise NotFound(f"chain {chain_id}")
        return CommitteeId(row["committee_id"]), replace(chains.read_chain(row["body"]), version=row["version"])

    async def save(
        self,
        scope: Scope,
        committee_id: CommitteeId,
        chain: EscalationChain,
        uses: tuple[ChainUse, ...],
        *,
        by: UserId,
        now: datetime,
    ) -> int:
        """Let the next version go live for these real alarms and no others, and return its number.

        chain.version: the one it was made from, 0 for a new chain; incidents that are open keep the one they began
        with. An alarm that took another chain so far takes this one from now on. Raises Collision as rotas do.
        """
        where = (scope.organisation_id, committee_id)
        async with looking(self._web, scope) as connection:
            version = await next_version(connection, _SQL, scope, committee_id, chain)
            body = json.dumps(dump_chain(replace(chain, version=version)))
            await connection.execute(register_places.SQL["chain_version"], *where, chain.id, version, body, now, by)
            units = {use.unit_id for use in uses if use.unit_id is not None}
            if await connection.fetchval(_SQL["units_known"], *where, list(units)) != len(units):
                raise NotFound(f"unit of chain {chain.id}")
            await connection.execute(_SQL["drop_uses"], *where, chain.id)
            for use in dict.fromkeys(uses):
                kind = None if use.kind is None else AlarmKind(use.kind).value
                choice = (_choice_id(chain.id, use, now), use.unit_id, kind, "real", chain.id)
                await connection.execute(register_places.SQL["chain_choice"], *where, *choice)
        return version

    async def usual_roster(self, scope: Scope, committee_id: CommitteeId, chain: EscalationChain) -> Roster:
        """Return everybody who may stand behind the chain's targets at a usual time, as far as the scope sees them.

        Behind a rota all who take turns in its layers, behind the managers those of any unit of the committee. Who is
        near or in the building nobody can know beforehand.
        """
        targets = {target for step in chain.steps for target in step.targets}
        named: set[Target] = {target for target in targets if isinstance(target, PersonTarget | TeamTarget)}
        async with looking(self._web, scope) as connection:
            people = await _people_behind(connection, scope, committee_id, targets)
            found = await chains.roster(
                connection,
                scope.organisation_id,
                named.union(*people.values()),
                await database_time(connection),
            )
        contacts = {target: points for target, points in found.contacts.items() if target in targets}
        for target, persons in people.items():
            contacts[target] = tuple(point for person in persons for point in found.contacts.get(person, ()))
        return Roster(contacts)


async def _people_behind(
    connection: asyncpg.Connection, scope: Scope, committee_id: CommitteeId, targets: Collection[Target]
) -> dict[Target, tuple[PersonTarget, ...]]:
    """Return the persons behind rotas and managers, each once."""
    people: dict[Target, tuple[PersonTarget, ...]] = {}
    rotas = [target.rota_id for target in targets if isinstance(target, OnCallTarget)]
    for row in await connection.fetch(chains.SQL["rotas"], rotas) if rotas else ():
        layers = chains.read_rota(row["body"]).layers
        turns = dict.fromkeys(person_id for layer in layers for person_id in layer.persons)
        people[OnCallTarget(RotaId(row["id"]))] = tuple(map(PersonTarget, turns))
    if ManagerTarget() in targets:
        rows = await connection.fetch(_SQL["managers"], scope.organisation_id, committee_id)
        people[ManagerTarget()] = tuple(PersonTarget(PersonId(row["person_id"])) for row in rows)
    return people


def _choice_id(chain_id: ChainId, use: ChainUse, now: datetime) -> UUID:
    digest = hashlib.sha256(f"{chain_id} {use.unit_id} {use.kind}".encode()).digest()
    return uuid7(now, digest[:10])
