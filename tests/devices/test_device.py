"""Emulators call nobody outside this machine."""

from __future__ import annotations

import pytest

from devices.device import Address, NotLoopback, Receipt


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1"])
def test_loopback_may_be_called(host: str) -> None:
    assert Address(host, 1).host == host


def test_localhost_is_taken_as_the_address_and_not_looked_up() -> None:
    assert Address("localhost", 1).host == "127.0.0.1"


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "0.0.0.0", "example.org", "127.0.0.1.example.org", "localhost.", "", "::"]
)
def test_nobody_else_may_be_called(host: str) -> None:
    with pytest.raises(NotLoopback, match="not a loopback address"):
        Address(host, 1)


def test_a_receipt_without_a_time_is_no_ack() -> None:
    assert not Receipt("press", b"x", b"", 3, None).acked
    assert Receipt("press", b"x", b"y", 1, 0.0).acked
