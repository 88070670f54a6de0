"""One incident as it leaves the house: everything about it, and what a stranger needs to see that nothing was changed.

The document is JSON; what each part is stands in ops/runbooks/case-export.md. It is written in one form only (keys in
order, no blanks, UTF-8), so that its hash can be worked out anew from what was read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final
from uuid import UUID

from escalation.ids import IncidentId
from larmcentral.domain.case_number import case_number
from larmcentral.domain.timeline import FIRST_HASH
from larmcentral.domain.views import IncidentDetail, NoticeView

FORMAT: Final = "larmcentral case 1"
CHAIN: Final = (
    "sha256(hash before + json([incident_id, seq, at without Z, kind, actor, detail])), keys sorted, no blanks"
)
AT: Final = "%Y-%m-%dT%H:%M:%S.%fZ"
"""How times are written: UTC with microseconds, as they were hashed."""
SEAL: Final = "sha256"
"""The member that holds the hash of all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One line of the account exactly as it was hashed. actor and detail: as kept. by: the actor's name today."""

    seq: int
    at: datetime
    kind: str
    actor: Mapping[str, Any]
    detail: Mapping[str, Any]
    hash: bytes
    by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSignal:
    """One signal as it was taken in. raw: what came over the wire."""

    id: UUID
    received_at: datetime
    event_at: datetime | None
    sent_at: datetime | None
    receiver: str
    protocol: str
    account: str
    authentic: bool
    kind: str
    silent: bool | None
    buffered: bool | None
    lat: float | None
    lon: float | None
    accuracy_m: float | None
    fix_at: datetime | None
    fix_valid: bool | None
    battery_pct: int | None
    charging: bool | None
    code: str | None
    text: str | None
    doubts: tuple[str, ...]
    attempts: int
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """Everything about one incident, oldest first in every part. detail: as a screen is shown it; its own lines,
    signals and notices are a screenful, those here are all there are.

    entries, last_hash: where the account ends, as kept with the incident. zone: of the house, for times in words.
    """

    organisation: str
    zone: str
    taken_out_at: datetime
    taken_out_by: str
    detail: IncidentDetail
    lines: tuple[CaseLine, ...]
    signals: tuple[CaseSignal, ...]
    notices: tuple[NoticeView, ...]
    entries: int
    last_hash: bytes

    @property
    def number(self) -> str:
        """The number that people say."""
        return case_number(IncidentId(self.detail.incident.id))


def document(case: CaseFile, facts: Mapping[str, Any]) -> bytes:
    """Write the case as the JSON that `larmcentral verify` reads, sealed, with a line feed behind it.

    facts: case.detail as plain pairs; whatever a later version knows more of an incident is in it.
    """
    told = {name: value for name, value in facts.items() if name not in {"timeline", "signals", "notices", "trail"}}
    head = {
        "incident_id": str(case.detail.incident.id),
        "number": case.number,
        "organisation": case.organisation,
        "zone": case.zone,
        "taken_out_at": case.taken_out_at,
        "taken_out_by": case.taken_out_by,
        "entries": case.entries,
        "first_hash": FIRST_HASH,
        "last_hash": case.last_hash,
        "chain": CHAIN,
    }
    body = plain(
        {
            "format": FORMAT,
            "head": head,
            "facts": told,
            "timeline": [_pairs(line) for line in case.lines],
            "signals": [_pairs(signal) for signal in case.signals],
            "notices": [_pairs(notice) for notice in case.notices],
        }
    )
    return canonical({**body, SEAL: seal(body)}) + b"\n"


def canonical(value: object) -> bytes:
    """Write plain JSON in its one form."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def seal(body: Mapping[str, Any]) -> str:
    """Return the hash over a document without its seal."""
    return hashlib.sha256(canonical(body)).hexdigest()


def plain(value: Any) -> Any:
    """Turn what a case holds into what JSON knows: bytes into hex digits, times into UTC with microseconds."""
    match value:
        case datetime():
            return value.astimezone(UTC).strftime(AT)
        case bytes():
            return value.hex()
        case UUID():
            return str(value)
        case Enum():
            return value.value
        case Mapping():
            return {str(name): plain(inner) for name, inner in value.items()}
        case tuple() | list():
            return [plain(inner) for inner in value]
        case _:
            return value


def _pairs(row: CaseLine | CaseSignal | NoticeView) -> dict[str, Any]:
    return {name: getattr(row, name) for name in type(row).__slots__}
