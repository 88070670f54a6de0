"""UUIDv7."""

from __future__ import annotations

from datetime import timedelta

from larmcentral.domain.ids import uuid7
from tests.world import T0


def test_it_is_a_version_7_uuid_of_its_time() -> None:
    made = uuid7(T0, bytes(range(10)))
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == int(T0.timestamp() * 1000)


def test_later_ids_sort_behind_earlier_ones() -> None:
    ids = [uuid7(T0 + timedelta(milliseconds=n), b"\xff" * 10) for n in range(5)]
    assert sorted(ids, key=str) == ids
