"""What an emulated pendant says, the receiver understands; what the receiver says, the pendant does."""

from __future__ import annotations

from dataclasses import replace

from devices.minifinder2 import RECORDS_PER_FRAME, Minifinder2Talk
from devices.talk import Answered, Note, Ordered, What
from protocols.conversation import SignalsReceived
from protocols.minifinder2.codec import parse, serialise
from protocols.minifinder2.messages import Command, Frame, Item
from protocols.signal import Signal, SignalKind
from tests.devices.support import NOW, settings
from tests.protocols.streams import hear, openers_of, replies

DEVICE = "866000000000017"
NOTE = Note(whats=frozenset({What.POSITION}), at=NOW, lat=57.93, lon=12.09, fix=True, battery_pct=81.0)


def note(*whats: What, **changes: object) -> Note:
    return replace(NOTE, whats=frozenset(whats), **changes)  # type: ignore[arg-type]


def talk() -> Minifinder2Talk:
    return Minifinder2Talk(settings(device=DEVICE))


def understood(octets: bytes) -> tuple[list[Signal], bytes]:
    events, conversation = hear(openers_of("minifinder2").connection, [octets], NOW)
    signals = [signal for event in events if isinstance(event, SignalsReceived) for signal in event.signals]
    return signals, replies(events, conversation, NOW)


def test_a_press_is_a_panic_and_its_answer_is_recognised() -> None:
    one = talk()
    said = one.tell([note(What.PRESS)])

    (signal,), answer = understood(said.octets)

    assert (signal.kind, signal.device, signal.event_at) == (SignalKind.PANIC, DEVICE, NOW)
    assert signal.position is not None
    assert (signal.position.lat, signal.position.lon) == (57.93, 12.09)
    assert (signal.battery_pct, signal.buffered) == (81, False)
    assert one.hear(answer, NOW) == [Answered(said.key, answer)]


def test_everything_noted_at_once_is_said_in_one_record() -> None:
    whats = (What.PRESS, What.FALL, What.MAN_DOWN, What.LOW_BATTERY, What.CHECK_IN)

    signals, _ = understood(talk().tell([note(*whats, fix=False)]).octets)

    assert [signal.kind for signal in signals] == [
        SignalKind.PANIC, SignalKind.FALL, SignalKind.MAN_DOWN, SignalKind.LOW_BATTERY, SignalKind.BUTTON,
    ]  # fmt: skip
    assert signals[0].position is None
    assert ("wifi", "02:00:00:00:00:11,-61") in signals[0].evidence
    assert ("cell", "240,7,4660,11259375,-85") in signals[0].evidence


def test_a_backlog_is_one_frame_and_says_that_it_comes_from_memory() -> None:
    backlog = [note(What.POSITION, stored=True)] * (RECORDS_PER_FRAME - 1)

    signals, _ = understood(talk().tell([*backlog, note(What.PRESS, stored=True)]).octets)

    assert [signal.kind for signal in signals] == [SignalKind.POSITION] * 19 + [SignalKind.PANIC]
    assert all(signal.buffered for signal in signals)


def test_each_frame_has_a_number_of_its_own_and_waits_for_its_answer() -> None:
    one = talk()
    said = [one.greeting(NOW), one.keepalive(NOW, 80.0), one.tell([NOTE])]

    assert [frame.key for frame in said if frame] == [1, 2, 3]
    for frame in said:
        assert frame is not None
        _, answer = understood(frame.octets)
        assert [heard.key for heard in one.hear(answer, NOW) if isinstance(heard, Answered)] == [frame.key]


def test_a_heartbeat_tells_the_battery() -> None:
    beat = talk().keepalive(NOW, 42.4)
    assert beat is not None

    (signal,), _ = understood(beat.octets)

    assert (signal.kind, signal.battery_pct) == (SignalKind.HEARTBEAT, 42)


def test_a_refusal_is_not_an_acceptance() -> None:
    refused = serialise(Frame(0, 7, Command.RESPONSE, (Item(0x13),)))

    assert talk().hear(refused, NOW) == [Answered(7, refused, accepted=False)]


def test_its_configuration_is_read_and_told() -> None:
    asked = bytes.fromhex("AB0003004EB201000201F0")

    (ordered,) = talk().hear(asked, NOW)

    assert isinstance(ordered, Ordered)
    assert ordered.order is None
    (signal,), _ = understood(ordered.reply)
    assert (signal.device, signal.code) == (DEVICE, "reply")
    assert parse(ordered.reply).sequence == 1


def test_half_an_answer_is_forgotten_with_its_connection() -> None:
    one = talk()
    answer = bytes.fromhex("AB00030008C707007F0100")

    assert one.hear(answer[:5], NOW) == []
    one.connected()
    assert one.hear(b"\xab\x00\x03\x00\xff\xff\x07\x00\x7f\x01\x00" + answer, NOW) == [Answered(7, answer)]
