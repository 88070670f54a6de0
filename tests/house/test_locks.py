"""What is installed is pinned by hash, and no lock file says from where."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

import pytest

from tests.house.files import ROOT, named, ours

LOCKS: Final = ROOT / "ops" / "locks"
NAMES: Final = ("runtime", "dev", "web", "uv")

# PEP 503: one name, whatever its case, dots and underscores.
SEPARATORS: Final = re.compile(r"[-_.]+")
PINNED: Final = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==\S+", re.MULTILINE)
HASHED: Final = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")
WANTED: Final = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)", re.MULTILINE)


def usual(name: str) -> str:
    return SEPARATORS.sub("-", name).lower()


def requirements(lock: Path) -> list[str]:
    """The blocks of a lock file, each a pinned name with its hashes."""
    joined = lock.read_text().replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]


@pytest.mark.parametrize("name", NAMES)
def test_every_requirement_of_a_lock_is_pinned_and_hashed(name: str) -> None:
    blocks = requirements(LOCKS / f"{name}.txt")

    assert blocks
    assert [block for block in blocks if not (PINNED.match(block) and HASHED.search(block))] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_lock_says_where_a_package_comes_from(name: str) -> None:
    assert re.findall(r"\w+://\S+|--(?:extra-)?index-url|--find-links| @ ", (LOCKS / f"{name}.txt").read_text()) == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_asked_for_is_locked(name: str) -> None:
    wanted = {usual(match) for match in WANTED.findall((LOCKS / f"{name}.in").read_text())}
    locked = {usual(match) for match in PINNED.findall((LOCKS / f"{name}.txt").read_text())}

    assert wanted - locked == set()


def test_the_developers_lock_agrees_with_the_servers() -> None:
    """Tests must run on the versions that serve."""
    runtime, dev = (
        {block.split("==")[0]: block.split()[0] for block in requirements(LOCKS / f"{name}.txt")}
        for name in ("runtime", "dev")
    )

    assert {name: dev[name] for name in dev if name in runtime and dev[name] != runtime[name]} == {}


def test_no_lock_format_that_carries_addresses_is_committed() -> None:
    foul = re.compile(r"(?:uv\.lock|pylock(?:\..+)?\.toml|poetry\.lock|Pipfile\.lock|yarn\.lock|pnpm-lock\.yaml)")

    assert [named(file) for file in ours() if foul.fullmatch(file.name)] == []


def test_every_package_lock_leaves_out_the_addresses_and_keeps_the_hashes() -> None:
    for lock in (file for file in ours() if file.name == "package-lock.json"):
        packages = json.loads(lock.read_text())["packages"]
        installed = {name: package for name, package in packages.items() if name and not package.get("link")}

        assert [name for name, package in packages.items() if "resolved" in package] == [], named(lock)
        assert [name for name, package in installed.items() if "integrity" not in package] == [], named(lock)
        assert "omit-lockfile-registry-resolved=true" in (lock.parent / ".npmrc").read_text().splitlines()
