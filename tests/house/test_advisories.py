"""The look-up of known faults in what we install: versions, ranges, and what is said where there is nothing to ask."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from dev.advisories import NPM, PYPI, Package, advisories, affects, hits, locked, order
from tests.house.files import ROOT

PROGRAM = ROOT / "ops" / "dev" / "advisories.py"


def advisory(name: str, ecosystem: str, *, identity: str = "TEST-2026-1", **affected: Any) -> dict[str, Any]:
    return {"id": identity, "affected": [{"package": {"name": name, "ecosystem": ecosystem}, **affected}]}


def between(introduced: str, **until: str) -> dict[str, Any]:
    return {"ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": introduced}, until]}]}


@pytest.mark.parametrize(
    ("version", "found"),
    [("1.9.9", False), ("2.0", True), ("2.0.0", True), ("2.5rc1", True), ("2.5", False), ("10.0", False)],
)
def test_a_range_holds_from_where_it_was_introduced_to_before_it_was_mended(version: str, found: bool) -> None:
    assert affects(between("2.0.0", fixed="2.5"), version) is found


@pytest.mark.parametrize(("version", "found"), [("0.1", True), ("2.5", True), ("2.5.1", False)])
def test_a_range_may_name_its_last_version_and_none_as_its_first(version: str, found: bool) -> None:
    assert affects(between("0", last_affected="2.5"), version) is found


def test_a_fault_may_come_back() -> None:
    events = [{"introduced": "3.0"}, {"fixed": "1.2"}, {"introduced": "0"}, {"fixed": "3.1"}]
    both = {"ranges": [{"type": "SEMVER", "events": events}]}
    assert [affects(both, one) for one in ("1.0", "1.2", "2.9", "3.0", "3.1")] == [True, False, False, True, False]


def test_a_listed_version_is_found_and_a_range_of_commits_is_not_looked_at() -> None:
    commits = {"type": "GIT", "events": [{"introduced": "0"}]}
    assert affects({"versions": ["1.4.2"], "ranges": [commits]}, "1.4.2")
    assert not affects({"versions": ["1.4.2"], "ranges": [commits]}, "1.4.3")


def test_npms_own_pre_releases_come_before_their_release() -> None:
    assert order("1.0.0-canary.7f") < order("1.0.0") < order("1.0.1-next.3") < order("1.0.1")


def test_everything_that_is_locked_is_looked_up() -> None:
    packages = locked(ROOT)
    assert {"fastapi", "schemathesis", "uv"} <= {one.name for one in packages if one.ecosystem == PYPI}
    assert {"preact", "vite"} <= {one.name for one in packages if one.ecosystem == NPM}


def test_a_package_is_found_under_its_own_name_in_its_own_ecosystem_and_each_advisory_once(tmp_path: Path) -> None:
    ours = Package(PYPI, "typing-extensions", "4.1", "ops/locks/dev.txt")
    known = [
        advisory("Typing_Extensions", PYPI, **between("0", fixed="5")),
        advisory("typing-extensions", NPM, identity="TEST-2026-2", **between("0", fixed="5")),
        advisory("typing-extensions", PYPI, identity="TEST-2026-3", **between("0", fixed="4")),
        advisory("typing-extensions", PYPI, identity="TEST-2026-4", **between("0", fixed="5")) | {"withdrawn": "2026"},
    ]
    for number, one in enumerate(known):
        (tmp_path / f"{number}.json").write_text(json.dumps(one))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("again.json", json.dumps(known[0]))
    assert hits([ours], advisories(tmp_path)) == [("TEST-2026-1", ours)]


def run(folder: str | None) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "LARM_ADVISORIES"}
    said = kept if folder is None else kept | {"LARM_ADVISORIES": folder}
    return subprocess.run([sys.executable, PROGRAM], env=said, capture_output=True, text=True, check=False)


def test_where_there_is_no_database_that_is_said_in_one_line() -> None:
    done = run(None)
    assert (done.returncode, done.stdout.count("\n"), done.stderr) == (0, 1, "")
    assert "nothing was looked up" in done.stdout


def test_a_made_up_advisory_against_what_we_install_fails_the_check(tmp_path: Path) -> None:
    (tmp_path / "made-up.json").write_text(json.dumps(advisory("FastAPI", PYPI, **between("0"))))
    done = run(str(tmp_path))
    assert done.returncode == 1
    assert done.stdout.startswith("TEST-2026-1: fastapi ")


@pytest.mark.parametrize("content", [None, "{}", "[]"])
def test_a_folder_that_holds_no_advisory_is_not_taken_for_good_news(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "one.json").write_text(content)
    assert run(str(tmp_path)).returncode == 1
