"""The emulated unit's words against the receiver's conversation, in memory."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from devices.device import NotInProtocol
from devices.scaip import ScaipTalk
from devices.talk import Answered, HeardDown, Note, Ordered, Said, What
from protocols.conversation import Account
from protocols.orders import Reassure
from protocols.signal import AccountId, SignalKind
from tests.devices.support import NOW, settings
from tests.protocols.scaip.support import Wire

SECRET = "hemligt"
UNIT = Account(AccountId("4670000017"), secret=SECRET.encode())


def talk(secret: str | None = SECRET, **options: str) -> ScaipTalk:
    return ScaipTalk(settings(device="4670000017", secret=secret, options=options), random.Random(5).randbytes)


def note(*whats: What, fix: bool = True) -> Note:
    return Note(whats=frozenset(whats), at=NOW, lat=57.93, lon=12.09, fix=fix, battery_pct=80)


def carry(wire: Wire, device: ScaipTalk, said: Said) -> list[HeardDown]:
    """Let the two speak until nobody has anything to say."""
    heard: list[HeardDown] = []
    waiting = [said.octets]
    while waiting:
        for down in wire.send(waiting.pop(0)):
            for each in device.hear(down, NOW):
                heard.append(each)
                waiting += [each.reply] if isinstance(each, Ordered) and each.reply else []
    return heard


def answers(heard: list[HeardDown]) -> list[tuple[object, bool]]:
    return [(each.key, each.accepted) for each in heard if isinstance(each, Answered)]


def test_a_unit_registers_and_tells_each_thing_that_it_noted() -> None:
    wire, device = Wire(UNIT), talk()
    greeting = device.greeting(NOW)
    assert greeting is not None
    assert answers(carry(wire, device, greeting)) == [("register", True)]
    for whats in (What.PRESS, What.FALL, What.MAN_DOWN, What.CHECK_IN, What.LOW_BATTERY):
        said = device.tell([note(whats)])
        assert answers(carry(wire, device, said)) == [(said.key, True)]
    assert [signal.kind for signal in wire.signals] == [
        SignalKind.HEARTBEAT,
        SignalKind.PANIC,
        SignalKind.FALL,
        SignalKind.MAN_DOWN,
        SignalKind.TEST_ALARM,
        SignalKind.LOW_BATTERY,
    ]
    position = wire.signals[1].position
    assert position is not None
    assert (position.lat, position.lon, position.fix_at) == (57.93, 12.09, NOW)


def test_a_unit_without_a_fix_or_a_password_says_so_by_leaving_it_out() -> None:
    wire, device = Wire(Account(AccountId("4670000017"))), talk(None, dty="0006", udp="1")
    assert device.greeting(NOW) is None
    assert answers(carry(wire, device, device.tell([note(What.PRESS, fix=False)])))[0][1]
    assert (wire.signals[0].position, wire.signals[0].silent) == (None, True)


def test_what_scaip_cannot_say_is_refused() -> None:
    for whats in ([What.POSITION], [What.PRESS, What.LOW_BATTERY]):
        with pytest.raises(NotInProtocol):
            talk().tell([note(*whats)])


def test_a_sign_of_life_lets_its_interval_be_set() -> None:
    wire, device = Wire(Account(AccountId("4670000017"), options={"heartbeat_min": "30"})), talk(None, interval="1")
    said = device.keepalive(NOW, 80)
    assert said is not None
    assert b"<hbi>30</hbi>" in carry(wire, device, said)[-1].octets


def test_a_held_alarm_is_no_ack_until_a_person_has_taken_it() -> None:
    wire = Wire(Account(AccountId("4670000017"), options={"hold": "until-taken"}))
    device = talk(None)
    said = device.tell([note(What.PRESS)])
    assert answers(carry(wire, device, said)) == [(said.key, False)]
    wire.at += timedelta(seconds=5)
    (frame,) = wire.conversation.order(Reassure("Vi kommer"), wire.at)
    down = device.hear(frame, NOW)
    assert [each.order for each in down if isinstance(each, Ordered)] == [Reassure("Vi kommer")]
    assert answers(list(down)) == [(said.key, True)]
    device.connected()
    assert (said.key, True) in answers(carry(wire, device, said))


def test_a_refused_unit_sends_again() -> None:
    wire, device = Wire(UNIT), talk("fel")
    said = device.tell([note(What.PRESS)])
    assert answers(carry(wire, device, said)) == [(said.key, False)]
    assert device.records_per_frame == 1
