"""What flows ask of the shells. The real ones are in store/, channels/, api/; the doubles in tests/fakes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.chain import EscalationChain, Roster, Target
from escalation.ids import CommitteeId, IncidentId, NoticeId, OrganisationId, PersonId, SignalId
from larmcentral.domain.arrival import Arrival, UnknownBytes
from larmcentral.domain.notice import Delivery, InHouse, OutgoingNotice, Outward
from larmcentral.domain.outbox import Condition, DeviceState, Lease, Settled
from larmcentral.domain.record import Change, Deadline, FiledSignal, NewSignal, Record, Subject

N_contra = TypeVar("N_contra", InHouse, Outward, contravariant=True)


class Clock(Protocol):
    """Wall-clock time for records, monotonic time for waits."""

    def now(self) -> datetime:
        """Return aware UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never step."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait on monotonic time."""
        ...


class Ids(Protocol):
    """Source of UUIDv7."""

    def new(self) -> UUID:
        """Return an id that sorts by time of making."""
        ...


class Channel(Protocol[N_contra]):
    """One way out. In-house channels take InHouse, outward ones Outward: a drill cannot be handed to the latter."""

    async def send(self, notice: N_contra) -> Delivery:
        """Try once, within the channel's own deadline (5 s); never raises for the provider's faults.

        The notice's id goes along wherever the provider takes one, so that a repeat is recognised.
        """
        ...

    async def start(self) -> None:
        """Open what stays open. May be called again after stop()."""
        ...

    async def stop(self) -> None:
        """Close it; tries under way end as RETRY."""
        ...


class TakesIn(Protocol):
    """What receivers ask of intake."""

    async def take_in(self, arrival: Arrival) -> None:
        """Return when the arrival's signals are on disk; only then may the shell ack.

        Raises LaneFull or StoreUnavailable: no ack then, the device repeats.
        """
        ...

    def keep_unknown(self, found: UnknownBytes) -> None:
        """Keep and count bytes nobody understood; never blocks, never raises."""
        ...


@dataclass(frozen=True, slots=True)
class Locked:
    """Incidents whose rows are ours until the transaction ends. now: the database's time once we held them."""

    now: datetime
    records: Mapping[IncidentId, Record]


class Transaction(Protocol):
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

    async def lock_due(self, limit: int) -> tuple[Locked, Sequence[Deadline]]:
        """Lock incidents with overdue deadlines that nobody else holds; return these, oldest first."""
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

    async def save(self, changes: Sequence[Change], *, lease: Lease) -> Sequence[OutgoingNotice]:
        """File incidents, responders, deadlines, notices and timeline; return the notices, leased to the caller."""
        ...

    async def claim_notices(self, *, lease: Lease, held: Collection[NoticeId], limit: int) -> Sequence[OutgoingNotice]:
        """Lease notices that are due and that no living process holds; ours that we lost sight of as well."""
        ...

    async def settle(self, results: Sequence[Settled], now: datetime) -> None:
        """Write down what became of notices. One that was withdrawn meanwhile keeps its outcome, if it went out."""
        ...


class Store(Protocol):
    """The durable state."""

    def transaction(self, sight: frozenset[CommitteeId] | None = None) -> AbstractAsyncContextManager[Transaction]:
        """Begin. sight: the committees that the person who asks may see; None for the server's own work."""
        ...

    async def renew(self, *, lease: Lease, held: Collection[NoticeId]) -> None:
        """Keep the lease of notices that still wait in this process."""
        ...

    async def fold_telemetry(self, states: Sequence[DeviceState]) -> None:
        """Write the last word of each device, in bulk."""
        ...

    async def keep_unknown(self, found: Sequence[UnknownBytes]) -> None:
        """Keep bytes nobody understood: one row a receiver and content, counted."""
        ...

    async def next_due(self) -> datetime | None:
        """Return when the next deadline is due, None without any."""
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

    async def find_notice(self, provider_id: str) -> Settled | None:
        """Return the sent notice that a provider's receipt is about."""
        ...


class Measures(Protocol):
    """Where flows leave their figures; metrics.py is the real one."""

    def lane_length(self, lane: str, length: int) -> None:
        """So many arrivals wait in a lane."""
        ...

    def repeat(self, protocol: str) -> None:
        """A signal came again."""
        ...

    def handed_over(self, channel: str, seconds: float) -> None:
        """A notice was accepted by its provider, that long after it was filed."""
        ...

    def first_notice(self, seconds: float) -> None:
        """The first notice of an incident was handed over, that long after the incident opened."""
        ...

    def delivery(self, channel: str, result: str) -> None:
        """A try to deliver ended so."""
        ...

    def acknowledged(self, seconds: float) -> None:
        """A person took charge, that long after the incident opened."""
        ...

    def deadline_fired(self, late_s: float) -> None:
        """A deadline was acted on, that late."""
        ...

    def condition(self, condition: Condition) -> None:
        """The auditor looked."""
        ...

    def database_ready(self, ready: bool) -> None:
        """Whether the database takes writes just now."""
        ...

    def synthetic_panic(self, seconds: float) -> None:
        """The synthetic panic took that long from press to notice."""
        ...

    def synthetic_panic_age(self, seconds: float) -> None:
        """The last one that came through is so old."""
        ...
