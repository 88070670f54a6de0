"""The kind of run that a profile with the table [reconnect] is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from load.paper import Paper
from load.profile import Profile
from load.reconnect.plan import ReconnectPlan
from load.reconnect.report import reconnect_as_json, reconnect_as_text, reconnect_page
from load.reconnect.run import reconnect


class Asked(Protocol):
    """What of the reader's wishes counts here."""

    @property
    def command(self) -> str:
        """How to repeat the run."""
        ...


async def run_reconnect(profile: Profile, asked: Asked, tell: Callable[[str], None]) -> Paper:
    """Live through the outages, and write down what came of them."""
    if not isinstance(profile.plan, ReconnectPlan):
        raise AssertionError("only a profile with [reconnect] comes here")
    result = await reconnect(profile, profile.plan, asked.command, tell)
    return Paper(reconnect_as_text(result), reconnect_as_json(result), reconnect_page(result), result.holds)
