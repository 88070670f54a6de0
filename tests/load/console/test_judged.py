"""Nobody may miss an incident or a line of it, and nobody hears of what he was not told."""

from __future__ import annotations

from uuid import UUID

import pytest

from load.console.browser import Shown
from load.console.judged import CONSOLES, PHONES, STANDING, Incident, answers, checks, figures
from load.console.screen import FEED, Asked
from load.generator import Pressed
from load.match import Journey, StoredAlarm

ONE, TWO = UUID(int=1), UUID(int=2)
INCIDENTS = [Incident(ONE, 3, frozenset({"anna"})), Incident(TWO, 2, frozenset({"bo"}))]
ALL = {str(ONE): (10.5, False, "e"), str(TWO): (21.0, True, "6")}


def screen(heard: dict[str, tuple[float, bool, str]], *, person: str | None = None, resyncs: int = 0) -> Shown:
    sort = "desk" if person is None else "phone"
    return Shown(sort, 0, person, heard, resyncs, twice=0, cuts=0, breaks=0)


def missing(*shown: Shown, asked: tuple[Asked, ...] = ()) -> list[int]:
    return [check.found for check in checks(shown, INCIDENTS, asked)]


def test_a_house_where_everybody_heard_all_of_his_own_holds() -> None:
    anna = screen({str(ONE): ALL[str(ONE)]}, person="anna")

    assert missing(screen(ALL), anna) == [0, 0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        (screen({str(ONE): ALL[str(ONE)]}), [1, 0, 0, 0, 0, 0, 0]),
        (screen({}, person="anna"), [0, 1, 0, 0, 0, 0, 0]),
        (screen(ALL | {str(ONE): (10.5, False, "6")}), [0, 0, 1, 0, 0, 0, 0]),
        (screen(ALL | {str(ONE): (10.5, False, "6")}, resyncs=1), [0, 0, 0, 0, 0, 0, 0]),
        (screen({str(TWO): (21.0, False, "0")}, person="bo"), [0, 0, 0, 2, 0, 0, 0]),
        (screen(ALL, person="anna"), [0, 0, 0, 0, 1, 0, 0]),
    ],
)
def test_what_a_screen_missed_or_should_not_have_heard_is_counted(shown: Shown, found: list[int]) -> None:
    assert missing(shown) == found


def test_an_answer_to_what_is_over_meanwhile_is_no_fault_and_any_other_refusal_is() -> None:
    asked = tuple(Asked("POST", status, 0.1) for status in (200, 409, 503, 0))

    assert missing(asked=asked)[-1] == 2
    assert missing(asked=(Asked(FEED, 429, 0.1),))[-1] == 0
    (kind,) = answers(asked, 1000.0)
    assert kind.statuses == ((0, 1), (200, 1), (409, 1), (503, 1))


def test_times_count_from_the_intended_press_and_those_of_cut_lines_stand_apart() -> None:
    journeys = []
    for number, (incident, intended_s) in enumerate(((ONE, 10.0), (TWO, 20.0))):
        press = Pressed(number, "1", "f", intended_s, intended_s, intended_s, 1)
        journeys.append(Journey(press, StoredAlarm("1", "f", incident, 0.0, 0.0, 1), True, (), None))
    told = {one.id: one.told for one in INCIDENTS}
    shown = [screen(ALL), screen({str(TWO): (20.25, False, "6"), str(ONE): (10.1, False, "e")}, person="bo")]

    found = {one.what: (one.count, round(one.max_ms)) for one in figures(shown, journeys, 1000.0, told)}

    assert found[STANDING] == (1, 500)
    assert found[CONSOLES] == (2, 1000)
    assert found[PHONES] == (1, 250)
