"""A secret in a log fails the run: the search itself, and a run in which somebody logs one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.files import ROOT
from tests.logged import Logbook

SECRET = "granris-och-tjära"
A_RUN = f'''
import logging

import structlog

from tests.logged import keep

keep("the key of the gate", "{SECRET}")
log = structlog.get_logger()


def test_that_says_it_under_a_name_that_is_masked():
    log.info("opened", key="{SECRET}", password="{SECRET}")
    logging.getLogger("a.library").warning("opened with %s", "{SECRET}")


def test_that_says_it_under_another_name():
    log.info("opened", why="with {SECRET}")


def test_whose_library_says_it():
    logging.getLogger("a.library").warning("opened with {SECRET}")


def test_that_fails_with_it_in_its_words():
    try:
        raise ValueError("{SECRET}")
    except ValueError:
        log.exception("failed")
'''


def test_a_line_with_a_secret_in_it_is_told_by_the_secrets_name() -> None:
    book = Logbook()
    book.keep("the key", SECRET)
    book.hear('{"event": "opened", "key": "…"}')
    assert book.told() == []
    book.hear(f"opened with {SECRET}")
    assert book.told() == [f"the key in: opened with {SECRET}"]
    assert book.told({"opened with": "what stands in the database"})[1].startswith("what stands in the database in: ")


def test_what_is_too_short_to_be_looked_for_is_not_taken_for_a_secret() -> None:
    with pytest.raises(AssertionError):
        Logbook().keep("a PIN", "1234")


def test_a_run_fails_at_the_tests_that_log_a_secret_and_at_no_others(tmp_path: Path) -> None:
    (tmp_path / "test_run.py").write_text(A_RUN)
    words = ("-q", "-p", "tests.logged", "-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml"))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words, str(tmp_path / "test_run.py")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    failed = {
        line.partition(" - ")[0].rpartition("::")[2] for line in done.stdout.splitlines() if line.startswith("ERROR ")
    }
    assert failed == {"test_that_says_it_under_another_name", "test_whose_library_says_it"}, done.stdout
    assert "the key of the gate" in done.stdout
    assert done.returncode == 1
