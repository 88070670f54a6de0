"""What was received, and waiting for it."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from devices.peers.record import KEPT, Received, Record, wall_now


def _add(record: Record, notice_id: str = "n", **changes: Any) -> Received:
    fields: dict[str, Any] = {
        "notice_id": notice_id,
        "address": "a",
        "status": 200,
        "reason": "",
        "connection": 1,
        "headers": {"authorization": "secret", "x": "y"},
        "body": b'{"b":1}',
    }
    return record.add(**fields | changes)


async def test_a_wait_finds_what_is_there_and_what_comes() -> None:
    record = Record()
    _add(record, "before")
    later = asyncio.create_task(record.wait_for(lambda received: received.notice_id == "later"))
    await asyncio.sleep(0)
    _add(record, "other")
    _add(record, "later")

    assert (await record.wait_for(lambda received: received.notice_id == "before")).number == 1
    assert (await later).number == 3


async def test_a_wait_ends() -> None:
    with pytest.raises(TimeoutError):
        await Record().wait_for(lambda received: True, 0.01)


def test_both_clocks_are_told() -> None:
    before_s, before = time.monotonic(), wall_now()

    received = _add(Record())

    assert before_s <= received.at_monotonic <= time.monotonic()
    assert before <= received.at <= wall_now()


def test_it_is_bounded_and_the_numbers_go_on() -> None:
    record = Record()
    for _ in range(KEPT + 5):
        _add(record, body=b"")

    assert (len(record), record.count) == (KEPT, KEPT + 5)
    assert [received.number for received in record.since(KEPT + 2, 2)] == [KEPT + 3, KEPT + 4]
    record.clear()
    assert (len(record), _add(record).number) == (0, KEPT + 6)


def test_json_keeps_the_secret_header_to_itself() -> None:
    told = _add(Record()).as_json()

    assert told["headers"] == {"x": "y"}
    assert told["payload"] == {"b": 1}


def test_a_quiet_record_keeps_no_words() -> None:
    received = _add(Record(quiet=True))

    assert (received.headers, received.body, received.payload) == ({}, b"", None)
