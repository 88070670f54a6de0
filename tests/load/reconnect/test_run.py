"""Whole outages, tiny: nothing may be lost in them, and nothing be left behind. No time is looked at."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

from load.processes import children_of
from load.profile import load_profile
from load.reconnect.plan import Outage, ReconnectPlan
from load.reconnect.report import reconnect_as_json, reconnect_as_text, reconnect_page
from load.reconnect.run import reconnect

PLAN = ReconnectPlan(outage_s=0.2, silence_s=0.0, presses=3, press_over_s=0.5, within_s=60.0)
TINY = dataclasses.replace(load_profile("reconnect"), devices=8, ramp_s=0.2, teams=2, plan=PLAN)


async def test_everybody_comes_back_and_no_press_is_lost(place: Path) -> None:
    before = set(children_of(os.getpid()))

    result = await reconnect(TINY, PLAN, "a test", lambda words: None)

    assert [check.what for check in result.checks if not check.holds] == []
    assert [back.outage for back in result.outages] == [Outage.NETWORK, Outage.HOUSE]
    assert [(len(back.back_s), len(back.presses)) for back in result.outages] == [(8, 3), (8, 3)]
    assert [one.count for one in result.told] == [9, 9]
    assert set(children_of(os.getpid())) <= before
    assert list(place.iterdir()) == []
    assert "All facts hold." in reconnect_as_text(result)
    assert json.loads(reconnect_as_json(result))["holds"] is True
    assert reconnect_page(result).count("<svg") >= 3
