"""Incidents, their deadlines, responders and timeline. The incident's row is the lock of all the rest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg

from escalation.effects import ArmTimer, DropTimer, RaiseSystemAlarm, TimerKind
from escalation.ids import CommitteeId, IncidentId, OrganisationId, PersonId, PlaceId, VigilId
from escalation.incident import Incident
from larmcentral.domain.chain_json import dump_chain
from larmcentral.domain.incident_json import dump_incident, load_incident
from larmcentral.domain.record import SESSION_ECHO, Change, Deadline, Record
from larmcentral.domain.timeline import actor_pairs
from larmcentral.ports import Ids
from larmcentral.store.chains import read_chain
from larmcentral.store.columns import columns
from larmcentral.store.queries import load
from larmcentral.store.subjects import subject_of_row
from larmcentral.store.together import Together

SQL: Final = load("incidents")
_EVERYBODY: Final = UUID(int=0)


def records(rows: Iterable[Any]) -> dict[IncidentId, Record]:
    """Read locked rows."""
    return {IncidentId(row["id"]): _record(row) for row in rows}


def _record(row: Any) -> Record:
    incident = load_incident(row["core"], read_chain(row["chain"]))
    return Record(
        subject=subject_of_row(
            row, covert=row["subject"].startswith("covert/"), technical=row["subject"].startswith("technical/")
        ),
        incident=incident,
        version=row["version"],
        entries=row["entries"],
        last_hash=row["last_hash"],
        event_at=row["event_at"],
        lateness=None if row["lateness_s"] is None else timedelta(seconds=row["lateness_s"]),
        shown_at=row["shown_at"],
        moved_at=row["moved_at"],
        place_id=None if row["place_id"] is None else PlaceId(row["place_id"]),
    )


def deadlines(rows: Iterable[Any]) -> list[Deadline]:
    """Read overdue deadlines, in the order given."""
    return [
        Deadline(
            IncidentId(row["incident_id"]),
            TimerKind(row["what"]),
            None if row["person_id"] == _EVERYBODY else PersonId(row["person_id"]),
            row["due_at"],
            row["fence"],
        )
        for row in rows
    ]


async def save(
    connection: asyncpg.Connection, changes: Sequence[Change], ids: Ids, now: Any, together: Together
) -> None:
    """File changes of incidents that are held, or that are new. together: what else is to be written beside them."""
    opened = [_opened_row(change) for change in changes if change.before is None]
    if opened:
        together.add(SQL["open"], *columns(opened), SESSION_ECHO)
    updated = [_updated_row(change) for change in changes if change.before is not None]
    if updated:
        together.add(SQL["update"], *columns(updated))
    responders = [row for change in changes for row in _responder_rows(change)]
    if responders:
        together.add(SQL["save_responders"], *columns(responders))
    dropped, armed = _deadlines_of(changes)
    if dropped:
        await connection.execute(SQL["drop_deadlines"], *columns(dropped))  # first: one may be armed again at once
    if armed:
        together.add(SQL["arm_deadlines"], *columns(armed))
    lines = [row for change in changes for row in _line_rows(change)]
    if lines:
        together.add(SQL["append_timeline"], *columns(lines))
    await together.send(connection)
    faults = [row for change in changes for row in _fault_rows(change, ids, now)]
    if faults:
        await connection.execute(SQL["raise_faults"], *columns(faults))
    ended = [_key(change) for change in changes if change.ends]
    if ended:
        await clear_faults_of(connection, ended, now)


async def raise_fault(
    connection: asyncpg.Connection,
    organisation_id: OrganisationId,
    committee_id: CommitteeId,
    fault: str,
    ids: Ids,
    now: datetime,
    vigil_id: VigilId | None = None,
) -> None:
    """Raise a system alarm of the house, or of a vigil; one that stands stays as it is."""
    row = (organisation_id, committee_id, ids.new(), vigil_id, fault, None, now, vigil_id)
    await connection.execute(SQL["raise_faults"], *columns([row]))


async def clear_fault(
    connection: asyncpg.Connection,
    organisation_id: OrganisationId,
    committee_id: CommitteeId,
    fault: str,
    now: datetime,
    behind: IncidentId | VigilId | None = None,
) -> None:
    """Say that it is mended. behind: whose it is, None for the house's own."""
    await connection.execute(SQL["clear_fault"], organisation_id, committee_id, fault, now, behind)


async def clear_faults_of(
    connection: asyncpg.Connection, ended: Sequence[tuple[OrganisationId, IncidentId | VigilId]], now: datetime
) -> None:
    """Take along the system alarms of incidents and vigils that ended."""
    await connection.execute(SQL["clear_faults_of"], *columns(ended), now)


def _deadlines_of(changes: Sequence[Change]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Return what is dropped and what is armed. Of all that was said in one transaction the last word counts."""
    dropped: dict[tuple[Any, ...], None] = {}
    armed: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for change in changes:
        organisation_id, incident_id = _key(change)
        for effect in change.effects:
            match effect:
                case ArmTimer(kind, due_at, fence, person_id):
                    key = (organisation_id, incident_id, kind.value, person_id or _EVERYBODY)
                    armed[key] = (
                        organisation_id,
                        change.after.subject.committee_id,
                        *key[1:],
                        due_at,
                        fence,
                    )
                case DropTimer(kind, person_id):
                    dropped[(organisation_id, incident_id, kind.value, person_id)] = None
                    for key in [k for k in armed if _drops(k, incident_id, kind, person_id)]:
                        del armed[key]
                case _:
                    pass
    return list(dropped), list(armed.values())


def _drops(key: tuple[Any, ...], incident_id: IncidentId, kind: TimerKind, person_id: PersonId | None) -> bool:
    return key[1:3] == (incident_id, kind.value) and person_id in (None, key[3])


def _key(change: Change) -> tuple[OrganisationId, IncidentId]:
    return change.after.subject.organisation_id, change.after.incident.id


def _faults(change: Change) -> str:
    return ",".join(sorted({e.fault.value for e in change.effects if isinstance(e, RaiseSystemAlarm)}))


def _opened_row(change: Change) -> tuple[Any, ...]:
    record, incident, subject = change.after, change.after.incident, change.after.subject
    return (
        subject.organisation_id,
        subject.committee_id,
        incident.id,
        subject.key,
        subject.person_id,
        subject.device_id,
        subject.protocol,
        subject.account,
        incident.purpose.value,
        incident.kind.value,
        incident.kind.gravity,
        incident.silent,
        incident.state.value,
        incident.opened_at,
        record.event_at,
        None if record.lateness is None else record.lateness.total_seconds(),
        record.version,
        incident.round,
        incident.next_step,
        incident.fence,
        dump_incident(incident),
        json.dumps(dump_chain(incident.chain)),
        _faults(change),
        incident.owner and incident.owner.user_id,
        incident.acknowledged_at,
        incident.stood_down_at,
        incident.outcome and incident.outcome.value,
        record.entries,
        record.last_hash,
    )


def _updated_row(change: Change) -> tuple[Any, ...]:
    record, incident = change.after, change.after.incident
    same_chain = change.before is not None and change.before.incident.chain == incident.chain
    return (
        *_key(change),
        incident.kind.value,
        incident.kind.gravity,
        incident.silent,
        incident.state.value,
        record.version,
        incident.round,
        incident.next_step,
        incident.fence,
        dump_incident(incident),
        None if same_chain else json.dumps(dump_chain(incident.chain)),
        _faults(change),
        incident.owner and incident.owner.user_id,
        incident.acknowledged_at,
        incident.stood_down_at,
        incident.outcome and incident.outcome.value,
        record.entries,
        record.last_hash,
        record.shown_at,
        record.moved_at,
        _closing(incident),
    )


def _closing(incident: Incident) -> str | None:
    if not incident.closing:
        return None
    return json.dumps({answer.key: {"choice": answer.choice, "note": answer.note} for answer in incident.closing})


def _responder_rows(change: Change) -> Iterable[tuple[Any, ...]]:
    before: Mapping[PersonId, Any] = (
        {} if change.before is None else {r.person_id: r for r in change.before.incident.responders}
    )
    for responder in change.after.incident.responders:
        if before.get(responder.person_id) != responder:
            yield (
                change.after.subject.organisation_id,
                change.after.subject.committee_id,
                change.after.incident.id,
                responder.person_id,
                responder.state.value,
                responder.since,
                responder.step,
            )


def _line_rows(change: Change) -> Iterable[tuple[Any, ...]]:
    for line in change.lines:
        yield (
            change.after.subject.organisation_id,
            change.after.subject.committee_id,
            change.after.incident.id,
            line.seq,
            line.entry.at,
            line.entry.kind.value,
            json.dumps(actor_pairs(line.entry.by)),
            json.dumps(dict(line.entry.detail)),
            line.hash,
        )


def _fault_rows(change: Change, ids: Ids, now: Any) -> Iterable[tuple[Any, ...]]:
    for effect in change.effects:
        if isinstance(effect, RaiseSystemAlarm):
            yield (
                change.after.subject.organisation_id,
                change.after.subject.committee_id,
                ids.new(),
                change.after.incident.id,
                effect.fault.value,
                effect.step,
                now,
                None,
            )
