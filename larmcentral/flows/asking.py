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
    neither any more, and must still be rung, or told that it is over. So is whoever was told by a chain that a graver
    one has replaced, which begins a further round.
    """
    incident, chain = record.incident, record.incident.chain
    extra = further
    moving = any(isinstance(target, _MOVING) for step in chain.steps for target in step.targets)
    if moving or incident.round > 1:
        told = (responder.person_id for responder in incident.responders)
        extra += tuple(PersonTarget(person_id) for person_id in dict.fromkeys((*told, *incident.queue)))
    return RosterAsk(record.subject, chain, extra)


def together(one: Roster, other: Roster) -> Roster:
    """Return what either knows; the circumstances are the same moment's."""
    return Roster({**one.contacts, **other.contacts}, one.circumstances or other.circumstances)
