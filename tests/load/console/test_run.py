"""A whole run with screens, tiny: nobody misses a line, though lines are cut. No time of it is looked at."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from load.console.judged import CONSOLES, PHONES
from load.console.plan import ConsolePlan
from load.console.report import console_as_text, console_page
from load.console.run import console
from load.profile import load_profile

PLAN = ConsolePlan(operators=2, phones=6, enter_s=0.2, cut_every_s=1.5, coming=0.5, answer_s=0.3)
TINY = dataclasses.replace(
    load_profile("smoke"),
    devices=60,
    families=(("watch", 1),),
    alarms_per_s=10.0,
    warm_up_s=0.2,
    run_s=1.0,
    watched_over_s=0.0,
    stand_down_after_s=0.5,
    flood=0,
    consoles=0,
    plan=PLAN,
)


async def test_a_small_run_with_screens_holds_every_fact_and_leaves_nothing_behind(place: Path) -> None:
    assert TINY.complaints() == []

    result = await console(TINY, PLAN, "a test", lambda _: None)

    assert [check.what for check in result.checks if not check.holds] == []
    assert result.entered == 8
    counts = {one.what: one.count for one in result.seen}
    assert counts[CONSOLES] == 2 * 10
    assert counts[PHONES] == 3 * 10
    assert [len(phase.figures) > 0 for phase in result.phases] == [True, True, True]
    assert "All facts hold." in console_as_text(result)
    assert console_page(result).count("<svg") >= 3
    assert list(place.iterdir()) == []
