"""What an emulated eelink device says, the receiver understands; what the receiver says, the device does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from devices.device import NotInProtocol
from devices.eelink import EelinkTalk
from devices.talk import Answered, Note, Ordered, Said, What
from protocols.conversation import SignalsReceived
from protocols.orders import Locate
from protocols.signal import Signal, SignalKind
from tests.devices.support import NOW, settings
from tests.protocols.streams import hear, openers_of, replies

DEVICE = "866000000000017"
NOTE = Note(whats=frozenset({What.POSITION}), at=NOW, lat=57.93, lon=12.09, fix=True, battery_pct=81.0)


def note(*whats: What, **changes: object) -> Note:
    return replace(NOTE, whats=frozenset(whats), **changes)  # type: ignore[arg-type]


def talk(**options: str) -> EelinkTalk:
    return EelinkTalk(settings(device=DEVICE, options=options))


def understood(*frames: bytes, udp: bool = False) -> tuple[list[Signal], bytes]:
    openers = openers_of("eelink")
    open_ = openers.datagram if udp else openers.connection
    assert open_ is not None
    events, conversation = hear(open_, frames, NOW)
    signals = [signal for event in events if isinstance(event, SignalsReceived) for signal in event.signals]
    return signals, replies(events, conversation, NOW)


def logged_in(one: EelinkTalk) -> Said:
    greeting = one.greeting(NOW)
    assert greeting is not None
    return greeting


def test_a_log_in_and_a_press_are_answered_and_the_answers_recognised() -> None:
    one = talk()
    login, press = logged_in(one), one.tell([note(What.PRESS)])

    (_, panic), answers = understood(login.octets, press.octets)

    assert (panic.kind, panic.device, panic.event_at) == (SignalKind.PANIC, DEVICE, NOW)
    assert panic.position is not None
    assert panic.position.valid
    assert round(panic.position.lat, 5) == 57.93
    assert [heard.key for heard in one.hear(answers, NOW) if isinstance(heard, Answered)] == [login.key, press.key]


def test_over_udp_each_package_has_an_envelope_and_so_has_its_answer() -> None:
    one = talk(udp="1")
    beat = one.keepalive(NOW, 80.0)
    assert beat is not None

    (signal,), answer = understood(beat.octets, udp=True)

    assert (signal.kind, signal.device) == (SignalKind.HEARTBEAT, DEVICE)
    assert answer.startswith(b"EL")
    assert one.hear(answer, NOW) == [Answered(beat.key, answer)]


@pytest.mark.parametrize("udp", [False, True])
def test_an_sos_and_a_low_battery_are_two_warnings_sent_together(udp: bool) -> None:
    one = talk(udp="1" if udp else "0")
    said = one.tell([note(What.LOW_BATTERY, What.PRESS, fix=False)])

    signals, answers = understood(said.octets, udp=udp)

    assert [signal.kind for signal in signals] == [SignalKind.PANIC, SignalKind.LOW_BATTERY]
    assert signals[0].position is None
    assert ("wifi", "02:00:00:00:00:11,-61") in signals[0].evidence
    assert said.key in [heard.key for heard in one.hear(answers, NOW) if isinstance(heard, Answered)]


def test_a_fall_has_a_code_and_a_man_down_has_none() -> None:
    (fall,), _ = understood(talk().tell([note(What.FALL)]).octets)

    assert fall.kind is SignalKind.FALL
    with pytest.raises(NotInProtocol):
        talk().tell([note(What.MAN_DOWN)])


def test_a_check_in_is_a_position() -> None:
    (signal,), _ = understood(talk().tell([note(What.CHECK_IN)]).octets)

    assert signal.kind is SignalKind.POSITION


def test_asked_where_it_is_the_device_says_ok_and_locates() -> None:
    conversation: Any = openers_of("eelink").connection(NOW)
    (asked,) = conversation.order(Locate(), NOW)

    (ordered,) = talk().hear(asked, NOW)

    assert isinstance(ordered, Ordered)
    assert ordered.order == Locate()
    (signal,), answer = understood(ordered.reply)
    assert (signal.code, signal.text, answer) == ("reply", "OK", b"")


def test_damaged_and_cut_commands_are_as_good_as_none() -> None:
    one = talk()

    assert one.hear(bytes.fromhex("67678000030001") + b"\x01", NOW) == []
    assert one.hear(bytes.fromhex("6767030002"), NOW) == []
    one.connected()
    assert one.hear(bytes.fromhex("67670300020009"), NOW) == [Answered((3, 9), bytes.fromhex("67670300020009"))]
