"""What a unit in a storm says is what its family says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from load.storm.frames import What, Words, account, answered, stamp_of
from protocols.conversation import SignalsReceived
from protocols.gl200.conversation import openers
from protocols.signal import Signal, SignalKind
from tests.fakes.line_protocol import KnownDevices

AT = datetime(2026, 3, 4, 12, 30, 15, tzinfo=UTC)


def heard(frame: bytes) -> tuple[Signal, bytes]:
    """What the receiver makes of one frame, and what it answers."""
    conversation = openers(KnownDevices(), bytes).connection(AT)
    [event] = [one for one in conversation.receive(frame, AT) if isinstance(one, SignalsReceived)]
    assert event.raw == frame
    assert event.token is not None
    [signal] = event.signals
    return signal, conversation.ack(event.token, AT)


@pytest.mark.parametrize("buffered", [True, False])
@pytest.mark.parametrize(
    ("what", "kind"),
    [
        (What.POSITION, SignalKind.POSITION),
        (What.EVENT, SignalKind.ZONE_EXIT),
        (What.PANIC, SignalKind.PANIC),
        (What.HEARTBEAT, SignalKind.HEARTBEAT),
    ],
)
def test_every_message_is_understood_and_answered_by_its_counter(what: What, kind: SignalKind, buffered: bool) -> None:
    signal, answer = heard(Words(7, 57.93, 12.09).say(what, stamp_of(AT), 0x1A2B, buffered=buffered))

    assert (signal.kind, signal.device) == (kind, account(7))
    assert answered(answer) == ([0x1A2B], b"")
    if what is not What.HEARTBEAT:
        assert (signal.buffered, signal.event_at) == (buffered, AT)
        assert signal.position is not None
        assert (signal.position.lat, signal.position.lon) == (57.93, 12.09)


def test_answers_may_be_cut_anywhere() -> None:
    counters, rest = answered(b"+SACK:0001$+SACK:GTHBD,1A0800,0002$+SACK:00")
    assert (counters, rest) == ([1, 2], b"+SACK:00")
    assert answered(rest + b"FF$") == ([0xFF], b"")


def test_what_is_no_answer_settles_nothing() -> None:
    assert answered(b"AT+GTRTO=gl300,1,,,,,,0001$") == ([], b"")
