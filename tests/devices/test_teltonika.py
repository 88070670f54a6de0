"""The emulated tracker's words against the receiver's conversation, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from devices.device import NotInProtocol
from devices.talk import Answered, Note, Ordered, Said, What
from devices.teltonika import RECORDS_PER_FRAME, TeltonikaTalk
from protocols.conversation import Conversation
from protocols.orders import REPLY, Locate, TakesOrders
from protocols.signal import Signal
from protocols.teltonika.codec import serialise
from protocols.teltonika.messages import COMMAND, Text
from tests.devices.support import settings
from tests.protocols.streams import NOW, openers_of, replies

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
OPENERS = openers_of("teltonika")


def talk(**options: str) -> TeltonikaTalk:
    return TeltonikaTalk(settings(9, device="866000000000017", options=options))


def note(*whats: What, fix: bool = True, back_s: float = 0, battery_pct: float = 81) -> Note:
    at = AT - timedelta(seconds=back_s)
    return Note(whats=frozenset(whats), at=at, lat=57.93, lon=12.09, fix=fix, battery_pct=battery_pct)


def hears(conversation: Conversation, said: Said) -> tuple[list[Signal], bytes]:
    """Let the receiver hear a frame; return its signals, and what it answers once they are stored."""
    events = conversation.receive(said.octets, NOW)
    signals = [signal for event in events for signal in getattr(event, "signals", ())]
    return signals, replies(events, conversation)


def told(signals: Sequence[Signal]) -> list[tuple[str, datetime | None]]:
    return [(signal.kind.value, signal.event_at) for signal in signals]


def logged_in(device: TeltonikaTalk) -> Conversation:
    conversation = OPENERS.connection(NOW)
    greeting = device.greeting(NOW)
    assert greeting is not None
    _, answer = hears(conversation, greeting)
    assert device.hear(answer, NOW) == [Answered("login", b"\x01")]
    return conversation


@pytest.mark.parametrize("codec", ["8", "8E"])
@pytest.mark.parametrize(
    ("whats", "kinds"),
    [
        ({What.POSITION}, ["position"]),
        ({What.PRESS}, ["panic"]),
        ({What.MAN_DOWN}, ["man_down"]),
        ({What.LOW_BATTERY}, ["low_battery"]),
        ({What.PRESS, What.MAN_DOWN}, ["panic", "man_down"]),
    ],
)
def test_what_it_tells_is_heard_and_answered(codec: str, whats: set[What], kinds: list[str]) -> None:
    device = talk(codec=codec)
    conversation = logged_in(device)
    said = device.tell([note(*whats, battery_pct=14)])

    signals, answer = hears(conversation, said)

    assert told(signals) == [(kind, AT) for kind in kinds]
    assert signals[0].battery_pct == 14
    assert list(device.hear(answer, NOW)) == [Answered(said.key, b"\x00\x00\x00\x01")]


def test_a_backlog_leaves_in_one_frame_and_its_whole_count_is_awaited() -> None:
    device = talk()
    conversation = logged_in(device)
    notes = [note(What.PRESS if back == 7 else What.POSITION, back_s=back * 60) for back in range(16, 0, -1)]
    assert device.records_per_frame == RECORDS_PER_FRAME == len(notes)
    said = device.tell(notes)

    signals, answer = hears(conversation, said)

    assert [kind for kind, _ in told(signals)] == ["position"] * 9 + ["panic"] + ["position"] * 6
    assert signals[9].event_at == AT - timedelta(minutes=7)
    assert list(device.hear(b"\x00\x00\x00\x03", NOW)) == [Answered(said.key, b"\x00\x00\x00\x03", accepted=False)]
    assert list(device.hear(answer, NOW)) == [Answered(said.key, b"\x00\x00\x00\x10")]


def test_one_press_can_be_two_records_as_with_a_tmt250() -> None:
    device = talk(button_record="1")
    signals, answer = hears(logged_in(device), device.tell([note(What.PRESS, fix=False)]))

    assert told(signals) == [("panic", AT), ("button", AT + timedelta(seconds=2))]
    assert answer == b"\x00\x00\x00\x02"
    assert [signal.position is not None and signal.position.valid for signal in signals] == [False, False]


def test_over_udp_each_packet_says_who_and_is_answered_by_its_numbers() -> None:
    device = talk(udp="1")
    assert OPENERS.datagram is not None
    assert (device.greeting(NOW), device.keepalive(NOW, 81)) == (None, None)
    said = device.tell([note(What.PRESS)])

    signals, answer = hears(OPENERS.datagram(NOW), said)

    assert [(signal.kind.value, signal.device) for signal in signals] == [("panic", "866000000000017")]
    assert list(device.hear(answer, NOW)) == [Answered(said.key, answer)]
    assert list(device.hear(b"strange", NOW)) == []


def test_it_is_located_and_says_so() -> None:
    device = talk()
    conversation = logged_in(device)
    assert isinstance(conversation, TakesOrders)
    (frame,) = conversation.order(Locate(), NOW)

    (ordered,) = device.hear(frame, NOW)

    assert isinstance(ordered, Ordered)
    assert (ordered.order, ordered.octets) == (Locate(), b"getrecord")
    signals, _ = hears(conversation, Said(ordered.reply))
    assert [(signal.code, signal.text) for signal in signals] == [(REPLY, "getrecord: OK")]


def test_an_order_that_it_does_not_know_is_only_confirmed() -> None:
    device = talk()
    logged_in(device)
    (ordered,) = device.hear(serialise(Text(COMMAND, b"getver")), NOW)

    assert isinstance(ordered, Ordered)
    assert ordered.order is None


def test_the_ping_keeps_the_connection_and_waits_for_nothing() -> None:
    device = talk()
    ping = device.keepalive(NOW, 81)
    assert ping is not None
    signals, answer = hears(logged_in(device), ping)

    assert ([signal.code for signal in signals], answer, ping.key) == (["ping"], b"", None)


def test_a_check_in_is_the_button_and_a_fall_has_no_word() -> None:
    device = talk()
    signals, _ = hears(logged_in(device), device.tell([note(What.CHECK_IN)]))
    assert [signal.kind.value for signal in signals] == ["button"]

    with pytest.raises(NotInProtocol):
        device.tell([note(What.FALL)])
    with pytest.raises(NotInProtocol):
        talk(codec="8").tell([note(What.CHECK_IN)])
