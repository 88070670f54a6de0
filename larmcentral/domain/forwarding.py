"""What a contracted alarm receiving centre is told: the row agreed for a kind of alarm, and a case in its words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final, Literal
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.purpose import Purpose

_E164: Final = re.compile(r"\+[1-9][0-9]{7,14}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingRow:
    """What was agreed with a centre for one kind of alarm. Empty means: not sent.

    kind, silent: which alarms. event_code: SOS Access, up to 25 signs; SIA's two letters are the custom. sia: two
    letters of DC-03; cid: three digits of DC-05. area, section, detector: up to 5 signs each (transmitterarea,
    section, detector; DC-09 takes section as partition and detector as zone, digits there). section_text,
    detector_text: up to 40 signs. text: lines for additionalinfo or block I. The three texts may name {kind}, {person},
    {phone}, {unit}, {place}, {address}, {floor}, {door_code}, {danger}, {number}, {time}, {position}, {map}.
    """

    kind: AlarmKind
    silent: bool
    event_code: str
    sia: str
    cid: str
    area: str = ""
    section: str = ""
    detector: str = ""
    section_text: str = ""
    detector_text: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A case in a centre's own words, the same for each path of the forwarder.

    reference: up to 50 ASCII signs, the same at each repeat, so that the centre can tell a repeat from news.
    row: with its texts filled in, not yet cut to a protocol's limits. restore: it is over. test: agreed with the centre
    beforehand, and marked. number: the case's own. occurred_at: of the alarm, or of its end. lat, lon: WGS84 degrees.
    """

    reference: str
    number: str
    row: MappingRow
    restore: bool
    test: bool
    occurred_at: datetime
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    fix_at: datetime | None = None


class Speech(Enum):
    """What a path speaks."""

    SOS_ACCESS = "sos_access"
    DC09_SIA = "dc09_sia"
    DC09_CID = "dc09_cid"
    NUMBER = "number"
    """A text or a call to the centre's telephone."""


@dataclass(frozen=True, slots=True)
class PathOutline:
    """A path as the mapping must know it. character_set: which signs of a text arrive there."""

    name: str
    speech: Speech
    character_set: Literal["ascii", "latin1", "cp1252", "utf-8"] = "ascii"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwarderOutline:
    """A centre as the settings name it, without addresses and secrets. paths: in the order of trying.

    telephone: whom the operator rings when nothing works; shown, never dialled by us.
    """

    name: str
    label: str
    paths: tuple[PathOutline, ...]
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a path would send, said without sending it. text: byte for byte readable, passwords masked.

    notes: a sentence each for what had to be cut, written otherwise or left out; empty if all of it goes as it is.
    """

    path: str
    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreCall:
    """Agreed words to the telephone of a centre, when nothing else leads there. Real by type: no drill becomes one.

    id: the same at each repeat. number: E.164. words: up to 160 signs of the GSM alphabet. language: "sv" or "en".
    """

    id: UUID
    purpose: Literal[Purpose.REAL]
    number: str
    words: str
    language: str

    def __post_init__(self) -> None:
        if self.purpose is not Purpose.REAL:
            raise ValueError("a drill or a test cannot leave the house")
        if not _E164.fullmatch(self.number):
            raise ValueError("a centre's telephone is written in E.164")
