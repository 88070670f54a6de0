"""A soak as a kind of run: from its profile to its paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from load.paper import Paper
from load.profile import Profile
from load.soak.plan import SoakPlan
from load.soak.report import soak_as_json, soak_as_text, soak_page
from load.soak.run import soak

if TYPE_CHECKING:
    from load.kinds import Asked


async def run_soak(profile: Profile, asked: Asked, tell: Callable[[str], None]) -> Paper:
    """Run the soak of a profile, and write down what came of it."""
    if not isinstance(profile.plan, SoakPlan):
        raise AssertionError("it is run by its table")
    result = await soak(profile, profile.plan, asked.command, tell)
    return Paper(soak_as_text(result), soak_as_json(result), soak_page(result), result.holds)
