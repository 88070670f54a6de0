"""Tables of the memory store: plain dicts, copied when a transaction begins, swapped when it commits."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from escalation.effects import Notify, TimerKind
from escalation.ids import CommitteeId, ContactPointId, IncidentId, NoticeId, OrganisationId, PersonId, SignalId
from larmcentral.domain.arrival import UnknownBytes
from larmcentral.domain.outbox import DeviceState, NoticeState
from larmcentral.domain.record import Deadline, NewSignal, Record, Subject
from larmcentral.domain.register import ChainChoice, ContactPoint, Device, Home, Person
from larmcentral.domain.timeline import Line

DeadlineKey = tuple[IncidentId, TimerKind, PersonId | None]
RepeatKey = tuple[OrganisationId, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """A row of the outbox."""

    notice: Notify
    incident_id: IncidentId
    state: NoticeState
    filed_at: datetime
    due_at: datetime
    lease_owner: UUID | None
    lease_until: datetime | None
    tries: int = 0
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    provider_id: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRow:
    """A signal that stands."""

    new: NewSignal
    subject: Subject
    attempts: int = 1
    incident_id: IncidentId | None = None


@dataclass(slots=True)
class Tables:
    """Everything."""

    persons: dict[PersonId, tuple[Home, Person]] = field(default_factory=dict)
    points: dict[ContactPointId, tuple[PersonId, ContactPoint, bool]] = field(default_factory=dict)
    devices: dict[tuple[str, str], tuple[Home, Device]] = field(default_factory=dict)
    choices: dict[UUID, tuple[Home, ChainChoice]] = field(default_factory=dict)
    signals: dict[SignalId, SignalRow] = field(default_factory=dict)
    repeats: dict[RepeatKey, list[SignalId]] = field(default_factory=dict)
    incidents: dict[IncidentId, Record] = field(default_factory=dict)
    deadlines: dict[DeadlineKey, Deadline] = field(default_factory=dict)
    notices: dict[NoticeId, NoticeRow] = field(default_factory=dict)
    timeline: dict[IncidentId, tuple[Line, ...]] = field(default_factory=dict)
    faults: set[tuple[CommitteeId, str, IncidentId | None, int | None]] = field(default_factory=set)
    states: dict[tuple[str, str], DeviceState] = field(default_factory=dict)
    unknown: list[UnknownBytes] = field(default_factory=list)

    def copy(self) -> Tables:
        """A transaction's own picture; rows are frozen, so one level is enough."""
        own: dict[str, Any] = {name: copy(getattr(self, name)) for name in self.__slots__}
        return Tables(**own)
