"""Devices in decisions: what was last heard of them, who has one out of the pool, and their tests."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from escalation.ids import CommitteeId, DeviceId, PersonId
from larmcentral.domain.device import Heard, PersonFacts, PoolDevice, TestAlarm
from larmcentral.domain.record import Subject


class DeviceWork(Protocol):
    """Part of a transaction."""

    async def heard(self, device_ids: Collection[DeviceId]) -> Mapping[DeviceId, Heard]:
        """Return when devices were last heard of, and whether their wearer works alone just now."""
        ...

    async def losses(self, committee_id: CommitteeId, since: datetime) -> tuple[Sequence[datetime], int]:
        """Return when a committee's devices fell silent since then and still are, and how many are supervised."""
        ...

    async def silences(
        self, committee_id: CommitteeId, window: timedelta, since: datetime, now: datetime
    ) -> tuple[int, int]:
        """Return how many of a committee's devices have been silent for more than half of their time, and of how many.

        Counted are those whose time is window or less, without those that fell silent before since and still are.
        """
        ...

    async def unwatched(self, limit: int) -> Sequence[Subject]:
        """Return supervised devices that have no running supervision yet."""
        ...

    async def subject_of_device(self, device_id: DeviceId) -> Subject | None:
        """Return a device and its wearer as a subject, or None if this transaction may not see it."""
        ...

    async def worn_by(self, person_id: PersonId) -> Sequence[Subject]:
        """Return the devices that a person wears now, each as a subject; his phone's app is none."""
        ...

    async def pool_device(self, tag: str) -> PoolDevice | None:
        """Lock and return the device that carries this scan code; None if it may not be seen."""
        ...

    async def person_facts(self, person_id: PersonId) -> PersonFacts | None:
        """Return what the gate asks of a borrower; None if he may not be seen."""
        ...

    async def assign(self, device_id: DeviceId, person_id: PersonId | None, at: datetime) -> None:
        """Say who wears a device from now on; None: nobody."""
        ...

    async def file_test_alarm(self, test: TestAlarm) -> None:
        """Write a test alarm into the ledger; the same signal again changes nothing."""
        ...

    async def test_came_through(self, incident_id: UUID, at: datetime) -> None:
        """The desk's consoles were handed a test: the whole road is proven."""
        ...
