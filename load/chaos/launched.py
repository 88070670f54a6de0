"""python -m load.chaos.launched [--files N] [--memory-mb N] [--offset-file F] serve ...: the server, badly off.

The limits and the wrong clock are this process's own. The machine's clock is never touched, and neither is anybody
else's limit.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from larmcentral.clock import SystemClock

NS: int = 1_000_000_000


def step_clocks(offset_file: Path) -> None:
    """Let this process's wall clock be wrong by what the file says, in seconds, from one look to the next.

    The server's own clock and Python's (tokens, cookies, headers of its libraries) step together; what never steps,
    CLOCK_MONOTONIC, is left as it is. A file that is gone or unreadable means an offset of 0.
    """
    true_s, true_ns = time.time, time.time_ns  # noqa: TID251 - what is made wrong here

    def offset_s() -> float:
        try:
            return float(offset_file.read_text("ascii"))
        except (OSError, ValueError):
            return 0.0

    def now(_: SystemClock) -> datetime:
        return datetime.fromtimestamp(true_s(), UTC) + timedelta(seconds=offset_s())

    time.time = lambda: true_s() + offset_s()  # noqa: TID251 - as above
    time.time_ns = lambda: true_ns() + int(offset_s() * NS)
    setattr(SystemClock, "now", now)  # noqa: B010 - an assignment to a method is what mypy refuses, and what is meant


def limit(files: int | None, memory_mb: int | None) -> None:
    """Take from this process what it would need."""
    if files is not None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    if memory_mb is not None:
        resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 2**20, memory_mb * 2**20))


def main() -> None:
    """Read our part of the command line, and be the server with the rest."""
    parser = argparse.ArgumentParser(prog="python -m load.chaos.launched", description=__doc__)
    parser.add_argument("--files", type=int)
    parser.add_argument("--memory-mb", type=int)
    parser.add_argument("--offset-file", type=Path)
    given, rest = parser.parse_known_args()
    limit(given.files, given.memory_mb)
    if given.offset_file is not None:
        step_clocks(given.offset_file)
    from larmcentral.cli import main as serve

    command: Callable[..., object] = serve
    sys.argv[1:] = rest
    command(prog_name="larmcentral")


if __name__ == "__main__":
    main()
