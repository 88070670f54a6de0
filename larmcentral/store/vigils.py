"""Vigils on disk. A vigil's row is the lock of its log and its notices, and is taken before any incident's."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from escalation.ids import VigilId
from escalation.plan import SafetyPlan
from escalation.vigil import VigilKind
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.outbox import Lease
from larmcentral.domain.record import Subject
from larmcentral.domain.timeline import actor_pairs
from larmcentral.domain.vigil import VigilChange, VigilRecord, watched
from larmcentral.domain.vigil_json import dump_core, load_core
from larmcentral.ports import LockedVigils
from larmcentral.store import chains, incidents, notices
from larmcentral.store.columns import columns
from larmcentral.store.queries import load
from larmcentral.store.subjects import subject_of_row
from larmcentral.store.work import Work

SQL: Final = load("vigils")


class VigilPart(Work):
    """ports.VigilWork."""

    async def lock_running(self, wanted: Sequence[tuple[VigilKind, Subject]]) -> LockedVigils:
        """See ports.VigilWork."""
        keys = sorted({(str(s.organisation_id), kind.value, watched(kind, s)) for kind, s in wanted})
        rows = await self._connection.fetch(SQL["lock_running"], *columns(keys)) if keys else []
        return await self._locked(rows)

    async def lock_vigils(self, vigil_ids: Sequence[VigilId]) -> LockedVigils:
        """See ports.VigilWork."""
        rows = await self._connection.fetch(SQL["lock"], list(vigil_ids))
        return await self._locked(rows)

    async def lock_last_ended(self, kind: VigilKind, subject: Subject) -> LockedVigils:
        """See ports.VigilWork."""
        one = (subject.organisation_id, kind.value, watched(kind, subject))
        return await self._locked(await self._connection.fetch(SQL["lock_last_ended"], *one))

    async def lock_due_vigils(
        self, kinds: Collection[VigilKind], limit: int, only: VigilId | None = None
    ) -> LockedVigils:
        """See ports.VigilWork."""
        before = await self._after_lock()
        rows = await self._connection.fetch(SQL["lock_due"], [kind.value for kind in kinds], before, limit, only)
        return await self._locked(rows)

    async def _locked(self, rows: Sequence[Any]) -> LockedVigils:
        now = await self._after_lock()
        if not rows:
            return LockedVigils(now, {})
        people = [(row["organisation_id"], row["person_id"], row["device_id"]) for row in rows]
        names = await self._connection.fetch(SQL["names"], *columns(people))
        named = [_named(dict(row), dict(said)) for row, said in zip(rows, names, strict=True)]
        of_house = [one for one in named if one["protocol"] == "house" or one["kind"] == VigilKind.HANDOVER.value]
        if of_house:
            for said in await self._connection.fetch(SQL["houses"], *columns([_house_key(one) for one in of_house])):
                one = of_house[said["ord"] - 1]
                one["label"] = one["label"] or said["name"]
                one["unit_id"] = one["unit_id"] or said["unit_id"]
        return LockedVigils(now, {VigilId(one["id"]): _record(one) for one in named})

    async def save_vigils(self, changes: Sequence[VigilChange], *, lease: Lease) -> Sequence[OutgoingNotice]:
        """See ports.VigilWork."""
        wanted = [change for change in changes if not change.nothing]
        if not wanted:
            return []
        now = await self._time()
        begun = [_begun_row(change.after) for change in wanted if change.before is None]
        if begun:
            await self._connection.execute(SQL["begin"], *columns(begun))
        moved = [_moved_row(change.after) for change in wanted if change.before is not None]
        if moved:
            await self._connection.execute(SQL["update"], *columns(moved))
        lines = [row for change in wanted for row in _log_rows(change)]
        if lines:
            await self._connection.execute(SQL["append_log"], *columns(lines))
        ended = [(c.after.subject.organisation_id, c.after.id) for c in wanted if c.after.core.ended_at is not None]
        if ended:
            await incidents.clear_faults_of(self._connection, ended, now)
        return await notices.file_words(self._connection, wanted, lease, now)

    async def plans(self, subjects: Sequence[Subject]) -> Sequence[SafetyPlan]:
        """See ports.VigilWork."""
        return await chains.plans(self._connection, subjects)


def _named(row: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """A vigil's row with what its person and device are called now."""
    return {
        **row,
        "label": said["name"] or said["label"],
        "unit_id": said["unit_id"],
        "language": said["language"] or "sv",
        "options": said["options"],
    }


def _house_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Which unit or committee a vigil of the house is about, and who gives over."""
    of_unit = row["protocol"] == "house" and row["account"] != str(row["committee_id"])
    giver = json.loads(row["core"]).get("from_person") if row["kind"] == VigilKind.HANDOVER.value else None
    return (
        row["organisation_id"],
        row["committee_id"],
        UUID(row["account"]) if of_unit else None,
        None if giver is None else UUID(giver),
    )


def _record(row: Mapping[str, Any]) -> VigilRecord:
    kind = VigilKind(row["kind"])
    return VigilRecord(
        id=VigilId(row["id"]),
        kind=kind,
        subject=subject_of_row(
            {**row, "label": row["label"] or row["account"]}, covert=row["covert"], technical=row["technical"]
        ),
        core=load_core(kind, row["core"]),
        version=row["version"],
        entries=row["entries"],
    )


def _begun_row(record: VigilRecord) -> tuple[Any, ...]:
    subject, core = record.subject, record.core
    return (
        subject.organisation_id,
        subject.committee_id,
        record.id,
        record.kind.value,
        watched(record.kind, subject),
        subject.person_id,
        subject.device_id,
        subject.protocol,
        subject.account,
        subject.purpose.value,
        subject.covert,
        subject.technical,
        dump_core(core),
        core.due_at,
        core.ended_at,
        record.version,
        record.entries,
    )


def _moved_row(record: VigilRecord) -> tuple[Any, ...]:
    core = record.core
    return (
        record.subject.organisation_id,
        record.id,
        dump_core(core),
        core.due_at,
        core.ended_at,
        record.version,
        record.entries,
    )


def _log_rows(change: VigilChange) -> Iterable[tuple[Any, ...]]:
    first = change.after.entries - len(change.log) + 1
    for seq, entry in enumerate(change.log, start=first):
        yield (
            change.after.subject.organisation_id,
            change.after.subject.committee_id,
            change.after.id,
            seq,
            entry.at,
            entry.kind,
            json.dumps(actor_pairs(entry.by)),
            json.dumps(dict(entry.detail)),
        )
