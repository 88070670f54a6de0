"""Stories that other processes live through: killed ones, and those of other users."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from larmcentral.store.embedded_account import NOBODY

ROOT = Path(__file__).parents[3]

START_AND_WAIT = """
async def main(folder):
    server = await start(folder, settings={})
    print("pid", server.pid, flush=True)
    await server.ended()
"""

START_AND_STOP = """
import os, pathlib
async def main(folder):
    server = await start(folder, settings={})
    owner = pathlib.Path(f"/proc/{server.pid}").stat().st_uid
    await server.stop()
    print(f"pid of uid {owner}, adopted {server.adopted}, stopped {not server.is_running()}")
"""

WHOSE = """
async def main(folder):
    try:
        await start(folder, settings={})
    except EmbeddedServerError as error:
        print(str(error).partition(":")[0])
"""


def start_of(story: str) -> str:
    """A program that runs main(folder) of a story."""
    heading = "import asyncio, pathlib, sys\n"
    heading += "from larmcentral.store.embedded import start\n"
    heading += "from larmcentral.store.embedded_errors import EmbeddedServerError\n"
    return f"{heading}{story}\nasyncio.run(main(pathlib.Path(sys.argv[1])))"


def as_nobody(folder: Path, story: str, *, uid: int = NOBODY) -> str:
    """Run a story in a process of an ordinary user; what it printed last."""
    capabilities = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")  # the checkout may be closed
    return told_by(folder, story, f"--reuid={uid}", f"--regid={uid}", "--clear-groups", *capabilities)


def told_by(folder: Path, story: str, *privileges: str) -> str:
    done = subprocess.run(
        ["setpriv", *privileges, sys.executable, "-c", start_of(story), str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={"PYTHONPATH": ".", "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]
