"""PostgreSQL is frozen, all its processes at once, as a machine whose hypervisor holds its breath; then it goes on."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from load.chaos.aftermath import look, settled
from load.chaos.line import Line, Wanted, seconds
from load.chaos.scene import Plan, Tell, a_scene
from load.processes import children_of

SPANS_S: Final = (3.0, 10.0, 40.0)
"""Within a transaction's deadline, past it, and past all that was under way."""
CALM_S: Final = 4.0
AFTER_S: Final = 4.0
PER_S: Final = 8.0
BACK_WITHIN_S: Final = 5.0


async def frozen(tell: Tell) -> list[Line]:
    """Freeze the database for each of the spans, and look what became of the alarms."""
    return [await freeze(span_s, tell) for span_s in SPANS_S]


async def freeze(span_s: float, tell: Tell) -> Line:
    name, plan = f"frozen {span_s:g} s", Plan(per_s=PER_S, seconds=CALM_S + span_s + AFTER_S)
    async with a_scene(name, plan, tell) as scene:
        begun_s = time.monotonic()
        pressing = asyncio.create_task(scene.wearers.press(plan.per_s, plan.seconds))
        await asyncio.sleep(CALM_S)
        with _held(scene.house.database.pid):
            from_s = time.monotonic()
            await asyncio.sleep(span_s)
            to_s = time.monotonic()
        await pressing
        rest = await settled(scene)
        after = await look(scene)
        owed = after.acked_later(to_s)
        ready_s = scene.ready_again_s(to_s)
        unready = scene.unready(from_s, to_s)
        figures = (
            f"presses {len(after.presses)} acked {len(after.acked)} lost {after.lost}  waiting at its end {len(owed)}, "
            f"acked after {seconds(owed)}  press to ack before {seconds(after.ack_seconds(begun_s, from_s - 1))}  "
            f"ready again after {_said(ready_s, to_s)} (not ready: {', '.join(sorted(unready)) or 'nobody'})  "
            f"repeats {after.repeats} known  steps late {after.late}, worst {after.steps_late_s:.1f} s, out of order "
            f"{after.out_of_order}  notices twice {after.twice}"
        )
        wanted = [Wanted(f"{name}: all that waited acked after, s", max(owed, default=0.0), BACK_WITHIN_S)]
        return Line(name, figures, after.all_checks(rest), wanted)


@contextmanager
def _held(postmaster: int) -> Iterator[None]:
    """Stop the postmaster first, so that nobody is born meanwhile, and let go of it last."""
    os.kill(postmaster, signal.SIGSTOP)
    children = children_of(postmaster)
    try:
        for pid in children:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in (*children, postmaster):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def _said(at_s: float | None, since_s: float) -> str:
    return "never" if at_s is None else f"{at_s - since_s:.2f} s"
