"""The report says what was found, in ratios, for eyes and for machines; nothing in it is a test of time."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime

import pytest

from load.afterwards import Batches, Check
from load.ceiling import Ceiling
from load.figures import DRAWN, LATE, LATE_MS, NOTICE, OfFamily, Rate, Second, figure
from load.floor import Floor
from load.html import page
from load.machine import Machine
from load.processes import Part
from load.profile import Profile, Targets
from load.report import as_json, as_text, efficiency, verdicts
from load.run import Result

NOTICES = figure(NOTICE, (each / 1000 for each in range(1, 1001)), 1000)
FEED = figure(DRAWN, (0.3,), 1000)
LATENESS = figure(LATE, (each / 1000 for each in range(1, 101)), LATE_MS)
assert NOTICES is not None
assert FEED is not None
BOTH = [NOTICES, FEED]
RESULT = Result(
    profile=Profile(name="plain", words="a <made-up> run", devices=10, alarms_per_s=1, run_s=1, targets=Targets()),
    machine=Machine("A processor", 2, 23.5, "Linux 6", (0.5, 1.0, 1.5), "abcdef", "3.11.7", {"asyncpg": "0.32.0"}),
    began_at=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
    command="./dev load plain",
    postgresql="18.6",
    connected=10,
    open_files=20_000,
    floor=Floor(0.03, 0.1, 0.3, 1.2),
    lateness=LATENESS,
    figures=[NOTICES],
    stages=[],
    warm_up=[],
    seconds=[Second(0, 10, 5.0, 9.0, 12.0), Second(1, 10, 6.0, 8.0, 300.0)],
    parts=[Part("receiver", 0.31), Part("other programs", 0.02)],
    completed=10,
    families=[OfFamily("watch", 5, 5, 0, 0, FEED), OfFamily("gt06", 5, 4, 1, 0, None)],
    flood=Rate(alarms=100, offered_per_s=1000.0, acked_per_s=210.0, noticed_per_s=200.0),
    flood_figures=[],
    batches=Batches((1, 3), (9,)),
    flood_batches=Batches((50, 50), (150, 150)),
    ceilings=[Ceiling(1, 50.0, 150.0, 320.0, 6000.0), Ceiling(4, 50.0, 150.0, 400.0, 8000.0)],
    checks=[Check("presses acked", 10, 10), Check("notices pending", 0, 0)],
    received_twice=0,
    retransmitted=0,
    stood_down=10,
    stand_downs_refused=0,
    feed_events=40,
    feed_resyncs=0,
    complaints=[],
    statements=[],
)


def test_verdicts_are_ratios_to_the_targets() -> None:
    p99, slowest = verdicts(RESULT)

    assert p99.ratio == pytest.approx(990 / 250, rel=0.001)
    assert "OVER THE TARGET" in p99.words
    assert slowest.ratio == 1.0
    assert "within the target" in slowest.words


def test_a_target_of_the_thousandth_is_held_only_where_the_profile_has_one() -> None:
    strict = dataclasses.replace(RESULT, profile=dataclasses.replace(RESULT.profile, targets=Targets(p999_ms=500.0)))

    assert [one.what for one in verdicts(strict)][1].startswith("p99.9")
    assert verdicts(dataclasses.replace(RESULT, figures=[])) == []


def test_both_far_ends_are_held_against_the_targets() -> None:
    both = verdicts(dataclasses.replace(RESULT, figures=BOTH))

    assert [round(one.ratio, 1) for one in both] == [4.0, 1.0, 1.2, 0.3]


def test_a_generator_that_was_the_limit_is_named_as_such() -> None:
    late = dataclasses.replace(RESULT, lateness=figure(LATE, (each / 10000 for each in range(1, 101)), LATE_MS))

    assert "THE GENERATORS WERE THE LIMIT" in as_text(RESULT)
    assert "90 of 100 presses later than 10 ms" in as_text(RESULT)
    assert "THE GENERATORS WERE THE LIMIT" not in as_text(late)


def test_a_part_of_the_house_is_told_in_cores_and_in_milliseconds_of_each_alarm() -> None:
    lines = as_text(RESULT).splitlines()

    assert [line.split() for line in lines if line.startswith("  receiver ")] == [["receiver", "0.31", "31.00"]]
    assert [line.split() for line in lines if line.startswith("  other ")] == [["other", "programs", "0.02"]]


def test_each_family_of_a_mixed_fleet_has_a_row_and_one_alone_has_none() -> None:
    alone = dataclasses.replace(RESULT, families=RESULT.families[:1])

    assert "gt06               5       4      1      0" in as_text(RESULT)
    assert "by family" not in as_text(alone)


def test_efficiency_is_held_against_the_highest_ceiling() -> None:
    assert efficiency(RESULT) == 0.5
    assert efficiency(dataclasses.replace(RESULT, ceilings=[])) is None
    assert efficiency(dataclasses.replace(RESULT, flood=None)) is None


def test_slow_times_do_not_make_a_run_fail_but_one_wrong_fact_does() -> None:
    lost = dataclasses.replace(RESULT, checks=[Check("notices pending", 1, 0)])

    assert RESULT.holds
    assert not lost.holds
    assert "NO  notices pending: 1 (must be 0)" in as_text(lost)


def test_the_text_names_machine_command_and_commit() -> None:
    text = as_text(RESULT)

    for words in (
        "A processor, 2 cores",
        "load before 0.50 1.00 1.50",
        "commit abcdef",
        "./dev load plain",
        "ratio 3.96",
    ):
        assert words in text
    assert "All facts hold." in text


def test_json_holds_everything_and_the_verdicts() -> None:
    said = json.loads(as_json(RESULT))

    assert said["holds"] is True
    assert said["efficiency"] == 0.5
    assert said["began_at"] == "2026-11-22T12:00:00+00:00"
    assert said["figures"][0]["count"] == 1000
    assert [round(one["ratio"], 2) for one in said["verdicts"]] == [3.96, 1.0]


def test_the_page_is_whole_by_itself() -> None:
    html = page(RESULT)

    assert "a &lt;made-up&gt; run" in html
    assert html.count("<svg") - html.count('class="key"') == 6
    assert not any(word in html for word in ("src=", "href=", "url(", "<script", "nan"))


def test_a_run_without_a_single_notice_has_a_page_too() -> None:
    html = page(dataclasses.replace(RESULT, figures=[], seconds=[], flood=None, ceilings=[]))

    assert html.count("<svg") - html.count('class="key"') == 4
