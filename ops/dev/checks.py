"""./dev check: everything that can be said about the code without running the server."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dev import web_setup
from dev.python_setup import PYTHON
from dev.steps import ROOT, Command, surroundings

AT_ONCE: Final = 2
"""Cores of the smallest machine that we develop on."""

HOUSE: Final = "tests/house"
TRACKED: Final = f"{HOUSE}/test_tracked_files.py"
LICENCES: Final = f"{HOUSE}/test_licences.py"


@dataclass(frozen=True, slots=True)
class Check:
    """One command that exits with 1 about bad code. says: what it says about good code is shown, too."""

    name: str
    command: Command
    cwd: Path = ROOT
    says: bool = False


def all_checks() -> list[Check]:
    """The longest first, so that two cores end at about the same time."""
    pytest = (PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    house = (*pytest, HOUSE, f"--ignore={TRACKED}", f"--ignore={LICENCES}")
    layers = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    checks = [
        Check("types (mypy, strict)", (PYTHON, "-m", "mypy", "--no-error-summary")),
        Check("house rules", house),
        Check("layers (import-linter)", (PYTHON, "-c", layers)),
        Check("licences", (*pytest, LICENCES)),
        Check("advisories", (PYTHON, ROOT / "ops" / "dev" / "advisories.py"), says=True),
        Check("no hosts, paths or secrets", (*pytest, TRACKED)),
        Check("lint (ruff)", (PYTHON, "-m", "ruff", "check", "--quiet", "--output-format=concise", ".")),
        Check("format (ruff)", (PYTHON, "-m", "ruff", "format", "--check", "--output-format=concise", ".")),
    ]
    if web_setup.is_there():
        tsc = (*web_setup.script("typescript", "bin", "tsc"), "--noEmit")
        checks.insert(1, Check("web types (tsc)", tsc, web_setup.WEB))
    return checks


def run(checks: Sequence[Check]) -> int:
    """Run them all, show one line each and the words of those that failed; 1 if any did."""
    began_s = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        failed = [check for check, good in zip(checks, pool.map(_good, checks), strict=True) if not good]
    verdict = "all good" if not failed else f"{len(failed)} failed: " + ", ".join(check.name for check in failed)
    print(f"{len(checks)} checks in {time.monotonic() - began_s:.1f} s, {verdict}", flush=True)
    return 1 if failed else 0


def _good(check: Check) -> bool:
    began_s = time.monotonic()
    done = subprocess.run(
        [str(word) for word in check.command],
        cwd=check.cwd,
        env=surroundings({"PYTHONDONTWRITEBYTECODE": "1"}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    good = done.returncode == 0
    line = f"{'ok    ' if good else 'FAILED'} {check.name:<32}{time.monotonic() - began_s:6.1f} s"
    words = done.stdout.rstrip()
    if good:
        print(f"{line}  {words.rpartition(chr(10))[2]}" if check.says else line, flush=True)
    else:
        print(f"{line}\n{words}\n", flush=True)
    return good
