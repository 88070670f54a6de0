"""Frames from outside this code, and exactly what they mean, value by value."""

from __future__ import annotations

from dataclasses import replace

import pytest

from protocols.conversation import Fault, SignalsReceived
from protocols.dc09 import Dc09Conversation, Dc09Datagram
from protocols.dc09.codec import open_envelope, parse, parse_nak, serialise, serialise_nak
from protocols.dc09.framing import Frame, Framer, frame
from tests.protocols.dc09.captures import Capture, every_capture, without_identity
from tests.protocols.dc09.support import draw

CAPTURES = every_capture()
each_capture = pytest.mark.parametrize("capture", CAPTURES, ids=lambda capture: capture.name)


def the_frame(raw: bytes) -> Frame:
    (found,) = Framer().feed(raw)
    assert isinstance(found, Frame)
    return found


def test_there_are_the_nine_vectors_of_the_facts_page_and_more_than_fifteen_of_our_own() -> None:
    from_outside = [capture for capture in CAPTURES if "cross-checked" in capture.said["source"]]
    assert len(from_outside) == 9
    assert len(CAPTURES) - len(from_outside) >= 15


@pytest.mark.parametrize("capture", [c for c in CAPTURES if c.message], ids=lambda capture: capture.name)
def test_a_capture_parses_to_exactly_its_message(capture: Capture) -> None:
    assert parse(open_envelope(the_frame(capture.raw).text), capture.key()) == capture.message


@pytest.mark.parametrize("capture", [c for c in CAPTURES if c.message], ids=lambda capture: capture.name)
def test_a_clear_message_is_written_as_it_was_captured_and_a_sealed_one_opens_again(capture: Capture) -> None:
    assert capture.message is not None
    found = the_frame(capture.raw)
    text = serialise(capture.message, capture.key(), draw)
    if capture.message.encrypted:
        assert parse(open_envelope(text), capture.key()) == capture.message
    else:
        assert frame(text, binary_checksum=found.binary_checksum).upper() == capture.raw.upper()


def test_the_nak_of_the_facts_page_is_read_and_written_byte_for_byte() -> None:
    (capture,) = [c for c in CAPTURES if "nak_sent_at" in c.said]
    refused = parse_nak(the_frame(capture.raw).text)
    assert refused is not None
    assert refused.sent_at == capture.said["nak_sent_at"]
    assert frame(serialise_nak(refused)) == capture.raw


@each_capture
def test_a_receiver_makes_of_a_capture_exactly_its_signals_and_its_answer(capture: Capture) -> None:
    for receiver in (Dc09Conversation(capture.accounts, draw=draw), Dc09Datagram(capture.accounts, draw=draw)):
        events = receiver.receive(capture.raw, capture.heard_at)
        heard = [event for event in events if isinstance(event, SignalsReceived)]
        proven = [without_identity(signal) for event in heard if event.authentic for signal in event.signals]
        unproven = [without_identity(signal) for event in heard if not event.authentic for signal in event.signals]
        assert proven == [without_identity(signal) for signal in capture.signals]
        assert unproven == [without_identity(signal) for signal in capture.unproven]
        assert [type(event.error).__name__ for event in events if isinstance(event, Fault)] == (
            [capture.said["fault"]] if "fault" in capture.said else []
        )
        assert [event.reply.hex().upper() for event in events if isinstance(event, Fault)] == (
            [capture.said.get("fault_reply", "")] if "fault" in capture.said else []
        )
        for event in heard:
            assert event.raw == capture.raw
            if not event.authentic:
                assert event.token is None
                continue
            assert event.token is not None
            answer = receiver.ack(event.token, capture.heard_at)
            if "reply" in capture.said:
                assert answer.hex().upper() == capture.said["reply"]
            else:
                opened = parse(open_envelope(the_frame(answer).text), capture.key())
                assert opened == replace(capture.opened_reply(), encrypted=True)
