"""Test state, tried rows and signatures: what was agreed with a centre, and who has seen that it works."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from escalation.alarm import AlarmKind
from larmcentral.domain.errors import RefusedByRule
from larmcentral.domain.forwarding import MappingRow
from larmcentral.domain.forwarding_defaults import default_row
from larmcentral.domain.notice import Case

TEST_STATE_LIMIT: Final = timedelta(hours=4)
"""How long a test state may last at once: one that is forgotten would swallow a real alarm."""
TEST_COUNTS_FOR: Final = timedelta(hours=24)
"""How long a row that was tried may wait for its signature."""

RowKey = tuple[str, AlarmKind, bool]
"""The forwarder's name, the kind, and whether it is silent."""

_PATH_FIRST: Final = re.compile(r"([a-z][a-z0-9_]{0,31}): ")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedRow:
    """A row that was agreed otherwise than we propose. version: counts from 1."""

    receiver: str
    row: MappingRow
    version: int
    made_at: datetime
    made_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class InTest:
    """Until when the centre has us in its test state; None since it was ended."""

    receiver: str
    until: datetime | None
    changed_at: datetime
    changed_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Somebody has seen with the centre that a row arrives as agreed. fingerprint: of the row as it was then."""

    id: UUID
    receiver: str
    kind: AlarmKind
    silent: bool
    fingerprint: str
    test_id: UUID
    tested_at: datetime
    path: str
    signed_at: datetime
    signed_by: UUID
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTest:
    """A row that was tried. state: of its service message. fingerprint: of the row that was to be sent."""

    id: UUID
    receiver: str
    kind: AlarmKind
    silent: bool
    fingerprint: str
    state: str
    asked_at: datetime
    settled_at: datetime | None
    reason: str
    answer: str


@dataclass(frozen=True, slots=True)
class ForwarderPicture:
    """Everything that was agreed with an organisation's centres. signatures: the newest of each row and content."""

    rows: Mapping[RowKey, AgreedRow] = field(default_factory=dict)
    states: Mapping[str, InTest] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()

    def row(self, receiver: str, kind: AlarmKind, silent: bool) -> MappingRow:
        """Return the row that holds: as agreed, else as we propose."""
        agreed = self.rows.get((receiver, kind, silent))
        return default_row(kind, silent) if agreed is None else agreed.row

    def in_test(self, receiver: str, now: datetime) -> bool:
        """Say whether the centre does nothing about what we send just now."""
        state = self.states.get(receiver)
        return state is not None and state.until is not None and now < state.until

    def signed(self, receiver: str, kind: AlarmKind, silent: bool) -> Signature | None:
        """Return who signed the row as it is now; None if nobody did, or another row was signed."""
        wanted = (receiver, kind, silent, fingerprint(self.row(receiver, kind, silent)))
        found = [one for one in self.signatures if (one.receiver, one.kind, one.silent, one.fingerprint) == wanted]
        return max(found, key=lambda one: one.signed_at, default=None)


def fingerprint(row: MappingRow) -> str:
    """Return 32 hex digits that any change of the row changes."""
    said = asdict(row) | {"kind": row.kind.value}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=True).encode()).hexdigest()[:32]


def dump_row(row: MappingRow) -> dict[str, str]:
    """Return what the database keeps beside kind and silent."""
    return {name: value for name, value in asdict(row).items() if name not in {"kind", "silent"}}


def load_row(kind: AlarmKind, silent: bool, body: Mapping[str, Any]) -> MappingRow:
    """Read back what dump_row wrote; what a newer version added is passed over."""
    known = MappingRow.__dataclass_fields__.keys() - {"kind", "silent"}
    return MappingRow(kind=kind, silent=silent, **{name: str(body[name]) for name in known if name in body})


def state_until(asked: datetime, now: datetime) -> datetime:
    """Return until when a test state holds. Raises RefusedByRule for one that is over, or longer than may be."""
    if asked <= now:
        raise RefusedByRule("test_state_past", {})
    if asked - now > TEST_STATE_LIMIT:
        raise RefusedByRule("test_state_too_long", {"hours": str(int(TEST_STATE_LIMIT.total_seconds() // 3600))})
    return asked


def signable(test: RowTest, row: MappingRow, receiver: str, now: datetime) -> str:
    """Return the path that took the test of this very row. Raises RefusedByRule where it proves nothing of it."""
    if (test.receiver, test.kind, test.silent) != (receiver, row.kind, row.silent):
        raise RefusedByRule("test_of_another_row", {})
    if test.fingerprint != fingerprint(row):
        raise RefusedByRule("row_changed_since_test", {})
    if test.state not in {"sent", "delivered"} or test.settled_at is None:
        raise RefusedByRule("test_not_taken", {"state": test.state})
    if now - test.settled_at > TEST_COUNTS_FOR:
        raise RefusedByRule("test_too_old", {"hours": str(int(TEST_COUNTS_FOR.total_seconds() // 3600))})
    path = _PATH_FIRST.match(test.answer)
    if path is None:
        raise RefusedByRule("test_not_taken", {"state": test.state})
    return path[1]


def row_address(receiver: str, row: MappingRow) -> str:
    """Return the address of a row's test: which row, and as which it was when somebody asked for the test."""
    return f"{receiver}/{row.kind.value}/{'silent' if row.silent else 'open'}/{fingerprint(row)}"


def made_up_case(at: datetime) -> Case:
    """Return a case about nobody, with everything in it that a real one may have. For the dry run."""
    return Case(
        number="PROV-1",
        person="Prov Provsson",
        phone="+46700000000",
        device="prov-1",
        unit="Provenheten",
        place="Provgatan 1",
        address="Provgatan 1, Provköping",
        floor="2 tr",
        door_code="0000",
        danger="ingen, detta är ett prov",
        lat=59.329300,
        lon=18.068600,
        accuracy_m=8.0,
        fix_at=at,
    )


def nobodys_case() -> Case:
    """Return a case about nobody and nowhere. For a test that is sent: no help can be sent anywhere for it."""
    return Case(number="PROV", person="Prov, ingen person", unit="Prov", place="Prov, ingen plats")
