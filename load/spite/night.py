"""All chosen attacks, one after the other in one house."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from load.chaos.line import Line
from load.spite.desk import Operator
from load.spite.drills import DRILLS, Drill
from load.spite.place import Tell, a_place
from load.spite.play import PER_S, play
from load.spite.wearers import Wearers

SECONDS: Final = 6.0
SPARE: Final = 2
"""Devices of each family more than a drill is sure to need: counts are rounded."""


async def spite(
    tell: Tell,
    drills: Sequence[Drill] = DRILLS,
    seconds: float = SECONDS,
    said: Callable[[Line], None] = lambda _: None,
) -> list[Line]:
    """Play the drills; said: is told each line as it comes."""
    lines = []
    async with a_place(round(seconds * PER_S + SPARE) * len(drills), tell) as place:
        wearers, operator = Wearers(place), Operator(place)
        try:
            await operator.log_in()
            for drill in drills:
                lines.append(await play(drill, place, wearers, operator, seconds))
                said(lines[-1])
        finally:
            await operator.close()
            await wearers.close()
    return lines
