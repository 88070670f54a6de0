"""A ramp as a kind of run: from its profile to its paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from load.paper import Paper
from load.profile import Profile
from load.ramp.plan import RampPlan
from load.ramp.report import ramp_as_json, ramp_as_text, ramp_page
from load.ramp.run import ramp

if TYPE_CHECKING:
    from load.kinds import Asked


async def run_ramp(profile: Profile, asked: Asked, tell: Callable[[str], None]) -> Paper:
    """Run the ramp of a profile, and write down what came of it."""
    if not isinstance(profile.plan, RampPlan):
        raise AssertionError("it is run by its table")
    result = await ramp(profile, profile.plan, asked.command, tell)
    return Paper(ramp_as_text(result), ramp_as_json(result), ramp_page(result), result.holds)
