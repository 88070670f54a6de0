"""What 46elks' answers mean, for texts and for calls."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from larmcentral.channels.elks import delivery, made_id, read_object
from larmcentral.channels.http_client import HttpAnswer
from larmcentral.domain.notice import Delivery, DeliveryState

PAUSE = timedelta(seconds=9)


@pytest.mark.parametrize(
    ("made", "state"),
    [
        ({"id": "c1", "state": "ongoing"}, DeliveryState.SENT),
        ({"id": "c1", "state": "failed"}, DeliveryState.REFUSED),
        ({"id": "c1", "state": "busy"}, DeliveryState.REFUSED),
        ({"id": "s1", "status": "failed"}, DeliveryState.REFUSED),
        ({"id": ""}, DeliveryState.RETRY),
        ({"id": 7}, DeliveryState.RETRY),
    ],
)
def test_an_order_counts_with_an_id(made: dict[str, object], state: DeliveryState) -> None:
    assert delivery(HttpAnswer(200, json.dumps(made).encode(), None), None).state is state


@pytest.mark.parametrize(("status", "ours"), [(400, False), (401, True), (403, True), (404, False)])
def test_a_refusal_of_our_name_is_about_us(status: int, ours: bool) -> None:
    assert delivery(HttpAnswer(status, b"To +46701740601", None), PAUSE) == Delivery(
        state=DeliveryState.REFUSED, reason=f"{status} To …", about_us=ours
    )


@pytest.mark.parametrize("status", [302, 408, 429, 500, 503])
def test_trouble_is_tried_again(status: int) -> None:
    made = delivery(HttpAnswer(status, b"", None), PAUSE)

    assert (made.state, made.retry_after) == (DeliveryState.RETRY, PAUSE)


def test_what_is_no_object_is_an_empty_one() -> None:
    assert [read_object(body) for body in (b"", b"[]", b"x", b'{"id": "a"}')] == [{}, {}, {}, {"id": "a"}]
    assert made_id({}) is None
