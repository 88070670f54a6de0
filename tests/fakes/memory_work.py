"""What all parts of a transaction on the memory store share."""

from __future__ import annotations

from escalation.ids import CommitteeId
from escalation.purpose import Purpose
from larmcentral.domain.record import NewSignal, Subject
from larmcentral.domain.register import Device, Home
from larmcentral.ports import Clock
from tests.fakes.memory_state import Tables


class MemoryWork:
    """The tables, whose writes the store takes back if the transaction fails; and how far the one who asks may see."""

    def __init__(self, tables: Tables, clock: Clock, sight: frozenset[CommitteeId] | None) -> None:
        self.tables, self._clock, self._sight = tables, clock, sight

    def _may_see(self, committee_id: CommitteeId) -> bool:
        return self._sight is None or committee_id in self._sight

    def _subject_of(self, home: Home, device: Device) -> Subject:
        worn = self.tables.persons.get(device.worn_by) if device.worn_by is not None else None
        return Subject(
            organisation_id=home.organisation_id,
            committee_id=worn[0].committee_id if worn else home.committee_id,
            protocol=device.protocol,
            account=device.account,
            device_id=device.id,
            person_id=device.worn_by,
            unit_id=worn[1].unit_id if worn else None,
            purpose=Purpose(device.purpose),
            label=worn[1].name if worn else device.label or device.account,
            language=worn[1].language if worn else "sv",
            device_options=dict(device.options),
        )


def stranger(new: NewSignal) -> Subject:
    """Somebody nobody enrolled, or who cannot prove his name."""
    return Subject(
        organisation_id=new.organisation_id,
        committee_id=new.fallback_committee_id,
        protocol=new.protocol,
        account=new.account,
        label=new.account,
    )
