"""The operators' desk on disk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from escalation.events import Operator
from escalation.ids import CommitteeId, OrganisationId, UserId
from larmcentral.domain.desk import AtDesk
from larmcentral.store.queries import load
from larmcentral.store.work import Work

SQL: Final = load("desk")


class DeskPart(Work):
    """ports.DeskWork. In the web's role it sees the committees of whoever asks, in a seat as in a load."""

    async def sit_down(self, at_desk: AtDesk) -> None:
        """See ports.DeskWork."""
        operator, committees = at_desk.operator, sorted(at_desk.committees)
        await self._connection.execute(SQL["leave_others"], operator.user_id, committees)
        await self._connection.execute(
            SQL["sit_down"],
            at_desk.organisation_id,
            committees,
            operator.user_id,
            operator.person_id,
            at_desk.name,
            at_desk.since,
            at_desk.seen_at,
        )

    async def seen_at_desk(self, user_id: UserId, at: datetime) -> bool:
        """See ports.DeskWork."""
        return bool(await self._connection.fetch(SQL["seen"], user_id, at))

    async def leave_desk(self, user_id: UserId, at: datetime) -> bool:
        """See ports.DeskWork."""
        return bool(await self._connection.fetch(SQL["leave"], user_id))

    async def at_desk(self, committee_id: CommitteeId) -> Sequence[AtDesk]:
        """See ports.DeskWork."""
        return [_at_desk(row) for row in await self._connection.fetch(SQL["at_desk"], committee_id)]

    async def gone_from_desk(self, silent_since: datetime) -> Sequence[AtDesk]:
        """See ports.DeskWork."""
        return [_at_desk(row) for row in await self._connection.fetch(SQL["gone"], silent_since)]


def _at_desk(row: Any) -> AtDesk:
    return AtDesk(
        organisation_id=OrganisationId(row["organisation_id"]),
        committees=frozenset(CommitteeId(one) for one in row["committees"]),
        operator=Operator(UserId(row["user_id"]), row["person_id"]),
        name=row["name"],
        since=row["since"],
        seen_at=row["seen_at"],
        load=row["load"],
    )
