"""Everything that is shipped with larmcentral may be combined with EUPL-1.2.

Permissive licences may. Copyleft may where the EUPL's appendix lists it, or where the licence reaches no further
than its own files (MPL). The developers' tools are not shipped and not looked at.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
from collections.abc import Mapping
from typing import Final

import pytest

from tests.house.files import named, ours
from tests.house.test_locks import LOCKS, PINNED, usual

ALLOWED: Final = frozenset({
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "CC0-1.0", "EUPL-1.2", "ISC", "MIT", "MIT-0",
    "MPL-2.0", "OFL-1.1", "PSF-2.0", "PostgreSQL", "Unlicense", "Zlib", "ZPL-2.1",
})  # fmt: skip

# The older ways in which packages say the same.
OLD_WORDS: Final[Mapping[str, str]] = {
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}

# name: (what it says of itself, why it is all the same one of the above)
EXCEPTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "python-dateutil": ("Dual License", "its LICENSE offers Apache-2.0 and BSD-3-Clause; its classifiers name both"),
}


def shipped() -> list[str]:
    """The names in the locks of the server and of the web's build that are installed on this machine."""
    locked = {
        usual(name) for lock in ("runtime", "web") for name in PINNED.findall((LOCKS / f"{lock}.txt").read_text())
    }
    installed = {usual(distribution.metadata["Name"]) for distribution in importlib.metadata.distributions()}
    return sorted(locked & installed)


def licence_of(name: str) -> str:
    """What a package says of itself: the expression, else the one-line field, else its classifiers."""
    metadata = importlib.metadata.metadata(name)
    classifiers = [
        line.rpartition(" :: ")[2] for line in metadata.get_all("Classifier", []) if line.startswith("License")
    ]
    field = (metadata.get("License") or "").strip()
    if metadata.get("License-Expression"):
        return str(metadata["License-Expression"])
    if field and "\n" not in field and len(field) < 60:
        return OLD_WORDS.get(field, field)
    return " OR ".join(OLD_WORDS.get(word, word) for word in classifiers) or "says nothing"


def may_be_combined(expression: str) -> bool:
    """SPDX without parentheses inside parentheses: every AND needs one allowed OR."""
    parts = re.split(r"\s+AND\s+", expression.replace("(", "").replace(")", ""))
    return all(any(choice.strip() in ALLOWED for choice in re.split(r"\s+OR\s+", part)) for part in parts)


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_python_package_may_be_combined_with_ours(name: str) -> None:
    said = licence_of(name)

    assert may_be_combined(said) or EXCEPTIONS.get(name, ("", ""))[0] == said, f"{name}: {said}"


def test_a_shipped_web_package_may_be_combined_with_ours() -> None:
    for lock in (file for file in ours() if file.name == "package-lock.json"):
        packages = json.loads(lock.read_text())["packages"]
        said = {
            name: package.get("license", "says nothing")
            for name, package in packages.items()
            if name and not package.get("dev")
        }

        assert {name: words for name, words in said.items() if not may_be_combined(words)} == {}, named(lock)


@pytest.mark.parametrize(
    ("expression", "good"),
    [
        ("MIT AND PSF-2.0", True),
        ("GPL-3.0-only OR MIT", True),
        ("(MIT OR Apache-2.0) AND MPL-2.0", True),
        ("MIT AND GPL-3.0-only", False),
        ("says nothing", False),
    ],
)
def test_an_expression_is_read_by_its_and_and_or(expression: str, good: bool) -> None:
    assert may_be_combined(expression) is good
