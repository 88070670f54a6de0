"""How the ways out are doing, shared between processes and kept for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from larmcentral.domain.roles import Scope
from larmcentral.domain.way_board import WayFacts
from larmcentral.domain.way_minute import WayMinute
from larmcentral.domain.way_report import WayReport, WaySaid


class WayStore(Protocol):
    """For the server's own work. All raise StoreUnavailable."""

    async def report(self, process: UUID, reports: Sequence[WayReport]) -> Sequence[WaySaid]:
        """Say how this process finds its ways, and return what the others say, except what is too old to count.

        process: one incarnation of it. reports: may be none, of a process that sends nothing. Rows of processes that
        are long gone are swept.
        """
        ...

    async def leave(self, process: UUID) -> None:
        """Take back all that this process said: it ends, and has no vote any more."""
        ...

    async def add_minutes(self, minutes: Sequence[WayMinute]) -> None:
        """Add figures to those of the same provider and minute. Not repeatable: a lost answer may count twice."""
        ...


class WayDesk(Protocol):
    """For people. Raises StoreUnavailable."""

    async def facts(self, scope: Scope) -> WayFacts:
        """Return what the board is made of; of notices that wait only those of the scope's committees."""
        ...
