"""Devices as decisions see them: last heard, lent out, tested, spoken to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Final
from uuid import UUID

from escalation.ids import CommitteeId, DeviceId, IncidentId, OrganisationId, PersonId, SignalId, UserId, VigilId
from escalation.supervision import SupervisionClass
from protocols.orders import CallBack, Commission
from protocols.sos_access.codes import level_of


@dataclass(frozen=True, slots=True)
class Heard:
    """A supervised device. at: None if never. in_session: its wearer's session runs.

    agreed: the longest silence that was ordered for it on its protocol (SOS Access has levels); None leaves its class.
    """

    at: datetime | None
    in_session: bool
    supervision: SupervisionClass
    agreed: timedelta | None = None


def agreed_silence(protocol: str, options: Mapping[str, str]) -> timedelta | None:
    """Return the longest silence that a device's options order; None where they order none."""
    return level_of(options) if protocol == "sos_access" else None


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
    LOCATE = "locate"
    """Where are you now?"""
    CALL_BACK = "call_back"
    """Ring this number now."""
    COMMISSION = "commission"
    """Take these settings."""


ASKED: Final = frozenset({DownlinkKind.LOCATE, DownlinkKind.CALL_BACK, DownlinkKind.COMMISSION})
"""What a person asked for, who waits to hear what became of it."""


class Unsaid(Enum):
    """Why words will not be said any more."""

    EXPIRED = "expired"
    """The device was not there in time."""
    NO_WORDS = "no_words"
    """This device, or its model, has no way to be told so."""
    OVER = "over"
    """The incident was stood down first."""
    SILENT = "silent"
    """The incident is silent by now, and this would show."""


@dataclass(frozen=True, slots=True)
class Said:
    """How saying it went. frames: handed to the network, 0 for none. never: this device has no words for it."""

    frames: int
    never: bool = False


NOT_NOW: Final = Said(0)
NO_WORDS: Final = Said(0, never=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Downlink:
    """Words down to a device. silent: nothing that sounds or lights. expires_at: worthless afterwards.

    quiet: nothing shows at this device when it is asked where it is. placed_at: when it answered with a place.
    content: the number, or the settings. frames: how many were sent, each of which the device may answer; replies: how
    many answers there were; answer: the device's own words, joined. unsaid: why nothing will be sent.
    """

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
    content: CallBack | Commission | None = None
    asked_by: UserId | None = None
    frames: int = 0
    replies: int = 0
    answered_at: datetime | None = None
    answer: str | None = None
    unsaid: Unsaid | None = None
    quiet: bool = False
    placed_at: datetime | None = None
