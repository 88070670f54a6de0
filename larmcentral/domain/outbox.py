"""Leases, results and what the auditor sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final
from uuid import UUID

from escalation.chain import Channel
from escalation.ids import CommitteeId, ContactPointId, IncidentId, NoticeId, OrganisationId, PersonId
from larmcentral.domain.notice import PathTry

UNDER_WAY_AT_CENTRE: Final = timedelta(seconds=30)
"""So long a centre's notice may be out: its paths are tried one after another, and the next one waits behind it."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A process's hold on notices. owner: one incarnation of a process. length: what it may sit on them."""

    owner: UUID
    length: timedelta = timedelta(seconds=15)


class NoticeState(Enum):
    """Where a notice stands in the outbox."""

    PENDING = "pending"
    SENT = "sent"
    DELIVERED = "delivered"
    REFUSED = "refused"
    GONE = "gone"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of one notice. PENDING: not yet, try again at due_at. at: when the provider answered.

    provider: the way out that was used, by its name. receiver: the forwarder's name, None for what goes to people.
    late: PENDING, and its way out is known to be dead, so that whoever waits for it should not.
    waits: PENDING, and an alarm: its way out is dead, or its provider wants us to wait; the timeline says so.
    by_telephone: the receivers of a centre did not take it, and its people were told by a text or a call.
    """

    notice_id: NoticeId
    organisation_id: OrganisationId
    committee_id: CommitteeId
    incident_id: IncidentId | None
    channel: Channel
    person_id: PersonId | None
    point_id: ContactPointId | None
    state: NoticeState
    at: datetime
    tries: int
    due_at: datetime | None = None
    provider_id: str | None = None
    reason: str = ""
    provider: str | None = None
    receiver: str | None = None
    late: bool = False
    waits: bool = False
    paths: tuple[PathTry, ...] = ()
    in_test: bool = False
    by_telephone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceState:
    """A device's last word. battery_pct, charging: None keeps what was known.

    lat, lon: where it was at fix_at, None where it did not say; kept only while its wearer is on shift. covert: it came
    with a silent alarm, so the wearer's own phone shows nothing of it.
    """

    organisation_id: OrganisationId
    protocol: str
    account: str
    receiver: str
    last_seen_at: datetime
    battery_pct: int | None = None
    charging: bool | None = None
    lat: float | None = None
    lon: float | None = None
    fix_at: datetime | None = None
    covert: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What the auditor looks at: things that the engine should never leave behind.

    without_deadline: open incidents that nothing will wake. overdue_s: age of the oldest due deadline, 0 without.
    waiting: notices pending. waiting_s: age of the oldest of them past its time, which for a centre is so much later
    as its paths may take. vigils_overdue_s: how late the look
    after the most belated session, countdown, silence, loan or shift change is.
    """

    without_deadline: tuple[IncidentId, ...]
    overdue: int
    overdue_s: float
    waiting: int
    waiting_s: float
    open_incidents: int
    vigils_overdue_s: float
