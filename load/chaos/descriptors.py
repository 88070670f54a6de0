"""The receiver may open few files, and more devices come than fit: whoever is connected must not notice."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from devices.watch import Watch
from load.afterwards import Check
from load.chaos.aftermath import look, settled
from load.chaos.line import Line, Wanted, seconds
from load.chaos.scene import Plan, Scene, Tell, watch_of
from load.chaos.supervised import a_supervised_scene
from load.processes import cpu_s
from load.profile import Profile

FILES: Final = 256
MORE: Final = 300
"""Devices, beside those that are connected before."""
CALM_S: Final = 4.0
FULL_S: Final = 12.0
AFTER_S: Final = 6.0
ROOM_WITHIN_S: Final = 5.0
ACK_WITHIN_S: Final = 1.0
BUSY_WANTED: Final = 0.5
"""Of a core: a full receiver must not turn in circles over a connection that it cannot take."""

_REFUSED: Final = re.compile(r"^larm\w*_connections_refused_total\{[^}]*\} ([0-9.]+)", re.MULTILINE)


class _Crowded(Plan):
    """More are enrolled than press."""

    def profile(self, name: str) -> Profile:
        """The house that the plan needs."""
        return replace(super().profile(name), devices=self.wearers + MORE)


PLAN: Final = _Crowded(per_s=4.0, seconds=CALM_S + FULL_S + AFTER_S)


async def descriptors(tell: Tell) -> list[Line]:
    """Fill the receiver with devices, press on those that were there before, and let the rest go again."""
    launched = {"receiver": ("-m", "load.chaos.launched", "--files", str(FILES))}
    async with a_supervised_scene("descriptors", PLAN, tell, launched=launched) as (scene, kept):
        pressing = asyncio.create_task(scene.wearers.press(PLAN.per_s, PLAN.seconds))
        begun_s = time.monotonic()
        await asyncio.sleep(CALM_S)
        pid = scene.house.crew.pids["receiver"]
        full_s, used_s = time.monotonic(), cpu_s(pid)
        port = scene.house.ports["watch"]
        more = [watch_of(number, port) for number in range(PLAN.wearers, PLAN.wearers + MORE)]
        lives = [asyncio.create_task(watch.run()) for watch in more]
        tell(f"descriptors: {MORE} more devices for a receiver of {FILES} files")
        try:
            await asyncio.sleep(FULL_S)
            fitted, files = sum(watch.connected for watch in more), _files_of(pid)
            refused = await _refused(scene)
            ready = "receiver" not in await scene.not_ready()
            free_s, busy = time.monotonic(), (cpu_s(pid) - used_s) / FULL_S
        finally:
            await _leave(more, lives)
        room_s = await _room_for(more[-1])
        await pressing
        rest = await settled(scene)
        after = await look(scene)
        said = scene.said(("EMFILE", "too many open files", "Too many open files", "files", "refused"), "receiver")
        meanwhile = after.ack_seconds(full_s, free_s)
        told = [after.notice_seconds(channel, full_s, free_s) for channel in ("apns", "fcm")]
        figures = (
            f"{FILES} files, {PLAN.wearers} devices and {MORE} more, of whom {fitted} fitted (files open {files})  "
            f"refused, as counted by the server {refused:.0f}  lines in its log {said}  ready meanwhile "
            f"{'yes' if ready else 'no'}  presses {len(after.presses)} acked {len(after.acked)} lost {after.lost}  "
            f"press to ack before {seconds(after.ack_seconds(begun_s, full_s))}, full {seconds(meanwhile)}  press to "
            f"notice full: APNs {seconds(told[0])}, FCM {seconds(told[1])}  cores used by the receiver {busy:.2f}  "
            f"room for a newcomer after {'never' if room_s is None else f'{room_s:.2f} s'}"
        )
        own = [
            Check("processes that ended", len(kept.ends), 0),
            Check("devices that fitted, if the limit was not reached at all", int(fitted == MORE), 0),
            Check("limits reached of which the server said nothing", int(refused == 0 and said == 0), 0),
            Check("receivers that never had room again", int(room_s is None), 0),
        ]
        wanted = [
            Wanted("descriptors: worst press to ack while full, s", max(meanwhile, default=0.0), ACK_WITHIN_S),
            Wanted("descriptors: cores used while full", busy, BUSY_WANTED),
            Wanted("descriptors: room after, s", ROOM_WITHIN_S * 2 if room_s is None else room_s, ROOM_WITHIN_S),
        ]
        return [Line("descriptors", figures, [*after.all_checks(rest), *own], wanted)]


def _files_of(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


async def _refused(scene: Scene) -> float:
    """Return how many connections the receiver says it did not take; 0 too where it cannot even say so."""
    with suppress(OSError, TimeoutError):
        return sum(float(count) for count in _REFUSED.findall(await scene.metrics("receiver")))
    return 0.0


async def _leave(more: Sequence[Watch], lives: Sequence[asyncio.Task[None]]) -> None:
    for life in lives:
        life.cancel()
    await asyncio.gather(*lives, return_exceptions=True)
    for watch in more:
        await watch.close()


async def _room_for(watch: Watch) -> float | None:
    """Return after how long one who came too late is answered, now that the others have left."""
    begun_s = time.monotonic()
    life = asyncio.create_task(watch.run())
    try:
        while time.monotonic() < begun_s + 2 * ROOM_WITHIN_S:
            if watch.connected:
                return time.monotonic() - begun_s
            await asyncio.sleep(0.02)
        return None
    finally:
        await _leave([watch], [life])
