"""The rows of the memory store, and what is looked up in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from escalation.action_plan import ActionPlan
from escalation.chain import Channel
from escalation.effects import Notify, TimerKind
from escalation.ids import (
    CommitteeId,
    ContactPointId,
    IncidentId,
    NoticeId,
    OrganisationId,
    PersonId,
    PlaceId,
    RotaId,
    SignalId,
    TeamId,
    UnitId,
    UserId,
    VigilId,
)
from escalation.incident import State
from escalation.purpose import Purpose
from escalation.rota import Rota
from escalation.vigil import VigilEntry, VigilKind
from larmcentral.domain.arrival import UnknownBytes
from larmcentral.domain.desk import AtDesk
from larmcentral.domain.device import Downlink, TestAlarm
from larmcentral.domain.order import Sheet
from larmcentral.domain.outbox import DeviceState, NoticeState
from larmcentral.domain.place import Flag, Place, Presence
from larmcentral.domain.proof import Proof
from larmcentral.domain.record import Deadline, NewSignal, Record, Subject
from larmcentral.domain.register import ChainChoice, ContactPoint, Device, Home, Person, PlanChoice
from larmcentral.domain.service import ServiceAsk, ServiceState
from larmcentral.domain.timeline import Line
from larmcentral.domain.vigil import VigilRecord, watched
from tests.fakes.memory_tables import Agenda, Groups, Journal, Lists, Table

DeadlineKey = tuple[IncidentId, TimerKind, PersonId | None]
DeviceKey = tuple[str, str]
RepeatKey = tuple[OrganisationId, str, str, str]
OpenKey = tuple[OrganisationId, str, Purpose]
RunningKey = tuple[OrganisationId, VigilKind, str]
Fault = tuple[CommitteeId, str, IncidentId | VigilId | None, int | None]
_Point = tuple[PersonId, ContactPoint, bool]
"""Whose it is, what it is, and whether it was retired."""
_TELEPHONE = frozenset({Channel.SMS, Channel.VOICE})


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """A row of the outbox. One of incident_id and vigil_id says what it is about."""

    notice: Notify
    incident_id: IncidentId | None
    state: NoticeState
    filed_at: datetime
    due_at: datetime
    lease_owner: UUID | None
    lease_until: datetime | None
    vigil_id: VigilId | None = None
    speaks_of: datetime | None = None
    detail: tuple[tuple[str, str], ...] = ()
    tries: int = 0
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    provider_id: str | None = None
    provider: str | None = None
    reason: str = ""

    @property
    def pending(self) -> bool:
        return self.state is NoticeState.PENDING

    @property
    def called_off(self) -> bool:
        """Withdrawn, and perhaps on its way to a centre all the same."""
        return self.state is NoticeState.WITHDRAWN and self.notice.channel is Channel.RECEIVER


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRow:
    """A signal that stands."""

    new: NewSignal
    subject: Subject
    attempts: int = 1
    incident_id: IncidentId | None = None


@dataclass(frozen=True, slots=True)
class FaultRow:
    """A system alarm that stands. behind: the incident or the vigil that it is about; None: the house."""

    behind: IncidentId | VigilId | None
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is remembered of the contact at a place."""

    no_signal_at: datetime | None = None
    signal_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PointFacts:
    """What is known of a contact point beside what the register says. Whether it is retired stands in `points`."""

    made_at: datetime
    label: str | None = None
    verified_at: datetime | None = None
    reached_at: datetime | None = None
    failed_at: datetime | None = None
    failed_why: str | None = None
    retired_at: datetime | None = None
    retired_why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """A message of the house about itself."""

    ask: ServiceAsk
    state: ServiceState
    due_at: datetime
    tries: int = 0
    lease_owner: UUID | None = None
    lease_until: datetime | None = None
    settled_at: datetime | None = None
    provider: str | None = None
    seconds: float | None = None
    reason: str = ""
    answer: str = ""

    def claimable(self, now: datetime) -> bool:
        free = self.lease_until is None or self.lease_until <= now
        return self.state is ServiceState.PENDING and self.due_at <= now and free


class Tables:
    """Everything: first what is looked up in the tables, which follows them by itself, then the tables."""

    def __init__(self) -> None:
        journal = self.journal = Journal()
        self.unknown: list[UnknownBytes] = []

        self.units: Table[UUID, tuple[Home, str]] = Table(journal)
        self.committees: Table[CommitteeId, tuple[OrganisationId, str]] = Table(journal)
        self.members: dict[TeamId, dict[PersonId, None]] = {}
        self.persons: Table[PersonId, tuple[Home, Person]] = Table(journal)

        self.points_of: Groups[PersonId, ContactPointId, _Point] = Groups(lambda row: row[0])
        self.texted_at: Groups[str, ContactPointId, _Point] = Groups(lambda row: _number(row[1]))
        self.points: Table[ContactPointId, _Point] = Table(journal, self.points_of.seen, self.texted_at.seen)

        self.worn: Groups[PersonId, DeviceKey, tuple[Home, Device]] = Groups(lambda row: row[1].worn_by)
        self.tagged: Groups[str, DeviceKey, tuple[Home, Device]] = Groups(lambda row: row[1].tag)
        self.named: Groups[UUID, DeviceKey, tuple[Home, Device]] = Groups(lambda row: row[1].id)
        self.devices: Table[DeviceKey, tuple[Home, Device]] = Table(
            journal, self.worn.seen, self.tagged.seen, self.named.seen
        )
        self.states: Table[DeviceKey, DeviceState] = Table(journal)
        self.choices: Table[UUID, tuple[Home, ChainChoice]] = Table(journal)

        self.positions_of: Groups[IncidentId, SignalId, SignalRow] = Groups(_positioned)
        self.signals: Table[SignalId, SignalRow] = Table(journal, self.positions_of.seen)
        self.repeats: Table[RepeatKey, tuple[SignalId, ...]] = Table(journal)

        self.open_about: Groups[OpenKey, IncidentId, Record] = Groups(_open_key)
        self.in_state: Groups[State, IncidentId, Record] = Groups(lambda row: row.incident.state)
        self.owned: Groups[UserId, IncidentId, Record] = Groups(_owner)
        self.incidents: Table[IncidentId, Record] = Table(
            journal, self.open_about.seen, self.in_state.seen, self.owned.seen
        )
        self.timeline: Lists[IncidentId, Line] = Lists(journal)
        self.due: Agenda[DeadlineKey, Deadline] = Agenda(lambda row: row.due_at)
        self.deadlines_of: Groups[IncidentId, DeadlineKey, Deadline] = Groups(lambda row: row.incident_id)
        self.deadlines: Table[DeadlineKey, Deadline] = Table(journal, self.due.seen, self.deadlines_of.seen)
        self.faults_of: Groups[UUID, Fault, FaultRow] = Groups(lambda row: row.behind)
        self.faults: Table[Fault, FaultRow] = Table(journal, self.faults_of.seen)

        self.pending: Agenda[NoticeId, NoticeRow] = Agenda(lambda row: row.due_at if row.pending else None)
        self.pending_of: Groups[UUID, NoticeId, NoticeRow] = Groups(_waits_for)
        self.receipts: Groups[str, NoticeId, NoticeRow] = Groups(_receipt)
        self.texts: Groups[ContactPointId, NoticeId, NoticeRow] = Groups(_texted)
        self.notices: Table[NoticeId, NoticeRow] = Table(
            journal, self.pending.seen, self.pending_of.seen, self.receipts.seen, self.texts.seen
        )

        self.running: Groups[RunningKey, VigilId, VigilRecord] = Groups(running_key)
        self.running_on: Groups[tuple[VigilKind, UUID], VigilId, VigilRecord] = Groups(_running_on)
        self.running_in: Groups[tuple[VigilKind, CommitteeId], VigilId, VigilRecord] = Groups(_running_in)
        self.sessions_of: Groups[PersonId, VigilId, VigilRecord] = Groups(_session_of)
        self.put_off: dict[VigilId, datetime] = {}
        self.vigils_due = {kind: _agenda_of(kind, self.put_off) for kind in VigilKind}
        self.vigils: Table[VigilId, VigilRecord] = Table(
            journal,
            self.running.seen,
            self.running_on.seen,
            self.running_in.seen,
            self.sessions_of.seen,
            *(agenda.seen for agenda in self.vigils_due.values()),
        )
        self.vigil_log: Lists[VigilId, VigilEntry] = Lists(journal)

        self.places: Table[PlaceId, tuple[Home, Place]] = Table(journal)
        self.flags: Table[PlaceId, Flag] = Table(journal)
        self.coverage: Table[PlaceId, Coverage] = Table(journal)
        self.presences: Table[PersonId, Presence] = Table(journal)
        self.action_plans: Table[UUID, tuple[Home, ActionPlan]] = Table(journal)
        self.rotas: Table[RotaId, tuple[Home, Rota]] = Table(journal)
        self.managers: Table[UnitId, tuple[Home, tuple[PersonId, ...]]] = Table(journal)
        self.plans: Table[UUID, tuple[Home, PlanChoice]] = Table(journal)
        self.tests: Table[SignalId, TestAlarm] = Table(journal)
        self.downlinks: Table[UUID, Downlink] = Table(journal)
        self.sheets: Table[UUID, Sheet] = Table(journal)
        self.desk: Table[UserId, AtDesk] = Table(journal)
        self.point_facts: Table[ContactPointId, PointFacts] = Table(journal)
        self.proofs: Table[ContactPointId, Proof] = Table(journal)
        self.service_messages: Table[UUID, ServiceRow] = Table(journal)

    def overdue_vigils(self, kinds: Iterable[VigilKind], now: datetime) -> list[VigilId]:
        """Those whose time has come, oldest first."""
        due = [(self.vigils[i].core.due_at or now, i) for kind in kinds for i in self.vigils_due[kind].until(now)]
        return [i for _, i in sorted(due)]

    def device(self, device_id: UUID | None) -> tuple[Home, Device] | None:
        """A device by its id."""
        keys = [] if device_id is None else self.named.of(device_id)
        return self.devices[keys[0]] if keys else None


def _agenda_of(kind: VigilKind, put_off: Mapping[VigilId, datetime]) -> Agenda[VigilId, VigilRecord]:
    return Agenda(lambda row: put_off.get(row.id, row.core.due_at) if row.kind is kind else None)


def running_key(record: VigilRecord) -> RunningKey | None:
    """What at most one running vigil has."""
    if record.core.ended_at is not None:
        return None
    return record.subject.organisation_id, record.kind, watched(record.kind, record.subject)


def _running_on(record: VigilRecord) -> tuple[VigilKind, UUID] | None:
    device_id = record.subject.device_id
    return None if record.core.ended_at is not None or device_id is None else (record.kind, device_id)


def _running_in(record: VigilRecord) -> tuple[VigilKind, CommitteeId] | None:
    return None if record.core.ended_at is not None else (record.kind, record.subject.committee_id)


def _session_of(record: VigilRecord) -> PersonId | None:
    return record.subject.person_id if record.kind is VigilKind.SESSION else None


def _number(point: ContactPoint) -> str | None:
    return point.address if point.channel in _TELEPHONE else None


def _positioned(row: SignalRow) -> IncidentId | None:
    return None if row.new.signal.position is None else row.incident_id


def _open_key(record: Record) -> OpenKey | None:
    if record.incident.state is State.STOOD_DOWN:
        return None
    return record.subject.organisation_id, record.subject.key, record.incident.purpose


def _owner(record: Record) -> UserId | None:
    owner = record.incident.owner
    return owner.user_id if owner and record.incident.state is State.ACKNOWLEDGED else None


def _waits_for(row: NoticeRow) -> UUID | None:
    return (row.incident_id or row.vigil_id) if row.pending else None


def _receipt(row: NoticeRow) -> str | None:
    return row.provider_id if row.state is NoticeState.SENT else None


def _texted(row: NoticeRow) -> ContactPointId | None:
    return row.notice.point_id if row.notice.channel in _TELEPHONE and row.sent_at is not None else None
