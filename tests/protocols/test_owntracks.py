"""The receiver's end of owntracks: captures, names, commands, and any bytes."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.conversation import Account, SignalsReceived
from protocols.http import HttpFault, HttpRequest, HttpResponse
from protocols.owntracks import Command, OwnTracksConversation, Publication, parse, response, serialise
from protocols.signal import AccountId, SignalKind
from tests.protocols.captured import Enrolled, captures, told

T0 = datetime(2026, 3, 4, 5, 6, 10, tzinfo=UTC)
CAPTURES = captures("owntracks", "requests")
JSON = (("Content-Type", "application/json"),)


@pytest.mark.parametrize(("heard_at", "row"), [row[1:] for row in CAPTURES], ids=[row[0] for row in CAPTURES])
def test_a_capture_means_exactly_what_is_written_beside_it(heard_at: datetime, row: dict[str, Any]) -> None:
    conversation = OwnTracksConversation(Enrolled(everybody=True))
    headers = tuple((name, value) for name, value in row.get("headers", []))
    (event,) = conversation.receive_request(HttpRequest("POST", "/", headers, row["body"].encode()), heard_at)

    if isinstance(event, HttpFault):
        assert (event.response.status, "signals" in row) == (row["status"], False)
        return
    assert [told(signal) for signal in event.signals] == row["signals"]
    assert event.token is not None
    assert conversation.ack(event.token, heard_at) == HttpResponse(row["status"], JSON, row["reply"].encode())


def test_a_phone_proves_itself_with_its_basic_password() -> None:
    secret = hashlib.sha256(b"geheim").digest()
    conversation = OwnTracksConversation(Enrolled(Account(AccountId("anna"), secret=secret)))
    body = b'{"_type":"status"}'
    right, wrong = ("Basic YW5uYTpnZWhlaW0=", "Basic YW5uYTpmZWw=")
    (received,) = conversation.receive_request(HttpRequest("POST", "/", (("Authorization", right),), body), T0)
    (refused,) = conversation.receive_request(HttpRequest("POST", "/", (("Authorization", wrong),), body), T0)

    assert isinstance(received, SignalsReceived)
    assert received.authentic
    assert isinstance(refused, HttpFault)
    assert refused.response.status == 401


def test_an_unknown_phone_is_told_that_it_is_not_here() -> None:
    (refused,) = OwnTracksConversation(Enrolled()).receive_request(HttpRequest("POST", "/", (), b'{"tid":"an"}'), T0)

    assert isinstance(refused, HttpFault)
    assert refused.response.status == 404


@pytest.mark.parametrize("body", [b"", b"[]", b"not JSON", b"7"])
def test_a_phone_that_its_headers_name_is_never_turned_away_for_its_body(body: bytes) -> None:
    conversation = OwnTracksConversation(Enrolled(Account(AccountId("owntracks/anna/phone"))))
    headers = (("X-Limit-U", "anna"), ("X-Limit-D", "phone"))
    (received,) = conversation.receive_request(HttpRequest("POST", "/", headers, body), T0)
    (nobody,) = conversation.receive_request(HttpRequest("POST", "/", (), body), T0)

    assert isinstance(received, SignalsReceived)
    assert received.token is not None
    assert (received.signals[0].kind, received.signals[0].doubts) == (SignalKind.UNKNOWN, ("body unreadable",))
    assert conversation.ack(received.token, T0) == HttpResponse(200, JSON, b"[]")
    assert isinstance(nobody, HttpFault)


def test_commands_travel_in_the_answer() -> None:
    commands = (Command("reportLocation"), Command("action", (("content", "Hjälp är på väg"),)))

    assert json.loads(response(commands).body) == [
        {"_type": "cmd", "action": "reportLocation"},
        {"_type": "cmd", "action": "action", "content": "Hjälp är på väg"},
    ]


tokens = st.text("abcdefgABC0123456789/-", min_size=1, max_size=12)
seconds = st.integers(0, 2**31).map(lambda s: datetime.fromtimestamp(s, UTC))
publications = st.builds(
    Publication,
    kind=st.sampled_from(["location", "transition", "status"]),
    topic=st.none() | tokens,
    tid=st.none() | tokens,
    at=st.none() | seconds,
    created_at=st.none() | seconds,
    lat=st.floats(-90, 90),
    lon=st.floats(-180, 180),
    accuracy_m=st.none() | st.floats(0.1, 1e6),
    altitude_m=st.none() | st.floats(-1000, 9000),
    speed_kmh=st.none() | st.floats(0, 900),
    course_deg=st.none() | st.floats(0, 360),
    battery_pct=st.none() | st.integers(0, 100),
    battery_state=st.none() | st.integers(0, 3),
    trigger=st.none() | tokens,
    event=st.none() | tokens,
    description=st.none() | st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=20),
    evidence=st.lists(st.tuples(st.sampled_from(["conn", "SSID"]), tokens), max_size=2, unique_by=lambda p: p[0]).map(
        tuple
    ),
)


@given(publications)
def test_a_message_comes_back_as_it_was(publication: Publication) -> None:
    assert parse(json.loads(json.dumps(serialise(publication)))) == publication


values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8)
members = st.dictionaries(
    st.sampled_from(
        ["_type", "topic", "tid", "tst", "created_at", "lat", "lon", "acc", "batt", "bs", "t", "event", "desc"]
    ),
    st.sampled_from(["location", "transition", "u"]) | values | st.lists(values, max_size=2),
    max_size=8,
)


@given(st.one_of(st.binary(max_size=60), members.map(lambda value: json.dumps(value).encode())))
def test_any_body_gets_exactly_one_answer(body: bytes) -> None:
    conversation = OwnTracksConversation(Enrolled(everybody=True))
    (event,) = conversation.receive_request(HttpRequest("POST", "/", (), body), T0)

    if isinstance(event, SignalsReceived):
        assert event.token is not None
        assert conversation.ack(event.token, T0).status == 200
