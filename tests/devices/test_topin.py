"""The emulated topin tag against the receiver's conversation, in memory."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from devices.device import Address, DeviceSettings, NotInProtocol
from devices.talk import Answered, Note, Ordered, Said, What
from devices.topin import TopinTalk
from protocols.conversation import Conversation, SignalsReceived
from protocols.orders import Commission, TakesOrders
from protocols.signal import Signal, SignalKind
from tests.protocols.streams import NOW, openers_of, replies

T0 = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
SETTINGS = DeviceSettings("866000000000017", (Address("127.0.0.1", 5199),))


def note(*whats: What, fix: bool = True, stored: bool = False) -> Note:
    return Note(whats=frozenset(whats), at=T0, lat=57.93, lon=12.09, fix=fix, battery_pct=81, stored=stored)


def told(conversation: Conversation, device: TopinTalk, said: Said | None) -> list[Signal]:
    """Carry one frame there and its answer back; the device must know it again."""
    assert said is not None
    events = conversation.receive(said.octets, NOW)
    heard = device.hear(replies(events, conversation, NOW), NOW)
    assert [answer.key for answer in heard if isinstance(answer, Answered) and answer.accepted] == [said.key]
    return [signal for event in events if isinstance(event, SignalsReceived) for signal in event.signals]


def logged_in() -> tuple[Conversation, TopinTalk]:
    conversation, device = openers_of("topin").connection(NOW), TopinTalk(SETTINGS)
    assert [signal.code for signal in told(conversation, device, device.greeting(NOW))] == ["login"]
    return conversation, device


def test_a_press_is_six_octets_and_is_heard() -> None:
    conversation, device = logged_in()
    said = device.tell([note(What.PRESS, What.LOW_BATTERY)])

    assert said.octets == bytes.fromhex("787801990D0A")
    (signal,) = told(conversation, device, said)
    assert (signal.kind, signal.device, signal.event_at) == (SignalKind.PANIC, "866000000000017", None)


def test_positions_are_told_live_and_from_memory_with_and_without_a_fix() -> None:
    conversation, device = logged_in()
    for fix in (True, False):
        for stored in (False, True):
            said = device.tell([note(What.POSITION, What.LOW_BATTERY, fix=fix, stored=stored)])
            (signal,) = told(conversation, device, said)
            assert (signal.kind, signal.event_at, signal.buffered) == (SignalKind.POSITION, T0, stored)
            assert (signal.position is not None) is fix
            assert ("state", "low battery") in signal.evidence
            assert ("wifi" in {name for name, _ in signal.evidence}) is not fix


def test_a_status_tells_the_battery() -> None:
    conversation, device = logged_in()

    assert [signal.battery_pct for signal in told(conversation, device, device.keepalive(NOW, 81.4))] == [81]


def test_an_sos_number_is_taken_and_said_back() -> None:
    conversation, device = logged_in()
    assert isinstance(conversation, TakesOrders)
    (frame,) = conversation.order(Commission(sos_numbers=("0701740601",)), NOW)
    (ordered,) = device.hear(frame, NOW)

    assert isinstance(ordered, Ordered)
    assert ordered.order == Commission(sos_numbers=("0701740601",))
    (event,) = conversation.receive(ordered.reply, NOW)
    assert isinstance(event, SignalsReceived)
    assert [(signal.code, signal.text) for signal in event.signals] == [("reply", "0701740601")]


def test_a_number_that_is_none_is_not_taken() -> None:
    for content in (b"", b"07 01", b"0" * 21, b"\xff" * 300):
        raw = b"\x78\x78" + bytes((min(len(content) + 1, 255),)) + b"\x41" + content + b"\r\n"
        assert TopinTalk(SETTINGS).hear(raw, NOW) == [Ordered(raw)]


def test_a_refused_log_in_is_no_answer_to_build_on() -> None:
    refusal = bytes.fromhex("78780D01440D0A")

    assert TopinTalk(SETTINGS).hear(refusal, NOW) == [Answered((0x01,), refusal, accepted=False)]


def test_half_a_frame_is_forgotten_with_its_connection() -> None:
    device = TopinTalk(SETTINGS)

    assert device.hear(b"\x78\x78\x01", NOW) == []
    device.connected()
    assert device.hear(b"\x78\x78\x01\x99\r\n", NOW) == [Answered((0x99,), b"\x78\x78\x01\x99\r\n")]


def test_there_are_no_words_for_falls_man_down_or_check_in() -> None:
    for what in (What.FALL, What.MAN_DOWN, What.CHECK_IN):
        with pytest.raises(NotInProtocol):
            TopinTalk(SETTINGS).tell([note(what)])
