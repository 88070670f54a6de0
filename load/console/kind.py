"""Many screens as a kind of run: from its profile to its paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from load.console.plan import ConsolePlan
from load.console.report import console_as_json, console_as_text, console_page
from load.console.run import console
from load.paper import Paper
from load.profile import Profile

if TYPE_CHECKING:
    from load.kinds import Asked


async def run_console(profile: Profile, asked: Asked, tell: Callable[[str], None]) -> Paper:
    """Run a profile with many screens, and write down what came of it."""
    if not isinstance(profile.plan, ConsolePlan):
        raise AssertionError("it is run by its table")
    result = await console(profile, profile.plan, asked.command, tell)
    return Paper(console_as_text(result), console_as_json(result), console_page(result), result.holds)
