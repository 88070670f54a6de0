"""A soak that would find growth which was ordered is refused in words."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from load.profile import load_profile


def test_a_soak_lasts_an_hour_unless_somebody_says_otherwise() -> None:
    soak = load_profile("soak")

    assert (soak.run_s, soak.complaints()) == (3600.0, [])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"run_s": 60.0}, "hold 9 samples"),
        ({"stand_down_after_s": 0.0}, "growth that we ordered"),
        ({"devices": 100}, "more devices"),
        ({"roles": ("all",)}, "roles are separate"),
    ],
)
def test_what_cannot_be_run_is_said_in_words(changes: dict[str, Any], said: str) -> None:
    changed = dataclasses.replace(load_profile("soak"), **changes)

    assert any(said in complaint for complaint in changed.complaints())
