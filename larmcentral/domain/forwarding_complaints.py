"""Why a mapping row cannot go to a centre as it is written, path by path, before anybody needs it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from larmcentral.domain.forwarding import MappingRow, PathOutline, Speech
from larmcentral.domain.forwarding_signs import latin1, signs_of
from larmcentral.domain.forwarding_texts import PLACEHOLDER, PLACEHOLDERS

EVENT_CODE_SIGNS: Final = 25
PLACE_SIGNS: Final = 5
"""Of area, section and detector in SOS Access."""
NAME_SIGNS: Final = 40
"""Of sectiontext and detectortext in SOS Access; kept for DC-09 too, so that one row serves both."""
INFO_SIGNS: Final = 2000
DC09_TEXT_SIGNS: Final = 300
"""Of block I. The standard has no limit; with it an encrypted frame stays near a kilobyte, which old receivers take."""

_SIA: Final = re.compile(r"[A-Z]{2}")
_CID: Final = re.compile(r"[0-9A-F]{3}")
_PARTITION: Final = re.compile(r"[0-9]{0,2}")
_ZONE: Final = re.compile(r"[0-9]{0,3}")
_ONE_LINE: Final = ("event_code", "area", "section", "detector", "section_text", "detector_text")
_TEXTS: Final = ("section_text", "detector_text", "text")


class RowFault(Enum):
    """What is wrong."""

    CODE_MISSING = "code_missing"
    CODE_FORM = "code_form"
    """SIA: two capital letters. Contact ID: three hex digits."""
    TOO_LONG = "too_long"
    """The fixed words alone are longer than the path takes; what is filled in is cut when it is sent."""
    NOT_DIGITS = "not_digits"
    """DC-09 takes up to two digits for the section and up to three for the detector."""
    LINE_BREAK = "line_break"
    SIGNS_LOST = "signs_lost"
    """A code holds signs that do not arrive; in texts they are written otherwise."""
    PLACEHOLDER_UNKNOWN = "placeholder_unknown"


@dataclass(frozen=True, slots=True)
class RowComplaint:
    """fault, in which field, for which path (None: all of them), and what it holds or may hold."""

    fault: RowFault
    field: str
    path: str | None = None
    fields: tuple[tuple[str, str], ...] = ()


def complaints(row: MappingRow, paths: Sequence[PathOutline]) -> tuple[RowComplaint, ...]:
    """Return what is to be said against the row, field by field; nothing if all paths can say it."""
    return (*_of_any(row), *(one for path in paths for one in _of_path(row, path)))


def _of_any(row: MappingRow) -> Iterator[RowComplaint]:
    for field in _TEXTS:
        text = str(getattr(row, field))
        for name in PLACEHOLDER.findall(text):
            if name not in PLACEHOLDERS:
                yield RowComplaint(RowFault.PLACEHOLDER_UNKNOWN, field, fields=(("placeholder", name[:40]),))
        if any(sign in PLACEHOLDER.sub("", text) for sign in "{}"):
            yield RowComplaint(RowFault.PLACEHOLDER_UNKNOWN, field, fields=(("placeholder", "{}"),))
    for field in _ONE_LINE:
        if any(ord(sign) < ord(" ") for sign in getattr(row, field)):
            yield RowComplaint(RowFault.LINE_BREAK, field)


def _of_path(row: MappingRow, path: PathOutline) -> Iterator[RowComplaint]:
    match path.speech:
        case Speech.SOS_ACCESS:
            yield from _sos_access(row, path)
        case Speech.DC09_SIA:
            yield from _code(row.sia, "sia", _SIA, path)
            yield from _dc09(row, path)
        case Speech.DC09_CID:
            yield from _code(row.cid, "cid", _CID, path)
            yield from _dc09(row, path)
        case Speech.NUMBER:
            pass  # its words are made of the filled texts and cut to one message


def _sos_access(row: MappingRow, path: PathOutline) -> Iterator[RowComplaint]:
    if not row.event_code:
        yield RowComplaint(RowFault.CODE_MISSING, "event_code", path.name)
    for field, limit in (("event_code", EVENT_CODE_SIGNS), ("area", PLACE_SIGNS)):
        yield from _length(row, field, limit, path)
    for field, limit in (("section", PLACE_SIGNS), ("detector", PLACE_SIGNS)):
        yield from _length(row, field, limit, path)
    for field, limit in (("section_text", NAME_SIGNS), ("detector_text", NAME_SIGNS), ("text", INFO_SIGNS)):
        yield from _length(row, field, limit, path)
    for field in ("event_code", "area", "section", "detector"):
        said = str(getattr(row, field))
        if latin1(said)[0] != said:
            yield RowComplaint(RowFault.SIGNS_LOST, field, path.name)


def _dc09(row: MappingRow, path: PathOutline) -> Iterator[RowComplaint]:
    for field, form in (("section", _PARTITION), ("detector", _ZONE)):
        if not form.fullmatch(getattr(row, field)):
            yield RowComplaint(RowFault.NOT_DIGITS, field, path.name)
    for field, limit in (("section_text", NAME_SIGNS), ("detector_text", NAME_SIGNS), ("text", DC09_TEXT_SIGNS)):
        yield from _length(row, field, limit, path)


def _code(said: str, field: str, form: re.Pattern[str], path: PathOutline) -> Iterator[RowComplaint]:
    if not said:
        yield RowComplaint(RowFault.CODE_MISSING, field, path.name)
    elif not form.fullmatch(said):
        yield RowComplaint(RowFault.CODE_FORM, field, path.name)


def _length(row: MappingRow, field: str, limit: int, path: PathOutline) -> Iterator[RowComplaint]:
    said = str(getattr(row, field))
    fixed = PLACEHOLDER.sub("", said) if field in _TEXTS else said
    length = len(signs_of(path.character_set)(fixed)[0])
    if length > limit:
        yield RowComplaint(RowFault.TOO_LONG, field, path.name, (("limit", str(limit)), ("length", str(length))))
