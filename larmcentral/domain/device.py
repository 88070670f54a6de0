"""Devices as decisions see them: last heard, lent out, tested, spoken to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from escalation.ids import CommitteeId, DeviceId, IncidentId, OrganisationId, PersonId, SignalId, VigilId
from escalation.supervision import SupervisionClass


@dataclass(frozen=True, slots=True)
class Heard:
    """A supervised device. at: None if never. in_session: its wearer's session runs."""

    at: datetime | None
    in_session: bool
    supervision: SupervisionClass


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolDevice:
    """A device as the gate sees it. tag: what is scanned. lent_to: the name of who has it now."""

    organisation_id: OrganisationId
    committee_id: CommitteeId
    device_id: DeviceId
    tag: str
    label: str
    in_pool: bool
    battery_pct: int | None
    tested_at: datetime | None
    lent_to: PersonId | None
    lent_to_name: str | None
    loan_id: VigilId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What is recorded of a borrower. ends_on: last day of his contract, None without an end."""

    person_id: PersonId
    name: str
    trained_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TestAlarm:
    """One line of the ledger. reached_desk_at: when the consoles were handed it, None until then."""

    organisation_id: OrganisationId
    committee_id: CommitteeId
    signal_id: SignalId
    incident_id: IncidentId
    device_id: DeviceId | None
    person_id: PersonId | None
    pressed_at: datetime | None
    received_at: datetime
    reached_desk_at: datetime | None = None


class DownlinkKind(Enum):
    """What is said to a device."""

    TAKEN = "taken"
    """A person has taken your alarm."""
    TEST_RECEIVED = "test_received"
    """Your test alarm came through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Downlink:
    """Words down to a device. silent: nothing that sounds or lights. expires_at: worthless afterwards."""

    id: UUID
    organisation_id: OrganisationId
    committee_id: CommitteeId
    device_id: DeviceId
    protocol: str
    account: str
    incident_id: IncidentId | None
    kind: DownlinkKind
    silent: bool
    language: str
    filed_at: datetime
    expires_at: datetime
    sent_at: datetime | None = None
