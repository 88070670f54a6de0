"""What is said in SOS Access: alarms, heartbeats, the exchange of passwords, and their answers. No bytes of the wire.

Texts are as they are meant: lines end in a line feed, nothing is escaped. None is a field that is left out; an empty
one means the same and is never in a message. The wire's times name no zone and are kept as they stand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class AlarmType(Enum):
    """Whether something begins or is over. Left out means ALARM."""

    ALARM = "AL"
    RESTORE = "RE"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRequest:
    """An alarm, its restore, or information.

    authentication: the password, 15 signs. receiver: which centre stands behind the address, 1 to 20.
    transmitter_type: 5 signs, transmitter_code: 1 to 15, both given by the centre. event_code: 1 to 25, agreed.
    reference: 1 to 50, echoed. transmitter_time: YYYY-MM-DD HH:MM:SS.mmm, for the log only. transmitter_area, section,
    detector: 1 to 5 each. section_text, detector_text: 1 to 40. additional_info: 1 to 2000, lines. position: 15 or 16
    signs, see position.py. unknown: elements that we have no name for, as (tag, text); never sent.
    """

    authentication: str = field(repr=False)
    receiver: str
    transmitter_type: str
    transmitter_code: str
    event_code: str
    reference: str | None = None
    alarm_type: AlarmType | None = None
    transmitter_time: str | None = None
    transmitter_area: str | None = None
    section: str | None = None
    section_text: str | None = None
    detector: str | None = None
    detector_text: str | None = None
    additional_info: str | None = None
    position: str | None = None
    unknown: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PingRequest:
    """The heartbeat. Fields as in AlarmRequest."""

    authentication: str = field(repr=False)
    transmitter_type: str
    transmitter_code: str
    reference: str | None = None
    unknown: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAuthenticationRequest:
    """Asks for a secret password in the place of the installer's. Fields as in AlarmRequest."""

    authentication: str = field(repr=False)
    transmitter_type: str
    transmitter_code: str
    reference: str | None = None
    unknown: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmResponse:
    """The receiver's answer. status: see codes.py. info: 1 to 255 signs, empty where none came.

    reference: of the request. arrival_time: YYYY-MM-DD HH:MM:SS with or without .mmm, by the receiver's clock.
    """

    status: int
    info: str
    reference: str | None = None
    arrival_time: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PingResponse:
    """The answer to a heartbeat. Fields as in AlarmResponse."""

    status: int
    info: str
    reference: str | None = None
    arrival_time: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAuthenticationResponse:
    """The new password, 15 signs; None on a refusal. The old one holds until the new one is used."""

    status: int
    info: str
    new_authentication: str | None = field(default=None, repr=False)
    reference: str | None = None
    arrival_time: str | None = None


Request = AlarmRequest | PingRequest | NewAuthenticationRequest
Response = AlarmResponse | PingResponse | NewAuthenticationResponse
Message = Request | Response


def minimal(request: AlarmRequest) -> AlarmRequest:
    """Return the mandatory fields only: what a receiver takes that finds fault with the rest.

    A restore stays marked, although the field is optional: left out, it would be a new alarm.
    """
    return AlarmRequest(
        authentication=request.authentication,
        receiver=request.receiver,
        transmitter_type=request.transmitter_type,
        transmitter_code=request.transmitter_code,
        event_code=request.event_code,
        alarm_type=AlarmType.RESTORE if request.alarm_type is AlarmType.RESTORE else None,
    )
