"""The durable state: one transaction at a time, and what needs none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from escalation.alarm import AlarmKind
from escalation.chain import EscalationChain, Roster, Target
from escalation.ids import (
    CommitteeId,
    IncidentId,
    NoticeId,
    OrganisationId,
    PersonId,
    SignalId,
    UnitId,
    UserId,
    VigilId,
)
from larmcentral.domain.arrival import UnknownBytes
from larmcentral.domain.assurance import ChainInUse, RotaInUse
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.outbox import Condition, DeviceState, Lease, Settled
from larmcentral.domain.record import Change, Deadline, FiledSignal, NewSignal, Record, Subject
from larmcentral.ports.contact_points import ContactPointWork, ServiceMessageStore, ServiceMessageWork
from larmcentral.ports.desk import DeskWork
from larmcentral.ports.devices import DeviceWork
from larmcentral.ports.downlinks import DownlinkWork
from larmcentral.ports.places import PlaceWork
from larmcentral.ports.plans import PlanWork
from larmcentral.ports.vigils import VigilStore, VigilWork


@dataclass(frozen=True, slots=True)
class Locked:
    """Incidents whose rows are ours until the transaction ends. now: the database's time once we held them."""

    now: datetime
    records: Mapping[IncidentId, Record]


class Transaction(
    VigilWork,
    PlaceWork,
    PlanWork,
    DeviceWork,
    DownlinkWork,
    DeskWork,
    ContactPointWork,
    ServiceMessageWork,
    Protocol,
):
    """One transaction. All of it stands or none; a lost answer means unknown: repeat it with the same ids.

    Raises StoreUnavailable, Collision (another process was first: take it again) or Poison (content refused).
    """

    async def file_signals(self, signals: Sequence[NewSignal]) -> Sequence[FiledSignal]:
        """Store signals, in the order given; a repeat raises the attempts of the row that stands."""
        ...

    async def tracked(self, signals: Sequence[NewSignal]) -> frozenset[SignalId]:
        """Return those whose sender's person or device has an open incident: only their positions may be kept."""
        ...

    async def lock_open(self, subjects: Sequence[Subject]) -> Locked:
        """Lock the open incident of each subject and purpose, where there is one."""
        ...

    async def lock(self, incident_ids: Sequence[IncidentId]) -> Locked:
        """Lock incidents by id, open or not. One that this transaction may not see is absent."""
        ...

    async def lock_due(self, limit: int, only: IncidentId | None = None) -> tuple[Locked, Sequence[Deadline]]:
        """Lock incidents with overdue deadlines that nobody else holds; return these, oldest first. only: that one."""
        ...

    async def chains(self, wanted: Sequence[tuple[Subject, AlarmKind]]) -> Sequence[EscalationChain | None]:
        """Return the chain that applies to each alarm now, None where nobody made one."""
        ...

    async def roster(self, organisation_id: OrganisationId, targets: Collection[Target]) -> Roster:
        """Return who stands behind the targets now."""
        ...

    async def subject_of_person(self, person_id: PersonId) -> Subject | None:
        """Return a person as the subject of a drill, or None if this transaction may not see him."""
        ...

    async def subject_of_house(self, committee_id: CommitteeId, unit_id: UnitId | None) -> Subject | None:
        """Return a unit, or a whole committee, as a subject without person and device; None if it may not be seen."""
        ...

    async def still_open(self, limit: int) -> Sequence[Record]:
        """Return, unlocked, the incidents of a shift change: no tests, not stood down, oldest first."""
        ...

    async def owned_by(self, user_id: UserId) -> Locked:
        """Lock the incidents in hand that an operator owns."""
        ...

    async def stale_tests(self, opened_before: datetime, limit: int) -> Locked:
        """Lock test incidents that were opened before then and are not stood down, where nobody else holds them."""
        ...

    async def save(self, changes: Sequence[Change], *, lease: Lease) -> Sequence[OutgoingNotice]:
        """File incidents, responders, deadlines, notices and timeline; return the notices, leased to the caller.

        What tells a centre that it is over is not among them: it is claimed, behind an alarm that is under way.
        """
        ...

    async def claim_notices(self, *, lease: Lease, held: Collection[NoticeId], limit: int) -> Sequence[OutgoingNotice]:
        """Lease notices that are due and that no living process holds; ours that we lost sight of as well.

        Alarms come first, and then what is overdue longest. A centre's notices of one incident come one after another.
        """
        ...

    async def set_fault(
        self,
        organisation_id: OrganisationId,
        committee_id: CommitteeId,
        fault: str,
        *,
        raised: bool,
        vigil_id: VigilId | None = None,
    ) -> None:
        """Raise or clear a system alarm that no incident stands behind, within this transaction; repeatable.

        vigil_id: whose it is; each vigil's stands by itself. None: the house's own, once a committee.
        """
        ...

    async def clear_fault_of(
        self, organisation_id: OrganisationId, committee_id: CommitteeId, incident_id: IncidentId, fault: str
    ) -> None:
        """Clear a system alarm that an incident stands behind, while the incident goes on; repeatable."""
        ...

    async def settle(self, results: Sequence[Settled], now: datetime) -> None:
        """Write down what became of notices. One that was withdrawn meanwhile keeps its outcome, if it went out."""
        ...


class Store(VigilStore, ServiceMessageStore, Protocol):
    """The durable state."""

    def transaction(self, sight: frozenset[CommitteeId] | None = None) -> AbstractAsyncContextManager[Transaction]:
        """Begin. sight: the committees that the person who asks may see; None for the server's own work."""
        ...

    async def renew(self, *, lease: Lease, held: Collection[NoticeId]) -> None:
        """Keep the lease of notices that still wait in this process."""
        ...

    async def fold_telemetry(self, states: Sequence[DeviceState], *, now: datetime | None = None) -> None:
        """Write the last word of each device, in bulk; and where those on shift are.

        now: what the clock says that the states' times are of, so that they are kept by the store's; silence is judged
        by the store's clock, whatever a process believes. None where they are the store's own already.
        """
        ...

    async def keep_unknown(self, found: Sequence[UnknownBytes]) -> None:
        """Keep bytes nobody understood: one row a receiver and content, counted."""
        ...

    async def next_due(self) -> datetime | None:
        """Return when the next deadline is due, None without any."""
        ...

    async def overdue(self, limit: int) -> Sequence[IncidentId]:
        """Return which incidents have overdue deadlines, oldest first; nothing that stands in them is read."""
        ...

    async def put_off(self, incident_id: IncidentId, pause: timedelta) -> None:
        """Let its overdue deadlines come again after a pause, as nothing could be decided about it; it is a fault."""
        ...

    async def withdrawn(self, notices: Collection[NoticeId]) -> frozenset[NoticeId]:
        """Return those that must not go out any more."""
        ...

    async def condition(self, now: datetime) -> Condition:
        """Return what the auditor looks at."""
        ...

    async def raise_fault(self, organisation_id: OrganisationId, committee_id: CommitteeId, fault: str) -> None:
        """Raise a system alarm that no incident stands behind; repeatable."""
        ...

    async def clear_fault(self, organisation_id: OrganisationId, committee_id: CommitteeId, fault: str) -> None:
        """Say that it is mended; repeatable."""
        ...

    async def chains_in_use(self) -> Sequence[ChainInUse]:
        """Return every chain that an alarm could take now, in its newest version."""
        ...

    async def rotas_in_use(self) -> Sequence[RotaInUse]:
        """Return every rota in its newest version."""
        ...

    async def find_notice(self, provider_id: str) -> Settled | None:
        """Return the sent notice that a provider's receipt is about."""
        ...

    async def answerable(self, notice_id: NoticeId) -> Settled | None:
        """Return the notice that somebody answers by its id, whatever became of it; None if there is none."""
        ...

    async def last_asked(self, number: str, since: datetime) -> Settled | None:
        """Return the newest alarm notice sent to a telephone number since then, of an incident still going on.

        A text message or a call, whichever was later.
        """
        ...
