"""larmcentral verify: one line a fault, and an exit code that a script can go by."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from larmcentral.cli import main
from larmcentral.domain.case_file import document
from tests.larmcentral.reports.cases import case_file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    case = case_file()
    (tmp_path / "larm.json").write_bytes(document(case, msgspec.to_builtins(case.detail)))
    return tmp_path / "larm.json"


def test_a_whole_case_is_said_to_be_so_with_its_end(file: Path) -> None:
    ends = case_file().last_hash.hex()
    seal = msgspec.json.decode(file.read_bytes())["sha256"]
    noted = ["verify", str(file), "--last-hash", ends, "--seal", seal]
    result = CliRunner().invoke(main, noted)
    assert (result.exit_code, result.output) == (0, f"ok: 8 entries, last hash {ends}\nseal: {seal}\n")
    other = CliRunner().invoke(main, [*noted[:-1], ends])
    assert (other.exit_code, other.output) == (1, "document: its seal is not the one that was noted elsewhere\n")


def test_what_was_held_against_nothing_is_said(file: Path) -> None:
    result = CliRunner().invoke(main, ["verify", str(file)])
    assert result.exit_code == 0
    assert result.output.splitlines()[2:] == [
        "the end of the account was held against nothing: give --last-hash",
        "facts, signals, notices and names were held against the account alone: give --seal",
    ]


@pytest.mark.parametrize("said", ["\x1b[2K\rok: 8 entries", "8\nok: 8 entries", "ok " * 1000])
def test_nothing_that_a_document_says_reaches_the_terminal_as_it_stands(file: Path, said: str) -> None:
    case = msgspec.json.decode(file.read_bytes())
    case["head"]["entries"] = case["timeline"][-1]["hash"] = said
    file.write_bytes(msgspec.json.encode(case))
    result = CliRunner().invoke(main, ["verify", str(file)])
    assert result.exit_code == 1
    assert "\x1b" not in result.output
    assert all(len(line) < 200 and not line.startswith("ok") for line in result.output.splitlines())


def test_a_file_without_end_is_not_read_to_its_end(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("larmcentral.verify.LIMIT_BYTES", 1000)
    result = CliRunner().invoke(main, ["verify", str(file)])
    assert (result.exit_code, result.output) == (2, "unreadable: larger than 1000 bytes\n")


def test_a_changed_case_is_told_line_by_line(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace("Annas dörr är låst".encode(), "Annas dörr är öppen".encode()))
    result = CliRunner().invoke(main, ["verify", str(file)])
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "entry 7: its hash does not follow from what it says and from the entry before it",
        "document: its seal does not match; something in it was changed after it was taken out",
    ]


def test_a_file_that_is_no_case_or_none_at_all_is_unreadable(file: Path) -> None:
    missing = CliRunner().invoke(main, ["verify", str(file.with_name("nowhere.json"))])
    assert (missing.exit_code, missing.output) == (2, "unreadable: No such file or directory\n")
    file.write_text("{}")
    other = CliRunner().invoke(main, ["verify", str(file)])
    assert (other.exit_code, other.output) == (2, "unreadable: not of the format 'larmcentral case 1'\n")
