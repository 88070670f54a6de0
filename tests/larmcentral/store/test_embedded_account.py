"""Under whose account the server runs: as root, as an ordinary user, and where it cannot."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from larmcentral.store.embedded import start
from larmcentral.store.embedded_account import NOBODY, account_for
from larmcentral.store.embedded_errors import ClusterNotOurs
from tests.larmcentral.store.processes import START_AND_STOP, WHOSE, as_nobody, told_by

AS_ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not AS_ROOT, reason="only root can hand a process to another user")


@needs_root
async def test_as_root_the_server_runs_as_nobody_inside_a_closed_folder(empty_folder: Path) -> None:
    empty_folder.parent.chmod(0o700)
    server = await start(empty_folder, settings={})
    status = Path(f"/proc/{server.pid}/status").read_text()
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)

    assert set(fields["Uid"].split()) == {str(NOBODY)}
    assert fields["Groups"].strip() == ""
    assert int(fields["CapEff"], 16).bit_count() == int(fields["CapBnd"], 16).bit_count() == 1
    assert empty_folder.parent.stat().st_mode & 0o777 == 0o700


@needs_root
def test_root_without_dac_read_search_as_in_docker_reaches_the_data_too(empty_folder: Path) -> None:
    empty_folder.parent.chmod(0o700)
    less = "-dac_read_search"
    said = told_by(empty_folder, START_AND_STOP, f"--inh-caps={less}", f"--bounding-set={less}")

    assert said == f"pid of uid {NOBODY}, adopted False, stopped True"


@needs_root
async def test_an_ordinary_user_runs_its_own_server(empty_folder: Path) -> None:
    empty_folder.parent.chmod(0o755)
    empty_folder.mkdir()
    shutil.chown(empty_folder, NOBODY)

    assert as_nobody(empty_folder, START_AND_STOP) == f"pid of uid {NOBODY}, adopted False, stopped True"
    server = await start(empty_folder, settings={})  # root takes the same empty_folder over, under its owner
    assert Path(f"/proc/{server.pid}").stat().st_uid == NOBODY


@needs_root
def test_an_ordinary_user_is_told_whose_the_data_folder_is(empty_folder: Path) -> None:
    empty_folder.parent.chmod(0o755)
    empty_folder.mkdir(mode=0o755)

    assert as_nobody(empty_folder, WHOSE) == f"{empty_folder} belongs to uid 0 and this process runs as uid {NOBODY}"


@needs_root
def test_a_uid_without_a_passwd_entry_is_told_so(empty_folder: Path) -> None:
    os.chown(empty_folder.parent, 54321, 54321)

    assert as_nobody(empty_folder, WHOSE, uid=54321).startswith("uid 54321 has no entry in /etc/passwd")


def test_another_users_folder_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)

    with pytest.raises(ClusterNotOurs, match="or choose another data folder"):
        account_for(tmp_path, Path(sys.executable))


@pytest.mark.parametrize(
    ("bounding_set", "mode", "kept"),
    [
        (0b110, 0o755, "+dac_read_search"),
        (0b110, 0o700, "+dac_override"),
        (0b010, 0o755, "+dac_override"),
        (0b000, 0o755, None),
    ],
)
def test_root_keeps_the_least_capability_that_reaches_the_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bounding_set: int, mode: int, kept: str | None
) -> None:
    postgres = tmp_path / "postgres"
    postgres.touch(mode=mode)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr("larmcentral.store.embedded_account._bounding_set", lambda: bounding_set)
    options = account_for(tmp_path / "none", postgres).prefix[-3:]

    assert {option.partition("-all")[2].lstrip(",") or None for option in options} == {kept}
