"""Contact points in the memory store, and what proves them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from escalation.chain import Channel
from escalation.ids import ContactPointId, PersonId
from larmcentral.domain.contact import MOVED, KnownPoint
from larmcentral.domain.proof import Proof
from larmcentral.domain.register import ContactPoint
from tests.fakes.memory_state import PointFacts, Tables
from tests.fakes.memory_work import MemoryWork


class MemoryPoints(MemoryWork):
    """Part of ports.Transaction. One transaction at a time runs, so that everything is held."""

    async def points_of(self, person_id: PersonId) -> Sequence[KnownPoint]:
        found = [self._known(i) for i in self.tables.points_of.of(person_id)]
        return sorted((one for one in found if one is not None), key=lambda one: (one.rank, one.id))

    async def point(self, point_id: ContactPointId) -> KnownPoint | None:
        return self._known(point_id)

    async def keep_point(self, point: KnownPoint) -> None:
        before = self.tables.points.get(point.id)
        same = (point.person_id, point.channel, point.address)
        if before is not None and (before[0], before[1].channel, before[1].address) != same:
            return
        kept = ContactPoint(id=point.id, channel=point.channel, address=point.address, rank=point.rank)
        facts = facts_of(self.tables, point.id) if before else PointFacts(made_at=point.made_at)
        self.tables.points[point.id] = (point.person_id, kept, not point.living)
        self.tables.point_facts[point.id] = replace(
            facts,
            label=point.label,
            verified_at=None,
            failed_at=None,
            failed_why=None,
            retired_at=point.retired_at,
            retired_why=point.retired_why,
        )

    async def retire_point(self, point_id: ContactPointId, at: datetime, why: str) -> None:
        if self._known(point_id) is not None:
            retire(self.tables, point_id, at, why)

    async def retire_elsewhere(self, channel: Channel, address: str, keep: ContactPointId, at: datetime) -> None:
        for point_id, (_, point, _) in list(self.tables.points.items()):
            if (point.channel, point.address) == (channel, address) and point_id != keep and self._known(point_id):
                retire(self.tables, point_id, at, MOVED)

    async def rank_points(self, point_ids: Sequence[ContactPointId]) -> None:
        for rank, point_id in enumerate(point_ids):
            if self._known(point_id) is not None:
                person_id, point, retired = self.tables.points[point_id]
                self.tables.points[point_id] = (person_id, replace(point, rank=rank), retired)

    async def verify_point(self, point_id: ContactPointId, at: datetime) -> None:
        if self._known(point_id) is not None:
            facts = facts_of(self.tables, point_id)
            self.tables.point_facts[point_id] = replace(facts, verified_at=facts.verified_at or at)

    async def keep_proof(self, proof: Proof, point: KnownPoint) -> None:
        self.tables.proofs[proof.point_id] = proof

    async def proof(self, point_id: ContactPointId) -> Proof | None:
        return self.tables.proofs.get(point_id)

    async def count_wrong_code(self, point_id: ContactPointId) -> None:
        proof = self.tables.proofs[point_id]
        self.tables.proofs[point_id] = replace(proof, tries=proof.tries + 1)

    async def forget_proofs(self, expired_before: datetime) -> None:
        for point_id, proof in list(self.tables.proofs.items()):
            if proof.expires_at < expired_before:
                del self.tables.proofs[point_id]

    def _known(self, point_id: ContactPointId) -> KnownPoint | None:
        row = self.tables.points.get(point_id)
        home = None if row is None else self.tables.persons[row[0]][0]
        if row is None or home is None or not self._may_see(home.committee_id):
            return None
        person_id, point, retired = row
        facts = facts_of(self.tables, point_id)
        return KnownPoint(
            id=point_id,
            organisation_id=home.organisation_id,
            committee_id=home.committee_id,
            person_id=person_id,
            channel=point.channel,
            address=point.address,
            rank=point.rank,
            made_at=facts.made_at,
            label=facts.label,
            verified_at=facts.verified_at,
            last_reached_at=facts.reached_at,
            last_failed_at=facts.failed_at,
            last_failed_why=facts.failed_why,
            retired_at=(facts.retired_at or facts.made_at) if retired else None,
            retired_why=(facts.retired_why or "gone") if retired else None,
        )


def facts_of(tables: Tables, point_id: ContactPointId) -> PointFacts:
    """What is known of a point; of one that only the register knows, that it has been there for ever."""
    return tables.point_facts.get(point_id) or PointFacts(made_at=datetime.fromisoformat("2026-01-01T00:00:00Z"))


def retire(tables: Tables, point_id: ContactPointId, at: datetime, why: str) -> None:
    """Use it no more; one that is retired keeps its reason."""
    person_id, point, retired = tables.points[point_id]
    if not retired:
        tables.points[point_id] = (person_id, point, True)
        tables.point_facts[point_id] = replace(facts_of(tables, point_id), retired_at=at, retired_why=why)
