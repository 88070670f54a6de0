"""The virtual environment: made once, filled from hash-pinned lock files, skipped while they are unchanged."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dev.steps import ROOT, Trouble, step

VENV: Final = ROOT / ".venv"
PYTHON: Final = VENV / "bin" / "python"
LOCKS: Final = ROOT / "ops" / "locks"
STAMP: Final = VENV / "larmcentral-locks.json"
"""Which lock files have been installed, by their hashes."""

REGISTRY_REMEDY: Final = "check that the package registry (or your mirror of it) can be reached, then run the same again"


def make_environment() -> None:
    """Make .venv where there is none that works, and put uv in it, which installs the rest in a third of the time."""
    if not (PYTHON.exists() and (VENV / "bin" / "pip").exists()):
        _require_venv()
        step(
            "make .venv",
            [sys.executable, "-m", "venv", "--clear", VENV],
            remedy="free some disk space or remove .venv, then run the same again",
        )
    install(["uv.txt"], "install uv", with_pip=True)


def install(locks: Sequence[str], what: str, *, with_pip: bool = False) -> None:
    """Install what the lock files name, unless it has been done; every file is checked against its hashes."""
    done = _stamps()
    wanted = {lock: _fingerprint(LOCKS / lock) for lock in locks}
    if all(done.get(lock) == fingerprint for lock, fingerprint in wanted.items()):
        return
    files = [word for lock in locks for word in ("-r", str(LOCKS / lock))]
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", *files]
    uv = [VENV / "bin" / "uv", "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", *files]
    try:
        step(what, pip if with_pip else uv, remedy=REGISTRY_REMEDY)
    except Trouble as trouble:
        if with_pip:
            raise
        # uv does not read pip's settings, and a mirror is often named only there.
        print(f"  uv could not ({str(trouble).splitlines()[-1].strip()}); trying pip, which is slower", flush=True)
        step(f"{what} with pip", pip, remedy=REGISTRY_REMEDY)
    _remember(wanted)


def site_packages() -> Path:
    """Where the environment keeps its packages."""
    return next(iter((VENV / "lib").glob("python3*/site-packages")))


def _require_venv() -> None:
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        raise Trouble(
            f"this Python has no {' and no '.join(missing)}: run 'apt-get install {package}' as root "
            "(or use a Python that is whole), then run the same again"
        )


def _fingerprint(lock: Path) -> str:
    if not lock.exists():
        raise Trouble(f"{lock.relative_to(ROOT)} is missing: restore it with 'git checkout -- {lock.relative_to(ROOT)}'")
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _stamps() -> dict[str, str]:
    try:
        stamps: dict[str, str] = json.loads(STAMP.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return stamps


def _remember(installed: dict[str, str]) -> None:
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(json.dumps(_stamps() | installed, indent=1))
    fresh.replace(STAMP)
