"""The account of an incident: append-only, each line chained to the one before by SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from escalation.effects import Entry
from escalation.events import Actor, Operator, Responder, System, Wearer
from escalation.ids import IncidentId

FIRST_HASH: Final = bytes(32)
"""What the first line is chained to."""
_canonical: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in its place. seq counts from 1 within the incident; hash is 32 bytes."""

    seq: int
    entry: Entry
    hash: bytes


def actor_pairs(actor: Actor) -> dict[str, str]:
    """Return an actor as plain pairs, for the record and for hashing."""
    match actor:
        case Operator(user_id, person_id):
            pairs = {"kind": "operator", "user_id": str(user_id)}
            return pairs if person_id is None else pairs | {"person_id": str(person_id)}
        case Responder(person_id):
            return {"kind": "responder", "person_id": str(person_id)}
        case Wearer(person_id):
            return {"kind": "wearer", "person_id": str(person_id)}
        case System():
            return {"kind": "system"}


def line_hash(
    before: bytes,
    incident_id: IncidentId,
    seq: int,
    at: datetime,
    kind: str,
    actor: dict[str, str],
    detail: dict[str, str],
) -> bytes:
    """Return the hash of one line: SHA-256 over the hash before it and the line as canonical JSON.

    at: aware; written in UTC with microseconds, so that a verifier in any language can repeat it.
    """
    body = _canonical([str(incident_id), seq, at.strftime("%Y-%m-%dT%H:%M:%S.%f"), kind, actor, detail])
    return hashlib.sha256(before + body.encode()).digest()


def append(incident_id: IncidentId, seq: int, last_hash: bytes, entries: Iterable[Entry]) -> tuple[Line, ...]:
    """Chain new entries behind line number seq, whose hash is last_hash."""
    lines = []
    for entry in entries:
        seq += 1
        last_hash = line_hash(
            last_hash, incident_id, seq, entry.at, entry.kind.value, actor_pairs(entry.by), dict(entry.detail)
        )
        lines.append(Line(seq, entry, last_hash))
    return tuple(lines)


def first_broken(incident_id: IncidentId, lines: Sequence[Line]) -> int | None:
    """Return the seq of the first line that does not follow from the one before, or None if all is whole."""
    before = FIRST_HASH
    for expected_seq, line in enumerate(lines, start=1):
        entry = line.entry
        computed = line_hash(
            before, incident_id, line.seq, entry.at, entry.kind.value, actor_pairs(entry.by), dict(entry.detail)
        )
        if line.seq != expected_seq or line.hash != computed:
            return expected_seq
        before = line.hash
    return None
