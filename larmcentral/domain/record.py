"""What the store keeps of signals and incidents, and what a transaction changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from escalation.effects import Effect, TimerKind
from escalation.ids import CommitteeId, IncidentId, OrganisationId, PersonId, PlaceId, SignalId
from escalation.incident import Decision, Incident, State
from escalation.purpose import Purpose
from larmcentral.domain.timeline import Line, append
from protocols.signal import Signal

SESSION_ECHO: Final = timedelta(minutes=1)
"""A session that ended so lately still says where its person is: he may have been made to end it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom or what an alarm is about: a person, a device nobody wears, or an account we do not know.

    label: how colleagues know it. purpose: TEST for the device of the synthetic panic and for test alarms.
    covert: a silent alarm, which has an incident of its own, so that what its wearer can see does not change by it.
    technical: about the device and not about whoever wears it. device_options: as enrolled.
    """

    organisation_id: OrganisationId
    committee_id: CommitteeId
    protocol: str
    account: str
    device_id: UUID | None = None
    person_id: PersonId | None = None
    unit_id: UUID | None = None
    purpose: Purpose = Purpose.REAL
    label: str = ""
    language: str = "sv"
    covert: bool = False
    technical: bool = False
    device_options: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """One open incident at a time stands behind this: [covert/ or technical/] and whom or what it is about."""
        if self.technical and self.device_id is not None:
            return f"technical/device:{self.device_id}"
        covert = "covert/" if self.covert else ""
        if self.person_id is not None:
            return f"{covert}person:{self.person_id}"
        if self.device_id is not None:
            return f"{covert}device:{self.device_id}"
        return f"{covert}unknown:{self.protocol}/{self.account}"

    @property
    def known(self) -> bool:
        """True if somebody enrolled it."""
        return self.person_id is not None or self.device_id is not None

    def as_drill(self) -> Subject:
        """Return the same subject for a drill."""
        return replace(self, purpose=Purpose.DRILL)

    def as_test(self) -> Subject:
        """Return the same subject for a test alarm."""
        return replace(self, purpose=Purpose.TEST)

    def as_covert(self) -> Subject:
        """Return the same subject for a silent alarm."""
        return replace(self, covert=True)

    def as_technical(self) -> Subject:
        """Return the same subject for what its device suffers from."""
        return replace(self, technical=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSignal:
    """A signal as it goes to the store. id: UUIDv7 of ours, kept over retries. raw: the frame it came in."""

    id: SignalId
    organisation_id: OrganisationId
    fallback_committee_id: CommitteeId
    receiver: str
    protocol: str
    authentic: bool
    received_at: datetime
    raw: bytes
    signal: Signal

    @property
    def account(self) -> str:
        """The name it came under; a device that said none is 'nameless'."""
        return self.signal.device or "nameless"


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledSignal:
    """A signal on disk. fresh False: a repeat, already dealt with. id: of the row that stands."""

    id: SignalId
    fresh: bool
    new: NewSignal
    subject: Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An incident as stored. entries, last_hash: length and end of its timeline. version grows with each save."""

    subject: Subject
    incident: Incident
    version: int
    entries: int
    last_hash: bytes
    event_at: datetime | None = None
    lateness: timedelta | None = None
    shown_at: datetime | None = None
    moved_at: datetime | None = None
    """When the timeline last told of a new position."""
    place_id: PlaceId | None = None
    """Where its person or device was when it opened. The store's own finding: what is saved here is not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One incident's part of a transaction: the record as it shall stand, and everything to file with it."""

    before: Record | None
    after: Record
    effects: tuple[Effect, ...] = ()
    lines: tuple[Line, ...] = ()
    signals: tuple[SignalId, ...] = ()

    def then(self, decision: Decision, *, signals: tuple[SignalId, ...] = ()) -> Change:
        """Add a further decision about the same incident in the same transaction."""
        lines = append(decision.incident.id, self.after.entries, self.after.last_hash, decision.entries)
        last = lines[-1] if lines else None
        return replace(
            self,
            after=replace(
                self.after,
                incident=decision.incident,
                entries=last.seq if last else self.after.entries,
                last_hash=last.hash if last else self.after.last_hash,
            ),
            effects=self.effects + decision.effects,
            lines=self.lines + lines,
            signals=self.signals + signals,
        )

    def shown(self, at: datetime) -> Change:
        """Stamp that an operator's screen shows it."""
        return replace(self, after=replace(self.after, shown_at=at))

    def moved(self, at: datetime) -> Change:
        """Stamp that the timeline tells of a new position."""
        return replace(self, after=replace(self.after, moved_at=at))

    @property
    def ends(self) -> bool:
        """True if the incident is stood down by it. What comes later, such as a centre's answer, ends nothing."""
        over = self.after.incident.state is State.STOOD_DOWN
        return over and (self.before is None or self.before.incident.state is not State.STOOD_DOWN)

    @property
    def nothing(self) -> bool:
        """True if there is nothing to file."""
        return (
            self.before is not None
            and self.before.incident == self.after.incident
            and not (self.effects or self.lines or self.signals)
        )


def unchanged(record: Record) -> Change:
    """Return the empty change of a stored incident, to be continued with then()."""
    return Change(before=record, after=replace(record, version=record.version + 1))


@dataclass(frozen=True, slots=True)
class Deadline:
    """A wait that is over."""

    incident_id: IncidentId
    kind: TimerKind
    person_id: PersonId | None
    due_at: datetime
    fence: int
