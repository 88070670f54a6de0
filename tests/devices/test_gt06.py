"""The emulated gt06 tracker against the receiver's conversation, in memory."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from devices.device import Address, DeviceSettings, NotInProtocol
from devices.gt06 import Gt06Talk
from devices.talk import Answered, Note, Ordered, Said, What
from protocols.conversation import Conversation, SignalsReceived
from protocols.orders import Commission, Locate, TakesOrders
from protocols.signal import Signal, SignalKind
from tests.protocols.streams import NOW, openers_of, replies

T0 = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def talk(**options: str) -> Gt06Talk:
    return Gt06Talk(DeviceSettings("866000000000017", (Address("127.0.0.1", 5023),), options=options))


def note(*whats: What, fix: bool = True, battery_pct: float = 81, stored: bool = False) -> Note:
    return Note(whats=frozenset(whats), at=T0, lat=57.93, lon=12.09, fix=fix, battery_pct=battery_pct, stored=stored)


def told(conversation: Conversation, device: Gt06Talk, said: Said | None) -> list[Signal]:
    """Carry one frame there and its answer back; the device must know it again."""
    assert said is not None
    events = conversation.receive(said.octets, NOW)
    answer = replies(events, conversation, NOW)
    assert device.hear(answer, NOW) == [Answered(said.key, answer)]
    return [signal for event in events if isinstance(event, SignalsReceived) for signal in event.signals]


def logged_in(**options: str) -> tuple[Conversation, Gt06Talk]:
    conversation, device = openers_of("gt06").connection(NOW), talk(**options)
    assert [signal.code for signal in told(conversation, device, device.greeting(NOW))] == ["login"]
    return conversation, device


def test_a_press_is_heard_with_its_time_and_place() -> None:
    for options in ({}, {"4g": "1"}, {"zone_min": "480"}, {"zone_min": "-210"}):
        conversation, device = logged_in(**options)
        (signal,) = told(conversation, device, device.tell([note(What.PRESS)]))
        assert (signal.kind, signal.device, signal.event_at) == (SignalKind.PANIC, "866000000000017", T0)
        assert signal.position is not None
        assert (signal.position.lat, signal.position.lon, signal.position.valid) == (57.93, 12.09, True)
        assert (signal.battery_pct, signal.doubts) == (81, ())


def test_what_happens_at_once_is_told_in_one_frame() -> None:
    conversation, device = logged_in()
    for whats, kinds in (
        ((What.PRESS, What.LOW_BATTERY), ["panic", "low_battery"]),
        ((What.PRESS, What.FALL), ["panic", "fall"]),
        ((What.FALL, What.POSITION), ["fall"]),
        ((What.LOW_BATTERY,), ["low_battery"]),
    ):
        said = device.tell([note(*whats)])
        assert [signal.kind.value for signal in told(conversation, device, said)] == kinds


def test_a_record_from_memory_says_so_and_indoors_there_is_no_fix() -> None:
    conversation, device = logged_in()
    (signal,) = told(conversation, device, device.tell([note(What.POSITION, fix=False, stored=True)]))

    assert (signal.kind, signal.buffered) == (SignalKind.POSITION, True)
    assert signal.position is not None
    assert not signal.position.valid


def test_a_nearly_empty_battery_is_not_told_as_six_sixths() -> None:
    conversation, device = logged_in()

    assert told(conversation, device, device.keepalive(NOW, 6.0))[0].battery_pct == 0
    assert told(conversation, device, device.keepalive(NOW, 7.0))[0].battery_pct == 7


def test_commands_are_understood_and_answered() -> None:
    conversation, device = logged_in()
    assert isinstance(conversation, TakesOrders)
    numbers = Commission(sos_numbers=("0701740601",), in_utc=True)
    down = [*conversation.order(Locate(), NOW), *conversation.order(numbers, NOW)]
    heard = [ordered for frame in down for ordered in device.hear(frame, NOW)]

    orders = [ordered.order for ordered in heard if isinstance(ordered, Ordered)]
    assert orders == [Locate(), Commission(sos_numbers=("0701740601",)), Commission(in_utc=True)]
    for ordered in heard:
        assert isinstance(ordered, Ordered)
        (event,) = conversation.receive(ordered.reply, NOW)
        assert isinstance(event, SignalsReceived)
        assert [(signal.code, signal.text) for signal in event.signals] == [("reply", "OK")]


def test_half_a_frame_is_forgotten_with_its_connection() -> None:
    device = talk()
    answer = bytes.fromhex("787805130002DB6A0D0A")

    assert device.hear(answer[:5], NOW) == []
    device.connected()
    assert device.hear(answer, NOW) == [Answered((0x13, 2), answer)]
    assert device.hear(b"\x78\x78\x01\x80\r\n", NOW) == [Ordered(b"\x78\x78\x01\x80\r\n")]


def test_there_are_no_words_for_a_man_down_or_a_check_in() -> None:
    for what in (What.MAN_DOWN, What.CHECK_IN):
        with pytest.raises(NotInProtocol):
            talk().tell([note(what)])
