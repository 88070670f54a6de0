"""Is anything that we install known to be unsafe? Looked up in a folder of advisories on this machine, without network.

LARM_ADVISORIES names the folder: files in the Open Source Vulnerability format (OSV schema 1), one advisory
a .json file or many in a .zip, at any depth, as osv.dev hands them out for PyPI and for npm. What is looked up are the
exact versions of ops/locks/*.txt and of every package-lock.json.
Exit code 1 if one of them is affected. Without a folder nothing is looked up, and that is said.
"""

from __future__ import annotations

import json
import os
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

ROOT: Final = Path(__file__).resolve().parents[2]
SETTING: Final = "LARM_ADVISORIES"
PYPI, NPM = "PyPI", "npm"
PINNED: Final = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
PLAIN: Final = re.compile(r"[0-9]+(?:\.[0-9]+)*")
BY_VERSION: Final = frozenset({"ECOSYSTEM", "SEMVER"})
"""Kinds of range that speak of versions; the third speaks of commits."""


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """Something that a lock file installs. where: the lock file, from the root."""

    ecosystem: str
    name: str
    version: str
    where: str


def locked(root: Path) -> list[Package]:
    """Return every version that the lock files pin."""
    found = []
    for lock in sorted((root / "ops" / "locks").glob("*.txt")):
        where = lock.relative_to(root).as_posix()
        found += [
            Package(PYPI, canonicalize_name(name), said, where) for name, said in PINNED.findall(lock.read_text())
        ]
    for lock in sorted(root.glob("larmcentral/web/package-lock.json")):
        where = lock.relative_to(root).as_posix()
        for path, about in json.loads(lock.read_text())["packages"].items():
            name = about.get("name") or path.rpartition("node_modules/")[2]
            if path and "version" in about:
                found.append(Package(NPM, name, about["version"], where))
    return sorted(set(found))


def advisories(folder: Path) -> Iterator[Mapping[str, Any]]:
    """Read every advisory of a folder. Raises ValueError for a file that is none."""
    for path in sorted(folder.rglob("*.json")):
        yield from _read(path.read_bytes(), str(path))
    for path in sorted(folder.rglob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".json"):
                    yield from _read(archive.read(name), f"{path}: {name}")


def _read(said: bytes, where: str) -> Iterator[Mapping[str, Any]]:
    advisory = json.loads(said)
    if not isinstance(advisory, dict) or "id" not in advisory:
        raise ValueError(f"{where} is no advisory in the OSV format")
    if "withdrawn" not in advisory:
        yield advisory


def hits(packages: Sequence[Package], known: Iterator[Mapping[str, Any]]) -> list[tuple[str, Package]]:
    """Return which advisories speak of which of these packages: id and package, each once."""
    by_name: dict[tuple[str, str], list[Package]] = {}
    for package in packages:
        by_name.setdefault((package.ecosystem, package.name), []).append(package)
    return sorted(
        {
            (str(advisory["id"]), package)
            for advisory in known
            for affected in advisory.get("affected", ())
            for package in by_name.get(_named(affected), ())
            if affects(affected, package.version)
        }
    )


def _named(affected: Mapping[str, Any]) -> tuple[str, str]:
    package = affected.get("package", {})
    ecosystem, name = str(package.get("ecosystem", "")), str(package.get("name", ""))
    return ecosystem, canonicalize_name(name) if ecosystem == PYPI else name


def affects(affected: Mapping[str, Any], version: str) -> bool:
    """Say whether an advisory's part speaks of a version: it is listed, or it lies in one of the ranges."""
    if version in affected.get("versions", ()):
        return True
    return any(
        _within(one.get("events", ()), version) for one in affected.get("ranges", ()) if one.get("type") in BY_VERSION
    )


def _within(events: Sequence[Mapping[str, str]], version: str) -> bool:
    """Walk a range's events in the order of their versions; the last one not above ours decides."""
    ours, inside = order(version), False
    turns = [(order(said), kind) for event in events for kind, said in event.items() if kind != "limit"]
    for at, kind in sorted(turns):
        if kind == "last_affected":
            inside = inside and ours <= at
        elif at <= ours:
            inside = kind == "introduced"
    return inside


def order(said: str) -> tuple[Version, str]:
    """Return what versions are sorted by. npm's pre-releases with names of their own come before their release."""
    try:
        return Version(said), ""
    except InvalidVersion:
        plain = PLAIN.match(said)
        return Version(f"{plain[0] if plain else '0'}.dev0"), said


def main() -> int:
    """Look everything up; one line in any case."""
    named = os.environ.get(SETTING)
    if not named:
        sys.stdout.write(f"no database of advisories here ({SETTING} names none): nothing was looked up\n")
        return 0
    folder, packages = Path(named), locked(ROOT)
    if not folder.is_dir():
        sys.stdout.write(f"{SETTING} names {named}, which is no folder\n")
        return 1
    read = list(advisories(folder))
    if not read:
        sys.stdout.write(f"{SETTING} names {named}, where no advisory is\n")
        return 1
    found = hits(packages, iter(read))
    for name, package in found:
        sys.stdout.write(f"{name}: {package.name} {package.version} ({package.ecosystem}, {package.where})\n")
    sys.stdout.write(f"{len(packages)} packages looked up in {len(read)} advisories, {len(found)} found\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
