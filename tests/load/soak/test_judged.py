"""A soak is judged by what came after its first third."""

from __future__ import annotations

from load.generator import Pressed
from load.match import Journey
from load.soak.judged import after_warm_up, bytes_an_alarm, checks, growths, tables, thirds, wal_an_alarm
from load.soak.plan import SoakPlan
from load.soak.samples import Sample, Table
from load.usage import Holding

PLAN = SoakPlan()


def samples(*, leak_mb: float = 0.0, descriptors: int = 0, each_bytes: int = 8192) -> list[Sample]:
    """Thirty looks, ten seconds and a hundred alarms apart; memory settles in the first ten."""
    found = []
    for number in range(31):
        settled = 150.0 + min(number, 10) * 8
        web = Holding(settled + leak_mb * number, 300.0, 40 + descriptors * number, 5)
        found.append(
            Sample(
                at_s=1000.0 + number * 10,
                servers={"web": web},
                tables={"timeline": Table(number * 100 * each_bytes, number), "teams": Table(8192, 0)},
                size_bytes=9_000_000 + number * 100 * each_bytes,
                wal_bytes=number * 100 * 20_000,
                connections=28,
                pressed=number * 100,
            )
        )
    return found


def test_what_a_server_takes_to_settle_is_no_growth() -> None:
    found = samples()

    assert after_warm_up(found)[0].at_s == 1100.0
    assert [one.what for one in growths(found, PLAN) if not one.flat] == []
    assert all(check.holds for check in checks(found, growths(found, PLAN), ["web"], 0))


def test_memory_and_descriptors_that_grow_on_are_found() -> None:
    found = samples(leak_mb=1.0, descriptors=2)
    grew = growths(found, PLAN)

    assert [one.what for one in grew if not one.flat] == ["web: memory", "web: descriptors"]
    assert [check.found for check in checks(found, grew, ["web"], 3)] == [1, 2, 3]


def test_a_server_that_was_gone_at_a_look_is_missed() -> None:
    found = samples()
    grew = growths(found, PLAN)

    assert checks(found, grew, ["web", "receiver"], 0)[0].found == 1


def test_an_alarm_costs_what_the_database_grew_by_for_it() -> None:
    found = samples(each_bytes=8192)

    assert bytes_an_alarm(found) == (8192.0, 8192.0)
    assert wal_an_alarm(found) == 20_000.0
    assert [(one.name, one.each_bytes, one.dead) for one in tables(found)] == [("timeline", 8192.0, 30)]


def test_without_samples_nothing_is_claimed() -> None:
    assert (bytes_an_alarm([]), wal_an_alarm([]), tables([])) == (None, None, [])


def test_presses_are_counted_in_the_third_they_were_due_in_and_the_warm_up_in_none() -> None:
    journeys = [
        Journey(Pressed(n, "1", "f", at_s, at_s, at_s, 1), None, True, (("apns", at_s + 0.01 * (n + 1)),), None)
        for n, at_s in enumerate((95.0, 100.0, 110.0, 119.0, 129.9, 130.0))
    ]

    assert [(one.count, round(one.max_ms)) for one in thirds(journeys, 100.0, 30.0, 1000.0)] == [
        (1, 20),
        (2, 40),
        (2, 60),
    ]
