"""One frame's signals, just off the wire, on their way to the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from escalation.ids import CommitteeId, OrganisationId
from protocols.signal import Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverName:
    """Which of our listeners it came in by, and whose its unknown devices are.

    name: key of [receivers.<name>]. protocol: name in protocols.registry.
    """

    name: str
    protocol: str
    organisation_id: OrganisationId
    committee_id: CommitteeId


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A whole frame. Its signals are stored together and answered together.

    authentic False: the sender could not prove its name. raw: the frame as it came. received_at: our clock, aware UTC.
    """

    receiver: ReceiverName
    received_at: datetime
    authentic: bool
    raw: bytes
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownBytes:
    """Bytes nobody understood, to be kept and counted. reason: the error's words, without contents."""

    receiver: ReceiverName
    received_at: datetime
    reason: str
    raw: bytes
