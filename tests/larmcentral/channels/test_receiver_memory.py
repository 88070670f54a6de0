"""What a centre was told of lately."""

from __future__ import annotations

from datetime import timedelta

import pytest

from escalation.alarm import AlarmKind
from escalation.effects import About
from larmcentral.channels.receiver_memory import CaseMemory, case_of
from tests.fakes.settable_clock import SettableClock
from tests.larmcentral.channels.centre import forward

WINDOW = timedelta(minutes=10)


def test_a_case_is_remembered_by_incident_kind_and_whether_it_is_over() -> None:
    memory = CaseMemory(SettableClock(), WINDOW)
    memory.keep(case_of(forward()), "one")
    assert memory.of(case_of(forward(attempt=2))) == "one"
    for other in (forward("b"), forward(kind=AlarmKind.FALL), forward(about=About.OVER)):
        assert memory.of(case_of(other)) is None


def test_it_is_forgotten_when_its_time_is_over() -> None:
    clock = SettableClock()
    memory = CaseMemory(clock, WINDOW)
    memory.keep(case_of(forward()), "one")
    clock.pass_by(WINDOW - timedelta(seconds=1))
    assert memory.of(case_of(forward())) == "one"
    clock.pass_by(timedelta(seconds=1))
    assert memory.of(case_of(forward())) is None


def test_the_oldest_goes_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("larmcentral.channels.receiver_memory.MAX_REMEMBERED", 2)
    memory = CaseMemory(SettableClock(), WINDOW)
    for name in ("a", "b", "a", "c"):
        memory.keep(case_of(forward(name)), name)
    assert [memory.of(case_of(forward(name))) for name in ("a", "b", "c")] == ["a", None, "c"]
