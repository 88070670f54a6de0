"""Words down to devices, and the sheets that devices are handed out with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from escalation.ids import CommitteeId, DeviceId, IncidentId, OrganisationId, UserId
from larmcentral.domain.device import Downlink, DownlinkKind, Unsaid
from larmcentral.domain.order import Sheet
from larmcentral.domain.order_json import dump_content, dump_settings, load_content, load_settings
from larmcentral.store.columns import columns
from larmcentral.store.queries import load
from larmcentral.store.work import Work

SQL: Final = load("downlinks")

KNOWN: Final = tuple(kind.value for kind in DownlinkKind)
"""Kinds of words that this version has. What a later one files beside it is left to that one."""


class DownlinkPart(Work):
    """ports.DownlinkWork."""

    async def file_downlinks(self, downlinks: Sequence[Downlink]) -> None:
        """See ports.DownlinkWork."""
        if downlinks:
            await self._connection.execute(SQL["file_downlinks"], *columns([_row(one) for one in downlinks]))

    async def claim_downlinks(self, devices: Collection[tuple[str, str]], now: datetime) -> Sequence[Downlink]:
        """See ports.DownlinkWork."""
        if not devices:
            return []
        rows = await self._connection.fetch(SQL["claim_downlinks"], *columns(sorted(devices)), now, KNOWN)
        return [downlink_of(row) for row in rows]

    async def claim_expired(self, now: datetime, limit: int) -> Sequence[Downlink]:
        """See ports.DownlinkWork."""
        return [downlink_of(row) for row in await self._connection.fetch(SQL["claim_expired"], now, limit, KNOWN)]

    async def waiting(self, now: datetime) -> frozenset[tuple[str, str]]:
        """See ports.DownlinkWork."""
        rows = await self._connection.fetch(SQL["waiting"], now)
        return frozenset((row["protocol"], row["account"]) for row in rows)

    async def settle_downlinks(self, sent: Mapping[UUID, int], now: datetime) -> None:
        """See ports.DownlinkWork."""
        if sent:
            await self._connection.execute(SQL["settle_downlinks"], list(sent), list(sent.values()), now)

    async def leave_unsaid(self, why: Mapping[UUID, Unsaid]) -> None:
        """See ports.DownlinkWork."""
        if why:
            await self._connection.execute(SQL["leave_unsaid"], list(why), [one.value for one in why.values()])

    async def claim_unanswered(self, devices: Collection[tuple[str, str]], since: datetime) -> Sequence[Downlink]:
        """See ports.DownlinkWork."""
        if not devices:
            return []
        rows = await self._connection.fetch(SQL["claim_unanswered"], *columns(sorted(devices)), since, KNOWN)
        return [downlink_of(row) for row in rows]

    async def file_answers(self, answered: Sequence[Downlink]) -> None:
        """See ports.DownlinkWork."""
        rows = [(one.id, one.replies, one.answered_at, one.answer, one.placed_at) for one in answered]
        if rows:
            await self._connection.execute(SQL["file_answers"], *columns(rows))

    async def standing_order(
        self, device_id: DeviceId, kind: DownlinkKind, incident_id: IncidentId | None, now: datetime
    ) -> Downlink | None:
        """See ports.DownlinkWork."""
        row = await self._connection.fetchrow(SQL["standing_order"], device_id, kind.value, incident_id, now)
        return None if row is None else downlink_of(row)

    async def sheet(self, device_id: DeviceId) -> Sheet | None:
        """See ports.DownlinkWork."""
        row = await self._connection.fetchrow(SQL["sheet"], device_id)
        return None if row is None else sheet_of(row)

    async def keep_sheet(self, sheet: Sheet) -> None:
        """See ports.DownlinkWork."""
        await self._connection.execute(
            SQL["keep_sheet"],
            sheet.organisation_id,
            sheet.device_id,
            dump_settings(sheet.settings),
            sheet.note,
            sheet.changed_at,
            sheet.changed_by,
            sheet.quiet_locate,
        )


def downlink_of(row: Any) -> Downlink:
    """Read a row of the table."""
    kind = DownlinkKind(row["kind"])
    return Downlink(
        id=row["id"],
        organisation_id=OrganisationId(row["organisation_id"]),
        committee_id=CommitteeId(row["committee_id"]),
        device_id=DeviceId(row["device_id"]),
        protocol=row["protocol"],
        account=row["account"],
        incident_id=row["incident_id"],
        kind=kind,
        silent=row["silent"],
        language=row["language"],
        filed_at=row["filed_at"],
        expires_at=row["expires_at"],
        sent_at=row["sent_at"],
        content=load_content(kind, row["content"]),
        asked_by=row["asked_by"],
        frames=row["frames"],
        replies=row["replies"],
        answered_at=row["answered_at"],
        answer=row["answer"],
        unsaid=None if row["unsaid"] is None else Unsaid(row["unsaid"]),
        quiet=row["quiet"],
        placed_at=row["placed_at"],
    )


def sheet_of(row: Any) -> Sheet:
    """Read a row of the table."""
    return Sheet(
        organisation_id=OrganisationId(row["organisation_id"]),
        committee_id=CommitteeId(row["committee_id"]),
        device_id=DeviceId(row["device_id"]),
        settings=load_settings(row["settings"]),
        note=row["note"],
        changed_at=row["changed_at"],
        changed_by=UserId(row["changed_by"]),
        quiet_locate=row["quiet_locate"],
    )


def _row(one: Downlink) -> tuple[Any, ...]:
    return (
        one.organisation_id,
        one.committee_id,
        one.id,
        one.device_id,
        one.protocol,
        one.account,
        one.incident_id,
        one.kind.value,
        one.silent,
        one.language,
        one.filed_at,
        one.expires_at,
        one.sent_at,
        dump_content(one.content),
        one.asked_by,
        one.quiet,
    )
