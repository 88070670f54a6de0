"""Places, shifts, rotas and managers of the memory store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from escalation.chain import Risk
from escalation.ids import CommitteeId, OrganisationId, PersonId, PlaceId, RotaId, UnitId
from escalation.purpose import Purpose
from escalation.rota import Rota
from escalation.session import Session
from escalation.vigil import VigilKind
from larmcentral.domain.place import Area, KnownPlace, Place, Presence, Situation
from larmcentral.domain.record import Subject
from tests.fakes.memory_state import Coverage
from tests.fakes.memory_work import MemoryWork


class _Fix(NamedTuple):
    at: datetime
    lat: float
    lon: float


class MemoryPlaces(MemoryWork):
    """Part of ports.Transaction."""

    async def situations(self, subjects: Sequence[Subject]) -> Sequence[Situation]:
        return [self._situation(subject) for subject in subjects]

    async def present(
        self,
        organisation_id: OrganisationId,
        committee_id: CommitteeId,
        *,
        area: Area | None,
        building_id: PlaceId | None,
        fresh_since: datetime,
    ) -> Sequence[Presence]:
        found = [
            one
            for one in self.tables.presences.values()
            if (one.organisation_id, one.committee_id) == (organisation_id, committee_id)
            and self._may_see(committee_id)
            and self._on_shift(one)
            and (
                (area is None and building_id is None)
                or (area is not None and _within(one, area, fresh_since))
                or (building_id is not None and building_id in (one.building_id, self._building(one.place_id)))
            )
        ]
        return sorted(found, key=lambda one: one.person_id)

    async def rotas(self, rota_ids: Collection[RotaId]) -> Mapping[RotaId, Rota]:
        found = {i: self.tables.rotas[i] for i in rota_ids if i in self.tables.rotas}
        return {i: rota for i, (home, rota) in found.items() if self._may_see(home.committee_id)}

    async def managers(self, unit_ids: Collection[UnitId]) -> Mapping[UnitId, tuple[PersonId, ...]]:
        found = {i: self.tables.managers[i] for i in unit_ids if i in self.tables.managers}
        return {i: tuple(sorted(people)) for i, (home, people) in found.items() if self._may_see(home.committee_id)}

    async def place(self, place_id: PlaceId) -> KnownPlace | None:
        found = self.tables.places.get(place_id)
        if found is None or not self._may_see(found[0].committee_id):
            return None
        known = self.tables.coverage.get(place_id) or Coverage()
        lost, found_since = known.no_signal_at, known.signal_at
        return KnownPlace(
            organisation_id=found[0].organisation_id,
            committee_id=found[0].committee_id,
            place=found[1],
            flag=self.tables.flags.get(place_id),
            no_signal_at=lost if lost is not None and (found_since is None or found_since < lost) else None,
        )

    async def report_coverage(self, place_id: PlaceId, at: datetime, good: bool) -> None:
        found = self.tables.places.get(place_id)
        if found is None or not self._may_see(found[0].committee_id):
            return
        known = self.tables.coverage.get(place_id) or Coverage()
        if good:
            known = replace(known, signal_at=max(known.signal_at or at, at))
        else:
            known = replace(known, no_signal_at=max(known.no_signal_at or at, at))
        self.tables.coverage[place_id] = known

    async def arrive(self, presence: Presence) -> None:
        self.tables.presences[presence.person_id] = presence

    async def presence(self, person_id: PersonId) -> Presence | None:
        one = self.tables.presences.get(person_id)
        return one if one is not None and self._may_see(one.committee_id) else None

    async def depart(self, person_id: PersonId) -> None:
        one = self.tables.presences.get(person_id)
        if one is not None and self._may_see(one.committee_id):
            del self.tables.presences[person_id]

    def _situation(self, subject: Subject) -> Situation:
        presence = self._presence(subject)
        place = self._place_of(subject, presence)
        fix = self._fix(subject, presence)
        lat, lon = (fix.lat, fix.lon) if fix else (place.lat, place.lon) if place else (None, None)
        flag = self.tables.flags.get(place.id) if place else None
        return Situation(
            unit_id=UnitId(subject.unit_id) if subject.unit_id is not None else place.unit_id if place else None,
            place_id=place.id if place else None,
            building_id=self._building(place.id) if place else presence.building_id if presence else None,
            place_name=place.name if place else None,
            lat=lat,
            lon=lon,
            risk=flag.risk if flag else Risk.NONE,
        )

    def _presence(self, subject: Subject) -> Presence | None:
        one = self.tables.presences.get(subject.person_id) if subject.person_id is not None else None
        return one if one is not None and self._may_see(one.committee_id) and self._on_shift(one) else None

    def _place_of(self, subject: Subject, presence: Presence | None) -> Place | None:
        place_id = None
        for i in self.tables.running.of((subject.organisation_id, VigilKind.SESSION, f"person:{subject.person_id}")):
            core = self.tables.vigils[i].core
            place_id = core.place_id if isinstance(core, Session) else None
        if place_id is None and presence is not None:
            place_id = presence.place_id
        if place_id is None and (found := self.tables.device(subject.device_id)) is not None:
            place_id = found[1].place_id
        place = self.tables.places.get(place_id) if place_id is not None else None
        return place[1] if place is not None and self._may_see(place[0].committee_id) else None

    def _fix(self, subject: Subject, presence: Presence | None) -> _Fix | None:
        plain = replace(subject, covert=False, technical=False)
        fixes = [
            _Fix(min(position.fix_at or row.new.received_at, row.new.received_at), position.lat, position.lon)
            for key in (plain.key, plain.as_covert().key)
            for purpose in Purpose
            for incident_id in self.tables.open_about.of((subject.organisation_id, key, purpose))
            for signal_id in self.tables.positions_of.of(incident_id)
            if (position := (row := self.tables.signals[signal_id]).new.signal.position) is not None and position.valid
        ]
        if presence is not None and presence.lat is not None and presence.lon is not None and presence.fix_at:
            fixes.append(_Fix(presence.fix_at, presence.lat, presence.lon))
        return max(fixes, default=None)

    def _building(self, place_id: PlaceId | None) -> PlaceId | None:
        found = self.tables.places.get(place_id) if place_id is not None else None
        return None if found is None else found[1].building_id or found[1].id

    def _on_shift(self, presence: Presence) -> bool:
        return presence.since <= self._clock.now() < presence.until


def _within(one: Presence, area: Area, fresh_since: datetime) -> bool:
    if one.lat is None or one.lon is None or one.fix_at is None or one.fix_at < fresh_since:
        return False
    if not area.south <= one.lat <= area.north:
        return False
    if area.west <= area.east:
        return area.west <= one.lon <= area.east
    return one.lon >= area.west or one.lon <= area.east
