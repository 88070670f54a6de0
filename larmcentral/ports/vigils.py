"""Vigils in the store: sessions, pre-alarms, supervision, loans, shift changes. Locked before incidents, always."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from escalation.ids import VigilId
from escalation.plan import SafetyPlan
from escalation.vigil import VigilKind
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.outbox import Lease
from larmcentral.domain.record import Subject
from larmcentral.domain.vigil import VigilChange, VigilRecord


@dataclass(frozen=True, slots=True)
class LockedVigils:
    """Vigils whose rows are ours until the transaction ends. now: the database's time once we held them."""

    now: datetime
    records: Mapping[VigilId, VigilRecord]


class VigilWork(Protocol):
    """Part of a transaction."""

    async def lock_running(self, wanted: Sequence[tuple[VigilKind, Subject]]) -> LockedVigils:
        """Lock the running vigil of each kind and subject, where there is one, in the order of their ids."""
        ...

    async def lock_vigils(self, vigil_ids: Sequence[VigilId]) -> LockedVigils:
        """Lock vigils by id, running or not. One that this transaction may not see is absent."""
        ...

    async def lock_last_ended(self, kind: VigilKind, subject: Subject) -> LockedVigils:
        """Lock the vigil of a kind and subject that ended last, for what is heard of it later. None that was silent."""
        ...

    async def lock_due_vigils(
        self, kinds: Collection[VigilKind], limit: int, only: VigilId | None = None
    ) -> LockedVigils:
        """Lock running vigils whose time has come and that nobody else holds, oldest first. only: that one."""
        ...

    async def save_vigils(self, changes: Sequence[VigilChange], *, lease: Lease) -> Sequence[OutgoingNotice]:
        """File vigils with their log and their notices; return the notices, leased to the caller.

        Raises Collision if another running vigil of the kind and subject was filed meanwhile.
        """
        ...

    async def plans(self, subjects: Sequence[Subject]) -> Sequence[SafetyPlan]:
        """Return the plan that applies to each: the unit's, else the committee's, else the default."""
        ...


class VigilStore(Protocol):
    """Part of the store."""

    async def next_vigil_due(self, kinds: Collection[VigilKind]) -> datetime | None:
        """Return when the next of them is due, None without any."""
        ...

    async def overdue_vigils(self, kinds: Collection[VigilKind], limit: int) -> Sequence[VigilId]:
        """Return those whose time has come, oldest first; nothing that stands in them is read."""
        ...

    async def put_off_vigil(self, vigil_id: VigilId, pause: timedelta) -> None:
        """Let it come due again after a pause, as nothing could be decided about it; it is a fault."""
        ...
