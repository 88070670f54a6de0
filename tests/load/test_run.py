"""A whole run, small: it must find that nothing was lost, and leave nothing behind. No time of it is looked at."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from load.figures import ACK, ALL_NOTICES, DRAWN, NOTICE
from load.processes import children_of
from load.profile import load_profile
from load.run import run

TINY = dataclasses.replace(
    load_profile("smoke"), devices=40, run_s=2.0, warm_up_s=0.5, flood=20, stand_down_after_s=0.5, ceiling_s=0.1
)


async def test_a_small_run_holds_every_fact_and_leaves_nothing_behind(place: Path) -> None:
    before = set(children_of(os.getpid()))
    said: list[str] = []

    result = await run(TINY, "a test", said.append)

    assert [check.what for check in result.checks if not check.holds] == []
    assert result.connected == 40
    counts = {one.what: one.count for one in result.figures}
    assert (counts[NOTICE], counts[ALL_NOTICES], counts[ACK], counts[DRAWN]) == (60, 20, 20, 20)
    assert result.warm_up[0].count == 15
    assert result.flood is not None
    assert result.flood.alarms == 20
    assert result.stood_down == 45
    assert (result.stand_downs_refused, result.received_twice) == (0, 0)
    assert sum(result.flood_batches.alarms) == 20
    assert [one.lanes for one in result.ceilings] == [1, 4]
    assert {"all", "postgresql", "push receivers", "generator 0"} <= {part.name for part in result.parts}
    assert set(children_of(os.getpid())) <= before
    assert list(place.iterdir()) == []
