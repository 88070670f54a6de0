"""An emulated H02 pendant's words, against the receiver's end, in memory."""

from __future__ import annotations

from dataclasses import replace

import pytest

from devices.device import NotInProtocol
from devices.h02 import H02Talk, build
from devices.talk import Answered, Note, Ordered, What
from devices.tracker import Tracker
from protocols.conversation import SignalsReceived
from protocols.family import FamilyConversation
from protocols.orders import REPLY, Commission
from protocols.signal import Signal, SignalKind
from tests.devices.support import NOW, settings, surroundings
from tests.protocols.streams import openers_of, replies

NOTE = Note(whats=frozenset({What.PRESS}), at=NOW, lat=57.93, lon=12.09, fix=True, battery_pct=81, speed_mps=2.0)


class Pair:
    """A talk and the receiver's end of its connection."""

    def __init__(self, **options: str) -> None:
        self.talk = H02Talk(settings(1, device="8660000017", options=options))
        conversation = openers_of("h02").connection(NOW)
        assert isinstance(conversation, FamilyConversation)
        self.conversation = conversation
        self.talk.connected()

    def receive(self, octets: bytes) -> tuple[list[Signal], bytes]:
        """Let the receiver hear it; return what it took in, and its answer."""
        events = list(self.conversation.receive(octets, NOW))
        due_at = self.conversation.next_deadline()
        if self.conversation.pending_bytes and due_at is not None:
            events += self.conversation.deadline_passed(due_at)
        signals = [signal for event in events if isinstance(event, SignalsReceived) for signal in event.signals]
        return signals, replies(events, self.conversation)


def test_a_press_is_a_panic_and_its_answer_is_recognised() -> None:
    pair = Pair()
    said = pair.talk.tell([NOTE])
    (signal,), answer = pair.receive(said.octets)

    assert (signal.kind, signal.event_at) == (SignalKind.PANIC, NOW)
    assert signal.position is not None
    assert (signal.position.lat, signal.position.lon, signal.position.valid) == (57.93, 12.09, True)
    assert signal.position.speed_mps == pytest.approx(2.0, abs=0.01)
    assert pair.talk.hear(answer, NOW) == [Answered(said.key, answer)]


def test_a_press_in_the_binary_form_is_owed_nothing() -> None:
    pair = Pair(binary="1")
    said = pair.talk.tell([NOTE])
    (signal,), answer = pair.receive(said.octets)

    assert (signal.kind, signal.battery_pct, signal.event_at) == (SignalKind.PANIC, 81, NOW)
    assert (said.key, answer) == (None, b"")


def test_a_position_without_fix_is_the_last_known_place() -> None:
    pair = Pair()
    (signal,), _ = pair.receive(pair.talk.tell([replace(NOTE, whats=frozenset({What.POSITION}), fix=False)]).octets)

    assert signal.kind is SignalKind.POSITION
    assert signal.position is not None
    assert not signal.position.valid


def test_a_keepalive_says_the_battery_in_per_cent_and_never_a_level() -> None:
    pair = Pair()
    said = pair.talk.keepalive(NOW, 3.2)
    assert said is not None
    (signal,), answer = pair.receive(said.octets)

    assert (signal.kind, signal.battery_pct) == (SignalKind.HEARTBEAT, 3)
    assert pair.talk.hear(answer, NOW) == [Answered(said.key, answer)]


def test_an_order_is_understood_and_its_confirmation_comes_back_as_a_reply() -> None:
    pair = Pair()
    pair.receive(pair.talk.tell([NOTE]).octets)
    (order,) = pair.conversation.order(Commission(report_every_s=30), NOW)
    (heard,) = pair.talk.hear(order, NOW)

    assert isinstance(heard, Ordered)
    assert heard.order == Commission(report_every_s=30)
    (signal,), _ = pair.receive(heard.reply)
    assert (signal.kind, signal.code, signal.text) == (SignalKind.HEARTBEAT, REPLY, "D1,30,050607")


def test_whatever_the_receiver_says_is_heard_without_harm() -> None:
    talk = Pair().talk

    assert talk.hear(b"\xff\x00*HQ;#*HQ,1,S", NOW) == []
    assert talk.hear(b"20,050607,1,1#", NOW) == [Ordered(b"*HQ,1,S20,050607,1,1#")]
    assert [one for one in talk.hear(b"*HQ,1,D1,050607,x#*HQ,1,D1,050607,9#", NOW) if isinstance(one, Ordered)][
        1
    ].reply == b""


@pytest.mark.parametrize("what", [What.FALL, What.MAN_DOWN, What.LOW_BATTERY, What.CHECK_IN])
def test_it_has_no_words_for_anything_else(what: What) -> None:
    with pytest.raises(NotInProtocol, match=f"h02 has no {what.value}"):
        Pair().talk.tell([replace(NOTE, whats=frozenset({what, What.PRESS}))])


def test_it_is_built_as_a_tracker() -> None:
    assert isinstance(build(settings(1, device="8660000017"), surroundings()), Tracker)
