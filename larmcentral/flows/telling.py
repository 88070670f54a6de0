"""What an incident's timeline hears of words down to its devices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from escalation.alarm import AlarmKind
from escalation.effects import Entry, EntryKind
from escalation.events import Actor, System
from escalation.ids import IncidentId
from escalation.incident import Decision, State
from larmcentral.domain.device import ASKED, Downlink, Unsaid
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.order import abilities_of, complaint
from larmcentral.domain.record import Change, Record, unchanged
from larmcentral.flows.means import Means
from larmcentral.flows.saving import save_changes
from larmcentral.ports import Transaction


class Telling:
    """The incidents behind some downlinks, whose rows are held before these are."""

    def __init__(self, tx: Transaction, records: Mapping[IncidentId, Record], now: datetime, means: Means) -> None:
        self._tx, self._records, self._now, self._means = tx, records, now, means
        self._lines: dict[IncidentId, list[Entry]] = {}

    @classmethod
    async def lock(cls, tx: Transaction, downlinks: Sequence[Downlink], means: Means) -> Telling:
        """Hold the incidents of downlinks that are held already."""
        behind = sorted({one.incident_id for one in downlinks if one.incident_id is not None})
        locked = await tx.lock(behind)
        return cls(tx, locked.records, locked.now, means)

    @property
    def now(self) -> datetime:
        """The store's time once all was held."""
        return self._now

    def forbids(self, downlink: Downlink) -> Unsaid | None:
        """Return why words that were filed may not be said any more: it is over, or it became silent meanwhile.

        Only its own incident counts. Another one that is silent changes nothing that its wearer can see: who stands
        beside him would notice what is missing (ops/decisions/0010-covert-incidents.md).
        """
        record = None if downlink.incident_id is None else self._records.get(downlink.incident_id)
        if record is None:
            return None
        incident = record.incident
        if downlink.kind in ASKED and incident.state is State.STOOD_DOWN:
            return Unsaid.OVER
        silent = incident.silent or incident.kind is AlarmKind.DURESS
        if silent and complaint(downlink.kind, downlink.protocol, silent=True, quiet=downlink.quiet) is not None:
            return Unsaid.SILENT
        if downlink.kind in ASKED and complaint(downlink.kind, downlink.protocol, silent=False) is not None:
            return Unsaid.NO_WORDS
        return None

    def told(self, downlink: Downlink) -> None:
        """It was handed to the network."""
        self._write(downlink, EntryKind.DEVICE_TOLD)

    def answered(self, downlink: Downlink, words: str) -> None:
        """The device answered."""
        self._write(downlink, EntryKind.DEVICE_ANSWERED, ("answer", words))

    def placed(self, downlink: Downlink) -> None:
        """The device was asked where it is, and sent a place."""
        self._write(downlink, EntryKind.DEVICE_PLACED)

    def not_told(self, downlink: Downlink, why: Unsaid) -> None:
        """It will not be said. What nobody asked for, and what the device has no way to be told, is no news."""
        if downlink.kind in ASKED or (not downlink.silent and abilities_of(downlink.protocol).reassure):
            self._write(downlink, EntryKind.DEVICE_NOT_TOLD, ("why", why.value))

    async def save(self) -> Sequence[OutgoingNotice]:
        """Write the lines."""
        changes = [self._change(incident_id, lines) for incident_id, lines in self._lines.items()]
        return await save_changes(self._tx, changes, self._means) if changes else ()

    def _change(self, incident_id: IncidentId, lines: Sequence[Entry]) -> Change:
        record = self._records[incident_id]
        return unchanged(record).then(Decision(record.incident, entries=tuple(lines)))

    def _write(self, downlink: Downlink, kind: EntryKind, *detail: tuple[str, str]) -> None:
        if downlink.incident_id is not None and downlink.incident_id in self._records:
            line = entry(kind, self._now, System(), downlink, *detail)
            self._lines.setdefault(downlink.incident_id, []).append(line)


def entry(kind: EntryKind, now: datetime, by: Actor, downlink: Downlink, *detail: tuple[str, str]) -> Entry:
    """Return a line about words for a device; what number or setting they carry is in the downlink, never here."""
    return Entry(kind, now, by, (("what", downlink.kind.value), ("device", str(downlink.device_id)), *detail))
