"""What must be true of the alarm receiving centres, whatever went wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from escalation.effects import About, EntryKind
from escalation.ids import IncidentId
from escalation.incident import ForwardState, Incident
from larmcentral.domain.notice import Forward
from tests.simulation.journal import Handing

if TYPE_CHECKING:
    from tests.simulation.world import World

LAST_WORD: Final = timedelta(hours=2)
"""A restore is tried on for as long as a centre may be away; a stand-down nearer to the end proves nothing."""


def centres_hear_the_end(world: World) -> Iterator[str]:
    """A centre that took a case hears that it is over, unless a person was told to ring them."""
    took, ended = _handed(world, About.ALARM), _handed(world, About.OVER)
    for (incident_id, receiver), alarms in took.items():
        last = _survivor(world, incident_id)
        over_at = last.stood_down_at
        if over_at is None or not _proves(world, over_at) or _given_up(last, receiver):
            continue
        if (last.id, receiver) not in ended:
            yield f"{receiver} took {incident_id} at {alarms[0].at:%a %H:%M:%S} and never heard that it is over"


def centres_hear_of_no_end_that_is_none(world: World) -> Iterator[str]:
    """Nobody is told that it is over while it goes on."""
    for (incident_id, receiver), restores in _handed(world, About.OVER).items():
        ended_at = world.journal.ended.get(incident_id)
        if ended_at is None or restores[0].at < ended_at:
            yield f"{receiver} was told at {restores[0].at:%a %H:%M:%S} that {incident_id} is over, and it was not"


def centres_have_the_last_word_right(world: World) -> Iterator[str]:
    """A case is not handed over behind its own end."""
    ended = _handed(world, About.OVER)
    for name, alarms in _handed(world, About.ALARM).items():
        if name in ended and alarms[-1].at > ended[name][-1].at:
            yield f"{name[1]} got {name[0]} at {alarms[-1].at:%a %H:%M:%S.%f}, behind its end"


def unreached_is_said(world: World) -> Iterator[str]:
    """Where a centre has not taken the case, the timeline says so."""
    for incident_id, record in world.store.tables.incidents.items():
        said = {
            dict(line.entry.detail)["receiver"]
            for line in world.store.tables.timeline[incident_id]
            if line.entry.kind is EntryKind.RECEIVER_UNREACHED
        }
        for forward in record.incident.forwards:
            if forward.state in {ForwardState.UNREACHED, ForwardState.FAILED} and forward.receiver not in said:
                yield f"{forward.receiver} did not take {incident_id}, and its timeline does not say so"


def _handed(world: World, about: About) -> dict[tuple[IncidentId, str], list[Handing]]:
    found = defaultdict(list)
    for handing in world.journal.handings:
        notice = handing.notice
        if isinstance(notice, Forward) and handing.accepted and notice.text.about is about:
            found[notice.incident_id, notice.receiver].append(handing)
    return found


def _survivor(world: World, incident_id: IncidentId) -> Incident:
    """Follow what was merged into what, to the incident that went on for all."""
    incident = world.store.tables.incidents[incident_id].incident
    while incident.merged_into is not None:
        incident = world.store.tables.incidents[incident.merged_into].incident
    return incident


def _given_up(incident: Incident, receiver: str) -> bool:
    return any(
        one.receiver == receiver and one.about is About.OVER and one.state is ForwardState.FAILED
        for one in incident.forwards
    )


def _proves(world: World, over_at: datetime) -> bool:
    return world.healed and over_at < world.clock.now() - LAST_WORD


CENTRE_CHECKERS: Final[tuple[Callable[[World], Iterator[str]], ...]] = (
    centres_hear_the_end,
    centres_hear_of_no_end_that_is_none,
    centres_have_the_last_word_right,
    unreached_is_said,
)
