"""The desk in the memory store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from escalation.ids import CommitteeId, UserId
from larmcentral.domain.desk import AtDesk
from tests.fakes.memory_work import MemoryWork


class MemoryDesk(MemoryWork):
    """Part of ports.Transaction."""

    async def sit_down(self, at_desk: AtDesk) -> None:
        user_id = at_desk.operator.user_id
        before = self.tables.desk.get(user_id) or at_desk
        self.tables.desk[user_id] = replace(
            at_desk, since=min(before.since, at_desk.since), seen_at=max(before.seen_at, at_desk.seen_at), load=0
        )

    async def seen_at_desk(self, user_id: UserId, at: datetime) -> bool:
        one = self.tables.desk.get(user_id)
        if one is None:
            return False
        self.tables.desk[user_id] = replace(one, seen_at=max(one.seen_at, at))
        return True

    async def leave_desk(self, user_id: UserId, at: datetime) -> bool:
        return self.tables.desk.pop(user_id, None) is not None

    async def at_desk(self, committee_id: CommitteeId) -> Sequence[AtDesk]:
        if not self._may_see(committee_id):
            return []
        here = [self._loaded(one) for one in self.tables.desk.values() if committee_id in one.committees]
        return sorted(here, key=lambda one: (one.load, one.since, one.operator.user_id))

    async def gone_from_desk(self, silent_since: datetime) -> Sequence[AtDesk]:
        gone = [self._loaded(one) for one in self.tables.desk.values() if one.seen_at < silent_since]
        return sorted(gone, key=lambda one: (one.seen_at, one.operator.user_id))

    def _loaded(self, one: AtDesk) -> AtDesk:
        return replace(one, load=len(self.tables.owned.of(one.operator.user_id)))
