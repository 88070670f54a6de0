"""What a process holds of the machine just now: memory, descriptors, threads. Read from /proc."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

GONE: Final = (FileNotFoundError, ProcessLookupError)


@dataclass(frozen=True, slots=True)
class Holding:
    """rss_mb: resident memory, 2^20 bytes each. peak_mb: its highest since the process began."""

    rss_mb: float
    peak_mb: float
    descriptors: int
    threads: int


def holding(pid: int) -> Holding | None:
    """Return what a process of ours holds; None if it is gone."""
    with suppress(*GONE):
        lines = Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines()
        said = {name: value.split() for name, _, value in (line.partition(":") for line in lines)}
        descriptors = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
        if "VmRSS" in said:  # a process that has ended and is not yet waited for has none
            rss_mb, peak_mb = (int(said[name][0]) / 1024 for name in ("VmRSS", "VmHWM"))
            return Holding(rss_mb, peak_mb, descriptors, int(said["Threads"][0]))
    return None
