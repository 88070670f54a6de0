"""Scenarios as a person writes them."""

from __future__ import annotations

import pytest

from devices.scenario import (
    Action,
    AnswerLate,
    CheckIn,
    Drain,
    Fall,
    LoseCoverage,
    ManDown,
    Press,
    Reboot,
    Remember,
    Step,
    Walk,
)
from devices.scenario_text import MAX_RECORDS, MAX_STEPS, NotAScenario, in_words, lasts_s, parse_scenario

EVERY: tuple[Action, ...] = (
    Press(),
    Fall(),
    ManDown(),
    CheckIn(),
    Walk(90.0, 1.5, 60.0),
    LoseCoverage(30.0),
    Drain(12.0),
    Reboot(20.0),
    AnswerLate(3.0, 60.0),
    Remember(30, 60.0),
)


def test_a_panic_behind_a_backlog_of_thirty_old_records() -> None:
    assert parse_scenario("at 0 remember 30 60; at 2 press") == [Step(0.0, Remember(30, 60.0)), Step(2.0, Press())]


def test_a_file_has_lines_comments_and_any_order() -> None:
    text = "# in the cellar\nat 5 press   # twice\nat 1 lose-coverage 30\n\nat 6 press; at 5.5 fall"

    assert [step.at_s for step in parse_scenario(text)] == [1.0, 5.0, 5.5, 6.0]


@pytest.mark.parametrize("action", EVERY, ids=lambda action: type(action).__name__)
def test_every_action_reads_as_it_is_written(action: Action) -> None:
    assert parse_scenario(f"at 1.5 {in_words(action)}") == [Step(1.5, action)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("press", "is no step"),
        ("at 0 dance", "is no step"),
        ("at x press", "x is no number"),
        ("at -1 press", "no number of 0 or more"),
        ("at nan press", "no number of 0 or more"),
        ("at 0 press 3", "press takes 0 numbers"),
        ("at 0 walk 1 2", "walk takes 3 numbers"),
        ("at 0 remember 0 60", f"1 to {MAX_RECORDS} records"),
        (f"at 0 remember {MAX_RECORDS + 1} 60", f"1 to {MAX_RECORDS} records"),
        ("at 0 press;" * (MAX_STEPS + 1), f"more than {MAX_STEPS} steps"),
    ],
)
def test_what_is_no_scenario_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(NotAScenario, match=why):
        parse_scenario(text)


def test_a_scenario_lasts_until_its_last_step_is_over() -> None:
    steps = [Step(2.0, action) for action in EVERY]

    assert lasts_s(steps) == 62.0
    assert lasts_s([]) == 0.0
    assert lasts_s([Step(3.0, Press())]) == 3.0
