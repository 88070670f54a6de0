"""Devices and their tests in the memory store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from escalation.ids import CommitteeId, DeviceId, PersonId, VigilId
from escalation.loan import Loan
from escalation.supervision import Supervision
from escalation.vigil import VigilKind
from larmcentral.domain.device import Heard, PersonFacts, PoolDevice, TestAlarm, agreed_silence
from larmcentral.domain.record import Subject
from tests.fakes.memory_state import DeviceKey
from tests.fakes.memory_work import MemoryWork


class MemoryDevices(MemoryWork):
    """Part of ports.Transaction."""

    async def heard(self, device_ids: Collection[DeviceId]) -> Mapping[DeviceId, Heard]:
        found = {}
        for device_id in device_ids:
            known = self.tables.device(device_id)
            if known is None or not self._may_see(known[0].committee_id):
                continue
            home, device = known
            state = self.tables.states.get((device.protocol, device.account))
            session = (home.organisation_id, VigilKind.SESSION, f"person:{device.worn_by}")
            found[device_id] = Heard(
                state.last_seen_at if state else None,
                session in self.tables.running,
                device.supervision,
                agreed_silence(device.protocol, device.options),
            )
        return found

    async def losses(self, committee_id: CommitteeId, since: datetime) -> tuple[Sequence[datetime], int]:
        if not self._may_see(committee_id):
            return [], 0
        running = self.tables.running_in.of((VigilKind.SUPERVISION, committee_id))
        cores = [self.tables.vigils[i].core for i in running]
        lost = [core.lost_at for core in cores if isinstance(core, Supervision) and core.lost_at is not None]
        return sorted(at for at in lost if at >= since), len(cores)

    async def silences(
        self, committee_id: CommitteeId, window: timedelta, since: datetime, now: datetime
    ) -> tuple[int, int]:
        if not self._may_see(committee_id):
            return 0, 0
        silent = listened_for = 0
        for vigil_id in self.tables.running_in.of((VigilKind.SUPERVISION, committee_id)):
            vigil = self.tables.vigils[vigil_id]
            core, state = vigil.core, self.tables.states.get((vigil.subject.protocol, vigil.subject.account))
            if not isinstance(core, Supervision) or state is None or core.window > window:
                continue
            if core.lost_at is None or core.lost_at >= since:
                listened_for += 1
                silent += now - max(state.last_seen_at, core.counted_from) > core.window / 2
        return silent, listened_for

    async def unwatched(self, limit: int) -> Sequence[Subject]:
        free = (
            self._subject_of(home, device)
            for home, device in self.tables.devices.values()
            if device.supervised
            and device.purpose == "real"
            and (device.protocol, device.account) in self.tables.states
            and (VigilKind.SUPERVISION, device.id) not in self.tables.running_on
        )
        return list(islice(free, limit))

    async def subject_of_device(self, device_id: DeviceId) -> Subject | None:
        found = self.tables.device(device_id)
        return None if found is None or not self._may_see(found[0].committee_id) else self._subject_of(*found)

    async def worn_by(self, person_id: PersonId) -> Sequence[Subject]:
        found = [self.tables.devices[key] for key in self.tables.worn.of(person_id)]
        seen = [(home, device) for home, device in found if self._may_see(home.committee_id)]
        return [self._subject_of(home, device) for home, device in sorted(seen, key=lambda one: one[1].id)]

    async def pool_device(self, tag: str) -> PoolDevice | None:
        for key in self.tables.tagged.of(tag):
            if self._may_see(self.tables.devices[key][0].committee_id):
                return self._pool_device(key)
        return None

    async def person_facts(self, person_id: PersonId) -> PersonFacts | None:
        found = self.tables.persons.get(person_id)
        if found is None or not self._may_see(found[0].committee_id):
            return None
        person = found[1]
        return PersonFacts(person_id=person_id, name=person.name, trained_on=person.trained_on, ends_on=person.ends_on)

    async def assign(self, device_id: DeviceId, person_id: PersonId | None, at: datetime) -> None:
        known = self.tables.device(device_id)
        if known is not None and self._may_see(known[0].committee_id):
            home, device = known
            self.tables.devices[(device.protocol, device.account)] = (home, replace(device, worn_by=person_id))

    async def file_test_alarm(self, test: TestAlarm) -> None:
        self.tables.tests.setdefault(test.signal_id, test)

    async def test_came_through(self, incident_id: UUID, at: datetime) -> None:
        for test in list(self.tables.tests.values()):
            if test.incident_id == incident_id and test.reached_desk_at is None:
                self.tables.tests[test.signal_id] = replace(test, reached_desk_at=at)

    def _pool_device(self, key: DeviceKey) -> PoolDevice:
        home, device = self.tables.devices[key]
        state = self.tables.states.get(key)
        tested = [t.received_at for t in self.tables.tests.values() if t.device_id == device.id and t.reached_desk_at]
        loan_id, lent_to = self._loan(device.id)
        lent_to = lent_to or device.worn_by
        borrower = self.tables.persons.get(lent_to) if lent_to is not None else None
        return PoolDevice(
            organisation_id=home.organisation_id,
            committee_id=home.committee_id,
            device_id=DeviceId(device.id),
            tag=device.tag or "",
            label=device.label or device.account,
            in_pool=device.pool,
            battery_pct=state.battery_pct if state else None,
            tested_at=max(tested, default=None),
            lent_to=lent_to,
            lent_to_name=borrower[1].name if borrower else None,
            loan_id=loan_id,
        )

    def _loan(self, device_id: UUID) -> tuple[VigilId | None, PersonId | None]:
        for i in self.tables.running_on.of((VigilKind.LOAN, device_id)):
            core = self.tables.vigils[i].core
            if isinstance(core, Loan):
                return i, core.person_id
        return None, None
