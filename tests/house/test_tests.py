"""Tests wait for facts, and their only doubles are in tests/fakes/."""

from __future__ import annotations

import ast
from typing import Final

from tests.house.files import ROOT, files_of_tests, imported, named, tree

MOCK_LIBRARIES: Final = frozenset({"mock", "pytest_mock", "flexmock", "doublex", "asynctest"})
WORLD: Final = "world.py"
"""A world turns the clock of its own loop, and a fake clock has a sleep to offer: theirs take no time."""

SLEEPERS: Final = frozenset({"time.sleep", "asyncio.sleep", "sleep"})


def test_no_test_uses_a_mock_library() -> None:
    found = [
        f"{named(file)} imports {name}"
        for file in files_of_tests()
        for name in imported(file)
        if name.startswith("unittest.mock") or name.partition(".")[0] in MOCK_LIBRARIES
    ]

    assert found == []


def test_no_test_sleeps() -> None:
    """asyncio.sleep(0) is allowed: it lets others run and waits for nothing."""
    found = [
        f"{named(file)}:{node.lineno}"
        for file in files_of_tests()
        if not (file.is_relative_to(ROOT / "tests" / "fakes") or file.name == WORLD)
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in SLEEPERS and not _is_zero(node)
    ]

    assert found == []


def _is_zero(call: ast.Call) -> bool:
    return len(call.args) == 1 and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0
