"""Who presses when around an outage. Pure."""

from __future__ import annotations

import random

from load.reconnect.plan import ReconnectPlan


def presses(plan: ReconnectPlan, devices: int, turn: int) -> list[tuple[int, int, float]]:
    """Return number, device and seconds since the outage began, in order of time.

    turn: of the outage, from 0; no device presses in two of them.
    """
    chance = random.Random(plan.seed)
    drawn = chance.sample(range(devices), plan.presses * (turn + 1))[plan.presses * turn :]
    moments = sorted(random.Random(plan.seed * 31 + turn).uniform(0, plan.press_over_s) for _ in drawn)
    return [(turn * plan.presses + place, drawn[place], at_s) for place, at_s in enumerate(moments)]
