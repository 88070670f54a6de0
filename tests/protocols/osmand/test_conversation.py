"""The receiver's end of osmand: captures, secrets, and who may say what."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.conversation import Account, Nak, SignalsReceived
from protocols.errors import ContentError, FrameTooLong, LocalProtocolError, NotAuthentic
from protocols.http import MAX_BODY_BYTES, MAX_URI_BYTES, HttpEvent, HttpFault, HttpRequest, HttpResponse
from protocols.osmand.conversation import OsmandConversation, json_request, query_request
from protocols.osmand.messages import Report
from protocols.signal import AccountId, SignalKind
from tests.protocols.captured import Enrolled, captures, told

T0 = datetime(2026, 3, 4, 5, 6, 10, tzinfo=UTC)
SECRET = "rätt häst"
ANNA = Account(AccountId("anna"), secret=hashlib.sha256(SECRET.encode()).digest())
OPEN = Account(AccountId("open"))
ACCOUNTS = Enrolled(ANNA, OPEN)
CAPTURES = captures("osmand", "requests")
FORM = ("Content-Type", "application/x-www-form-urlencoded")


def take(request: HttpRequest, now: datetime = T0) -> tuple[OsmandConversation, list[HttpEvent]]:
    conversation = OsmandConversation(ACCOUNTS)
    return conversation, list(conversation.receive_request(request, now))


def the_signals(request: HttpRequest) -> SignalsReceived:
    _, events = take(request)
    assert len(events) == 1
    assert isinstance(events[0], SignalsReceived)
    return events[0]


def the_fault(request: HttpRequest) -> HttpFault:
    _, events = take(request)
    assert len(events) == 1
    assert isinstance(events[0], HttpFault)
    return events[0]


def request_of(row: dict[str, Any]) -> HttpRequest:
    json_type = [["Content-Type", row.get("content_type", "application/json")]] if "body" in row else []
    headers = tuple((name, value) for name, value in [*json_type, *row.get("headers", [])])
    return HttpRequest(row.get("method", "POST"), row.get("uri", "/"), headers, row.get("body", "").encode())


@pytest.mark.parametrize(("heard_at", "row"), [row[1:] for row in CAPTURES], ids=[row[0] for row in CAPTURES])
def test_a_capture_means_exactly_what_is_written_beside_it(heard_at: datetime, row: dict[str, Any]) -> None:
    conversation = OsmandConversation(Enrolled(everybody=True))
    (event,) = conversation.receive_request(request_of(row), heard_at)

    if isinstance(event, HttpFault):
        assert (event.response.status, "signals" in row) == (row["status"], False)
        return
    assert [told(signal) for signal in event.signals] == row["signals"]
    assert event.token is not None
    assert conversation.ack(event.token, heard_at) == HttpResponse(row["status"])


@pytest.mark.parametrize(
    "request_",
    [
        HttpRequest("POST", "/osmand/r%C3%A4tt%20h%C3%A4st?id=anna"),
        HttpRequest("POST", "/osmand/r%C3%A4tt%20h%C3%A4st/?id=anna"),
        HttpRequest("GET", "/?id=anna&secret=r%C3%A4tt+h%C3%A4st"),
        HttpRequest("POST", "/", (FORM,), b"id=anna&secret=r%C3%A4tt+h%C3%A4st"),
        HttpRequest("POST", "/?id=anna", (("authorization", "Basic " + b64encode(f"x:{SECRET}".encode()).decode()),)),
        HttpRequest("POST", "/?id=anna", (("Authorization", f"bearer {SECRET}"),)),
    ],
    ids=["path", "path with a slash", "query", "form", "basic", "bearer"],
)
def test_the_secret_may_come_in_any_of_its_places_and_is_never_kept(request_: HttpRequest) -> None:
    received = the_signals(request_)

    assert received.authentic
    assert received.signals[0].device == "anna"
    kept = received.raw.decode() + str(received.signals)
    assert all(part not in kept for part in ("r%C3%A4tt", "h%C3%A4st", "rätt", "häst", "hÃ¤st"))


@pytest.mark.parametrize("uri", ["/?id=anna", "/osmand?id=anna", "/fel?id=anna", "/?id=anna&secret=fel"])
def test_without_the_right_secret_an_enrolled_name_is_refused(uri: str) -> None:
    fault = the_fault(HttpRequest("POST", uri))

    assert isinstance(fault.error, NotAuthentic)
    assert fault.error.account == "anna"
    assert fault.response.status == 401
    assert b"fel" not in fault.raw


def test_an_unknown_name_is_refused_with_its_forms_own_status() -> None:
    assert the_fault(HttpRequest("POST", "/?id=nobody&lat=1&lon=2")).response.status == 400
    assert the_fault(HttpRequest("POST", "/", (), b'{"device_id":"nobody"}')).response.status == 404


@pytest.mark.parametrize("uri", ["/?id=nobody&alarm=sos", "/?id=anna&secret=fel&alarm=sos", "/?alarm=sos"])
def test_an_alarm_is_heard_from_anybody_and_marked(uri: str) -> None:
    conversation, events = take(HttpRequest("POST", uri))

    (received,) = events
    assert isinstance(received, SignalsReceived)
    assert not received.authentic
    assert [signal.kind for signal in received.signals] == [SignalKind.PANIC]
    assert received.token is not None
    assert conversation.ack(received.token, T0).status == 200


def test_a_strangers_alarm_can_not_pass_for_the_true_one_or_make_it_a_repeat() -> None:
    true = the_signals(query_request(Report(device=AccountId("anna"), alarms=("sos",)), secret=SECRET))
    false = the_signals(query_request(Report(device=AccountId("anna"), alarms=("sos",))))

    assert true.authentic
    assert not false.authentic
    assert true.signals[0].repeat_key != false.signals[0].repeat_key


def test_of_a_list_the_strangers_alarm_is_kept_apart_and_his_position_dropped() -> None:
    body = b'[{"device_id":"open"},{"device_id":"nobody","location":{"alarm":"sos"}},{"device_id":"nobody"}]'
    conversation, events = take(HttpRequest("POST", "/", (), body))

    claimed, proven = events
    assert isinstance(claimed, SignalsReceived)
    assert isinstance(proven, SignalsReceived)
    assert (claimed.authentic, claimed.token, [s.kind for s in claimed.signals]) == (False, None, [SignalKind.PANIC])
    assert (proven.authentic, [s.kind for s in proven.signals]) == (True, [SignalKind.HEARTBEAT])
    assert proven.token is not None
    assert conversation.ack(proven.token, T0).status == 200


def test_an_enrolled_phone_is_never_turned_away_for_its_content() -> None:
    for uri, body in (("/?id=open&lat=x&lon=&timestamp=no&batt=%00", b""), ("/?id=open", b"{broken")):
        assert the_signals(HttpRequest("POST", uri, (), body)).signals[0].device == "open"


def test_a_query_with_a_json_type_and_no_body_is_still_read() -> None:
    received = the_signals(HttpRequest("POST", "/?id=open&alarm=sos", (("content-type", "application/json"),)))

    assert received.signals[0].kind is SignalKind.PANIC


@pytest.mark.parametrize(
    "request_",
    [
        HttpRequest("POST", "/?id=open", (FORM,), b"alarm=sos"),
        HttpRequest("POST", "/?alarm=sos", (("Content-Type", "application/json"),), b'{"device_id":"open"}'),
        HttpRequest("POST", "/?id=open&alarm=sos", (("Content-Type", "application/json"),), b"not JSON"),
        HttpRequest("POST", "/?id=open&alarm=sos", (FORM,), b"a=1&" * 1000),
        HttpRequest("POST", "/?ID=open&Alarm=SOS"),
        HttpRequest("POST", "/?id=open&event=sos"),
        HttpRequest("POST", "/", (), b'{"device_id":"open","location":{"event":"SOS"}}'),
    ],
    ids=["form", "beside JSON", "broken JSON", "too long a form", "capitals", "event", "JSON event"],
)
def test_an_alarm_is_heard_wherever_it_stands(request_: HttpRequest) -> None:
    heard = the_signals(request_)

    assert (heard.signals[0].kind, heard.signals[0].device) == (SignalKind.PANIC, "open")


def test_when_the_store_is_away_the_phone_is_asked_to_come_back() -> None:
    conversation, (received,) = take(HttpRequest("POST", "/?id=open&alarm=sos"))
    assert isinstance(received, SignalsReceived)
    assert received.token is not None

    assert conversation.nak(received.token, Nak.NOT_STORED, T0) == HttpResponse(503, (("Retry-After", "5"),))
    with pytest.raises(LocalProtocolError):
        conversation.ack(received.token, T0)


def test_a_command_text_may_travel_in_the_answer() -> None:
    conversation, (received,) = take(HttpRequest("POST", "/?id=open"))
    assert isinstance(received, SignalsReceived)
    assert received.token is not None
    conversation.answer_with(received.token, HttpResponse(200, (), b"*123456#"))

    assert conversation.ack(received.token, T0).body == b"*123456#"


def test_a_phone_that_answers_twice_is_a_repeat_and_a_second_press_is_not() -> None:
    press = Report(device=AccountId("open"), at=T0, alarms=("sos",), uuid="a")
    again = Report(device=AccountId("open"), at=T0, alarms=("sos",), uuid="b")
    first, repeated, second = (the_signals(json_request(report)).signals[0] for report in (press, press, again))

    assert first.repeat_key == repeated.repeat_key != second.repeat_key
    assert first.repeat_window is None


def test_an_alarm_that_carries_an_old_fix_and_no_uuid_is_a_repeat_for_a_minute_only() -> None:
    old = Report(device=AccountId("open"), at=T0 - timedelta(hours=1), lat=57.93, lon=12.09, alarms=("sos",))

    assert the_signals(query_request(old)).signals[0].repeat_window == timedelta(minutes=1)


def test_too_large_a_request_is_refused_before_it_is_read() -> None:
    large = the_fault(HttpRequest("POST", "/", (), b"{" * (MAX_BODY_BYTES + 1)))
    long = the_fault(HttpRequest("GET", "/?id=open&x=" + "x" * MAX_URI_BYTES))

    assert (large.response.status, long.response.status) == (413, 414)
    assert isinstance(large.error, FrameTooLong)
    assert len(large.raw) <= MAX_BODY_BYTES


def test_too_many_fields_are_refused() -> None:
    fault = the_fault(HttpRequest("GET", "/?id=open" + "&x=1" * 600))

    assert isinstance(fault.error, ContentError)


def test_names_and_values_are_kept_to_a_length_and_without_controls() -> None:
    received = the_signals(HttpRequest("GET", "/?id=" + "a" * 500 + "&alarm=%00%0Ax&" + "n" * 900 + "=" + "v" * 900))

    (signal,) = received.signals
    assert signal.device == "a" * 128
    assert signal.code == "\\u0000\\u000ax"
    assert [(len(name), len(value)) for name, value in signal.evidence] == [(512, 512)]


@given(
    st.sampled_from(["GET", "POST", ""]),
    st.text(st.characters(), max_size=60),
    st.lists(
        st.tuples(st.sampled_from(["Authorization", "content-type"]), st.text(st.characters(), max_size=30)), max_size=2
    ),
    st.binary(max_size=80),
)
def test_any_request_gets_exactly_one_answer(
    method: str, uri: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    conversation, events = take(HttpRequest(method, uri, tuple(headers), body))
    owed = [event.token for event in events if isinstance(event, SignalsReceived) and event.token is not None]
    refused = [event.response for event in events if isinstance(event, HttpFault)]

    assert len(owed) + len(refused) == 1
    assert all(conversation.ack(token, T0).status == 200 for token in owed)
