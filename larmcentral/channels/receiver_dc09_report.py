"""A case as a DC-09 report: its codes, its texts in signs that arrive, its place and its time. Pure.

Sources: SIA DC-03 (SIA-DCS), DC-05 (ADM-CID), DC-09 extended data; protocols/dc09/README.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, assert_never

from larmcentral.domain.forwarding import Handover
from larmcentral.domain.forwarding_complaints import DC09_TEXT_SIGNS, NAME_SIGNS
from larmcentral.domain.forwarding_defaults import default_row
from larmcentral.domain.forwarding_signs import signs_of
from protocols.dc09.extended import event_time, place
from protocols.dc09.messages import ADM_CID, SIA_DCS, Block, CidEvent, CidReport, SiaEvent, SiaReport
from protocols.dc09.payload import serialise_cid, serialise_sia

NEW, RESTORED = 1, 3
RESTORES: Final[Mapping[str, str]] = {
    "NA": "NS",
    "YC": "YK",
    "YS": "YK",
    "XT": "XR",
    "YT": "YR",
    "AT": "AR",
    "LT": "LR",
    "NT": "NR",
    "IA": "IR",
    "UY": "UR",
    "UZ": "UR",
}
"""Restores whose code is not the alarm's letter with an R (DC-03)."""
CALLED_OFF: Final = "OC"
"""For a code without a restore of its own: cancel report."""

# what ends a field in DC-03 and DC-09, and what stands for it
_SAFE: Final = str.maketrans({"[": "(", "]": ")", "|": "/", "^": "'"})
_SIA_CODE: Final = re.compile(r"[A-Z]{2}")
_CID_CODE: Final = re.compile(r"[0-9A-F]{3}")
LINE_JOINT: Final = " / "


class Form(Enum):
    """How much of a case is said; the next where a receiver finds fault with one."""

    WHOLE = "whole"
    ONE_BLOCK = "one block"
    """The lines of text alone, which name time and place in words: some receivers read no more than one block."""
    SHORTEST = "no texts"
    """Codes, section and detector."""


@dataclass(frozen=True, slots=True)
class Report:
    """What goes between the brackets and behind them. notes: a sentence for each thing that had to be changed."""

    name: str
    data: bytes
    blocks: tuple[Block, ...]
    notes: tuple[str, ...]


class _Writer:
    """Texts in signs that arrive, remembering what had to change."""

    def __init__(self, character_set: str) -> None:
        self._signs = signs_of(character_set)
        self.encoding = character_set
        self.notes: list[str] = []

    def text(self, field: str, said: str, limit: int) -> str:
        written, changed = self._signs(LINE_JOINT.join(line.strip() for line in said.splitlines() if line.strip()))
        safe = " ".join(written.translate(_SAFE).split())
        if changed or safe != " ".join(written.split()):
            self.notes.append(f"{field}: signs that do not arrive are written otherwise")
        if len(safe) > limit:
            self.notes.append(f"{field}: cut from {len(safe)} to {limit} signs")
            safe = safe[:limit].rstrip()
        return safe

    def digits(self, field: str, said: str, length: int) -> str:
        if said and not re.fullmatch(f"[0-9]{{1,{length}}}", said):
            self.notes.append(f"{field}: left out, DC-09 takes up to {length} digits there")
            return ""
        return said

    def block(self, letter: str, text: str) -> tuple[Block, ...]:
        return (Block(letter, text.encode(self.encoding, "replace")),) if text else ()


def report_of(handover: Handover, *, account: str, payload: str, character_set: str, form: Form = Form.WHOLE) -> Report:
    """Return the report of a case. payload: "sia" or "cid".

    A code that the row lacks, or that no receiver could read, is the one that we propose for its kind: a case is never
    held back for a slip in the table.
    """
    writer, row = _Writer(character_set), handover.row
    proposed = default_row(row.kind, row.silent)
    section = writer.digits("section", row.section, 2)
    detector = writer.digits("detector", row.detector, 3)
    name_text = "" if form is Form.SHORTEST else writer.text("detector_text", row.detector_text, NAME_SIGNS)
    if payload == "sia":
        code = row.sia if _SIA_CODE.fullmatch(row.sia) else proposed.sia
        if code != row.sia:
            writer.notes.append(f"sia: no code of two letters, {code} in its place")
        event = SiaEvent(
            code=restore_code(code) if handover.restore else code,
            address=detector,
            modifiers=(("ri", section),) if section else (),
            text=name_text,
        )
        name, data = SIA_DCS, serialise_sia(SiaReport(account=account, events=(event,)), encoding=character_set)
        lines = row.text
    else:
        code = row.cid if _CID_CODE.fullmatch(row.cid) else proposed.cid
        if code != row.cid:
            writer.notes.append(f"cid: no code of three digits, {code} in its place")
        qualifier = RESTORED if handover.restore else NEW
        told = CidEvent(qualifier=qualifier, code=code, group=section.zfill(2), zone=detector.zfill(3))
        name, data = ADM_CID, serialise_cid(CidReport(account=account, events=(told,)))
        lines = f"{name_text}\n{row.text}"  # Contact ID has no place for a name
    texts = writer.block("I", writer.text("text", lines, DC09_TEXT_SIGNS))
    match form:
        case Form.WHOLE:
            places = writer.block("L", writer.text("section_text", row.section_text, NAME_SIGNS))
            blocks = (event_time(handover.occurred_at), *_place(handover), *texts, *places)
        case Form.ONE_BLOCK:
            blocks = texts
        case Form.SHORTEST:
            blocks = ()
        case _:
            assert_never(form)
    return Report(name, data, blocks, tuple(dict.fromkeys(writer.notes)))


def restore_code(code: str) -> str:
    """Return what ends an alarm in SIA: PR for PA, NS for NA; OC where the code has no end of its own."""
    return RESTORES.get(code) or (f"{code[0]}R" if code[1] == "A" else CALLED_OFF)


def _place(handover: Handover) -> tuple[Block, ...]:
    if handover.lat is None or handover.lon is None:
        return ()
    return place(handover.lat, handover.lon)
