"""A missed target makes a run of hand-overs fail, and every way of writing it down says so."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime

from load.afterwards import Check
from load.figures import figure
from load.handover import HandoverResult
from load.handover_figures import Measured
from load.handover_report import handover_as_json, handover_as_text, handover_page
from load.machine import Machine
from load.processes import Part
from load.profile import load_profile
from load.report import Verdict

FOUND = figure("SOS Access: step to <the> answer", (0.02, 0.03), 150)
SLOW = figure("fail-over", (5.0, 7.0), 6000)
assert FOUND is not None
assert SLOW is not None
RESULT = HandoverResult(
    profile=load_profile("handover"),
    machine=Machine("A processor", 2, 23.5, "Linux 6", (0.5, 1.0, 1.5), "abcdef", "3.11.7", {"asyncpg": "0.32.0"}),
    began_at=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
    command="./dev load handover",
    postgresql="18.6",
    connected=260,
    measured=[Measured(FOUND, 150.0, Verdict("p99, the answer", 30.0, 150.0, "ms")), Measured(SLOW, 6000.0)],
    parts=[Part("centres", 0.02), Part("other programs", 0.1)],
    checks=[Check("presses acked", 244, 244)],
    taken_twice=3,
    complaints=["all: 1 x heartbeat_missed"],
)
MISSED = dataclasses.replace(RESULT, measured=[Measured(FOUND, 150.0, Verdict("p99, the answer", 300.0, 150.0, "ms"))])
BROKEN = dataclasses.replace(RESULT, checks=[Check("presses acked", 243, 244)])


def test_a_missed_target_and_a_broken_fact_each_make_the_run_fail() -> None:
    assert (RESULT.holds, MISSED.holds, BROKEN.holds) == (True, False, False)


def test_the_text_ends_with_what_came_of_it() -> None:
    assert handover_as_text(RESULT).endswith("All facts hold; no target was missed.")
    assert handover_as_text(MISSED).endswith("All facts hold; TARGETS WERE MISSED.")
    assert handover_as_text(BROKEN).endswith("NOT ALL FACTS HOLD; no target was missed.")
    assert "NO  presses acked: 243 (must be 244)" in handover_as_text(BROKEN)
    assert "ratio 2.00: OVER THE TARGET" in handover_as_text(MISSED)
    assert "commit abcdef, ./dev load handover" in handover_as_text(RESULT)


def test_each_table_counts_what_is_over_the_limit_that_it_names() -> None:
    lines = handover_as_text(RESULT).splitlines()

    heads = [place for place, line in enumerate(lines) if "p99.9" in line]
    assert [(lines[head].split()[-1], lines[head + 1].split()[-1]) for head in heads] == [("150", "0"), ("6000", "1")]


def test_json_holds_everything_and_the_verdicts() -> None:
    said = json.loads(handover_as_json(MISSED))

    assert said["holds"] is False
    assert said["verdicts"] == [
        {"what": "p99, the answer", "found": 300.0, "wanted": 150.0, "unit": "ms", "ratio": 2.0}
    ]
    assert said["measured"][0]["figure"]["count"] == 2


def test_the_page_is_whole_by_itself_and_marks_what_is_wrong() -> None:
    html = handover_page(MISSED)

    assert "step to &lt;the&gt; answer" in html
    assert html.count('<span class="no">') == 1
    assert '<span class="no">' not in handover_page(RESULT)
    assert not any(word in html for word in ("src=", "href=", "url(", "<script", "nan"))
