"""Play a scenario on a device: the shell around scenario.py."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final, Protocol

from devices.device import Device, Receipt, Surroundings
from devices.scenario import CheckIn, Circumstances, Fall, Press, Step, circumstances_at, due

TICK_S: Final = 1.0
"""How often the world moves between two steps; a walker makes a metre and a half."""


class Movable(Device, Protocol):
    """A device around which the world can change."""

    circumstances: Circumstances

    def move(self, circumstances: Circumstances) -> None:
        """Let the world change around the device."""
        ...


async def play(
    device: Movable, steps: Sequence[Step], for_s: float, surroundings: Surroundings, tick_s: float = TICK_S
) -> list[Receipt]:
    """Play the steps; return the receipts of what was pressed and said, in order of the steps.

    Alarms are sent beside the passing of time, as they are outdoors: losing coverage does not wait for an ack.
    """
    start, begun_s = device.circumstances, surroundings.monotonic_s()
    said: list[asyncio.Task[Receipt]] = []
    before_s, at_s = -1.0, 0.0
    try:
        while True:
            device.move(circumstances_at(start, steps, at_s))
            for step in due(steps, before_s, at_s):
                match step.action:
                    case Press():
                        said.append(asyncio.create_task(device.press()))
                    case Fall():
                        said.append(asyncio.create_task(device.fall()))
                    case CheckIn():
                        said.append(asyncio.create_task(device.check_in()))
                    case _:
                        pass  # circumstances_at has moved the device already
            if at_s >= for_s:
                return list(await asyncio.gather(*said))
            await surroundings.sleep(min(tick_s, for_s - at_s))
            before_s, at_s = at_s, min(for_s, surroundings.monotonic_s() - begun_s)
    finally:
        for task in said:
            task.cancel()
