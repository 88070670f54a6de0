"""What we propose to tell a centre for each kind of alarm, until something else is agreed with it.

Sources: SIA DC-03 and DC-05 codes as agreed between panels and centres (facts on alarm protocols, part 2.6); by custom
an SOS Access event code is the SIA code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from escalation.alarm import AlarmKind
from larmcentral.domain.forwarding import MappingRow


@dataclass(frozen=True, slots=True)
class Proposal:
    """Codes of a kind, open and silent, and why these."""

    sia: str
    cid: str
    why: str
    silent_sia: str = ""
    silent_cid: str = ""


# A silent alarm that somebody pressed is told by a hold-up code where its kind has no silent code of its own: a centre
# that knows nothing else knows by it that nobody may be rung. What a person cannot have pressed in front of a threat
# keeps its code; the text says that it is silent.
PROPOSALS: Final[Mapping[AlarmKind, Proposal]] = {
    AlarmKind.PANIC: Proposal("PA", "120", "manual panic", "HA", "122"),
    AlarmKind.DURESS: Proposal("HA", "121", "DC-03 has no duress code but HA; 121 is duress", "HA", "121"),
    AlarmKind.HOLD_UP: Proposal("HA", "122", "hold-up; centres handle it silently in any case", "HA", "122"),
    AlarmKind.MEDICAL: Proposal("MA", "100", "medical"),
    AlarmKind.MAN_DOWN: Proposal("QA", "101", "DC-03 has no man-down code; QA by custom, 101 personal emergency"),
    AlarmKind.FALL: Proposal("QA", "103", "103 is fall since 2016; older centres agree on 101"),
    AlarmKind.NO_MOTION: Proposal("NA", "102", "no activity; mobile units report it as 102"),
    AlarmKind.UNSPECIFIED_ALARM: Proposal("PA", "120", "counts as a panic until somebody knows better", "HA", "122"),
    AlarmKind.GROUP_ALARM: Proposal("PA", "120", "no code of its own; the text says what it is", "HA", "122"),
    AlarmKind.MISSED_CHECK_IN: Proposal("NA", "102", "fail to report in"),
    AlarmKind.OVERDUE: Proposal("NA", "102", "fail to report in: the session did not end"),
    AlarmKind.LOST_CONTACT: Proposal("NA", "102", "a person alone is not heard: no mere fault of a line"),
    AlarmKind.SILENT_DEVICE: Proposal("YC", "350", "communication fails, nobody works alone with it"),
    AlarmKind.LOW_BATTERY: Proposal("XT", "384", "battery of a transmitter"),
    AlarmKind.POWER_OFF: Proposal("YC", "381", "switched off: supervision lost"),
    AlarmKind.REMOVED: Proposal("TA", "144", "taken off: tamper of the sensor"),
    AlarmKind.TAMPER: Proposal("TA", "144", "tamper"),
    AlarmKind.DEVICE_FAULT: Proposal("IA", "380", "equipment failure, trouble of a sensor"),
}

SECTION_TEXT: Final = "{place}"
DETECTOR_TEXT: Final = "{person}"
TEXT: Final = """{kind} kl. {time}
{person}, {unit}
Motring {phone}
Adress: {address}
Våning: {floor}
Portkod: {door_code}
Fara: {danger}
Position: {position}
Ärende {number}"""
SILENT_LINE: Final = "TYST LARM. Ring inte upp den som larmar. Närma er dolt."
"""Begins every silent row that we propose; the emergency services must read it before anything else."""


def default_row(kind: AlarmKind, silent: bool) -> MappingRow:
    """Return the row that holds where none was agreed."""
    proposal = PROPOSALS[kind]
    sia = (silent and proposal.silent_sia) or proposal.sia
    return MappingRow(
        kind=kind,
        silent=silent,
        event_code=sia,
        sia=sia,
        cid=(silent and proposal.silent_cid) or proposal.cid,
        section_text=SECTION_TEXT,
        detector_text=DETECTOR_TEXT,
        text=f"{SILENT_LINE}\n{TEXT}" if silent else TEXT,
    )


def all_defaults() -> tuple[MappingRow, ...]:
    """Return every row that we propose, open before silent."""
    return tuple(default_row(kind, silent) for kind in AlarmKind for silent in (False, True))
