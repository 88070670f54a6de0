"""The virtual environment: made once, filled from hash-pinned lock files, skipped while they are unchanged."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from pathlib import Path
from typing import Final

from dev.steps import ROOT, Trouble, step

VENV: Final = ROOT / ".venv"
PYTHON: Final = VENV / "bin" / "python"
LOCKS: Final = ROOT / "ops" / "locks"
STAMP: Final = VENV / "larmcentral-locks.json"
"""Which lock files have been installed, by their hashes."""

REGISTRY_REMEDY: Final = "see that the package registry (or your mirror of it) can be reached, then run the same again"


def make_environment() -> None:
    """Make .venv where there is none that works, and put uv in it, which installs the rest in a third of the time."""
    if not (PYTHON.exists() and (VENV / "bin" / "pip").exists()):
        _require_venv()
        step(
            "make .venv",
            [sys.executable, "-m", "venv", "--clear", VENV],
            remedy="free some disk space or remove .venv, then run the same again",
        )
    install("uv.txt", "install uv", with_pip=True)


def install(lock: str, what: str, *, with_pip: bool = False) -> None:
    """Install what a lock file names, unless it has been done; every download is checked against its hashes."""
    file = LOCKS / lock
    wanted = _fingerprint(file)
    if _stamps().get(lock) == wanted:
        return
    locked = ("--quiet", "--require-hashes", "-r", file)
    pip = (PYTHON, "-m", "pip", "install", "--disable-pip-version-check", *locked)
    uv = (VENV / "bin" / "uv", "pip", "install", "--python", PYTHON, *locked)
    try:
        step(what, pip if with_pip else uv, remedy=REGISTRY_REMEDY)
    except Trouble as trouble:
        if with_pip:
            raise
        # uv does not read pip's settings, and a mirror is often named only there.
        print(f"  uv could not ({str(trouble).splitlines()[-1].strip()}); trying pip, which is slower", flush=True)
        step(f"{what} with pip", pip, remedy=REGISTRY_REMEDY)
    _remember(lock, wanted)


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
        name = lock.relative_to(ROOT)
        raise Trouble(f"{name} is missing: restore it with 'git checkout -- {name}'")
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _stamps() -> dict[str, str]:
    try:
        stamps: dict[str, str] = json.loads(STAMP.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return stamps


def _remember(lock: str, fingerprint: str) -> None:
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(json.dumps(_stamps() | {lock: fingerprint}, indent=1))
    fresh.replace(STAMP)
