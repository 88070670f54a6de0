"""What the API asks about the house at work: desk, shift changes, pool devices and their tests."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from escalation.ids import UserId
from larmcentral.domain.reach import HouseUnit
from larmcentral.domain.roles import Scope
from larmcentral.domain.views_house import DeskPicture, DeskSeat, HandoverView, LedgerRow, PoolRow


class HouseReads(Protocol):
    """Lists of a scope's committees."""

    async def desk(self, scope: Scope) -> tuple[DeskSeat, ...]:
        """Return who is at the desk, the least loaded first."""
        ...

    async def picture(self, scope: Scope, *, now: datetime) -> DeskPicture:
        """Return how much there is for how many."""
        ...

    async def units(self, scope: Scope) -> tuple[HouseUnit, ...]:
        """Return the units, and each committee that has none as one, by name."""
        ...

    async def handovers(self, scope: Scope) -> tuple[HandoverView, ...]:
        """Return shift changes that wait for a signature, oldest first."""
        ...

    async def pool(self, scope: Scope) -> tuple[PoolRow, ...]:
        """Return pool devices, by tag."""
        ...

    async def tests(self, scope: Scope) -> tuple[LedgerRow, ...]:
        """Return the newest test alarm of each device, those tested longest ago first."""
        ...


class SystemAlarms(Protocol):
    """What stands because our own side failed."""

    async def deal_with(self, scope: Scope, alarm_id: UUID, *, by: UserId, note: str) -> None:
        """Take a system alarm down because a person has seen to it, and write down who. Repeatable.

        Raises NotFound for one out of sight, and Refused (house_clears_it) where the house itself knows when it ends.
        """
        ...
