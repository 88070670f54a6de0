"""Words down to devices: filed with a decision or for a person, said once, answered, or never said."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from escalation.ids import DeviceId, IncidentId
from larmcentral.domain.device import Downlink, DownlinkKind, Unsaid
from larmcentral.domain.order import Sheet


class DownlinkWork(Protocol):
    """Part of a transaction. Downlinks are taken before the incident they belong to."""

    async def file_downlinks(self, downlinks: Sequence[Downlink]) -> None:
        """File words down to devices; the same id again changes nothing."""
        ...

    async def claim_downlinks(self, devices: Collection[tuple[str, str]], now: datetime) -> Sequence[Downlink]:
        """Lock waiting downlinks for devices (protocol, account) that are connected here; expired ones stay behind."""
        ...

    async def claim_expired(self, now: datetime, limit: int) -> Sequence[Downlink]:
        """Lock downlinks that waited for longer than they are worth."""
        ...

    async def waiting(self, now: datetime) -> frozenset[tuple[str, str]]:
        """Return the devices (protocol, account) that something waits for; mostly none."""
        ...

    async def settle_downlinks(self, sent: Mapping[UUID, int], now: datetime) -> None:
        """They were handed to the network, in so many frames."""
        ...

    async def leave_unsaid(self, why: Mapping[UUID, Unsaid]) -> None:
        """They will not be said any more; what was sent meanwhile stays sent."""
        ...

    async def claim_unanswered(self, devices: Collection[tuple[str, str]], since: datetime) -> Sequence[Downlink]:
        """Lock what was sent to devices since then and may still be answered, by words or a place, oldest first."""
        ...

    async def file_answers(self, answered: Sequence[Downlink]) -> None:
        """Write down what devices answered: replies, answered_at, answer and placed_at of each."""
        ...

    async def standing_order(
        self, device_id: DeviceId, kind: DownlinkKind, incident_id: IncidentId | None, now: datetime
    ) -> Downlink | None:
        """Return the newest of its kind that still waits for the device; None if none does."""
        ...

    async def sheet(self, device_id: DeviceId) -> Sheet | None:
        """Return a device's commissioning sheet, or None if it has none yet or may not be seen."""
        ...

    async def keep_sheet(self, sheet: Sheet) -> None:
        """Write a device's commissioning sheet; it is its device's committee's."""
        ...
