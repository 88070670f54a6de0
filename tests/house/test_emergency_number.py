"""Nothing of ours ever dials 112: a person does (DESIGN, section 5, SOS)."""

from __future__ import annotations

import ast
import re
from typing import Final

from tests.house.files import ROOT, named, ours, sources, text, tree

# Built, so that this file does not hold what it looks for.
NUMBER: Final = str(56 + 56)

DIALLED: Final = re.compile(rf"\b(?:tel|sip|sips|callto|sms|facetime):(?://)?(?:\+?46)?{NUMBER}\b", re.IGNORECASE)
QUOTED: Final = re.compile(rf"""["'`](?:\+46)?{NUMBER}(?:@[^"'`]*)?["'`]""")

# Event codes are numbers too: Contact ID's is a combustion alarm.
CODE_TABLES: Final = (ROOT / "protocols", ROOT / "devices")


def test_no_link_or_address_calls_the_emergency_number() -> None:
    found = [named(file) for file in ours() if DIALLED.search(text(file) or "")]

    assert found == []


def test_no_code_holds_the_emergency_number_as_something_to_dial() -> None:
    found = [
        f"{named(file)}:{node.lineno}"
        for file in sources(".py")
        if not any(file.is_relative_to(folder) for folder in CODE_TABLES)
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and QUOTED.fullmatch(f'"{node.value.strip()}"')
    ]
    found += [named(file) for file in sources(".ts", ".tsx", ".sql", ".toml") if QUOTED.search(text(file) or "")]

    assert found == []
