"""Words down to devices and commissioning sheets in the memory store."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from escalation.ids import DeviceId, IncidentId
from larmcentral.domain.device import Downlink, DownlinkKind, Unsaid
from larmcentral.domain.order import Sheet
from tests.fakes.memory_work import MemoryWork


class MemoryDownlinks(MemoryWork):
    """Part of ports.Transaction."""

    async def file_downlinks(self, downlinks: Sequence[Downlink]) -> None:
        for downlink in downlinks:
            self.tables.downlinks.setdefault(downlink.id, downlink)

    async def claim_downlinks(self, devices: Collection[tuple[str, str]], now: datetime) -> Sequence[Downlink]:
        waiting = [one for one in self._unsettled() if one.expires_at > now and (one.protocol, one.account) in devices]
        return sorted(waiting, key=lambda one: (one.filed_at, one.id))

    async def claim_expired(self, now: datetime, limit: int) -> Sequence[Downlink]:
        expired = [one for one in self._unsettled() if one.expires_at <= now]
        return sorted(expired, key=lambda one: (one.expires_at, one.id))[:limit]

    async def waiting(self, now: datetime) -> frozenset[tuple[str, str]]:
        return frozenset((one.protocol, one.account) for one in self._unsettled() if one.expires_at > now)

    async def settle_downlinks(self, sent: Mapping[UUID, int], now: datetime) -> None:
        for downlink_id, frames in sent.items():
            one = self.tables.downlinks.get(downlink_id)
            if one is not None and one.unsaid is None:
                self.tables.downlinks[one.id] = replace(one, sent_at=one.sent_at or now, frames=frames)

    async def leave_unsaid(self, why: Mapping[UUID, Unsaid]) -> None:
        for downlink_id, unsaid in why.items():
            one = self.tables.downlinks.get(downlink_id)
            if one is not None and one.sent_at is None:
                self.tables.downlinks[one.id] = replace(one, unsaid=unsaid)

    async def claim_unanswered(self, devices: Collection[tuple[str, str]], since: datetime) -> Sequence[Downlink]:
        sent = [
            (one.sent_at, one.id, one)
            for one in self.tables.downlinks.values()
            if one.sent_at is not None and one.sent_at >= since
            if one.replies < one.frames
            or one.kind is DownlinkKind.COMMISSION
            or (one.kind is DownlinkKind.LOCATE and one.placed_at is None)
            if (one.protocol, one.account) in devices
        ]
        return [one for _, _, one in sorted(sent, key=lambda found: found[:2])]

    async def file_answers(self, answered: Sequence[Downlink]) -> None:
        for one in answered:
            standing = self.tables.downlinks.get(one.id)
            if standing is not None:
                self.tables.downlinks[one.id] = replace(
                    standing,
                    replies=one.replies,
                    answered_at=one.answered_at,
                    answer=one.answer,
                    placed_at=one.placed_at,
                )

    async def standing_order(
        self, device_id: DeviceId, kind: DownlinkKind, incident_id: IncidentId | None, now: datetime
    ) -> Downlink | None:
        standing = [
            one
            for one in self._unsettled()
            if (one.device_id, one.kind, one.incident_id) == (device_id, kind, incident_id)
            if one.expires_at > now and self._may_see(one.committee_id)
        ]
        return max(standing, key=lambda one: (one.filed_at, one.id), default=None)

    async def sheet(self, device_id: DeviceId) -> Sheet | None:
        found = self.tables.sheets.get(device_id)
        return found if found is not None and self._may_see(found.committee_id) else None

    async def keep_sheet(self, sheet: Sheet) -> None:
        self.tables.sheets[sheet.device_id] = sheet

    def _unsettled(self) -> Iterator[Downlink]:
        return (one for one in self.tables.downlinks.values() if one.sent_at is None and one.unsaid is None)
