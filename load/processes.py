"""Processes of the house under load: started in sessions of their own, ended by their ids, timed by the kernel."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
END_S: Final = 15.0
TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")
FILES_WANTED: Final = 65_536
"""A connection is a file; 20,000 watches and a generator's own do not fit into the usual limit."""


def allow_many_files() -> int:
    """Raise the limit of open files for us and our children as far as the machine lets us; return it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < FILES_WANTED:
        for wanted in ((FILES_WANTED, max(hard, FILES_WANTED)), (min(hard, FILES_WANTED), hard)):
            with suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_NOFILE, wanted)
                break
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


class Crew:
    """All processes that we started, by name, so that none outlives us."""

    def __init__(self) -> None:
        self._processes: dict[str, asyncio.subprocess.Process] = {}

    async def start(
        self,
        name: str,
        *words: str,
        log: Path,
        limit_bytes: int = 2**20,
    ) -> asyncio.subprocess.Process:
        """Start `python words...`; what it complains of goes to the log."""
        with log.open("ab") as file:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *words,
                cwd=ROOT,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=file,
                start_new_session=True,
                limit=limit_bytes,
            )
        self._processes[name] = process
        return process

    @property
    def pids(self) -> Mapping[str, int]:
        """The ids of those that run, by name."""
        return {name: one.pid for name, one in self._processes.items() if one.returncode is None}

    def fallen(self) -> list[str]:
        """Return the names of those that ended by themselves."""
        return [name for name, one in self._processes.items() if one.returncode is not None]

    async def end(self, *names: str) -> None:
        """End these, in this order; nothing happens to those that are gone."""
        for name in names:
            process = self._processes.pop(name, None)
            if process is None or process.returncode is not None:
                continue
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(END_S):
                    await process.communicate()
            except TimeoutError:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()

    async def end_all(self) -> None:
        """End whoever is left, last come first gone."""
        await self.end(*reversed(list(self._processes)))


def cpu_s(pid: int) -> float:
    """Return the seconds of processor that a process has used, its ended children included; 0 if it is gone."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    fields = said.rpartition(")")[2].split()
    return sum(int(ticks) for ticks in fields[11:15]) / TICKS_PER_S


def children_of(pid: int) -> list[int]:
    """Return the ids of a process's children."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(FileNotFoundError, ProcessLookupError, IndexError):
                if int((folder / "stat").read_text("ascii", "replace").rpartition(")")[2].split()[1]) == pid:
                    found.append(int(folder.name))
    return found


def busy_s() -> float:
    """Return the seconds of processor that all programs of the machine have used since it started."""
    fields = Path("/proc/stat").read_text("ascii").splitlines()[0].split()[1:]
    user, nice, system, _, _, irq, softirq, *_ = (int(ticks) for ticks in fields)
    return (user + nice + system + irq + softirq) / TICKS_PER_S


def spent(pids: Mapping[str, int], database_pid: int) -> dict[str, float]:
    """Return the seconds of processor by part of the house; the database is its server and all its children."""
    used = {name: cpu_s(pid) for name, pid in pids.items()}
    used["postgresql"] = sum(_of(database_pid, children_of(database_pid)))
    used["load"] = cpu_s(os.getpid())
    used["machine"] = busy_s()
    return used


def _of(pid: int, children: Iterable[int]) -> list[float]:
    return [cpu_s(each) for each in (pid, *children)]


OTHERS: Final = "other programs"
"""All that is not of the house; with much of it, times say more about the machine than about the server."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one part of the house used of the machine while the run was counted. cores: 1 is a whole one."""

    name: str
    cores: float


async def count_parts(crew: Crew, database_pid: int, from_s: float, for_s: float) -> list[Part]:
    """Watch what every part uses in a span of monotonic time that is still to come."""
    await asyncio.sleep(max(0.0, from_s - time.monotonic()))
    before = spent(crew.pids, database_pid)
    await asyncio.sleep(max(0.0, from_s + for_s - time.monotonic()))
    after = spent(crew.pids, database_pid)
    used = {name: (after[name] - before.get(name, 0.0)) / for_s for name in after}
    machine = used.pop("machine")
    others = max(0.0, machine - sum(used.values()))
    return [*(Part(name, cores) for name, cores in used.items()), Part(OTHERS, others)]
