"""Where things are, and how one step of work is run, timed and reported."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
LOCAL: Final = ROOT / ".local"
"""Everything made on this machine that is neither installed nor committed."""

COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")

Command = Sequence[str | Path]

TAIL_LINES: Final = 25
"""How much of a failed command's output a person wants to see first."""


class Trouble(Exception):
    """Something outside our hands is missing; the text is one sentence with the remedy."""


NOTHING: Final[Mapping[str, str]] = {}


def step(name: str, command: Command, *, remedy: str, cwd: Path = ROOT, more: Mapping[str, str] = NOTHING) -> None:
    """Run one command quietly and say how long it took.

    more: environment variables on top of ours. Raises Trouble with the remedy and the end of what was said.
    """
    began_s = time.monotonic()
    try:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=cwd,
            env=surroundings(more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise Trouble(f"{name} could not begin ({error}): {remedy}") from error
    if done.returncode != 0:
        tail = "\n".join(COLOUR.sub("", done.stdout).splitlines()[-TAIL_LINES:])
        raise Trouble(f"{name} failed: {remedy}\n{tail}")
    print(f"  {name:<44}{time.monotonic() - began_s:6.1f} s", flush=True)


def run_to_the_end(command: Command, *, cwd: Path = ROOT) -> int:
    """Run a command that speaks for itself and return its exit code.

    Ctrl-C reaches it directly; we wait while it puts its things away instead of killing it in the middle.
    """
    interrupted = False

    def remember(_number: int, _frame: FrameType | None) -> None:
        nonlocal interrupted
        interrupted = True

    before = signal.signal(signal.SIGINT, remember)
    try:
        code = subprocess.run(
            [str(word) for word in command], cwd=cwd, env=surroundings(NOTHING), check=False
        ).returncode
    finally:
        signal.signal(signal.SIGINT, before)
    if interrupted:
        raise KeyboardInterrupt
    return code


def become(command: Command) -> None:
    """Turn into another program; it owns the terminal and its signals from here on. Does not return."""
    words = [str(word) for word in command]
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execve(words[0], words, surroundings(NOTHING))


def surroundings(more: Mapping[str, str]) -> dict[str, str]:
    """Our environment for a child: another virtual environment that happens to be active must not leak in."""
    ours = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONHOME"}}
    return {**ours, **more}
