"""Two incidents of one person become one: an operator knows that they are the same matter."""

from __future__ import annotations

from collections.abc import Sequence

from escalation.centre import receivers_told
from escalation.decide import decide
from escalation.events import Absorbed, MergedInto, Operator
from escalation.ids import IncidentId
from escalation.incident import Refused
from larmcentral.domain.errors import NotFound
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.record import Record, Subject, unchanged
from larmcentral.flows.means import Means
from larmcentral.flows.saving import save_changes
from larmcentral.ports import Transaction


async def merge(
    tx: Transaction, incident_id: IncidentId, into: IncidentId, by: Operator, means: Means
) -> Sequence[OutgoingNotice]:
    """End one incident and let the other go on for both.

    Raises NotFound; Refused: same_incident, different_persons, different_purposes, secret (a silent alarm does not
    go on in an incident that its wearer is told of), of_device (nor a person's in a device's), own_alarm, stood_down.
    """
    if incident_id == into:
        raise Refused("same_incident")
    locked = await tx.lock(sorted((incident_id, into)))
    if len(locked.records) < 2:
        raise NotFound("incident")
    ending, lasting = locked.records[incident_id], locked.records[into]
    _refuse_strangers(ending, lasting)
    told = receivers_told(ending.incident)
    absorbed = decide(lasting.incident, Absorbed(by, incident_id, ending.incident.kind, told), locked.now)
    merged = decide(ending.incident, MergedInto(by, into), locked.now)
    return await save_changes(tx, [unchanged(ending).then(merged), unchanged(lasting).then(absorbed)], means)


def _refuse_strangers(ending: Record, lasting: Record) -> None:
    if not _same(ending.subject, lasting.subject):
        raise Refused("different_persons")
    if ending.incident.purpose is not lasting.incident.purpose:
        raise Refused("different_purposes")
    if ending.incident.silent and not lasting.incident.silent:
        raise Refused("secret")


def _same(one: Subject, other: Subject) -> bool:
    """Of one person, else of one device, else of one unknown account; however covert or technical."""
    if one.person_id is not None or other.person_id is not None:
        return one.person_id == other.person_id
    if one.device_id is not None or other.device_id is not None:
        return one.device_id == other.device_id
    return (one.protocol, one.account) == (other.protocol, other.account)
