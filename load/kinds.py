"""Which kinds of runs there are: a profile with a table of its own, [storm] say, is run by who is named here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from load.console.kind import run_console
from load.console.plan import ConsolePlan
from load.flat.kind import run_flat
from load.flat.plan import FlatPlan
from load.handover import run_handover
from load.handover_report import handover_as_json, handover_as_text, handover_page
from load.html import page
from load.paper import Paper
from load.profile import Plan, Profile
from load.ramp.kind import run_ramp
from load.ramp.plan import RampPlan
from load.reconnect.kind import run_reconnect
from load.reconnect.plan import ReconnectPlan
from load.report import as_json, as_text
from load.run import run
from load.soak.kind import run_soak
from load.soak.plan import SoakPlan
from load.storm.kind import run_storm
from load.storm.plan import StormPlan
from load.timers import run_timers, timers_as_json, timers_as_text
from load.ways import run_ways
from load.ways_report import ways_as_json, ways_as_text, ways_page

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader asked for beside the profile. command: how to repeat the run. statements: count SQL too."""

    command: str
    statements: bool = False


KINDS: Final[Mapping[type[Plan], Callable[[Profile, Asked, Tell], Awaitable[Paper]]]] = {
    ConsolePlan: run_console,
    FlatPlan: run_flat,
    RampPlan: run_ramp,
    ReconnectPlan: run_reconnect,
    SoakPlan: run_soak,
    StormPlan: run_storm,
}
"""By the class of the table. A profile without one is a run of presses."""


async def run_profile(profile: Profile, asked: Asked, tell: Tell) -> Paper:
    """Run a profile of whatever kind, and write down what came of it."""
    if profile.plan is not None:
        return await KINDS[type(profile.plan)](profile, asked, tell)
    if profile.timers:
        timers = await run_timers(profile, asked.command, tell)
        return Paper(timers_as_text(timers), timers_as_json(timers), "", timers.holds)
    if profile.centres:
        handover = await run_handover(profile, asked.command, tell)
        words = handover_as_text(handover), handover_as_json(handover), handover_page(handover)
        return Paper(*words, handover.holds)
    if profile.ways:
        ways = await run_ways(profile, asked.command, tell)
        return Paper(ways_as_text(ways), ways_as_json(ways), ways_page(ways), ways.holds)
    result = await run(profile, asked.command, tell, statements=asked.statements)
    return Paper(as_text(result), as_json(result), page(result), result.holds)
