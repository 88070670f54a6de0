"""Who says what when in a storm."""

from __future__ import annotations

from collections import Counter

from load.storm.frames import What
from load.storm.plan import StormPlan
from load.storm.schedule import GAP_S, backlog

PLAN = StormPlan(units=100, buffered=2000, buffered_s=30.0, panics=12)


def test_a_backlog_has_its_messages_its_panics_and_its_time() -> None:
    due = backlog(PLAN)

    assert len(due) == 2000
    assert Counter(one.unit for one in due) == dict.fromkeys(range(100), 20)
    calling = [one.unit for one in due if one.what is What.PANIC]
    assert (len(calling), len(set(calling))) == (12, 12)
    assert [one.at_s for one in due] == sorted(one.at_s for one in due)
    assert due[0].at_s >= 0
    assert due[-1].at_s <= PLAN.buffered_s


def test_a_unit_tells_all_it_has_at_once() -> None:
    mine = [one for one in backlog(PLAN) if one.unit == 3]

    assert [one.place for one in mine] == list(range(20))
    assert abs(mine[-1].at_s - mine[0].at_s - 19 * GAP_S) < 1e-9


def test_the_seed_repeats_a_backlog_and_another_one_does_not() -> None:
    assert backlog(PLAN) == backlog(PLAN)
    assert backlog(PLAN) != backlog(StormPlan(units=100, buffered=2000, buffered_s=30.0, seed=2))


def test_telemetry_is_mixed_as_the_plan_says() -> None:
    share = Counter(one.what for one in backlog(PLAN))

    assert abs(share[What.EVENT] / 2000 - PLAN.events) < 0.05
    assert abs(share[What.HEARTBEAT] / 2000 - PLAN.heartbeats) < 0.05
