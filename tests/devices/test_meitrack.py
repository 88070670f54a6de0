"""An emulated meitrack unit against the receiver's conversation, in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from devices.device import Address, DeviceSettings, NotInProtocol
from devices.meitrack import MeitrackTalk
from devices.talk import Answered, Note, Ordered, What
from protocols.conversation import SignalsReceived
from protocols.family import FamilyConversation
from protocols.orders import Commission, Locate
from protocols.signal import Signal, SignalKind
from tests.protocols.streams import NOW, openers_of

IMEI = "866000000000017"
SETTINGS = DeviceSettings(IMEI, (Address("127.0.0.1", 5020),))
PRESS = Note(
    whats=frozenset({What.PRESS}),
    at=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
    lat=57.93,
    lon=12.09,
    fix=True,
    battery_pct=12.0,
    speed_mps=1.0,
)
POSITION = replace(PRESS, whats=frozenset({What.POSITION}), fix=False)


def conversation() -> FamilyConversation:
    opened = openers_of("meitrack").connection(NOW)
    assert isinstance(opened, FamilyConversation)
    return opened


def received(octets: bytes, receiver: FamilyConversation) -> tuple[tuple[Signal, ...], bytes]:
    (event,) = (event for event in receiver.receive(octets, NOW) if isinstance(event, SignalsReceived))
    return event.signals, b"" if event.token is None else receiver.ack(event.token, NOW)


def test_an_sos_behind_a_backlog_is_one_frame_with_one_answer() -> None:
    talk = MeitrackTalk(SETTINGS)
    said = talk.tell([POSITION, replace(POSITION, lat=57.94), PRESS])
    signals, answer = received(said.octets, conversation())

    assert [signal.kind for signal in signals] == [SignalKind.POSITION, SignalKind.POSITION, SignalKind.PANIC]
    assert [signal.position.valid for signal in signals if signal.position] == [False, False, True]
    assert {signal.event_at for signal in signals} == {PRESS.at}
    assert b",CCC,3*" in answer
    assert talk.hear(answer, NOW) == [Answered(said.key, answer)]


def test_what_falls_together_is_two_records_the_gravest_first() -> None:
    note = replace(PRESS, whats=frozenset({What.LOW_BATTERY, What.PRESS}))
    signals, _ = received(MeitrackTalk(SETTINGS).tell([note]).octets, conversation())

    assert [signal.kind for signal in signals] == [SignalKind.PANIC, SignalKind.LOW_BATTERY]
    assert signals[0].evidence[5] == ("battery_v", "3.5")


def test_a_fall_of_an_unregistered_model_is_an_alarm_on_doubt() -> None:
    note = replace(PRESS, whats=frozenset({What.FALL}))
    (signal,), _ = received(MeitrackTalk(SETTINGS).tell([note]).octets, conversation())

    assert (signal.kind, signal.code) == (SignalKind.UNSPECIFIED_ALARM, "79")


@pytest.mark.parametrize("what", [What.MAN_DOWN, What.CHECK_IN])
def test_what_has_no_event_is_refused(what: What) -> None:
    with pytest.raises(NotInProtocol):
        MeitrackTalk(SETTINGS).tell([replace(PRESS, whats=frozenset({what}))])


def test_in_text_a_record_is_told_alone_and_waits_for_no_answer() -> None:
    talk = MeitrackTalk(replace(SETTINGS, options={"text": "1"}))
    said = talk.tell([PRESS])
    (signal,), answer = received(said.octets, conversation())

    assert talk.records_per_frame == 1
    assert (said.key, answer) == (None, b"")
    assert (signal.kind, signal.event_at) == (SignalKind.PANIC, PRESS.at)


def test_a_sign_of_life_is_answered_under_its_flag() -> None:
    talk = MeitrackTalk(SETTINGS)
    said = talk.keepalive(NOW, 81.0)
    assert said is not None
    (signal,), answer = received(said.octets, conversation())

    assert signal.kind is SignalKind.HEARTBEAT
    assert talk.hear(answer[:9], NOW) == []
    assert talk.hear(answer[9:], NOW) == [Answered(said.key, answer)]
    assert talk.greeting(NOW) is None


def test_orders_are_understood_and_settings_confirmed() -> None:
    talk, receiver = MeitrackTalk(SETTINGS), conversation()
    received(talk.tell([PRESS]).octets, receiver)
    (locate,) = receiver.order(Locate(), NOW)
    (every,) = receiver.order(Commission(report_every_s=60), NOW)
    first, second = talk.hear(locate + every, NOW)

    assert first == Ordered(locate, Locate())
    assert isinstance(second, Ordered)
    assert second.order == Commission(report_every_s=60)
    (signal,), _ = received(second.reply, receiver)
    assert (signal.code, signal.text) == ("reply", "A12 OK")


def test_noise_is_only_kept_and_half_an_answer_dies_with_its_connection() -> None:
    talk = MeitrackTalk(SETTINGS)

    assert talk.hear(b"noise\r\n", NOW) == [Ordered(b"noise\r\n")]
    talk.hear(b"@@z27,8660", NOW)
    talk.connected()
    answer = b"@@z27,866000000000017,AAC,1*F3\r\n"
    assert talk.hear(answer, NOW) == [Answered(("AAC", "z"), answer)]
