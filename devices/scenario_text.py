"""Scenarios as a person writes them: "at 0 remember 30 60; at 2 press". Pure.

Steps are parted by ; or line ends, "#" begins a comment, and "at" counts seconds from the beginning:

    press | fall | man-down | check-in
    walk COURSE METRES_PER_S SECONDS      course 0 is north, 90 is east
    lose-coverage SECONDS
    drain PERCENT
    reboot SECONDS
    answer-late SECONDS_LATE SECONDS      everything is said so late, for so long
    remember RECORDS SECONDS_APART        so many old positions are in memory, never sent
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Final, assert_never

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

MAX_STEPS: Final = 1000
MAX_RECORDS: Final = 10_000
"""Ten times what a memory holds."""

_PARTED: Final = re.compile(r"[;\n]")

_WORDS: Final[dict[str, tuple[int, Callable[..., Action]]]] = {
    "press": (0, Press),
    "fall": (0, Fall),
    "man-down": (0, ManDown),
    "check-in": (0, CheckIn),
    "walk": (3, Walk),
    "lose-coverage": (1, LoseCoverage),
    "drain": (1, Drain),
    "reboot": (1, Reboot),
    "answer-late": (2, AnswerLate),
    "remember": (2, lambda records, every_s: Remember(int(records), every_s)),
}
"""How many numbers follow each word."""


class NotAScenario(ValueError):
    """The text says something else than steps; the words name the step."""


def parse_scenario(text: str) -> list[Step]:
    """Read the steps, in order of time. Raises NotAScenario."""
    lines = (line.partition("#")[0] for line in text.splitlines())
    written = [part.split() for part in _PARTED.split("\n".join(lines)) if part.strip()]
    if len(written) > MAX_STEPS:
        raise NotAScenario(f"more than {MAX_STEPS} steps")
    return sorted((_step(words) for words in written), key=lambda step: step.at_s)


def in_words(action: Action) -> str:
    """Write an action as parse_scenario() reads it."""
    match action:
        case Press():
            return "press"
        case Fall():
            return "fall"
        case ManDown():
            return "man-down"
        case CheckIn():
            return "check-in"
        case Walk(course_deg, speed_mps, for_s):
            return f"walk {course_deg:g} {speed_mps:g} {for_s:g}"
        case LoseCoverage(for_s):
            return f"lose-coverage {for_s:g}"
        case Drain(to_pct):
            return f"drain {to_pct:g}"
        case Reboot(down_s):
            return f"reboot {down_s:g}"
        case AnswerLate(late_s, for_s):
            return f"answer-late {late_s:g} {for_s:g}"
        case Remember(records, every_s):
            return f"remember {records} {every_s:g}"
        case _:
            assert_never(action)


def lasts_s(steps: list[Step]) -> float:
    """Return when the last step is over."""
    return max((step.at_s + _for_s(step.action) for step in steps), default=0.0)


def _for_s(action: Action) -> float:
    match action:
        case Walk(_, _, for_s) | LoseCoverage(for_s) | AnswerLate(_, for_s) | Reboot(for_s):
            return for_s
        case Press() | Fall() | ManDown() | CheckIn() | Drain() | Remember():
            return 0.0
        case _:
            assert_never(action)


def _step(words: list[str]) -> Step:
    said = " ".join(words)
    if len(words) < 3 or words[0] != "at" or words[2] not in _WORDS:
        raise NotAScenario(f'"{said}" is no step; write "at SECONDS WORD", with one of {", ".join(sorted(_WORDS))}')
    count, build = _WORDS[words[2]]
    if len(words) != 3 + count:
        raise NotAScenario(f'"{said}": {words[2]} takes {count} numbers')
    at_s, *numbers = (_number(word, said) for word in (words[1], *words[3:]))
    if build is _WORDS["remember"][1] and not 1 <= numbers[0] <= MAX_RECORDS:
        raise NotAScenario(f'"{said}": 1 to {MAX_RECORDS} records')
    return Step(at_s, build(*numbers))


def _number(word: str, said: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = -1.0
    if not (math.isfinite(value) and value >= 0):
        raise NotAScenario(f'"{said}": {word} is no number of 0 or more')
    return value
