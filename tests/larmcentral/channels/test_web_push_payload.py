"""What a browser is told, where it lives, and what its push service means."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from devices.peers.web_push_server import WebPushServer
from escalation.chain import Channel
from escalation.effects import About
from escalation.purpose import Purpose
from larmcentral.channels.http_client import HttpAnswer
from larmcentral.channels.web_push_payload import (
    MAX_PAYLOAD_BYTES,
    NoSubscription,
    delivery,
    parse_subscription,
    payload,
    service_payload,
    topic,
)
from larmcentral.domain.notice import Delivery, DeliveryState
from tests.larmcentral.channels.support import WORDING, about_ourselves, in_house, some_id, text

GOOD = WebPushServer(None).subscribe("browser")


def test_the_whole_payload() -> None:
    told = json.loads(payload(in_house(words=text(lateness_s=720.0)), WORDING, "key"))

    assert told.pop("title")
    assert told.pop("body")
    assert told == {
        "notice_id": str(some_id("notice")),
        "incident_id": str(some_id("incident")),
        "about": "alarm",
        "tag": str(some_id("incident")),
        "lang": "sv",
        "kind": "panic",
        "purpose": "real",
        "silent": False,
        "quiet": False,
        "opened_at": "2026-11-22T13:02:03.450Z",
        "lateness_s": 720.0,
        "answer": "key",
        "actions": ["going", "cannot", "on_site"],
    }


@pytest.mark.parametrize(
    ("silent", "purpose", "quiet"),
    [(True, Purpose.REAL, True), (False, Purpose.TEST, True), (False, Purpose.DRILL, False)],
)
def test_a_silent_alarm_and_a_test_make_no_sound(silent: bool, purpose: Purpose, quiet: bool) -> None:
    told = json.loads(payload(in_house(purpose=purpose, words=text(silent=silent)), WORDING, None))

    assert (told["quiet"], "answer" in told) == (quiet, False)


def test_a_reminder_says_when() -> None:
    words = text(kind=None, about=About.CHECK_IN_DUE, due_at=text().opened_at + timedelta(minutes=5))

    assert json.loads(payload(in_house(words=words), WORDING, None))["due_at"] == "2026-11-22T13:07:03.450Z"


def test_the_longest_words_fit() -> None:
    words = text(subject="Å" * 5000, place="\u2028ö" * 5000)

    assert len(payload(in_house(words=words), WORDING, "k" * 43)) < MAX_PAYLOAD_BYTES


def test_words_about_ourselves_carry_their_link() -> None:
    message = about_ourselves(Channel.WEB_PUSH, GOOD, link="/api/proofs/x")

    assert json.loads(service_payload(message)) == {
        "service_id": str(some_id("service")),
        "about": "service",
        "title": "Prov från larmcentralen",
        "body": "PROV. Koden är 417730.",
        "tag": "service",
        "lang": "sv",
        "link": "/api/proofs/x",
    }


def test_a_topic_is_what_services_take() -> None:
    assert topic(str(some_id("incident"))) == topic(str(some_id("incident")))
    assert len({topic(name) for name in ("a", "b", "a" * 64)}) == 3
    assert len(topic("å")) == 32


def test_a_subscription_is_read() -> None:
    read = parse_subscription(GOOD)

    assert read.endpoint == "http://localhost:0/push/browser"
    assert parse_subscription(json.dumps(json.loads(GOOD) | {"expirationTime": None})) == read


def changed(**keys: object) -> str:
    read = json.loads(GOOD)
    return json.dumps(read | {"keys": read["keys"] | keys})


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        "[]",
        "null",
        "{}",
        '{"endpoint": 7, "keys": {"p256dh": "", "auth": ""}}',
        changed(auth="YQ"),
        changed(auth=None),
        changed(p256dh="BA"),
        changed(p256dh="B" + "A" * 86),
        changed(p256dh="å"),
        json.dumps(json.loads(GOOD) | {"keys": []}),
        json.dumps(json.loads(GOOD) | {"endpoint": "https://push.example/" + "x" * 3000}),
        GOOD + " " * 5000,
        "[" * 4000,
    ],
)
def test_what_is_no_subscription_is_none(address: str) -> None:
    with pytest.raises(NoSubscription):
        parse_subscription(address)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (200, DeliveryState.SENT),
        (201, DeliveryState.SENT),
        (202, DeliveryState.SENT),
        (301, DeliveryState.RETRY),
        (400, DeliveryState.REFUSED),
        (401, DeliveryState.REFUSED),
        (403, DeliveryState.REFUSED),
        (404, DeliveryState.GONE),
        (408, DeliveryState.RETRY),
        (410, DeliveryState.GONE),
        (413, DeliveryState.REFUSED),
        (429, DeliveryState.RETRY),
        (500, DeliveryState.RETRY),
        (503, DeliveryState.RETRY),
    ],
)
def test_every_status_has_a_meaning(status: int, state: DeliveryState) -> None:
    made = delivery(HttpAnswer(status, b"words", None), timedelta(seconds=9))

    assert made.state is state
    assert made.retry_after == (timedelta(seconds=9) if state is DeliveryState.RETRY else None)
    assert bool(made.reason) is (state is not DeliveryState.SENT)


def test_a_refusal_without_words_says_its_status() -> None:
    assert delivery(HttpAnswer(400, b"", None), None) == Delivery(state=DeliveryState.REFUSED, reason="status 400")
