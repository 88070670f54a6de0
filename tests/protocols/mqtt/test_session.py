"""Our end of the connection to a broker."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.mqtt.packets import PING, Published, connect, publish, subscribe
from protocols.mqtt.session import (
    ANSWER_WITHIN,
    KEEP_ALIVE,
    REFUSED_FOR,
    Arrived,
    BrokerSession,
    Lost,
    Ready,
    Say,
    SessionEvent,
    Subscriber,
)
from tests.protocols.streams import NOW

WHO = Subscriber(client_id="larm", topics=("a/+", "b/#"), user="u", password="p")
TAKEN, RESUMED, GRANTED = bytes.fromhex("20020000"), bytes.fromhex("20020100"), bytes.fromhex("900400010101")


def session(*chunks: bytes) -> tuple[BrokerSession, list[SessionEvent]]:
    begun = BrokerSession(WHO, NOW)
    return begun, [event for chunk in chunks for event in begun.receive(chunk, NOW)]


def test_we_ask_for_the_session_that_the_broker_keeps_and_subscribe() -> None:
    begun, events = session(RESUMED + GRANTED)
    assert begun.first_bytes == connect("larm", clean=False, keep_alive_s=30, user="u", password="p")
    assert events == [Say(subscribe(1, ("a/+", "b/#"))), Ready(True)]
    assert session(TAKEN, GRANTED)[1][1] == Ready(False)


def test_what_waited_at_the_broker_may_come_before_it_has_granted_anything() -> None:
    _, events = session(RESUMED, publish("a/1", b"x", 9))
    assert events[1:] == [Arrived(Published("a/1", b"x", 9, 1))]


def test_an_acknowledgement_is_asked_for_and_never_given_by_itself() -> None:
    begun, events = session(TAKEN + GRANTED, publish("a/1", b"x", 9))
    assert [event for event in events if isinstance(event, Say)] == [Say(subscribe(1, ("a/+", "b/#")))]
    assert begun.acknowledge(9, NOW) == bytes.fromhex("40020009")


def test_both_ends_still_live_or_the_connection_is_given_up() -> None:
    begun, _ = session(TAKEN + GRANTED)
    due_at = NOW + KEEP_ALIVE
    assert begun.next_deadline() == due_at
    assert begun.deadline_passed(due_at - timedelta(seconds=1)) == ()
    assert begun.deadline_passed(due_at) == (Say(PING),)
    assert begun.receive(bytes.fromhex("d000"), due_at) == []
    assert begun.next_deadline() == due_at + KEEP_ALIVE
    assert begun.deadline_passed(due_at + KEEP_ALIVE) == (Say(PING),)
    assert begun.deadline_passed(due_at + KEEP_ALIVE + ANSWER_WITHIN) == (Lost("the broker does not answer"),)
    assert begun.next_deadline() is None
    assert begun.receive(GRANTED, due_at) == ()


@pytest.mark.parametrize("said", [b"", TAKEN])
def test_a_broker_that_does_not_take_us_is_given_up(said: bytes) -> None:
    begun, _ = session(said)
    assert begun.next_deadline() == NOW + ANSWER_WITHIN
    assert begun.deadline_passed(NOW + ANSWER_WITHIN) == (Lost("the broker does not answer"),)


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        ("20020004", "the broker refuses user or password"),
        ("20020009", "the broker refuses us with code 9"),
        ("20020000 900400018080", "the broker refuses the topics a/+, b/#"),
        ("20020000 9003000101", "the broker refuses the topics asked for"),
        ("20020000 20020000", "a second answer to CONNECT"),
        ("900400010101", "something before the answer to CONNECT"),
        ("3207 0003612f62 0001", "something before the answer to CONNECT"),
        ("20020000 900400010101 900400010101", "an answer to what we did not ask"),
        ("20020000 900400010101 3407 0003612f62 0001", "a message at QoS 2, which we never asked for"),
        ("ffff", "a packet's length"),
    ],
)
def test_a_refusal_is_said_in_words(octets: str, why: str) -> None:
    begun, events = session(bytes.fromhex(octets))
    if octets == "ffff":
        assert events == []
        assert begun.pending_bytes == 2
    else:
        assert events[-1] == Lost(why)


def test_where_some_topics_are_refused_the_others_are_heard_and_it_is_tried_again() -> None:
    begun, events = session(TAKEN, bytes.fromhex("900400010180"), publish("a/1", b"x", 9))
    assert events[1:] == [Ready(False, refused=("b/#",)), Arrived(Published("a/1", b"x", 9, 1))]
    at = NOW
    while at < NOW + REFUSED_FOR:
        at = begun.next_deadline() or NOW
        [event] = begun.deadline_passed(at)
        begun.receive(bytes.fromhex("d000"), at)
    assert (event, at) == (Lost("the broker refuses the topics b/#"), NOW + REFUSED_FOR)


def test_a_hostile_brokers_stream_costs_its_length() -> None:
    flood = TAKEN + GRANTED + bytes.fromhex("d0004002000132080003612f62000a58") * 20_000
    begun, began_s = BrokerSession(WHO, NOW), time.process_time()
    for start in range(0, len(flood), 7):
        begun.receive(flood[start : start + 7], NOW)
    assert begun.pending_bytes < 16
    assert len(begun.receive(flood[16:], NOW)) >= 20_000
    assert time.process_time() - began_s < 5


@settings(max_examples=150)
@given(st.lists(st.binary(max_size=30) | st.sampled_from([TAKEN, GRANTED, publish("a/1", b"x", 9)]), max_size=8))
def test_whatever_a_broker_says_nothing_is_raised(chunks: Sequence[bytes]) -> None:
    begun, events = session(*chunks)
    assert sum(isinstance(event, Lost) for event in events) <= 1
    if not any(isinstance(event, Lost) for event in events):
        due_at = begun.next_deadline()
        assert due_at is not None
        begun.deadline_passed(due_at)
