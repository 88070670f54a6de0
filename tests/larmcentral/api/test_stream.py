"""One reader's queue, and the events as they are written."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any
from uuid import UUID

from escalation.ids import OrganisationId, UserId
from larmcentral.api.stream import QUEUE_LIMIT, EventStream, Subscription, frame, resync
from larmcentral.domain.feed import Cursor
from larmcentral.domain.roles import Role, Viewer

HERE = Cursor(7, 1)


def a_subscription() -> Subscription:
    viewer = Viewer(
        user_id=UserId(UUID(int=7)),
        organisation_id=OrganisationId(UUID(int=1)),
        name="Eva",
        role=Role.OPERATOR,
        person_id=None,
        language="sv",
        committees=(),
    )
    return Subscription(viewer.scope(), viewer, b"hash")


async def taken(subscription: Subscription) -> list[bytes]:
    subscription.end()
    return [event async for event in subscription.events()]


def test_an_event_names_its_place_only_where_it_has_one() -> None:
    assert frame("tick", HERE, {"ready": True}) == b'id: 7:1\nevent: tick\ndata: {"ready":true}\n\n'
    assert frame("tick", None, {}) == b"event: tick\ndata: {}\n\n"


def test_a_line_break_in_somebodys_words_breaks_no_event() -> None:
    assert frame("incident", None, {"text": "a\n\nb\r"}).count(b"\n") == 3


async def test_events_come_in_order_and_in_one_piece_and_those_that_wait_at_the_end_still_come() -> None:
    subscription = a_subscription()
    assert all(subscription.put(b"%d " % number, HERE) for number in range(QUEUE_LIMIT))
    assert await taken(subscription) == [b"".join(b"%d " % number for number in range(QUEUE_LIMIT))]


async def test_who_is_too_slow_loses_all_that_waits_once_and_goes_on_from_there() -> None:
    subscription = a_subscription()
    kept = [subscription.put(b"old", HERE) for _ in range(QUEUE_LIMIT + 3)]
    assert kept.count(False) == 1
    events = subscription.events()
    assert await anext(events) == resync(HERE)
    subscription.put(b"new", Cursor(8, 0))
    assert await anext(events) == b"new"


async def test_the_place_of_a_fresh_start_is_the_newest_one() -> None:
    subscription = a_subscription()
    for number in range(QUEUE_LIMIT + 5):
        subscription.put(b"old", Cursor(number, 0))
    assert await taken(subscription) == [resync(Cursor(QUEUE_LIMIT + 4, 0))]


async def test_nothing_is_kept_for_a_reader_who_left() -> None:
    subscription = a_subscription()
    subscription.end()
    assert subscription.put(b"late", HERE)
    assert await taken(subscription) == []


async def test_a_reader_who_hangs_up_gives_his_place_back() -> None:
    left: list[Subscription] = []
    hung_up = asyncio.Event()
    subscription = a_subscription()

    async def receive() -> MutableMapping[str, Any]:
        await hung_up.wait()
        return {"type": "http.disconnect"}

    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)
        if message.get("body") == b"first":
            hung_up.set()

    await EventStream(subscription, [b"first"], left.append)({"type": "http"}, receive, send)
    assert left == [subscription]
    assert b"content-length" not in dict(sent[0]["headers"])


async def test_a_socket_that_fails_gives_the_place_back_too() -> None:
    left: list[Subscription] = []
    subscription = a_subscription()

    async def receive() -> MutableMapping[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: MutableMapping[str, Any]) -> None:
        raise TimeoutError

    await EventStream(subscription, [], left.append)({"type": "http"}, receive, send)
    assert left == [subscription]
