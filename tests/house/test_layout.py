"""The house keeps its shape: files of a readable size, tests that mirror the source, folders that only re-export."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

from tests.house.files import PACKAGES, ROOT, files_of_tests, named, sources, tree

LONGEST_LINES: Final = 400
"""Near it a file is cut by duty (STYLE, section 1)."""

OF_A_WHOLE_FOLDER: Final = frozenset({
    "test_captures.py", "test_http_bad_days.py", "test_machine.py", "test_strangers.py",
})  # fmt: skip
"""Frames from outside, any order of events, who only comes to disturb, bad days: they belong to no file alone."""


def test_no_source_file_is_longer_than_a_person_reads_at_once() -> None:
    lengths = {named(file): len(file.read_text().splitlines()) for file in sources(".py", ".ts", ".tsx")}

    assert {name: lines for name, lines in lengths.items() if lines >= LONGEST_LINES} == {}


def test_every_test_of_a_package_mirrors_a_file_or_folder_of_it() -> None:
    """tests/protocols/dc09/test_codec.py stands for protocols/dc09/codec.py; test_codec_dates.py may too."""
    mirrored = [
        file
        for file in files_of_tests()
        if file.relative_to(ROOT).parts[1] in PACKAGES and file.name.startswith("test_")
    ]

    assert [named(file) for file in mirrored if not _mirrors_something(file)] == []


def _mirrors_something(test: Path) -> bool:
    folder = ROOT.joinpath(*test.relative_to(ROOT).parts[1:-1])
    if test.name in OF_A_WHOLE_FOLDER:
        return folder.is_dir()
    words = test.stem.removeprefix("test_").split("_")
    names = ("_".join(words[:length]) for length in range(len(words), 0, -1))
    return any((folder / f"{name}.py").exists() or (folder / name).is_dir() for name in names)


def test_an_init_file_only_re_exports() -> None:
    wrong = [
        f"{named(file)}:{node.lineno}"
        for file in sources(".py")
        if file.name == "__init__.py"
        for node in tree(file).body
        if not _re_exports(node)
    ]

    assert wrong == []


def _re_exports(node: ast.stmt) -> bool:
    match node:
        case ast.ImportFrom() | ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
    return False


def test_every_module_says_what_it_is_for() -> None:
    assert [named(file) for file in sources(".py") if ast.get_docstring(tree(file)) is None] == []
