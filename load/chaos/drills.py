"""Which drills there are. One drill is one fault, played against a house of its own, and says one line or several."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from load.chaos.clock import clock
from load.chaos.descriptors import descriptors
from load.chaos.disk import disk
from load.chaos.frozen import frozen
from load.chaos.kills import kills
from load.chaos.line import Line
from load.chaos.memory import memory
from load.chaos.push import push
from load.chaos.slow import slow
from load.spite.night import spite

Tell = Callable[[str], None]
Drill = Callable[[Tell], Awaitable[list[Line]]]


def drills(*, rounds: int, seed: int) -> Mapping[str, Drill]:
    """Return all drills by the name that --only asks for, in the order in which they are played.

    rounds: of kills. seed: of everything that is left to chance.
    """
    return {
        "kills": partial(kills, rounds=rounds, seed=seed),
        "clock": clock,
        "descriptors": descriptors,
        "memory": memory,
        "disk": disk,
        "slow": slow,
        "frozen": frozen,
        "push": push,
        "spite": spite,
    }
