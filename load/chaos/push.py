"""A push provider fails, each time in another way: silent, refusing, cutting, late, throttling. The other one lives."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from larmcentral.flows.way_faults import CLEARED_AFTER_S
from load.afterwards import Check
from load.chaos.aftermath import Aftermath, look, settled
from load.chaos.line import Line, Wanted
from load.chaos.scene import LOOK_EVERY_S, Plan, Scene, Tell, a_scene

CALM_S: Final = 3.0
FAULT_S: Final = 24.0
"""Longer than the house waits before it calls a provider dead aloud, and shorter than a notice is tried."""
PLAN: Final = Plan(per_s=6.0, seconds=CALM_S + FAULT_S + 3.0, teams=6)
"""Twelve telephones by APNs and six by FCM: a provider that puts off one telephone is not dead for the others."""
CLEARED_WITHIN_S: Final = CLEARED_AFTER_S + 15.0
SAME: Final = 1.5
"""The living provider's 99th percentile over that of the calm seconds before, one second at the least."""

_FAULT: Final = "SELECT raised_at, cleared_at FROM system_alarms WHERE fault = 'way_out_dead' ORDER BY raised_at"
_PASSED_OVER: Final = "SELECT count(*) FROM timeline WHERE kind = 'way_passed_over'"
_TRIES: Final = "SELECT coalesce(max(tries), 0) FROM notices WHERE channel = $1 AND purpose <> 'test'"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail. peer: who does. order: what it is told to do with each request; None: it is shut."""

    name: str
    peer: str
    order: Mapping[str, Any] | None

    @property
    def other(self) -> str:
        """The one that lives."""
        return "fcm" if self.peer == "apns" else "apns"


FAULTS: Final = (
    Fault("silent", "apns", {"fate": "silence"}),
    Fault("refusing", "fcm", None),
    Fault("cutting", "apns", {"fate": "cut"}),
    Fault("late", "fcm", {"delay_s": 5.0}),
    Fault("throttling", "apns", {"status": 429, "reason": "TooManyRequests", "headers": {"retry-after": "2"}}),
)


async def push(tell: Tell) -> list[Line]:
    """Let one provider fail in each way while alarms come, and look what became of the notices of both."""
    return [await _play(fault, tell) for fault in FAULTS]


async def _play(fault: Fault, tell: Tell) -> Line:
    name = f"push {fault.name} ({fault.peer})"
    async with a_scene(name, PLAN, tell) as scene:
        begun_s = time.monotonic()
        pressing = asyncio.create_task(scene.wearers.press(PLAN.per_s, PLAN.seconds))
        await asyncio.sleep(CALM_S)
        from_s = time.monotonic()
        await _begin(scene, fault)
        raised_s = await _raised(scene, from_s + FAULT_S)
        await asyncio.sleep(max(0.0, from_s + FAULT_S - time.monotonic()))
        to_s = time.monotonic()
        await _end(scene, fault)
        await pressing
        rest = await settled(scene)
        cleared_s = None if raised_s is None else await _cleared(scene, to_s + CLEARED_WITHIN_S)
        connection = await scene.connection()
        try:
            passed_over = await connection.fetchval(_PASSED_OVER)
            tries = await connection.fetchval(_TRIES, fault.peer)
        finally:
            await connection.close()
        after = await look(scene, every_notice=False)
        course = Course(begun_s, from_s, to_s, raised_s, cleared_s, passed_over, tries, rest)
        return line_of(name, fault, after, course)


async def _begin(scene: Scene, fault: Fault) -> None:
    if fault.order is None:
        await scene.door(fault.peer, open_=False)
    else:
        await scene.order(fault.peer, {"for": "all", **fault.order})


async def _end(scene: Scene, fault: Fault) -> None:
    if fault.order is None:
        await scene.door(fault.peer, open_=True)
    else:
        await scene.order(fault.peer, None)


async def _raised(scene: Scene, until_s: float) -> float | None:
    """Return when the house said that a way out is dead, None if it did not by then."""
    return await _when(scene, until_s, lambda rows: bool(rows))


async def _cleared(scene: Scene, until_s: float) -> float | None:
    """Return when the house took it back, None if it did not by then."""
    return await _when(scene, until_s, lambda rows: bool(rows) and all(row["cleared_at"] for row in rows))


async def _when(scene: Scene, until_s: float, so: Callable[[Sequence[asyncpg.Record]], bool]) -> float | None:
    connection = await scene.connection()
    try:
        while time.monotonic() < until_s:
            if so(await connection.fetch(_FAULT)):
                return time.monotonic()
            await asyncio.sleep(LOOK_EVERY_S)
    finally:
        await connection.close()
    return None


@dataclass(frozen=True, slots=True)
class Course:
    """How one fault went. Monotonic seconds; None: it did not come. tries: of the notice that was tried most."""

    begun_s: float
    from_s: float
    to_s: float
    raised_s: float | None
    cleared_s: float | None
    passed_over: int
    tries: int
    rest: bool


def line_of(name: str, fault: Fault, after: Aftermath, course: Course) -> Line:
    """Say what became of the notices of both providers."""
    from_s, to_s = course.from_s, course.to_s
    calm = after.notice_seconds(fault.other, course.begun_s, from_s)
    living, failing = (after.notice_seconds(peer, from_s, to_s) for peer in (fault.other, fault.peer))
    raised = None if course.raised_s is None else course.raised_s - from_s
    cleared = None if course.cleared_s is None else course.cleared_s - to_s
    figures = (
        f"{to_s - from_s:.0f} s  {fault.other} {_percentiles(living)} (before {_percentiles(calm)})  {fault.peer} "
        f"{_percentiles(failing)}, at most {course.tries} tries, passed over {course.passed_over} times  received "
        f"again under one id {after.twice}  never received {after.never_received}  fault raised after "
        f"{_said(raised)}, taken back {_said(cleared)} after the end"
    )
    wanted = [Wanted(f"{name}: p99 of {fault.other}, s", percentile(living, 99), SAME * max(percentile(calm, 99), 1.0))]
    checks = [
        *after.all_checks(course.rest),
        Check("faults not raised", int(raised is None), 0),
        Check("faults not taken back", int(raised is not None and cleared is None), 0),
    ]
    return Line(name, figures, checks, wanted)


def percentile(figures: Sequence[float], percent: float) -> float:
    """Return the smallest figure that so many of a hundred do not exceed; 0 without any."""
    ordered = sorted(figures)
    return ordered[max(0, -(-len(ordered) * int(percent) // 100) - 1)] if ordered else 0.0


def _percentiles(figures: Sequence[float]) -> str:
    if not figures:
        return "none"
    return f"p50 {percentile(figures, 50):.2f} p99 {percentile(figures, 99):.2f} s"


def _said(seconds: float | None) -> str:
    return "never" if seconds is None else f"{seconds:.1f} s"
