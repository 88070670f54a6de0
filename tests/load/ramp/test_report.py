"""A ramp's paper: the knee and its share of the ceiling, a row a step, and a page that is whole by itself."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime

from load.afterwards import Batches, Check
from load.ceiling import Ceiling
from load.figures import LATE, LATE_MS, NOTICE, figure
from load.floor import Floor
from load.machine import Machine
from load.processes import Part
from load.profile import load_profile
from load.ramp.plan import RampPlan
from load.ramp.report import ramp_as_json, ramp_as_text, ramp_page
from load.ramp.run import RampResult
from load.ramp.steps import Step

PARTS = (Part("receiver 1", 0.5), Part("postgresql", 0.25), Part("other programs", 0.1))


def step(per_s: float, notice_s: float) -> Step:
    return Step(
        per_s=per_s,
        for_s=2.0,
        presses=10,
        noticed_per_s=per_s,
        notices=figure(NOTICE, [notice_s] * 30, 1000),
        acks=None,
        feed=None,
        late=figure(LATE, [0.001], LATE_MS),
        parts=PARTS,
        completed=10,
        batches=Batches((4,), (12,)),
    )


HELD, BROKEN = step(50, 0.2), step(75, 1.5)
RESULT = RampResult(
    profile=load_profile("ramp"),
    plan=RampPlan(),
    machine=Machine("A processor", 2, 23.5, "Linux 6", (0.5, 1.0, 1.5), "abcdef", "3.11.7", {}),
    began_at=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
    command="./dev load ramp",
    postgresql="18.6",
    connected=20_000,
    open_files=20_000,
    floor=Floor(0.03, 0.1, 0.3, 1.2),
    steps=[HELD, BROKEN],
    knee=HELD,
    ended="it did",
    ceilings=[Ceiling(1, 4.0, 12.0, 150.0, 6000.0), Ceiling(4, 4.0, 12.0, 200.0, 8000.0)],
    checks=[Check("presses acked", 20, 20)],
    system_alarms=1,
    complaints=[],
)


def test_the_text_names_the_knee_and_its_share_of_the_ceiling() -> None:
    text = ramp_as_text(RESULT)

    for words in (
        "Knee: 50 alarms/s, the highest",
        "knee to the highest ceiling 0.250 of 0.50 wanted: BELOW THE TARGET",
        "It ended: it did.",
        "./dev load ramp",
        "All facts hold.",
    ):
        assert words in text


def test_each_step_has_a_row_and_one_that_broke_says_so() -> None:
    rows = [line.split() for line in ramp_as_text(RESULT).splitlines() if line.startswith(("        50", "        75"))]

    assert [(row[0], row[2], "not" in row) for row in rows] == [("50", "200.1", False), ("75", "1500.2", True)]
    assert [row[-1] for row in rows[:1]] == ["0.75"]


def test_a_knee_that_no_step_was_past_is_called_a_least() -> None:
    assert "Knee: 50 alarms/s or more" in ramp_as_text(dataclasses.replace(RESULT, steps=[HELD]))
    assert "Knee: none" in ramp_as_text(dataclasses.replace(RESULT, steps=[BROKEN], knee=None))


def test_json_has_every_step_and_the_share() -> None:
    said = json.loads(ramp_as_json(RESULT))

    assert (said["of_ceiling"], said["holds"]) == (0.25, True)
    assert [one["per_s"] for one in said["steps"]] == [50, 75]


def test_the_page_is_whole_by_itself() -> None:
    html = ramp_page(RESULT)

    assert html.count("<svg") - html.count('class="key"') == 4
    assert not any(word in html for word in ("src=", "href=", "url(", "<script", "nan"))


def test_a_ramp_whose_first_step_brought_nothing_has_a_page_too() -> None:
    nothing = dataclasses.replace(BROKEN, notices=None, late=None, completed=0)

    assert "Knee: none" in ramp_page(dataclasses.replace(RESULT, steps=[nothing], knee=None, ceilings=[]))
