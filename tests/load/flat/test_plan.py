"""An old house must have room on the disk, and its watches press once at a time."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from load.flat.kind import run_flat
from load.flat.plan import FlatPlan
from load.kinds import Asked
from load.profile import Profile, load_profile


def changed(**changes: Any) -> Profile:
    flat = load_profile("flat")
    assert isinstance(flat.plan, FlatPlan)
    return dataclasses.replace(flat, plan=dataclasses.replace(flat.plan, **changes))


def test_the_profile_is_what_was_promised() -> None:
    plan = load_profile("flat").plan

    assert isinstance(plan, FlatPlan)
    assert (plan.incidents, plan.persons, plan.p99_ratio) == (1_000_000, 50_000, 1.2)
    assert plan.disk_bytes > 10 * 2**30


@pytest.mark.parametrize(("changes", "said"), [({"persons": 10}, "one for each device"), ({"rounds": 0}, "1 or more")])
def test_what_cannot_be_run_is_said_in_words(changes: dict[str, Any], said: str) -> None:
    assert any(said in complaint for complaint in changed(**changes).complaints())


async def test_where_the_disk_is_too_small_nothing_is_begun_and_the_paper_says_so() -> None:
    paper = await run_flat(changed(incidents=10**12), Asked("a test"), lambda _: None)

    assert not paper.holds
    assert paper.text.startswith("not run: ")
    assert "fewer incidents" in paper.text
