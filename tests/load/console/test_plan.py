"""A run with screens that would measure something else is refused in words."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from load.console.plan import ConsolePlan
from load.profile import load_profile


def test_the_profile_is_what_was_promised() -> None:
    console = load_profile("console")

    assert isinstance(console.plan, ConsolePlan)
    assert (console.plan.operators, console.plan.phones, console.alarms_per_s) == (50, 2000, 20.0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"phones": 2002}, "have no 2002 phones"),
        ({"operators": 0}, "1 or more"),
        ({"coming": 1.5}, "a share of one"),
        ({"answer_s": 15.0}, "leaves time for the answers"),
    ],
)
def test_what_cannot_be_run_is_said_in_words(changes: dict[str, Any], said: str) -> None:
    console = load_profile("console")
    assert isinstance(console.plan, ConsolePlan)
    changed = dataclasses.replace(console, plan=dataclasses.replace(console.plan, **changes))

    assert any(said in complaint for complaint in changed.complaints())
