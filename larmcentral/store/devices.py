"""Devices as decisions ask for them: last heard, lent out, tested."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from escalation.ids import CommitteeId, DeviceId, OrganisationId, PersonId
from escalation.supervision import SupervisionClass
from larmcentral.domain.device import Heard, PersonFacts, PoolDevice, TestAlarm, agreed_silence
from larmcentral.domain.record import Subject
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
            DeviceId(row["id"]): Heard(
                row["last_seen_at"],
                row["in_session"],
                SupervisionClass(row["supervision"]),
                agreed_silence(row["protocol"], json.loads(row["options"])),
            )
            for row in rows
        }

    async def losses(self, committee_id: CommitteeId, since: datetime) -> tuple[Sequence[datetime], int]:
        """See ports.DeviceWork."""
        (row,) = await self._connection.fetch(SQL["losses"], committee_id, since)
        return row["lost"] or [], row["supervised"]

    async def silences(
        self, committee_id: CommitteeId, window: timedelta, since: datetime, now: datetime
    ) -> tuple[int, int]:
        """See ports.DeviceWork."""
        (row,) = await self._connection.fetch(SQL["silences"], committee_id, window, since, now)
        return row["silent"], row["listened_for"]

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
