"""What is wrong with a case that somebody hands us: every link of its account and its seal worked out anew. Pure.

What this cannot prove: whoever can write the whole document anew, hashes and all, can also shorten it from its end or
make up another. That shows only beside what was noted elsewhere when the case was taken out: the last hash, which the
printed form carries as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeGuard
from uuid import UUID

from escalation.ids import IncidentId
from larmcentral.domain.case_file import AT, FORMAT, SEAL, canonical, seal
from larmcentral.domain.case_number import case_number
from larmcentral.domain.timeline import FIRST_HASH, line_hash

_ENTRY: Final = frozenset({"actor", "at", "by", "detail", "hash", "kind", "seq"})


class NotACase(ValueError):
    """These bytes are no case of ours; says why in words."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """faults: one sentence each, none for a whole case. entries, last_hash: as its account really ends."""

    entries: int
    last_hash: str
    faults: tuple[str, ...]


def read_case(content: bytes) -> dict[str, Any]:
    """Read a document. Raises NotACase."""
    try:
        said = json.loads(content.decode(), object_pairs_hook=_once)
        canonical(said)  # what cannot be written cannot have been read: half a sign, a number that is none
    except (ValueError, RecursionError) as error:
        raise NotACase(f"no JSON: {error}") from error
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise NotACase(f"not of the format {FORMAT!r}")
    if not isinstance(said.get("head"), dict) or not isinstance(said.get("timeline"), list):
        raise NotACase("without head or timeline")
    return said


def judge(said: Mapping[str, Any], *, last_hash: str | None = None) -> Verdict:
    """Return what is wrong with a document that read_case returned. last_hash: as noted elsewhere, if anywhere."""
    timeline: list[Any] = said["timeline"]
    faults = [*_faults_of_entries(said["head"], timeline), *_faults_of_head(said["head"], timeline)]
    if said.get(SEAL) != seal({name: value for name, value in said.items() if name != SEAL}):
        faults.append("document: its seal does not match; something in it was changed after it was taken out")
    ends = _hash_of(timeline[-1]) if timeline else FIRST_HASH.hex()
    if last_hash is not None and last_hash.strip().lower() != ends:
        faults.append(f"document: ends with {ends}, not with the hash that was noted elsewhere")
    return Verdict(len(timeline), ends, tuple(faults))


def _faults_of_entries(head: Mapping[str, Any], timeline: list[Any]) -> Iterator[str]:
    """Each link is judged from the hash that the entry before it states, so that one change is one fault."""
    incident_id = _incident_id(head)
    if incident_id is None:
        yield "head: no incident's id, so that no entry can be judged"
        return
    before = FIRST_HASH.hex()
    for place, entry in enumerate(timeline, start=1):
        if not _whole(entry):
            yield f"entry {place}: not in the form of an entry"
        elif entry["seq"] != place:
            yield f"entry {place}: says that it is number {entry['seq']}"
        elif (at := _time(entry["at"])) is None:
            yield f"entry {place}: its time is none"
        elif entry["hash"] != _link(before, incident_id, entry, at):
            yield f"entry {place}: its hash does not follow from what it says and from the entry before it"
        before = _hash_of(entry)


def _faults_of_head(head: Mapping[str, Any], timeline: list[Any]) -> Iterator[str]:
    if head.get("entries") != len(timeline):
        yield f"head: speaks of {head.get('entries')} entries, there are {len(timeline)}"
    ends = _hash_of(timeline[-1]) if timeline else FIRST_HASH.hex()
    if head.get("last_hash") != ends:
        yield f"head: its last hash is not that of the last entry, {ends}"
    incident_id = _incident_id(head)
    if incident_id is not None and head.get("number") != case_number(incident_id):
        yield "head: its number is not that of the incident"


def _incident_id(head: Mapping[str, Any]) -> IncidentId | None:
    said = head.get("incident_id")
    try:
        found = UUID(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return None if found is None or str(found) != said else IncidentId(found)


def _whole(entry: object) -> TypeGuard[dict[str, Any]]:
    return (
        isinstance(entry, dict)
        and entry.keys() == _ENTRY
        and isinstance(entry["seq"], int)
        and all(isinstance(entry[name], str) for name in ("at", "kind", "hash"))
        and all(isinstance(entry[name], dict) for name in ("actor", "detail"))
    )


def _link(before: str, incident_id: IncidentId, entry: Mapping[str, Any], at: datetime) -> str | None:
    """The hash that an entry must have; None where the one before it states none."""
    try:
        link = line_hash(
            bytes.fromhex(before), incident_id, entry["seq"], at, entry["kind"], entry["actor"], entry["detail"]
        )
    except ValueError:
        return None
    return link.hex()


def _time(said: str) -> datetime | None:
    try:
        at = datetime.strptime(said, AT).replace(tzinfo=UTC)
    except ValueError:
        return None
    return at if at.strftime(AT) == said else None


def _hash_of(entry: object) -> str:
    said = entry.get("hash") if isinstance(entry, dict) else None
    return said if isinstance(said, str) else ""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) != len(pairs):
        raise ValueError("says one thing twice")
    return said
