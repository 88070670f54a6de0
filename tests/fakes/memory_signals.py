"""Signals in the memory store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from escalation.ids import PersonId, SignalId
from escalation.purpose import Purpose
from larmcentral.domain.record import FiledSignal, NewSignal, Subject
from tests.fakes.memory_state import SignalRow
from tests.fakes.memory_work import MemoryWork, stranger


class MemorySignals(MemoryWork):
    """Part of ports.Transaction."""

    async def file_signals(self, signals: Sequence[NewSignal]) -> Sequence[FiledSignal]:
        return [self._file(new) for new in signals]

    async def tracked(self, signals: Sequence[NewSignal]) -> frozenset[SignalId]:
        return frozenset(new.id for new in signals if new.authentic and self._tracked(self._subject(new)))

    def _tracked(self, subject: Subject) -> bool:
        return subject.known and any(
            (subject.organisation_id, one.key, purpose) in self.tables.open_about
            for one in (subject, subject.as_covert())
            for purpose in (Purpose.REAL, Purpose.TEST)
        )

    def _file(self, new: NewSignal) -> FiledSignal:
        key = (new.organisation_id, new.protocol, new.account, new.signal.repeat_key)
        window, subject = new.signal.repeat_window, self._subject(new)
        for signal_id in self.tables.repeats.get(key) or ():
            row = self.tables.signals[signal_id]
            if window is None or row.new.received_at > new.received_at - window:
                self.tables.signals[signal_id] = replace(row, attempts=row.attempts + 1)
                return FiledSignal(id=signal_id, fresh=False, new=new, subject=subject)
        self.tables.signals[new.id] = SignalRow(new=new, subject=subject)
        self.tables.repeats[key] = (*(self.tables.repeats.get(key) or ()), new.id)
        return FiledSignal(id=new.id, fresh=True, new=new, subject=subject)

    def _subject(self, new: NewSignal) -> Subject:
        if not new.authentic:
            return stranger(new)
        if new.protocol == "app":
            return self._of_app(new) or stranger(new)
        found = self.tables.devices.get((new.protocol, new.account))
        return stranger(new) if found is None else self._subject_of(*found)

    def _of_app(self, new: NewSignal) -> Subject | None:
        try:
            person_id = PersonId(UUID(new.account))
        except ValueError:
            return None
        found = self.tables.persons.get(person_id)
        if found is None:
            return None
        home, person = found
        return Subject(
            organisation_id=home.organisation_id,
            committee_id=home.committee_id,
            protocol="app",
            account=new.account,
            person_id=person_id,
            unit_id=person.unit_id,
            label=person.name,
            language=person.language,
        )
