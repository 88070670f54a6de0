"""What is wrong with a case that somebody hands us: every link of its account and its seal worked out anew. Pure.

What this cannot prove: whoever can write the whole document anew, hashes and all, can also shorten it from its end or
make up another. That shows only beside what was noted elsewhere when the case was taken out: the last hash, which the
printed form carries as well. And what stands beside the account (facts, signals, notices, names) is not chained to it:
it must agree with what the account says, but for the rest it is under the seal alone, which anybody can make anew. That
shows only beside the seal that was noted elsewhere.

Nothing that a document says is repeated as it stands: its words may be meant for whoever reads ours on a terminal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeGuard
from uuid import UUID

from escalation.effects import EntryKind
from escalation.ids import IncidentId
from larmcentral.domain.case_file import AT, FORMAT, SEAL, canonical, seal
from larmcentral.domain.case_number import case_number
from larmcentral.domain.timeline import FIRST_HASH, line_hash

_ENTRY: Final = frozenset({"actor", "at", "by", "detail", "hash", "kind", "seq"})
_PARTS: Final = (("signals", "signal"), ("notices", "notice"))
"""What an entry may name, and where that must be found."""
_OPENED: Final = EntryKind.OPENED.value
_ENDED: Final = EntryKind.STOOD_DOWN.value
_REPEATED: Final = 80
"""Signs of what a document says that we repeat."""


class NotACase(ValueError):
    """These bytes are no case of ours; says why in words."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """faults: one sentence each, none for a whole case. entries, last_hash: as its account really ends.

    seal: over everything in it, worked out anew, 64 hex digits.
    """

    entries: int
    last_hash: str
    seal: str
    faults: tuple[str, ...]


def read_case(content: bytes) -> dict[str, Any]:
    """Read a document. Raises NotACase."""
    try:
        said = json.loads(content.decode(), object_pairs_hook=_once)
        canonical([[[[said]]]])  # what cannot be written cannot have been read: half a sign, a number, too deep a nest
    except (ValueError, RecursionError) as error:
        raise NotACase(f"no JSON: {error}") from error
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise NotACase(f"not of the format {FORMAT!r}")
    if not isinstance(said.get("head"), dict) or not isinstance(said.get("timeline"), list):
        raise NotACase("without head or timeline")
    return said


def judge(said: Mapping[str, Any], *, last_hash: str | None = None, noted_seal: str | None = None) -> Verdict:
    """Return what is wrong with a document that read_case returned.

    last_hash, noted_seal: as they were noted elsewhere; None where they were not.
    """
    head, timeline = said["head"], said["timeline"]
    faults = [*_faults_of_entries(head, timeline), *_faults_of_head(head, timeline)]
    faults += [*_faults_of_parts(said, timeline), *_faults_of_facts(said, timeline)]
    sealed = seal({name: value for name, value in said.items() if name != SEAL})
    if said.get(SEAL) != sealed:
        faults.append("document: its seal does not match; something in it was changed after it was taken out")
    ends = _hash_of(timeline[-1]) if timeline else FIRST_HASH.hex()
    if last_hash is not None and last_hash.strip().lower() != ends:
        faults.append(f"document: ends with {_repeated(ends)}, not with the hash that was noted elsewhere")
    if noted_seal is not None and noted_seal.strip().lower() != sealed:
        faults.append("document: its seal is not the one that was noted elsewhere")
    return Verdict(len(timeline), ends, sealed, tuple(faults))


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
            yield f"entry {place}: says that it is number {_repeated(entry['seq'])}"
        elif (at := _time(entry["at"])) is None:
            yield f"entry {place}: its time is none"
        elif entry["hash"] != _link(before, incident_id, entry, at):
            yield f"entry {place}: its hash does not follow from what it says and from the entry before it"
        before = _hash_of(entry)


def _faults_of_head(head: Mapping[str, Any], timeline: list[Any]) -> Iterator[str]:
    entries = head.get("entries")
    if type(entries) is not int or entries != len(timeline):
        yield f"head: speaks of {_repeated(entries)} entries, there are {len(timeline)}"
    ends = _hash_of(timeline[-1]) if timeline else FIRST_HASH.hex()
    if head.get("first_hash") != FIRST_HASH.hex():
        yield "head: its first hash is not the one that every account begins with"
    if head.get("last_hash") != ends:
        yield f"head: its last hash is not that of the last entry, {_repeated(ends)}"
    incident_id = _incident_id(head)
    if incident_id is not None and head.get("number") != case_number(incident_id):
        yield "head: its number is not that of the incident"


def _faults_of_parts(said: Mapping[str, Any], timeline: list[Any]) -> Iterator[str]:
    """Every signal and notice that the account names must be there."""
    for part, name in _PARTS:
        rows = said.get(part)
        if not isinstance(rows, list):
            yield f"document: without {part}"
            continue
        there = {row["id"] for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)}
        missed: set[str] = set()
        for entry in filter(_whole, timeline):
            named = entry["detail"].get(name)
            if isinstance(named, str) and named not in there and named not in missed:
                missed.add(named)
                yield f"{part}: entry {_repeated(entry['seq'])} speaks of one that is not there"


def _faults_of_facts(said: Mapping[str, Any], timeline: list[Any]) -> Iterator[str]:
    """The facts are of this incident, which began and stands as its account says."""
    facts = said.get("facts")
    incident = facts.get("incident") if isinstance(facts, dict) else None
    if not isinstance(incident, dict):
        yield "facts: none of the incident"
        return
    if incident.get("id") != said["head"].get("incident_id"):
        yield "facts: of another incident"
    told: dict[str, object] = {}
    for entry in filter(_whole, timeline):
        detail = entry["detail"]
        if entry["kind"] == _OPENED and "silent" in detail:
            told["silent"] = detail["silent"] == "true"
        if "state" in detail:
            told["state"] = detail["state"]
        if entry["kind"] == _ENDED and "outcome" in detail:
            told["outcome"] = detail["outcome"]
    for name, value in told.items():
        if incident.get(name) != value:
            yield f"facts: {name} is not as the account says"


def _repeated(value: object) -> str:
    """What a document says, so that it can be read and do nothing else."""
    said = value if isinstance(value, str) and value.isascii() and value.isalnum() else repr(value)
    return said if len(said) <= _REPEATED else f"{said[:_REPEATED]}…"


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
