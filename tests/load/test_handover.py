"""A run of hand-overs, small: each case reaches both centres, silent ones or not. No time of it is looked at."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

from load.handover import run_handover
from load.handover_report import handover_as_json, handover_as_text, handover_page
from load.processes import children_of
from load.profile import load_profile

TINY = dataclasses.replace(
    load_profile("handover"),
    devices=30,
    alarms_per_s=20.0,
    ramp_s=0.5,
    warm_up_s=0.1,
    run_s=1.0,
    fail_over=4,
    silent=2,
    path_deadline_s=1.0,
)
"""2 + 20 + 4 + 2 cases."""


async def test_a_small_run_holds_every_fact_and_leaves_nothing_behind(place: Path) -> None:
    before = set(children_of(os.getpid()))
    said: list[str] = []

    result = await run_handover(TINY, "a test", said.append)

    assert [f"{check.what}: {check.found}" for check in result.checks if not check.holds] == []
    assert [(one.figure.what.partition(":")[0], one.figure.count) for one in result.measured] == [
        *(("SOS Access", count) for count in (20, 20, 20, 1, 3)),
        *(("DC-09", count) for count in (20, 20, 20, 1, 3)),
        *(("both silent", count) for count in (2, 2)),
    ]
    assert len(result.verdicts) == 7
    assert {"all", "centres", "postgresql", "generator 0"} <= {part.name for part in result.parts}
    assert "NO " not in handover_as_text(result)
    assert json.loads(handover_as_json(result))["connected"] == 30
    assert "both silent" in handover_page(result)
    assert set(children_of(os.getpid())) <= before
    assert list(place.iterdir()) == []
