"""Which element holds what: names, lengths in signs, and what must be there.

Source: the protocol notes published with sos-access 0.0.8, as written down in facts/alarm-protocols.md part 1.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from protocols.sos_access.messages import (
    AlarmRequest,
    AlarmResponse,
    Message,
    NewAuthenticationRequest,
    NewAuthenticationResponse,
    PingRequest,
    PingResponse,
)

PASSWORD_SIGNS: Final = 15
TRANSMITTER_TYPE_SIGNS: Final = 5
MOST_INFO: Final = 255
MOST_ADDITIONAL_INFO: Final = 2_000


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a message. name: of the message's field. shortest, longest: signs. lines: may hold line breaks.

    secret: taken sign by sign, blanks at its ends included, and masked wherever a document is shown.
    """

    tag: str
    name: str
    longest: int
    shortest: int = 1
    mandatory: bool = False
    lines: bool = False
    secret: bool = False


_REFERENCE: Final = Element("reference", "reference", 50)
_AUTHENTICATION: Final = Element(
    "authentication", "authentication", PASSWORD_SIGNS, PASSWORD_SIGNS, mandatory=True, secret=True
)
_TYPE: Final = Element(
    "transmittertype", "transmitter_type", TRANSMITTER_TYPE_SIGNS, TRANSMITTER_TYPE_SIGNS, mandatory=True
)
_CODE: Final = Element("transmittercode", "transmitter_code", 15, mandatory=True)
_IN_COMMON: Final = (_REFERENCE, _AUTHENTICATION, _TYPE, _CODE)
_STATUS: Final = Element("status", "status", 5, mandatory=True)
_INFO: Final = Element("info", "info", MOST_INFO)
_ARRIVAL: Final = Element("arrivaltime", "arrival_time", 40)

POSITION: Final = Element("pos", "position", 16, 15)
"""Inside an element of its own, `position`."""

ELEMENTS: Final[Mapping[type[Message], tuple[Element, ...]]] = {
    AlarmRequest: (
        _REFERENCE,
        _AUTHENTICATION,
        Element("receiver", "receiver", 20, mandatory=True),
        Element("transmittertime", "transmitter_time", 40),  # 23 on sending; others write it their own way
        Element("alarmtype", "alarm_type", 2, 2),
        _TYPE,
        _CODE,
        Element("transmitterarea", "transmitter_area", 5),
        Element("eventcode", "event_code", 25, mandatory=True),
        Element("section", "section", 5),
        Element("sectiontext", "section_text", 40),
        Element("detector", "detector", 5),
        Element("detectortext", "detector_text", 40),
        Element("additionalinfo", "additional_info", MOST_ADDITIONAL_INFO, lines=True),
        POSITION,
    ),
    PingRequest: _IN_COMMON,
    NewAuthenticationRequest: _IN_COMMON,
    AlarmResponse: (_REFERENCE, _STATUS, _INFO, _ARRIVAL),
    PingResponse: (_REFERENCE, _STATUS, _INFO, _ARRIVAL),
    NewAuthenticationResponse: (
        _REFERENCE,
        _STATUS,
        _INFO,
        Element("newauthentication", "new_authentication", PASSWORD_SIGNS, PASSWORD_SIGNS, secret=True),
        _ARRIVAL,
    ),
}

ROOTS: Final[Mapping[str, type[Message]]] = {
    "alarmrequest": AlarmRequest,
    "pingrequest": PingRequest,
    "requestnewauthentication": NewAuthenticationRequest,
    "alarmresponse": AlarmResponse,
    "pingresponse": PingResponse,
    "requestnewauthenticationresponse": NewAuthenticationResponse,
}
TAGS: Final[Mapping[type[Message], str]] = {kind: tag for tag, kind in ROOTS.items()}
REQUESTS: Final = (AlarmRequest, PingRequest, NewAuthenticationRequest)
