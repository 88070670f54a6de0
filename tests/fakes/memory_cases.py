"""What a centre is told of an incident, from the memory store."""

from __future__ import annotations

from datetime import datetime

from escalation.chain import Channel
from larmcentral.domain.case_number import case_number
from larmcentral.domain.notice import Case
from larmcentral.domain.record import Record
from tests.fakes.memory_state import Tables

_Fix = tuple[datetime, float, float, float | None]


def case_of(tables: Tables, record: Record) -> Case:
    """The same as the statement "cases"."""
    subject = record.subject
    known = tables.persons.get(subject.person_id) if subject.person_id is not None else None
    person = known[1] if known else None
    place = tables.places[record.place_id][1] if record.place_id is not None else None
    building = tables.places[place.building_id][1] if place and place.building_id else None
    unit_id = (person and person.unit_id) or (place and place.unit_id)
    fix = _newest(tables, record)
    return Case(
        number=case_number(record.incident.id),
        person=person.name if person else None,
        phone=None if record.incident.silent else _phone(tables, record),
        device=subject.account,
        unit=tables.units[unit_id][1] if unit_id else None,
        place=place.name if place else None,
        address=(place.address or (building.address if building else "")) or None if place else None,
        floor=(place.floor or None) if place else None,
        door_code=(place.door_code or None) if place else None,
        danger=(place.notes or None) if place else None,
        lat=fix[1] if fix else place.lat if place else None,
        lon=fix[2] if fix else place.lon if place else None,
        accuracy_m=fix[3] if fix else None,
        fix_at=fix[0] if fix else None,
    )


def _phone(tables: Tables, record: Record) -> str | None:
    person_id = record.subject.person_id
    if person_id is None or person_id not in tables.persons:
        return None
    points = (tables.points[i] for i in tables.points_of.of(person_id))
    numbers = sorted(
        (point.rank, point.id, point.address)
        for _, point, gone in points
        if not gone and point.channel in {Channel.SMS, Channel.VOICE}
    )
    return tables.persons[person_id][1].phone or (numbers[0][2] if numbers else None)


def _newest(tables: Tables, record: Record) -> _Fix | None:
    fixes: list[_Fix] = []
    for i in tables.positions_of.of(record.incident.id):
        new = tables.signals[i].new
        position = new.signal.position
        if position is not None and position.valid:
            at = min(position.fix_at or new.received_at, new.received_at)
            fixes.append((at, position.lat, position.lon, position.accuracy_m))
    presence = tables.presences.get(record.subject.person_id) if record.subject.person_id is not None else None
    if presence and presence.lat is not None and presence.lon is not None and presence.fix_at is not None:
        fixes.append((presence.fix_at, presence.lat, presence.lon, None))
    return max(fixes, key=lambda fix: fix[0], default=None)
