"""Figures are gathered per provider and minute, and not lost while nobody can write them down."""

from __future__ import annotations

from datetime import timedelta

from larmcentral.flows.way_figures import KEPT, WayFigures
from larmcentral.flows.ways_out import WaysOut
from tests.fakes.channel import DOWN, OK
from tests.fakes.settable_clock import SettableClock
from tests.fakes.virtual_loop import NoMeasures
from tests.larmcentral.flows.test_ways_out import way
from tests.world import T0

MINUTE = T0.replace(second=0, microsecond=0)


def gathering() -> tuple[WaysOut, WayFigures, SettableClock, NoMeasures]:
    clock, measures = SettableClock(T0), NoMeasures()
    ways = WaysOut([way("46elks"), way("smpp")], clock)
    return ways, WayFigures(ways, clock, measures), clock, measures


def test_each_try_counts_in_its_providers_minute_and_in_the_metrics() -> None:
    ways, figures, clock, measures = gathering()
    ways.told("46elks", OK, 0.1)
    ways.told("46elks", DOWN, 5.0)
    ways.told("smpp", OK, 0.2)
    clock.step(timedelta(minutes=1))
    ways.told("smpp", OK, 0.3)
    taken = {(one.provider, one.minute): (one.sent, one.retried, one.worst_ms) for one in figures.take()}
    assert taken == {
        ("46elks", MINUTE): (1, 1, 5000.0),
        ("smpp", MINUTE): (1, 0, 200.0),
        ("smpp", MINUTE + timedelta(minutes=1)): (1, 0, 300.0),
    }
    assert measures.told[:2] == [("way_took", "46elks", 0.1), ("way_took", "46elks", 5.0)]
    assert figures.take() == []


def test_what_could_not_be_written_comes_again_with_what_was_added_meanwhile() -> None:
    ways, figures, _, _ = gathering()
    ways.told("46elks", OK, 0.1)
    taken = figures.take()
    ways.told("46elks", OK, 0.2)
    figures.give_back(taken)
    [minute] = figures.take()
    assert (minute.sent, minute.worst_ms) == (2, 200.0)


def test_while_nobody_writes_them_only_so_many_minutes_are_kept_the_newest() -> None:
    ways, figures, clock, _ = gathering()
    for _ in range(KEPT + 5):
        ways.told("46elks", OK, 0.1)
        clock.step(timedelta(minutes=1))
    figures.give_back(figures.take())
    kept = figures.take()
    assert len(kept) == KEPT
    assert min(one.minute for one in kept) == MINUTE + timedelta(minutes=5)
