"""A case in SOS Access's fields, and a receiver's answer in ours. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from larmcentral.channels.cutting import plain
from larmcentral.channels.receiver_sos_access_settings import SosAccessSettings
from larmcentral.domain.forwarding import Handover
from larmcentral.domain.forwarding_signs import latin1
from larmcentral.domain.forwarding_texts import TEST_MARK
from protocols.errors import LocalProtocolError
from protocols.sos_access.codes import name
from protocols.sos_access.fields import ELEMENTS, MOST_ADDITIONAL_INFO
from protocols.sos_access.messages import AlarmRequest, AlarmType, Response
from protocols.sos_access.position import PositionForm, position_text
from protocols.sos_access.wall_time import wall_text

NO_PASSWORD: Final = "*" * 15
"""Stands in a request until it is sent, and in the dry run for good."""
MAX_INFO_SIGNS: Final = 120

_DOTS: Final = "..."
_LONGEST: Final = {element.name: element.longest for element in ELEMENTS[AlarmRequest]}


@dataclass(frozen=True, slots=True)
class Written:
    """A request without its password, and a sentence for each thing that could not go as it was."""

    request: AlarmRequest
    notes: tuple[str, ...]


def alarm_request(handover: Handover, settings: SosAccessSettings, now: datetime) -> Written:
    """Write a case. now: for the age of its position.

    Texts are cut, codes never: half a code is another code. An optional one that does not fit is left out.
    Raises LocalProtocolError where the event code is missing or too long: no receiver could act on it.
    """
    notes: list[str] = []
    row = handover.row
    event_code = _code("eventcode", row.event_code, _LONGEST["event_code"], notes)
    if event_code is None:
        raise LocalProtocolError("the row for this alarm has no event code that SOS Access can carry")
    request = AlarmRequest(
        authentication=NO_PASSWORD,
        receiver=settings.receiver,
        transmitter_type=settings.transmitter_type,
        transmitter_code=settings.transmitter_code,
        event_code=event_code,
        reference=_signs(handover.reference)[: _LONGEST["reference"]].rstrip() or None,
        alarm_type=AlarmType.RESTORE if handover.restore else AlarmType.ALARM,
        transmitter_time=wall_text(handover.occurred_at, ZoneInfo(settings.zone)),
        transmitter_area=_code("transmitterarea", row.area, _LONGEST["transmitter_area"], notes),
        section=_code("section", row.section, _LONGEST["section"], notes),
        section_text=_text("sectiontext", row.section_text, _LONGEST["section_text"], notes),
        detector=_code("detector", row.detector, _LONGEST["detector"], notes),
        detector_text=_text("detectortext", row.detector_text, _LONGEST["detector_text"], notes),
        additional_info=_additional(handover, now, notes),
        position=_position(handover, settings.position, notes),
    )
    return Written(request, tuple(notes))


def words_of(response: Response, secrets: tuple[str, ...]) -> str:
    """Return status and info on one line, without the passwords and at most some 150 signs."""
    info = plain(response.info)
    for secret in secrets:
        info = info.replace(plain(secret), "…")
    return f"{name(response.status)}: {info[:MAX_INFO_SIGNS]}" if info else name(response.status)


def _additional(handover: Handover, now: datetime, notes: list[str]) -> str | None:
    """The agreed lines, then where it is: the place must not be what is cut away."""
    told = _lines("additionalinfo", handover.row.text, notes)
    if handover.test and TEST_MARK not in told:
        told = f"{TEST_MARK}\n{told}".rstrip("\n")
    place = _place_lines(handover, now, told)
    room = MOST_ADDITIONAL_INFO - (_weight(place) + 2 if place else 0)
    kept = _cut("additionalinfo", told, room, notes)
    return "\n".join(part for part in (kept, place) if part) or None


def _place_lines(handover: Handover, now: datetime, told: str) -> str:
    if handover.lat is None or handover.lon is None:
        return ""
    accuracy = "okänd" if handover.accuracy_m is None else f"{handover.accuracy_m:.0f} m"
    age = "ålder okänd" if handover.fix_at is None else f"{_age((now - handover.fix_at).total_seconds())} gammal"
    position = f"Position WGS84 {handover.lat:.5f}, {handover.lon:.5f}, osäkerhet {accuracy}, {age}"
    link = f"geo:{handover.lat:.6f},{handover.lon:.6f}"  # RFC 5870: opens in any map, and no third party is told
    if handover.accuracy_m is not None:
        link += f";u={handover.accuracy_m:.0f}"
    return position if link in told else f"{position}\n{link}"


def _age(seconds: float) -> str:
    whole = max(int(seconds), 0)
    if whole < 120:
        return f"{whole} s"
    return f"{whole // 60} min" if whole < 7_200 else f"{whole // 3_600} h"


def _position(handover: Handover, form: PositionForm, notes: list[str]) -> str | None:
    if form is PositionForm.NONE or handover.lat is None or handover.lon is None:
        return None
    try:
        written = position_text(form, handover.lat, handover.lon)
    except LocalProtocolError:
        written = None
    if written is None:
        notes.append(f"pos left out: this place cannot be written as {form.value}")
    return written


def _code(tag: str, code: str, longest: int, notes: list[str]) -> str | None:
    signs = _signs(code)
    if len(signs) > longest:
        notes.append(f"{tag} left out: {len(signs)} signs, and at most {longest} are allowed")
        return None
    if signs != code:
        notes.append(f"{tag} written with other signs")
    return signs or None


def _text(tag: str, text: str, longest: int, notes: list[str]) -> str | None:
    return _cut(tag, _respelt(tag, text, _signs, notes), longest, notes) or None


def _lines(tag: str, text: str, notes: list[str]) -> str:
    return _respelt(tag, text, _signs_by_line, notes)


def _respelt(tag: str, text: str, respell: Callable[[str], str], notes: list[str]) -> str:
    signs = respell(text)
    if _inked(signs) != _inked(text):
        notes.append(f"{tag} written with other signs")
    return signs


def _cut(tag: str, text: str, limit: int, notes: list[str]) -> str:
    """Keep the longest beginning that fits with three dots behind it."""
    if _weight(text) <= limit:
        return text
    room, kept = limit - len(_DOTS), 0
    for sign in text:
        room -= _weight(sign)
        if room < 0:
            break
        kept += 1
    notes.append(f"{tag} cut from {_weight(text)} to {limit} signs")
    return text[:kept].rstrip() + _DOTS


def _weight(text: str) -> int:
    """Signs on the wire, where a line ends in CR LF."""
    return len(text) + text.count("\n")


def _signs(text: str) -> str:
    return " ".join(latin1(text)[0].split())


def _signs_by_line(text: str) -> str:
    return "\n".join(line for line in map(_signs, latin1(text)[0].split("\n")) if line)


def _inked(text: str) -> str:
    return "".join(text.split())
