"""The files of the checkout, for the house tests."""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]

PACKAGES: Final = ("protocols", "escalation", "larmcentral", "devices", "load")

NEVER_OURS: Final = frozenset({".git", ".venv", ".local", "node_modules", "dist", "__pycache__"})


@cache
def ours() -> tuple[Path, ...]:
    """Every file that is committed or about to be; without git (a tarball), every file that is not installed."""
    if shutil.which("git") and (ROOT / ".git").exists():
        # safe.directory: in a container the checkout often belongs to another user.
        command = [
            "git",
            "-c",
            f"safe.directory={ROOT}",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        files = [ROOT / name for name in listed.split("\0") if name]
    else:
        files = [file for file in ROOT.rglob("*") if not NEVER_OURS.intersection(file.relative_to(ROOT).parts)]
    return tuple(sorted(file for file in files if file.is_file()))


def named(file: Path) -> str:
    """A file's name as a person says it: from the root of the checkout."""
    return file.relative_to(ROOT).as_posix()


def sources(*suffixes: str) -> tuple[Path, ...]:
    """The files of the five packages and of ./dev that end so."""
    roots = (*PACKAGES, "ops")
    inside = (file for file in ours() if file.relative_to(ROOT).parts[0] in roots or file == ROOT / "dev")
    return tuple(file for file in inside if file.suffix in suffixes or (file.name == "dev" and ".py" in suffixes))


def files_of_tests() -> tuple[Path, ...]:
    """Every Python file under tests/."""
    return tuple(file for file in ours() if file.suffix == ".py" and file.is_relative_to(ROOT / "tests"))


@cache
def tree(file: Path) -> ast.Module:
    """A Python file as its grammar sees it."""
    return ast.parse(file.read_text(), filename=str(file))


def text(file: Path) -> str | None:
    """A file's text, None where it is a picture or the like."""
    try:
        return file.read_text()
    except UnicodeDecodeError:
        return None


def imported(file: Path) -> Iterator[str]:
    """The full names of the modules that a Python file imports, wherever in it."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
            yield node.module
