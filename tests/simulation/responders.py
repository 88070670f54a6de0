"""Those who are rung: they answer, decline, go, arrive, vanish, or never look."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

from escalation.events import Operator, Outcome, Responder
from escalation.ids import CommitteeId, IncidentId, NoticeId
from escalation.purpose import Purpose
from tests.simulation.town import Someone

if TYPE_CHECKING:
    from tests.simulation.people import People
    from tests.simulation.server import Server
    from tests.simulation.world import World

Sight = frozenset[CommitteeId]


class Responders:
    """Colleagues, guards and managers with a phone."""

    def __init__(self, world: World, people: People) -> None:
        self._world, self._people = world, people

    async def rung(self, one: Someone, incident_id: IncidentId, notice_id: NoticeId, rng: Random) -> None:
        """His phone shows an alarm."""
        world, habits, me, sight = self._world, one.habits, Responder(one.id), frozenset({one.committee_id})
        order = self._people.order
        if rng.random() >= habits.answers:
            return
        await world.pause(rng.uniform(2, habits.slow_s))
        if rng.random() < habits.declines:
            await order("responder", "decline", one.id, rng, lambda s: s.escalate.decline(incident_id, me, sight))
            return
        if rng.random() < 0.3:
            said = await order("responder", "press a button", one.id, rng, lambda s: _presses(s, notice_id))
        elif rng.random() < 0.5:
            said = await order(
                "responder", "acknowledge", one.id, rng, lambda s: s.escalate.acknowledge(incident_id, me, sight)
            )
        else:
            said = await order("responder", "go", one.id, rng, lambda s: s.escalate.on_the_way(incident_id, me, sight))
        if said != "done" or rng.random() < habits.vanishes:
            return
        await world.pause(rng.uniform(30, 1200))
        if rng.random() < 0.1:
            await order("responder", "decline", one.id, rng, lambda s: s.escalate.decline(incident_id, me, sight))
            return
        said = await order("responder", "arrive", one.id, rng, lambda s: s.escalate.arrived(incident_id, me, sight))
        if said == "done" and rng.random() < 0.5:
            await world.pause(rng.uniform(30, 1800))
            await stand_down(world, incident_id, me, sight, rng)


async def _presses(server: Server, notice_id: NoticeId) -> None:
    await server.answers.by_token(server.answers.token(notice_id), "going")


async def stand_down(
    world: World, incident_id: IncidentId, by: Operator | Responder, sight: Sight, rng: Random
) -> None:
    """Somebody ends it, with a verdict that fits."""
    record = world.store.tables.incidents[incident_id]
    drill = record.incident.purpose is Purpose.DRILL
    outcome = Outcome.DRILL if drill else rng.choice(_VERDICTS)
    await world.people.order(
        "somebody",
        "stand down",
        record.incident.subject,
        rng,
        lambda s: s.escalate.stand_down(incident_id, by, outcome, "klart", sight),
    )


_VERDICTS: Final = (Outcome.REAL, Outcome.FALSE, Outcome.OTHER)
