"""What the API asks about the house at work: desk, shift changes, pool devices and their tests."""

from __future__ import annotations

from typing import Protocol

from larmcentral.domain.roles import Scope
from larmcentral.domain.views_house import DeskSeat, HandoverView, LedgerRow, PoolRow


class HouseReads(Protocol):
    """Lists of a scope's committees."""

    async def desk(self, scope: Scope) -> tuple[DeskSeat, ...]:
        """Return who is at the desk, the least loaded first."""
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
