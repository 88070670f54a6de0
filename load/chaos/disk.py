"""The database's disk is full: first for its tables, then for its log as well; after a while somebody makes room."""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Final

import asyncpg

from larmcentral.assembly_database import EMBEDDED_SETTINGS
from larmcentral.store.embedded import EmbeddedServer, start
from larmcentral.store.provided import keep_running
from load.afterwards import Check
from load.chaos.aftermath import Aftermath, look, settled
from load.chaos.line import Line, Wanted, seconds
from load.chaos.scene import LOOK_EVERY_S, ROLES, Plan, Scene, Tell, a_scene

SIZE_MB: Final = 512
PLAN: Final = Plan(per_s=8.0, seconds=36.0)
CALM_S: Final = 4.0
TABLES_S: Final = 10.0
LOG_S: Final = 10.0
BACK_WITHIN_S: Final = 10.0
"""From the moment there is room: PostgreSQL's own recovery, our next try to start it, our next try to write."""
FILL_EVERY_S: Final = 0.02
MOUNT: Final = "mount"
SEEN_WITHIN_S: Final = 5.0
"""The tables have some room of their own left when the disk has none."""
SEGMENTS: Final = 3
"""Of the log, 16 MB each, made while there is room: without them the log would be the first to meet its end."""


class _NoDisk(Exception):
    """There is no small disk to be had here, and why."""


async def disk(tell: Tell) -> list[Line]:
    """Fill the disk under a house that takes alarms, and look what became of them."""
    try:
        with _small_disk() as place:
            return await _play(place, tell)
    except _NoDisk as error:
        return [Line("disk full", "", not_run=str(error))]


async def _play(place: Path, tell: Tell) -> list[Line]:
    data_dir = place / "database"
    async with _stopped_after(data_dir), a_scene("disk full", PLAN, tell, data_dir=data_dir) as scene:
        keeping = asyncio.create_task(keep_running(scene.house.database, settings=EMBEDDED_SETTINGS))
        away = Away(scene.house.dsn)
        watching = asyncio.create_task(away.watch())
        try:
            pressing = asyncio.create_task(scene.wearers.press(PLAN.per_s, PLAN.seconds))
            await _new_segments(scene)
            await asyncio.sleep(CALM_S)
            with _ballast(place / "ballast") as ballast:
                full_s = time.monotonic()
                _fill(ballast)
                tell("disk full: no room for the tables")
                await _keep_full(ballast, TABLES_S)
                log_s = time.monotonic()
                await _use_up_log(scene)
                tell("disk full: no room for the log either")
                await _keep_full(ballast, LOG_S)
            free_s = time.monotonic()
            tell("disk full: there is room again")
            await pressing
            rest = await settled(scene)
            after = await look(scene)
        finally:
            for task in (watching, keeping):
                task.cancel()
            await asyncio.gather(watching, keeping, return_exceptions=True)
        tables = _line("disk full, tables", scene, after, away, full_s, log_s)
        log = _line("disk full, log", scene, after, away, log_s, free_s)
        owed = after.acked_later(free_s)
        ready_s = scene.ready_again_s(free_s)
        back = (
            f"  room made: {len(owed)} waited, acked after {seconds(owed)}, all ready after "
            f"{'never' if ready_s is None else f'{ready_s - free_s:.2f} s'}  lost {after.lost}  repeats "
            f"{after.repeats} known  notices twice {after.twice}"
        )
        wanted = [Wanted("disk full: all that waited acked after, s", max(owed, default=0.0), BACK_WITHIN_S)]
        kept = sum(full_s + SEEN_WITHIN_S < (one.acked_s or 0.0) < log_s for one in after.presses)
        blind = len(frozenset(ROLES) - scene.unready(full_s + SEEN_WITHIN_S, log_s)) if not kept else 0
        return [
            Line("disk full, tables", tables, [Check("roles that said ready while no alarm was kept", blind, 0)]),
            Line("disk full, log", log + back, after.all_checks(rest), wanted),
        ]


def _line(name: str, scene: Scene, after: Aftermath, away: Away, from_s: float, to_s: float) -> str:
    due = [one for one in after.presses if from_s <= one.intended_s < to_s]
    acked = [one for one in due if one.acked_s is not None and one.acked_s < to_s]
    unready = scene.unready(from_s, to_s)
    return (
        f"{to_s - from_s:.0f} s  presses {len(due)}, acked meanwhile {len(acked)}  database away "
        f"{away.seconds(from_s, to_s):.1f} s  not ready: {', '.join(sorted(unready)) or 'nobody'}"
    )


class Away:
    """Asks the database every moment whether it is there."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self.seen: list[tuple[float, bool]] = []

    async def watch(self) -> None:
        """Ask until cancelled."""
        while True:
            self.seen.append((time.monotonic(), await self._answers()))
            await asyncio.sleep(LOOK_EVERY_S)

    def seconds(self, from_s: float, to_s: float) -> float:
        """Return for how long of a span it gave no answer."""
        ends = [at_s for at_s, _ in self.seen[1:]]
        spans = zip(self.seen, ends, strict=False)
        return sum(max(0.0, min(end_s, to_s) - max(at_s, from_s)) for (at_s, there), end_s in spans if not there)

    async def _answers(self) -> bool:
        try:
            connection = await asyncpg.connect(self._dsn, timeout=1.0)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False
        connection.terminate()
        return True


async def _new_segments(scene: Scene) -> None:
    """Let PostgreSQL make room for its log ahead."""
    connection = await scene.connection()
    try:
        for _ in range(SEGMENTS):
            await connection.execute("SELECT pg_switch_wal()")
        await connection.execute("CHECKPOINT")  # what was used is used again
    finally:
        await connection.close()


async def _use_up_log(scene: Scene) -> None:
    """Ask for one new piece of log after another, until there is none and PostgreSQL gives up."""
    with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
        connection = await asyncpg.connect(scene.house.dsn, timeout=5.0)
        try:
            for _ in range(64):
                await connection.execute("SELECT pg_logical_emit_message(true, 'ballast', repeat('x', 1000))")
                await connection.execute("SELECT pg_switch_wal()")
        finally:
            connection.terminate()


@contextmanager
def _ballast(path: Path) -> Iterator[int]:
    """A file that takes all room there is; its end gives it back."""
    file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        yield file
    finally:
        os.close(file)
        path.unlink()


async def _keep_full(ballast: int, seconds: float) -> None:
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        _fill(ballast)
        await asyncio.sleep(FILL_EVERY_S)


def _fill(ballast: int) -> None:
    """Take what is left, in ever smaller pieces: somebody may be quicker, and then all of a piece is refused."""
    space = os.fstatvfs(ballast)
    piece = space.f_bavail * space.f_frsize
    while piece >= space.f_frsize:
        try:
            os.posix_fallocate(ballast, os.fstat(ballast).st_size, piece)
        except OSError:
            piece //= 2
        else:
            space = os.fstatvfs(ballast)
            piece = min(piece, space.f_bavail * space.f_frsize)


@contextmanager
def _small_disk() -> Iterator[Path]:
    """A file system of its own in memory. Raises _NoDisk where we may not mount one."""
    place = Path(tempfile.mkdtemp(prefix="larm-disk-"))
    try:
        if os.geteuid() != 0:
            raise _NoDisk("a small file system is mounted for it, and only root may")
        words = [MOUNT, "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=0700", "larm-chaos", str(place)]
        try:
            done = subprocess.run(words, capture_output=True, text=True, check=False)
        except OSError as error:
            raise _NoDisk(f"no small file system can be mounted here: {error}") from None
        if done.returncode != 0:
            raise _NoDisk(f"no small file system can be mounted here: {done.stderr.strip()[:120]}")
        try:
            yield place
        finally:
            subprocess.run(["umount", str(place)], check=True)
    finally:
        place.rmdir()


@asynccontextmanager
async def _stopped_after(data_dir: Path) -> AsyncIterator[None]:
    """Whichever server runs there in the end is not the one that we began with: find it and stop it."""
    try:
        yield
    finally:
        if (data_dir / "data").exists():
            server: EmbeddedServer = await start(data_dir, settings=EMBEDDED_SETTINGS)
            await server.stop()
