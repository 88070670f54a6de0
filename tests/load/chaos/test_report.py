"""What a reader of the drills' paper is told, and what decides the exit code."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from load.afterwards import Check
from load.chaos.line import Line, Wanted
from load.chaos.report import Night, as_json, as_text
from load.machine import Machine

MACHINE = Machine(
    cpu="a processor",
    cores=2,
    memory_gib=8.0,
    kernel="Linux",
    load_before=(0.1, 0.2, 0.3),
    commit="abc",
    python="3.11",
    packages={"asyncpg": "1"},
)
WELL = Line("kill web  round 1", "acked 9 lost 0", [Check("acked signals lost", 0, 0)])
BAD = Line("kills", "acked 9 lost 1", [Check("acked signals lost", 1, 0)], [Wanted("longest until back, s", 10, 5)])
LEFT_OUT = Line("disk full", "", not_run="only root may")


def night(*lines: tuple[str, Line]) -> Night:
    return Night("./dev chaos", datetime(2026, 11, 23, tzinfo=UTC), MACHINE, lines)


def test_a_fact_that_does_not_hold_decides_and_is_named() -> None:
    text = as_text(night(("kills", WELL), ("kills", BAD)))
    assert not night(("kills", WELL), ("kills", BAD)).holds
    assert "DOES NOT HOLD  kills: acked signals lost: 1, must be 0" in text
    assert text.endswith("0 passed; 1 failed: kills")


def test_what_was_wanted_is_said_with_its_ratio_and_decides_nothing() -> None:
    slow = Line("memory", "late", wanted=[Wanted("back after, s", 20, 10)])
    assert "back after, s: 20.00 of 10 (2.00)" in as_text(night(("memory", slow)))
    assert night(("memory", slow)).holds


def test_a_drill_that_was_not_played_is_neither_passed_nor_failed() -> None:
    text = as_text(night(("kills", WELL), ("disk", LEFT_OUT)))
    assert "disk full  not run: only root may" in text
    assert text.endswith("1 passed; 1 not run: disk")


def test_each_line_of_figures_is_one_line() -> None:
    assert "kill web  round 1  acked 9 lost 0" in as_text(night(("kills", WELL))).splitlines()


def test_a_program_finds_every_fact() -> None:
    said = json.loads(as_json(night(("kills", BAD))))
    assert not said["holds"]
    assert said["lines"][0]["of"] == "kills"
    assert said["lines"][0]["checks"] == [{"what": "acked signals lost", "found": 1, "expected": 0}]
