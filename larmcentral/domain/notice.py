"""A notice on its way out, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Literal

from escalation.alarm import AlarmKind
from escalation.chain import Channel
from escalation.effects import About
from escalation.ids import CommitteeId, ContactPointId, IncidentId, NoticeId, OrganisationId, PersonId
from escalation.purpose import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeText:
    """What every channel words in its own way and length.

    subject: whom it is about, as colleagues know him ("Anna K", "okänd enhet watch/123"). place: in words, or None.
    lateness_s: age of the alarm when we received it, None if the device told no time. language: "sv" or "en".
    kind: None where no alarm stands behind it. due_at: the moment a reminder speaks of. detail: pairs for the words.
    """

    kind: AlarmKind | None
    silent: bool
    subject: str
    opened_at: datetime
    place: str | None = None
    lateness_s: float | None = None
    language: str = "sv"
    about: About = About.ALARM
    due_at: datetime | None = None
    detail: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InHouse:
    """A notice to our own app or screens, claimed by this process and ready to be sent.

    incident_id: None where it is about a vigil (a reminder, a device to return).
    """

    id: NoticeId
    organisation_id: OrganisationId
    committee_id: CommitteeId
    incident_id: IncidentId | None
    purpose: Purpose
    channel: Channel
    person_id: PersonId | None
    point_id: ContactPointId | None
    address: str
    attempt: int
    tries: int
    filed_at: datetime
    text: NoticeText


@dataclass(frozen=True, slots=True, kw_only=True)
class Outward:
    """A notice that leaves the house. Its purpose has one value: no drill or test can be turned into one."""

    id: NoticeId
    organisation_id: OrganisationId
    committee_id: CommitteeId
    incident_id: IncidentId | None
    purpose: Literal[Purpose.REAL]
    channel: Channel
    person_id: PersonId
    point_id: ContactPointId
    address: str
    attempt: int
    tries: int
    filed_at: datetime
    text: NoticeText

    def __post_init__(self) -> None:
        if self.purpose is not Purpose.REAL:
            raise ValueError("a drill or a test cannot leave the house")


OutgoingNotice = InHouse | Outward


class DeliveryState(Enum):
    """What the provider said."""

    SENT = "sent"
    """The provider has it; most say no more."""
    DELIVERED = "delivered"
    """The provider says that it reached the device."""
    RETRY = "retry"
    """Not this time: throttled, silent, cut, or their fault. The outbox tries again."""
    REFUSED = "refused"
    """Never with this content or these credentials."""
    GONE = "gone"
    """The address no longer exists: retire it and tell the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The result of one try. retry_after: the provider's wish, None where it has none. reason: its own word."""

    state: DeliveryState
    reason: str = ""
    retry_after: timedelta | None = None
    provider_id: str | None = None
