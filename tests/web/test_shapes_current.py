"""The browser's types are the server's."""

from __future__ import annotations

from larmcentral.web.tools import shapes


def test_the_browsers_shapes_are_written_from_the_servers() -> None:
    for file, text in shapes.typescript().items():
        assert file.read_text() == text, "run python -m larmcentral.web.tools.shapes"


def test_the_lock_file_holds_no_address() -> None:
    lock = shapes.FOLDER.parent / "package-lock.json"
    assert "://" not in lock.read_text(), "run node tools/strip-lock.mjs"
