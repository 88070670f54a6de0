"""Play a scenario on a device: the shell around scenario.py."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Protocol, runtime_checkable

from devices.device import Device, NotInProtocol, Receipt, Surroundings
from devices.scenario import (
    AnswerLate,
    CheckIn,
    Circumstances,
    Fall,
    ManDown,
    Press,
    Remember,
    Step,
    circumstances_at,
    due,
)
from devices.scenario_text import in_words

TICK_S: Final = 1.0
"""How often the world moves between two steps; a walker makes a metre and a half."""


@runtime_checkable
class Movable(Device, Protocol):
    """A device around which the world can change."""

    circumstances: Circumstances

    def move(self, circumstances: Circumstances) -> None:
        """Let the world change around the device."""
        ...


@runtime_checkable
class Wearable(Protocol):
    """A device that feels its wearer lie still, and has a memory."""

    async def man_down(self) -> Receipt:
        """Lie still for too long; the same promise as press()."""
        ...

    def remember(self, records: int, every_s: float) -> None:
        """Find so many old positions in memory that were never sent, the last of them every_s ago."""
        ...


@runtime_checkable
class Tardy(Protocol):
    """A device that says and answers everything circumstances.late_s late."""

    @property
    def can_be_late(self) -> bool:
        """True."""
        ...


async def play(
    device: Movable,
    steps: Sequence[Step],
    for_s: float,
    surroundings: Surroundings,
    tick_s: float = TICK_S,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Receipt]:
    """Play the steps; return the receipts of what was pressed and said, in order of the steps.

    Alarms are sent beside the passing of time, as they are outdoors: losing coverage does not wait for an ack.
    tell: called with a line for each happening. Raises NotInProtocol for a step that the protocol has no words for.
    """
    start, begun_s = device.circumstances, surroundings.monotonic_s()
    said: list[asyncio.Task[Receipt]] = []
    before_s, at_s = -1.0, 0.0
    seen = _Seen(device)

    async def followed(saying: Awaitable[Receipt]) -> Receipt:
        receipt = await saying
        tell(f"{surroundings.monotonic_s() - begun_s:7.1f} s  {result(receipt)}")
        return receipt

    try:
        while True:
            device.move(circumstances_at(start, steps, at_s))
            for step in due(steps, before_s, at_s):
                tell(f"{at_s:7.1f} s  {in_words(step.action)}")
                match step.action:
                    case Press():
                        said.append(asyncio.create_task(followed(device.press())))
                    case Fall():
                        said.append(asyncio.create_task(followed(device.fall())))
                    case ManDown():
                        said.append(asyncio.create_task(followed(wearable(device).man_down())))
                    case CheckIn():
                        said.append(asyncio.create_task(followed(device.check_in())))
                    case Remember(records, every_s):
                        wearable(device).remember(records, every_s)
                    case AnswerLate() if not isinstance(device, Tardy):
                        raise NotInProtocol("this kind of device cannot be made late")
                    case _:
                        pass  # circumstances_at has moved the device already
            for task in said:
                if task.done():
                    task.result()  # a step that the protocol has no words for ends the play at once
            for change in seen.changes():
                tell(f"{at_s:7.1f} s  {change}")
            if at_s >= for_s:
                return list(await asyncio.gather(*said))
            await surroundings.sleep(_pause_s(steps, at_s, min(tick_s, for_s - at_s)))
            before_s, at_s = at_s, min(for_s, surroundings.monotonic_s() - begun_s)
    finally:
        for task in said:
            task.cancel()


def wearable(device: Device) -> Wearable:
    """Return the device as one that is worn. Raises NotInProtocol for a phone or a panel."""
    if not isinstance(device, Wearable):
        raise NotInProtocol("this kind of device has no man-down and remembers no old positions")
    return device


def result(receipt: Receipt) -> str:
    """Say in a line what became of a message."""
    if receipt.ack_ms is not None:
        return f"{receipt.what} acked after {receipt.ack_ms:.0f} ms, attempt {receipt.attempts}"
    if receipt.done:
        return f"{receipt.what} sent; the protocol has no ack for it"
    return f"{receipt.what} not acked after {receipt.attempts} attempts"


class _Seen:
    """What the device shows on its outside, as far as it has any: connection, memory, what it was told."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._connected: bool | None = None
        self._heard: list[object] = []

    def changes(self) -> list[str]:
        """Return what is new since the last look."""
        lines = []
        if (connected := getattr(self._device, "connected", None)) != self._connected:
            waiting = getattr(self._device, "waiting", 0)
            lines.append(
                ("connected" if connected else "not connected") + (f", {waiting} in memory" if waiting else "")
            )
            self._connected = connected
        heard = list(getattr(self._device, "heard", ()))
        known = {id(one) for one in self._heard}
        lines += [f"heard {one}" for one in heard if id(one) not in known]
        self._heard = heard
        return lines


def _pause_s(steps: Sequence[Step], at_s: float, most_s: float) -> float:
    """Return how long to wait: less where the next step is due before."""
    return min([most_s, *(step.at_s - at_s for step in steps if step.at_s > at_s)])
