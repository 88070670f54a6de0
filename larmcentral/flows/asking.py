"""What a decision about a stored incident asks the roster for."""

from __future__ import annotations

from escalation.chain import (
    BuildingTarget,
    ManagerTarget,
    NearestTarget,
    OnCallTarget,
    PersonTarget,
    Roster,
    Target,
)
from larmcentral.domain.record import Record
from larmcentral.flows.rosters import RosterAsk

_MOVING = (OnCallTarget, NearestTarget, BuildingTarget, ManagerTarget)


def ask_for(record: Record, *further: Target) -> RosterAsk:
    """Ask for all that stands behind an incident's chain now, and for further targets.

    Whoever was told, or waits for his turn, because he was near or on call is asked for by himself as well: he may be
    neither any more, and must still be rung, or told that it is over.
    """
    chain = record.incident.chain
    extra = further
    if any(isinstance(target, _MOVING) for step in chain.steps for target in step.targets):
        told = (responder.person_id for responder in record.incident.responders)
        extra += tuple(PersonTarget(person_id) for person_id in dict.fromkeys((*told, *record.incident.queue)))
    return RosterAsk(record.subject, chain, extra)


def together(one: Roster, other: Roster) -> Roster:
    """Return what either knows; the circumstances are the same moment's."""
    return Roster({**one.contacts, **other.contacts}, one.circumstances or other.circumstances)
