"""Who says what when in a storm: fixed before it breaks, whatever becomes of the messages before (open loop). Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

from load.storm.frames import What
from load.storm.plan import StormPlan

GAP_S: Final = 0.02
"""Between two messages of one unit that empties its memory: as fast as a mobile network takes them."""


@dataclass(frozen=True, slots=True)
class Due:
    """One message. at_s: after the storm began. place: which of its unit's messages it is, from 0."""

    at_s: float
    unit: int
    place: int
    what: What


def backlog(plan: StormPlan) -> list[Due]:
    """Return all messages of the backlog in order of time: each unit comes back once, and tells all it has at once."""
    chance = random.Random(plan.seed)
    each = plan.buffered // plan.units
    calling = {unit: chance.randrange(each) for unit in chance.sample(range(plan.units), plan.panics)}
    last_s = max(0.0, plan.buffered_s - each * GAP_S)
    found = []
    for unit in range(plan.units):
        back_s = chance.uniform(0, last_s)
        for place in range(each):
            what = What.PANIC if calling.get(unit) == place else drawn(chance, plan)
            found.append(Due(back_s + place * GAP_S, unit, place, what))
    return sorted(found, key=lambda due: (due.at_s, due.unit))


def drawn(chance: random.Random, plan: StormPlan) -> What:
    """Draw one message of telemetry."""
    number = chance.random()
    if number < plan.events:
        return What.EVENT
    return What.HEARTBEAT if number < plan.events + plan.heartbeats else What.POSITION
