"""Which order holds."""

from __future__ import annotations

from typing import Any

import pytest

from devices.peers.orders import USUAL, Fate, Order, Orders, order_from_json

ONE, TWO, THREE = Order(status=410), Order(status=429), Order(status=503)


def test_the_addresss_own_order_then_the_next_then_the_one_for_all() -> None:
    orders = Orders()
    orders.for_all(THREE)
    orders.for_next(TWO, times=2)
    orders.for_address("a", ONE, times=1)

    assert [orders.take("a"), orders.take("a"), orders.take("b"), orders.take("a")] == [ONE, TWO, TWO, THREE]


def test_a_standing_order_stands() -> None:
    orders = Orders()
    orders.for_address("a", ONE)

    assert [orders.take("a"), orders.take("a"), orders.take("b")] == [ONE, ONE, USUAL]
    orders.clear()
    assert orders.take("a") is USUAL


def test_an_order_from_another_process() -> None:
    read = {"status": 503, "reason": "Shutdown", "headers": {"Retry-After": 3}, "delay_s": 0.5, "fate": "half"}

    assert order_from_json(read) == Order(
        status=503, reason="Shutdown", headers=(("Retry-After", "3"),), delay_s=0.5, fate=Fate.HALF
    )


@pytest.mark.parametrize("bad", [{"status": "x"}, {"fate": "x"}, {"delay_s": []}, {"headers": 7}])
def test_a_bad_one_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        order_from_json(bad)
