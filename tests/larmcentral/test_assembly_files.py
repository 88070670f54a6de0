"""What signs answers: made once, the same for everybody who needs it, and none where nobody could share it."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from larmcentral.assembly_files import SECRET_BYTES, answers_secret
from larmcentral.config import Config
from larmcentral.config_file import load_config

ORGANISATION = """
[organisation]
id = "018f5c00-0000-7000-8000-000000000001"
name = "Exempelköping"
committee_id = "018f5c00-0000-7000-8000-000000000002"
"""
PROCESSES = 8


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where an installation keeps its files; not made yet."""
    return tmp_path / "larm"


def config(tmp_path: Path, text: str) -> Config:
    file = tmp_path / "larmcentral.toml"
    file.write_text(ORGANISATION + text)
    return load_config(file)


def embedded(tmp_path: Path, home: Path, text: str = "") -> Config:
    return config(tmp_path, f'[database]\ndata_dir = "{home / "pg"}"\n{text}')


def test_a_secret_is_made_once_and_kept_beside_the_database(tmp_path: Path, home: Path) -> None:
    settings = embedded(tmp_path, home)
    made = answers_secret(settings)
    assert made is not None
    assert len(bytes.fromhex(made.decode())) == SECRET_BYTES
    assert answers_secret(settings) == made
    assert [file.name for file in home.iterdir()] == ["pg-answers.key"]


def test_nobody_else_on_the_machine_may_read_it(tmp_path: Path, home: Path) -> None:
    answers_secret(embedded(tmp_path, home))
    assert stat.S_IMODE((home / "pg-answers.key").stat().st_mode) == 0o600


def test_many_that_start_at_the_same_moment_get_the_same_one(tmp_path: Path, home: Path) -> None:
    settings, together = embedded(tmp_path, home), Barrier(PROCESSES)

    def start(_: int) -> bytes | None:
        together.wait()
        return answers_secret(settings)

    with ThreadPoolExecutor(PROCESSES) as pool:
        made = set(pool.map(start, range(PROCESSES)))
    assert len(made) == 1
    assert None not in made
    assert [file.name for file in home.iterdir()] == ["pg-answers.key"], "what was made in vain is gone"


def test_two_installations_have_two_secrets(tmp_path: Path, home: Path) -> None:
    assert answers_secret(embedded(tmp_path, home)) != answers_secret(embedded(tmp_path, home / "other"))


def test_what_the_settings_say_counts_and_nothing_is_made(tmp_path: Path, home: Path) -> None:
    (tmp_path / "answers").write_text("i en fil\n")
    settings = embedded(tmp_path, home, f'[answers]\nsecret_file = "{tmp_path / "answers"}"\n')
    assert answers_secret(settings) == b"i en fil"
    assert not home.exists()


def test_with_a_database_elsewhere_and_no_secret_said_answers_are_not_offered(tmp_path: Path) -> None:
    assert answers_secret(config(tmp_path, '[database]\ndsns = ["postgresql://db/larm"]\n')) is None


def test_with_a_database_elsewhere_it_is_made_of_the_sealing_key_that_all_processes_have(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("ab" * 32 + "\n")
    elsewhere = config(
        tmp_path, '[database]\ndsns = ["postgresql://db.example/larm"]\n[secrets]\nsealing_key_file = "key"\n'
    )
    made = answers_secret(elsewhere)
    assert made == answers_secret(elsewhere)
    assert made is not None
    assert len(made) >= SECRET_BYTES
    assert b"abab" not in made
