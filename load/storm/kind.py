"""The kind of run that a profile with the table [storm] is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from load.paper import Paper
from load.profile import Profile
from load.storm.plan import StormPlan
from load.storm.report import storm_as_json, storm_as_text, storm_page
from load.storm.run import storm


class Asked(Protocol):
    """What of the reader's wishes counts here."""

    @property
    def command(self) -> str:
        """How to repeat the run."""
        ...


async def run_storm(profile: Profile, asked: Asked, tell: Callable[[str], None]) -> Paper:
    """Let it storm, and write down what came of it."""
    if not isinstance(profile.plan, StormPlan):
        raise AssertionError("only a profile with [storm] comes here")
    result = await storm(profile, profile.plan, asked.command, tell)
    return Paper(storm_as_text(result), storm_as_json(result), storm_page(result), result.holds)
