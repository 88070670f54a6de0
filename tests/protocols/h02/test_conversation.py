"""An H02 device's connection: identity, answers, orders, and whatever else comes down the wire."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.conversation import Account, Close, Fault, Identified, Nak, SignalsReceived
from protocols.errors import LocalProtocolError
from protocols.family import FamilyConversation
from protocols.h02.framing import MAX_FRAME_BYTES
from protocols.orders import CallBack, Commission, Locate, Reassure
from protocols.signal import AccountId, SignalKind
from tests.protocols.captured import Enrolled, captures
from tests.protocols.streams import NOW, check_survives, hear, openers_of, replies
from tests.protocols.test_family_captures import octets

SOS = b"*HQ,8660000017,V1,050607,V,,,,,,,040326,FFFFFBFD#"
BINARY_SOS = bytes.fromhex("2486600000170506070403265755800006012054000E002180FFFFFBFDFF0000")
FRAMES = [octets(row["frame"]) for _, _, row in captures("h02", "frames")]


def test_text_and_binary_on_one_connection_are_one_device() -> None:
    events, conversation = hear(openers_of("h02").connection, [SOS, BINARY_SOS, b"*HQ,8660000017,HTBT#"])

    assert [event.device for event in events if isinstance(event, Identified)] == [AccountId("8660000017")]
    told = [signal.kind for event in events if isinstance(event, SignalsReceived) for signal in event.signals]
    assert told == [SignalKind.PANIC, SignalKind.PANIC, SignalKind.HEARTBEAT]
    assert replies(events, conversation) == b"*HQ,8660000017,V4,V1,20260304050610#*HQ,8660000017,HTBT#"


def test_what_was_not_stored_is_not_answered_but_a_stranger_is() -> None:
    events, conversation = hear(openers_of("h02").connection, [SOS, SOS])
    first, second = (event.token for event in events if isinstance(event, SignalsReceived))

    assert first is not None
    assert second is not None
    assert conversation.nak(first, Nak.NOT_STORED, NOW) == b""
    assert conversation.nak(second, Nak.UNKNOWN_DEVICE, NOW) == b"*HQ,8660000017,V4,V1,20260304050610#"


@pytest.mark.parametrize(("option", "answer"), [({}, b""), ({"r12": "on"}, b"*HQ,8660000017,R12,050610#")])
def test_a_unit_that_was_set_up_for_it_gets_r12(option: dict[str, str], answer: bytes) -> None:
    accounts = Enrolled(Account(AccountId("8660000017"), options=option))
    events, conversation = hear(openers_of("h02", accounts).connection, [SOS.replace(b"V1", b"V6")])

    assert replies(events, conversation) == answer


def test_only_the_interval_of_reports_can_be_ordered() -> None:
    _, conversation = hear(openers_of("h02").connection, [SOS])
    assert isinstance(conversation, FamilyConversation)

    assert conversation.order(Commission(report_every_s=30), NOW) == (b"*HQ,8660000017,D1,050610,30#",)
    for order in (Commission(sos_numbers=("0700000001",)), Reassure("hjälp"), Locate(), CallBack("0700000001")):
        assert conversation.order(order, NOW) == ()


def test_an_order_needs_a_name() -> None:
    _, conversation = hear(openers_of("h02").connection, [])
    assert isinstance(conversation, FamilyConversation)

    with pytest.raises(LocalProtocolError):
        conversation.order(Commission(report_every_s=30), NOW)


def test_a_power_cut_is_news_again_after_it_was_over() -> None:
    cut = SOS.replace(b"FFFFFBFD", b"FFF7FBFF")
    events, _ = hear(openers_of("h02").connection, [cut, cut, SOS.replace(b"BFD", b"BFF"), cut])

    told = [signal.kind for event in events if isinstance(event, SignalsReceived) for signal in event.signals]
    lost, position = SignalKind.EXTERNAL_POWER_LOST, SignalKind.POSITION
    assert told == [lost, position, position, lost]


def test_silence_ends_a_connection_and_settles_a_binary_message() -> None:
    conversation = openers_of("h02").connection(NOW)
    conversation.receive(BINARY_SOS, NOW)
    due_at = conversation.next_deadline()
    assert due_at is not None
    assert (due_at - NOW).total_seconds() == 1
    assert any(isinstance(event, SignalsReceived) for event in conversation.deadline_passed(due_at))

    due_at = conversation.next_deadline()
    assert due_at is not None
    assert conversation.deadline_passed(due_at) == (Close("idle"),)


@given(st.lists(st.binary(max_size=80) | st.sampled_from(FRAMES), max_size=8))
@settings(max_examples=150)
def test_whatever_comes_the_connection_survives(chunks: list[bytes]) -> None:
    openers = openers_of("h02")
    check_survives(openers.connection, chunks, MAX_FRAME_BYTES + 80)
    assert openers.datagram is not None
    check_survives(openers.datagram, [b"".join(chunks)[:1400]], MAX_FRAME_BYTES)


@given(st.sampled_from(FRAMES), st.data())
@settings(max_examples=150)
def test_a_damaged_frame_is_read_or_refused(frame: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(frame) - 1))
    damaged = bytearray(frame)
    damaged[at] = data.draw(st.integers(0, 255))
    check_survives(openers_of("h02").connection, [bytes(damaged), SOS], MAX_FRAME_BYTES + len(frame))


def test_strangers_are_shown_the_door_and_nothing_is_made_of_them() -> None:
    events, _ = hear(openers_of("h02").connection, [b"GET / HTTP/1.1\r\n" * 2000])

    assert all(isinstance(event, Fault) for event in events)
    assert isinstance(events[-1], Fault)
    assert events[-1].close
