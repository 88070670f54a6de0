"""From a case of ours to a centre's own words: the agreed row with its texts filled in, the same at each repeat."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from escalation.effects import About
from larmcentral.domain.forwarding import Handover, MappingRow
from larmcentral.domain.notice import Case, Forward

PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
PLACEHOLDERS: Final = frozenset(
    {
        "kind",
        "person",
        "phone",
        "unit",
        "place",
        "address",
        "floor",
        "door_code",
        "danger",
        "number",
        "time",
        "position",
        "map",
    }
)
TEST_MARK: Final = "PROV / TEST"
"""Begins every text of a test: whoever reads it at the centre must not act on it."""
REFERENCE_SIGNS: Final = 50
_NUMBER_SIGNS: Final = 24


def handover_of(forward: Forward, row: MappingRow, *, kind: str, zone: ZoneInfo) -> Handover:
    """Return a real case as a centre is told it. row: as agreed. kind: the word for it. zone: for times in texts."""
    if not isinstance(forward, Forward):
        raise TypeError("a centre is handed real cases only")
    restore = forward.text.about is About.OVER
    occurred_at = forward.filed_at if restore else forward.text.opened_at
    case = replace(forward.case, place=forward.case.place or forward.text.place)
    case = replace(case, person=case.person or forward.text.subject)
    return Handover(
        reference=reference(forward),
        number=case.number,
        row=filled(row, values_of(case, kind=kind, at=forward.text.opened_at, zone=zone)),
        restore=restore,
        test=False,
        occurred_at=occurred_at,
        lat=case.lat,
        lon=case.lon,
        accuracy_m=case.accuracy_m,
        fix_at=case.fix_at,
    )


def marked_handover(row: MappingRow, case: Case, *, name: str, kind: str, at: datetime, zone: ZoneInfo) -> Handover:
    """Return a made-up case as a centre in its test state is told it, marked in every text. name: of the test."""
    told = filled(row, values_of(case, kind=kind, at=at, zone=zone))
    return Handover(
        reference=_ascii(name)[:REFERENCE_SIGNS],
        number=case.number,
        row=replace(
            told,
            section_text=_marked(told.section_text, " "),
            detector_text=_marked(told.detector_text, " "),
            text=_marked(told.text, "\n"),
        ),
        restore=False,
        test=True,
        occurred_at=at,
        lat=case.lat,
        lon=case.lon,
        accuracy_m=case.accuracy_m,
        fix_at=case.fix_at,
    )


def reference(forward: Forward) -> str:
    """Return what the centre tells a repeat by: of the incident, its kind and whether it is over, nothing else."""
    kind = "" if forward.text.kind is None else forward.text.kind.value
    said = f"{forward.incident_id} {kind} {forward.text.about.value}"
    digest = hashlib.sha256(said.encode()).hexdigest()[:16]
    return f"{_ascii(forward.case.number)[:_NUMBER_SIGNS]}-{digest}"


def values_of(case: Case, *, kind: str, at: datetime, zone: ZoneInfo) -> Mapping[str, str]:
    """Return what each placeholder stands for; empty where it is not known. zone: of the time of day."""
    position, link = _position(case, zone), ""
    if case.lat is not None and case.lon is not None:
        link = f"geo:{case.lat:.6f},{case.lon:.6f}"
        link += "" if case.accuracy_m is None else f";u={case.accuracy_m:.0f}"  # RFC 5870: no third party's map
    return {
        "kind": kind,
        "person": case.person or "",
        "phone": case.phone or "",
        "unit": case.unit or "",
        "place": case.place or "",
        "address": case.address or "",
        "floor": case.floor or "",
        "door_code": case.door_code or "",
        "danger": case.danger or "",
        "number": case.number,
        "time": f"{at.astimezone(zone):%H:%M:%S %Y-%m-%d}",
        "position": position,
        "map": link,
    }


def filled(row: MappingRow, values: Mapping[str, str]) -> MappingRow:
    """Return the row with its three texts filled in. A line that names only what is not known is left out."""
    return replace(
        row,
        section_text=" ".join(_lines(row.section_text, values)),
        detector_text=" ".join(_lines(row.detector_text, values)),
        text="\n".join(_lines(row.text, values)),
    )


def _lines(text: str, values: Mapping[str, str]) -> list[str]:
    kept: list[str] = []
    for line in text.splitlines():
        named = PLACEHOLDER.findall(line)
        if named and not any(values.get(name, "") for name in named):
            continue
        told = PLACEHOLDER.sub(lambda found: " ".join(values.get(found[1], "").split()), line)
        # What is not known leaves its comma behind: "Anna, " reads as if something were cut.
        told = re.sub(r"(?:,\s*)+(?=,|$)", "", re.sub(r"\s+", " ", told)).strip(" ,")
        if told:
            kept.append(told)
    return kept


def _position(case: Case, zone: ZoneInfo) -> str:
    if case.lat is None or case.lon is None:
        return ""
    said = f"{case.lat:.5f}, {case.lon:.5f}"
    if case.accuracy_m is not None:
        said += f" +/-{case.accuracy_m:.0f} m"
    if case.fix_at is not None:
        said += f" kl. {case.fix_at.astimezone(zone):%H:%M:%S}"
    return said


def _marked(text: str, joint: str) -> str:
    return f"{TEST_MARK}{joint}{text}" if text else TEST_MARK


def _ascii(text: str) -> str:
    return "".join(sign for sign in text if sign.isascii() and sign.isprintable())
