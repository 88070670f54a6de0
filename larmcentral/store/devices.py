"""Devices as decisions ask for them: last heard, lent out, tested, spoken to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from escalation.ids import CommitteeId, DeviceId, OrganisationId, PersonId
from escalation.supervision import SupervisionClass
from larmcentral.domain.device import Downlink, DownlinkKind, Heard, PersonFacts, PoolDevice, TestAlarm
from larmcentral.domain.record import Subject
from larmcentral.store.columns import columns
from larmcentral.store.queries import load
from larmcentral.store.subjects import subject_of_device
from larmcentral.store.work import Work

SQL: Final = load("devices")


class DevicePart(Work):
    """ports.DeviceWork."""

    async def heard(self, device_ids: Collection[DeviceId]) -> Mapping[DeviceId, Heard]:
        """See ports.DeviceWork."""
        rows = await self._connection.fetch(SQL["heard"], list(device_ids))
        return {
            DeviceId(row["id"]): Heard(row["last_seen_at"], row["in_session"], SupervisionClass(row["supervision"]))
            for row in rows
        }

    async def losses(self, committee_id: CommitteeId, since: datetime) -> tuple[Sequence[datetime], int]:
        """See ports.DeviceWork."""
        (row,) = await self._connection.fetch(SQL["losses"], committee_id, since)
        return row["lost"] or [], row["supervised"]

    async def unwatched(self, limit: int) -> Sequence[Subject]:
        """See ports.DeviceWork."""
        return [subject_of_device(row) for row in await self._connection.fetch(SQL["unwatched"], limit)]

    async def subject_of_device(self, device_id: DeviceId) -> Subject | None:
        """See ports.DeviceWork."""
        row = await self._connection.fetchrow(SQL["subject"], device_id)
        return None if row is None else subject_of_device(row)

    async def worn_by(self, person_id: PersonId) -> Sequence[Subject]:
        """See ports.DeviceWork."""
        return [subject_of_device(row) for row in await self._connection.fetch(SQL["worn_by"], person_id)]

    async def pool_device(self, tag: str) -> PoolDevice | None:
        """See ports.DeviceWork."""
        row = await self._connection.fetchrow(SQL["pool_device"], tag)
        if row is None:
            return None
        return PoolDevice(
            organisation_id=OrganisationId(row["organisation_id"]),
            committee_id=CommitteeId(row["committee_id"]),
            device_id=DeviceId(row["id"]),
            tag=row["tag"],
            label=row["label"],
            in_pool=row["pool"],
            battery_pct=row["battery_pct"],
            tested_at=row["tested_at"],
            lent_to=row["lent_to"],
            lent_to_name=row["lent_to_name"],
            loan_id=row["loan_id"],
        )

    async def person_facts(self, person_id: PersonId) -> PersonFacts | None:
        """See ports.DeviceWork."""
        row = await self._connection.fetchrow(SQL["person_facts"], person_id)
        if row is None:
            return None
        return PersonFacts(
            person_id=PersonId(row["id"]), name=row["name"], trained_on=row["trained_on"], ends_on=row["ends_on"]
        )

    async def assign(self, device_id: DeviceId, person_id: PersonId | None, at: datetime) -> None:
        """See ports.DeviceWork."""
        await self._connection.execute(SQL["end_assignment"], device_id, person_id, at)
        if person_id is not None:
            await self._connection.execute(SQL["assign"], device_id, person_id, at)

    async def file_test_alarm(self, test: TestAlarm) -> None:
        """See ports.DeviceWork."""
        await self._connection.execute(
            SQL["file_test_alarm"],
            test.organisation_id,
            test.committee_id,
            test.signal_id,
            test.incident_id,
            test.device_id,
            test.person_id,
            test.pressed_at,
            test.received_at,
            test.reached_desk_at,
        )

    async def test_came_through(self, incident_id: UUID, at: datetime) -> None:
        """See ports.DeviceWork."""
        await self._connection.execute(SQL["test_came_through"], incident_id, at)

    async def file_downlinks(self, downlinks: Sequence[Downlink]) -> None:
        """See ports.DeviceWork."""
        if downlinks:
            await self._connection.execute(SQL["file_downlinks"], *columns([_downlink_row(one) for one in downlinks]))

    async def claim_downlinks(self, devices: Collection[tuple[str, str]], now: datetime) -> Sequence[Downlink]:
        """See ports.DeviceWork."""
        if not devices:
            return []
        rows = await self._connection.fetch(SQL["claim_downlinks"], *columns(sorted(devices)), now)
        return [_downlink(row) for row in rows]

    async def settle_downlinks(self, sent: Collection[UUID], now: datetime) -> None:
        """See ports.DeviceWork."""
        await self._connection.execute(SQL["settle_downlinks"], list(sent), now)


def _downlink_row(one: Downlink) -> tuple[Any, ...]:
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
    )


def _downlink(row: Any) -> Downlink:
    return Downlink(**{**dict(row), "kind": DownlinkKind(row["kind"])})
