"""Thousands of devices in one process: they connect one after another, keep alive, and now and then one presses.

Presses are open loop: they happen when they are due, whatever became of the one before, and their time counts from
then. A fleet may be mixed of several families.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from devices.device import Build, Device, DeviceSettings, NotInProtocol, Receipt, Surroundings

MAX_DEVICES: Final = 25_000
"""One loopback address has some 28,000 ports to call from."""

SPREAD_DEGREES: Final = 0.05
"""Devices are spread over a town of some five kilometres."""


@dataclass(frozen=True, slots=True)
class FleetPlan:
    """What a fleet does. presses_per_s begin once all have had their turn to connect; 0 is none."""

    count: int
    ramp_s: float
    run_s: float
    presses_per_s: float = 0.0

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MAX_DEVICES:
            raise ValueError(f"a fleet has 1 to {MAX_DEVICES} devices")


@dataclass(frozen=True, slots=True)
class Share:
    """So many devices of one family. first: the settings of the first one; the others are numbered on from it."""

    build: Build
    first: DeviceSettings
    count: int


@dataclass(frozen=True, slots=True)
class FleetReport:
    """What became of a fleet. connected: at the end of the ramp, None where the protocol keeps no connection.

    sent: presses in a protocol that has no ack, told on a live connection. They are in neither acked nor ack_ms.
    """

    devices: int
    connected: int | None
    pressed: int
    acked: int
    ack_ms: tuple[float, ...]
    sent: int = 0

    def percentile_ms(self, percent: float) -> float | None:
        """Return the time within which that share of the acked presses was acked; None if there was none."""
        ordered = sorted(self.ack_ms)
        return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)] if ordered else None


def fleet_settings(first: DeviceSettings, count: int, surroundings: Surroundings) -> list[DeviceSettings]:
    """Return the settings of count devices, numbered on from the first one's name, spread over a town."""
    chance = surroundings.chance
    return [
        replace(
            first,
            device=numbered(first.device, index),
            lat=first.lat + chance.uniform(-SPREAD_DEGREES, SPREAD_DEGREES),
            lon=first.lon + chance.uniform(-SPREAD_DEGREES, SPREAD_DEGREES),
            battery_pct=chance.uniform(20, 100),
        )
        for index in range(count)
    ]


def numbered(name: str, index: int) -> str:
    """Return the name whose digits at the end are counted on by index, with as many digits as before if they suffice.

    A name that ends in no digit gets some.
    """
    stem = name.rstrip("0123456789")
    digits = name[len(stem) :]
    return f"{stem}{int(digits or '0') + index:0{len(digits) or 5}d}"


async def run_fleet(
    build: Build,
    first: DeviceSettings,
    plan: FleetPlan,
    surroundings: Surroundings,
    tell: Callable[[str], None] = lambda _: None,
) -> FleetReport:
    """Run a fleet of one family for ramp_s and run_s; hang up everything at the end, also when cancelled."""
    return await run_mixed([Share(build, first, plan.count)], plan, surroundings, tell)


async def run_mixed(
    shares: Sequence[Share],
    plan: FleetPlan,
    surroundings: Surroundings,
    tell: Callable[[str], None] = lambda _: None,
) -> FleetReport:
    """Run a fleet of several families, as run_fleet() does. plan.count: of all of them."""
    devices = [
        share.build(settings, surroundings)
        for share in shares
        for settings in fleet_settings(share.first, share.count, surroundings)
    ]
    if len(shares) > 1:
        surroundings.chance.shuffle(devices)  # families start side by side and not one after the other
    begun_s = surroundings.monotonic_s()
    running = [
        asyncio.create_task(_live(device, begun_s + index * plan.ramp_s / plan.count, surroundings))
        for index, device in enumerate(devices)
    ]
    presses: list[asyncio.Task[_Press | None]] = []
    try:
        await _until(begun_s + plan.ramp_s, surroundings)
        connected = _connected(devices)
        tell(f"{len(devices)} devices started" + ("" if connected is None else f", {connected} connected"))
        await _press_in_turn(devices, plan, begun_s + plan.ramp_s, surroundings, presses)
        await _until(begun_s + plan.ramp_s + plan.run_s, surroundings)
        pressed = [press for press in await asyncio.gather(*presses) if press is not None]
        times_ms = tuple(press.ms for press in pressed if press.receipt.acked)
        sent = sum(press.receipt.done and not press.receipt.acked for press in pressed)
        return FleetReport(len(devices), connected, len(pressed), len(times_ms), times_ms, sent)
    finally:
        for task in (*running, *presses):
            task.cancel()
        await asyncio.gather(*running, *presses, return_exceptions=True)
        for device in devices:
            await device.close()


@dataclass(frozen=True, slots=True)
class _Press:
    """One press and its end. ms: from when it was due."""

    receipt: Receipt
    ms: float


async def _live(device: Device, from_s: float, surroundings: Surroundings) -> None:
    await _until(from_s, surroundings)
    await device.run()


async def _press_in_turn(
    devices: Sequence[Device],
    plan: FleetPlan,
    from_s: float,
    surroundings: Surroundings,
    presses: list[asyncio.Task[_Press | None]],
) -> None:
    for number in range(int(plan.presses_per_s * plan.run_s)):
        due_s = from_s + number / plan.presses_per_s
        await _until(due_s, surroundings)
        presses.append(asyncio.create_task(_press(surroundings.chance.choice(devices), due_s, surroundings)))


async def _press(device: Device, due_s: float, surroundings: Surroundings) -> _Press | None:
    try:
        receipt = await device.press()
    except NotInProtocol:
        return None  # a mixed fleet has members without a button
    return _Press(receipt, (surroundings.monotonic_s() - due_s) * 1000)


def _connected(devices: Sequence[Device]) -> int | None:
    states = [getattr(device, "connected", None) for device in devices]
    return None if all(state is None for state in states) else sum(map(bool, states))


async def _until(at_s: float, surroundings: Surroundings) -> None:
    await surroundings.sleep(max(0.0, at_s - surroundings.monotonic_s()))
