"""Who sits at the operators' desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from escalation.ids import CommitteeId, UserId
from larmcentral.domain.desk import AtDesk


class DeskWork(Protocol):
    """Part of a transaction."""

    async def sit_down(self, at_desk: AtDesk) -> None:
        """An operator is at the desk, or still is: his last sign of life moves on."""
        ...

    async def seen_at_desk(self, user_id: UserId, at: datetime) -> bool:
        """His last sign of life moves on; False if he does not sit there."""
        ...

    async def leave_desk(self, user_id: UserId, at: datetime) -> bool:
        """He is gone; False if he was not there."""
        ...

    async def at_desk(self, committee_id: CommitteeId) -> Sequence[AtDesk]:
        """Return who can take a committee's incident, least loaded first."""
        ...

    async def gone_from_desk(self, silent_since: datetime) -> Sequence[AtDesk]:
        """Return those at the desk of whom nothing was heard since then."""
        ...
