"""Who presses when around an outage."""

from __future__ import annotations

from load.reconnect.plan import ReconnectPlan
from load.reconnect.schedule import presses

PLAN = ReconnectPlan(presses=20, press_over_s=10.0)


def test_no_device_presses_in_two_outages_and_no_press_has_another_ones_number() -> None:
    both = presses(PLAN, 40, 0) + presses(PLAN, 40, 1)

    assert sorted(number for number, _, _ in both) == list(range(40))
    assert sorted(device for _, device, _ in both) == list(range(40))


def test_presses_come_in_order_of_time_from_the_outage_on() -> None:
    moments = [at_s for _, _, at_s in presses(PLAN, 100, 1)]

    assert moments == sorted(moments)
    assert moments[0] >= 0
    assert moments[-1] <= PLAN.press_over_s


def test_the_seed_repeats_them_and_another_one_does_not() -> None:
    assert presses(PLAN, 100, 0) == presses(PLAN, 100, 0)
    assert presses(PLAN, 100, 0) != presses(ReconnectPlan(presses=20, press_over_s=10.0, seed=2), 100, 0)
