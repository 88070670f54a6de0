"""A drill: an exercise on the real road that cannot leave the house."""

from __future__ import annotations

from collections.abc import Sequence

from escalation.alarm import AlarmKind
from escalation.effects import Entry, EntryKind
from escalation.events import Operator
from escalation.ids import IncidentId, PersonId
from escalation.incident import Decision, Refused
from larmcentral.domain.errors import NotFound
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.flows.alarms import Call, raise_alarms
from larmcentral.flows.means import Means
from larmcentral.flows.saving import save_changes
from larmcentral.ports import Transaction


async def start_drill(
    tx: Transaction, person_id: PersonId, kind: AlarmKind, by: Operator, means: Means
) -> tuple[IncidentId, Sequence[OutgoingNotice]]:
    """Open a drill about a person, on the chain an alarm of his would take.

    Raises NotFound, Refused ("no_drill_of_that", "drill_open").
    """
    if kind.technical:
        # It is about a device and no person; a chain for time alone, that nobody presses either, is worth a drill.
        raise Refused("no_drill_of_that")
    subject = await tx.subject_of_person(person_id)
    if subject is None:
        raise NotFound("person")
    drill = subject.as_drill()
    locked = await tx.lock_open([drill])
    if locked.records:
        raise Refused("drill_open")
    call = Call(
        subject=drill, kind=kind, silent=False, signal_id=None, event_at=None, lateness=None, why="drill", by=by
    )
    (change,) = await raise_alarms(tx, [call], means, locked.now)
    incident = change.after.incident
    entry = Entry(EntryKind.DRILL, locked.now, by, (("kind", kind.value),))
    return incident.id, await save_changes(tx, [change.then(Decision(incident, entries=(entry,)))], means)
