"""An emulated gl200 unit against the receiver's conversation, in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from devices.device import Address, DeviceSettings, NotInProtocol
from devices.gl200 import MAX_REMEMBERED, Gl200Talk
from devices.talk import Answered, Note, Ordered, What
from protocols.conversation import SignalsReceived
from protocols.family import FamilyConversation
from protocols.orders import Locate
from protocols.signal import Signal, SignalKind
from tests.protocols.streams import NOW, openers_of

IMEI = "866000000000017"
SETTINGS = DeviceSettings(IMEI, (Address("127.0.0.1", 5004),))
PRESS = Note(
    whats=frozenset({What.PRESS, What.LOW_BATTERY, What.POSITION}),
    at=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
    lat=57.93,
    lon=12.09,
    fix=True,
    battery_pct=12.0,
    speed_mps=1.0,
)


def conversation() -> FamilyConversation:
    opened = openers_of("gl200").connection(NOW)
    assert isinstance(opened, FamilyConversation)
    return opened


def received(octets: bytes, receiver: FamilyConversation) -> tuple[tuple[Signal, ...], bytes]:
    (event,) = (event for event in receiver.receive(octets, NOW) if isinstance(event, SignalsReceived))
    assert event.token is not None
    return event.signals, receiver.ack(event.token, NOW)


def test_a_press_is_an_sos_and_its_answer_is_known() -> None:
    talk, receiver = Gl200Talk(SETTINGS), conversation()
    said = talk.tell([PRESS])
    (signal,), answer = received(said.octets, receiver)

    assert (signal.kind, signal.device, signal.event_at) == (SignalKind.PANIC, IMEI, PRESS.at)
    assert signal.position is not None
    assert (signal.position.lat, signal.position.lon, signal.position.valid) == (57.93, 12.09, True)
    assert (signal.battery_pct, signal.buffered, signal.doubts) == (12, False, ())
    assert talk.hear(answer, NOW) == [Answered(said.key, answer)]


def test_told_again_from_memory_it_keeps_its_counter_and_is_the_same_message() -> None:
    talk, receiver = Gl200Talk(SETTINGS), conversation()
    live = talk.tell([PRESS])
    talk.tell([replace(PRESS, at=PRESS.at + timedelta(seconds=9), whats=frozenset({What.POSITION}))])
    stored = talk.tell([replace(PRESS, stored=True)])

    assert stored.octets == live.octets.replace(b"+RESP", b"+BUFF")
    assert received(live.octets, receiver)[0][0].repeat_key == received(stored.octets, receiver)[0][0].repeat_key


def test_indoors_the_place_is_the_last_known_one() -> None:
    (signal,), _ = received(Gl200Talk(SETTINGS).tell([replace(PRESS, fix=False)]).octets, conversation())

    assert signal.position is not None
    assert not signal.position.valid
    assert signal.event_at == PRESS.at


@pytest.mark.parametrize(
    ("what", "kind"), [(What.LOW_BATTERY, SignalKind.LOW_BATTERY), (What.POSITION, SignalKind.POSITION)]
)
def test_each_note_has_its_message(what: What, kind: SignalKind) -> None:
    (signal,), _ = received(Gl200Talk(SETTINGS).tell([replace(PRESS, whats=frozenset({what}))]).octets, conversation())

    assert signal.kind is kind


@pytest.mark.parametrize("what", [What.FALL, What.MAN_DOWN, What.CHECK_IN])
def test_what_has_no_message_is_refused(what: What) -> None:
    with pytest.raises(NotInProtocol):
        Gl200Talk(SETTINGS).tell([replace(PRESS, whats=frozenset({what}))])


def test_a_heartbeat_is_answered_under_its_counter() -> None:
    talk = Gl200Talk(SETTINGS)
    said = talk.keepalive(NOW, 81.0)
    assert said is not None
    (signal,), answer = received(said.octets, conversation())

    assert signal.kind is SignalKind.HEARTBEAT
    assert talk.hear(answer[:7], NOW) == []
    assert talk.hear(answer[7:], NOW) == [Answered(said.key, answer)]
    assert talk.greeting(NOW) is None


def test_locate_is_understood_and_confirmed() -> None:
    talk, receiver = Gl200Talk(SETTINGS), conversation()
    received(talk.tell([PRESS]).octets, receiver)
    (frame,) = receiver.order(Locate(), NOW)
    (heard,) = talk.hear(frame, NOW)

    assert isinstance(heard, Ordered)
    assert heard.order == Locate()
    (signal,), _ = received(heard.reply, receiver)
    assert (signal.kind, signal.code, signal.text) == (SignalKind.HEARTBEAT, "reply", "GTRTO RTL 0001")


def test_other_commands_are_confirmed_and_noise_is_only_kept() -> None:
    talk = Gl200Talk(SETTINGS)
    reset, settings, noise = talk.hear(b"AT+GTRTO=gl300,3,,,,,,0001$AT+GTFRI=gl300,1,0002$noise$", NOW)

    assert all(isinstance(heard, Ordered) and heard.order is None for heard in (reset, settings, noise))
    assert isinstance(settings, Ordered)
    assert settings.reply.startswith(b"+ACK:GTFRI,1A0800,866000000000017,,0002,")
    assert noise == Ordered(b"noise$")


def test_no_more_counters_are_kept_than_said_and_half_an_answer_dies_with_its_connection() -> None:
    talk = Gl200Talk(SETTINGS)
    first = talk.tell([PRESS])
    for second in range(MAX_REMEMBERED):
        talk.tell([replace(PRESS, at=PRESS.at + timedelta(seconds=second + 1))])

    assert talk.tell([PRESS]).key != first.key
    talk.hear(b"+SACK:00", NOW)
    talk.connected()
    assert talk.hear(b"+SACK:0001$", NOW) == [Answered("0001", b"+SACK:0001$")]
