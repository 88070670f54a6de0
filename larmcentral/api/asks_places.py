"""What the API asks about places: lists, one whole, and what managers write down about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from escalation.chain import Risk
from escalation.ids import CommitteeId, PersonId, PlaceId
from larmcentral.domain.beacons import PlacedBeacon
from larmcentral.domain.place import Place
from larmcentral.domain.register import SitePlan
from larmcentral.domain.roles import Scope, Viewer
from larmcentral.domain.views_places import PlaceChoice, PlaceView


class Places(Protocol):
    """Places of a scope's committees. All raise NotFound for one that is elsewhere."""

    async def places(self, scope: Scope, *, part: str) -> tuple[PlaceChoice, ...]:
        """Return places with `part` in their names or addresses, by name."""
        ...

    async def place(self, scope: Scope, place_id: PlaceId, *, by: Viewer, now: datetime) -> PlaceView:
        """Return one whole."""
        ...

    async def plan(self, scope: Scope, place_id: PlaceId) -> tuple[str, bytes]:
        """Return the site plan: its media type and its content."""
        ...

    async def save(self, scope: Scope, committee_id: CommitteeId, place: Place) -> None:
        """Enter a place, or the same one again with what is new about it."""
        ...

    async def remove(self, scope: Scope, place_id: PlaceId) -> None:
        """Take a place out of the register."""
        ...

    async def save_plan(self, scope: Scope, plan: SitePlan, now: datetime) -> None:
        """Keep a site plan, and where it lies, in place of the one that was there."""
        ...

    async def remove_plan(self, scope: Scope, place_id: PlaceId) -> None:
        """Drop the site plan."""
        ...

    async def set_beacons(self, scope: Scope, place_id: PlaceId, hanging: Sequence[PlacedBeacon]) -> None:
        """Write down all beacons that hang at a place; those left out are forgotten."""
        ...

    async def set_flag(
        self,
        scope: Scope,
        place_id: PlaceId,
        *,
        risk: Risk,
        owner_id: PersonId,
        ground: str,
        review_on: date,
        now: datetime,
    ) -> None:
        """Record a risk in place of the one that stood."""
        ...

    async def lift_flag(self, scope: Scope, place_id: PlaceId, now: datetime) -> None:
        """Say that the risk is over; what was recorded is kept."""
        ...

    async def report_coverage(self, scope: Scope, place_id: PlaceId, *, good: bool, now: datetime) -> None:
        """Remember that there was a signal there, or was none."""
        ...
