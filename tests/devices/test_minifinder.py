"""What an emulated minifinder device says, the receiver understands; what comes down, the device does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from devices.device import NotInProtocol
from devices.minifinder import MinifinderTalk
from devices.talk import Note, Ordered, What
from protocols.conversation import SignalsReceived
from protocols.orders import Commission
from protocols.signal import Signal, SignalKind
from tests.devices.support import NOW, settings
from tests.protocols.streams import hear, openers_of

DEVICE = "866000000000017"
NOTE = Note(whats=frozenset({What.POSITION}), at=NOW, lat=57.93, lon=12.09, fix=True, battery_pct=81.0)


def note(*whats: What, **changes: object) -> Note:
    return replace(NOTE, whats=frozenset(whats), **changes)  # type: ignore[arg-type]


def talk() -> MinifinderTalk:
    return MinifinderTalk(settings(device=DEVICE))


def understood(*frames: bytes) -> list[Signal]:
    events, _ = hear(openers_of("minifinder").connection, frames, NOW)
    return [signal for event in events if isinstance(event, SignalsReceived) for signal in event.signals]


def test_the_device_names_itself_and_its_press_is_a_panic_that_waits_for_no_answer() -> None:
    one = talk()
    login, press = one.greeting(NOW), one.tell([note(What.PRESS)])
    assert login is not None

    hello, panic = understood(login.octets, press.octets)

    assert (login.key, press.key) == (None, None)
    assert (hello.code, hello.battery_pct) == ("login", 81)
    assert (panic.kind, panic.device, panic.event_at, panic.buffered) == (SignalKind.PANIC, DEVICE, NOW, False)
    assert panic.position is not None
    assert panic.position.valid


def test_a_fall_on_a_low_battery_from_memory_indoors() -> None:
    signals = understood(talk().tell([note(What.FALL, What.LOW_BATTERY, fix=False, stored=True)]).octets)

    assert [signal.kind for signal in signals] == [SignalKind.FALL, SignalKind.LOW_BATTERY]
    assert all(signal.buffered for signal in signals)
    assert signals[0].position is not None
    assert not signals[0].position.valid


def test_a_man_down_has_no_words() -> None:
    with pytest.raises(NotInProtocol):
        talk().tell([note(What.MAN_DOWN)])


def test_a_check_in_is_a_position_and_a_keepalive_a_heartbeat() -> None:
    beat = talk().keepalive(NOW, 80.4)
    assert beat is not None

    assert [signal.kind for signal in understood(talk().tell([note(What.CHECK_IN)]).octets)] == [SignalKind.POSITION]
    assert [(signal.kind, signal.battery_pct) for signal in understood(beat.octets)] == [(SignalKind.HEARTBEAT, 80)]


def test_settings_are_understood_one_by_one_and_each_is_replied_to() -> None:
    one = talk()
    conversation: Any = openers_of("minifinder").connection(NOW)
    conversation.receive(b"!1,866000000000017;", NOW)
    down = list(conversation.order(Commission(sos_numbers=("+4670", "112233"), fall_detection=False, in_utc=True), NOW))
    obeyed = []
    while down:
        (ordered,) = one.hear(down.pop(0), NOW)
        assert isinstance(ordered, Ordered)
        obeyed.append(ordered.order)
        down += [event.data for event in conversation.receive(ordered.reply, NOW) if hasattr(event, "data")]

    assert obeyed == [
        Commission(sos_numbers=("+4670",)),
        Commission(sos_numbers=("112233",)),
        Commission(fall_detection=False),
        Commission(in_utc=True),
    ]


def test_commands_that_ran_together_are_told_apart_by_the_password() -> None:
    heard = talk().hear(b"123456F1123456W1,5", NOW)

    assert [ordered.order for ordered in heard if isinstance(ordered, Ordered)] == [
        Commission(fall_detection=True), None,
    ]  # fmt: skip
    assert talk().hear(b"000000F1", NOW) == []
