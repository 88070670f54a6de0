"""One connection with a tracker: who speaks, what is answered and when, what can be asked of it, and any bytes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.conversation import Account, Fault, Identified, Nak, SignalsReceived
from protocols.errors import ChecksumMismatch
from protocols.orders import CallBack, Commission, Locate, Reassure, TakesOrders
from protocols.signal import AccountId, SignalKind
from protocols.teltonika.codec import parse, serialise
from protocols.teltonika.framing import MAX_FRAME_BYTES
from protocols.teltonika.messages import CODEC_8, COMMAND, Batch, Element, Login, Packet, Record, Text
from tests.protocols.captured import Enrolled
from tests.protocols.streams import NOW, check_survives, hear, openers_of, replies

LOGIN = serialise(Login("866000000000017"))
PRESS = Record(
    at_ms=1_772_600_767_000,
    priority=1,
    lat=57.93,
    lon=12.09,
    satellites=9,
    event_id=236,
    elements=(Element(236, b"\x01"),),
)
SOS = serialise(Batch(CODEC_8, 1, (PRESS,)))
OPENERS = openers_of("teltonika")


def test_the_name_is_said_once_and_stands_for_the_connection() -> None:
    events, _ = hear(OPENERS.connection, [LOGIN, SOS])

    assert isinstance(events[0], Identified)
    assert [signal.device for event in events if isinstance(event, SignalsReceived) for signal in event.signals] == [
        "866000000000017",
        "866000000000017",
    ]


def test_nothing_is_answered_before_the_commit() -> None:
    events, conversation = hear(OPENERS.connection, [LOGIN, SOS])

    assert [type(event) for event in events] == [Identified, SignalsReceived, SignalsReceived]
    assert replies(events, conversation) == b"\x01\x00\x00\x00\x01"


def test_what_could_not_be_stored_is_not_answered_and_a_stranger_is() -> None:
    for why, answer in ((Nak.NOT_STORED, b""), (Nak.UNKNOWN_DEVICE, b"\x01")):
        events, conversation = hear(OPENERS.connection, [LOGIN])
        assert isinstance(events[1], SignalsReceived)
        assert events[1].token is not None
        assert conversation.nak(events[1].token, why, NOW) == answer


def test_the_model_comes_from_the_registry() -> None:
    vehicle = Enrolled(Account(AccountId("866000000000017"), model="FMB920"))
    events, _ = hear(openers_of("teltonika", vehicle).connection, [LOGIN, SOS])

    assert isinstance(events[2], SignalsReceived)
    assert [signal.kind for signal in events[2].signals] == [SignalKind.UNSPECIFIED_ALARM]


def test_a_damaged_frame_is_a_fault_and_the_next_one_counts() -> None:
    damaged = SOS[:20] + b"\x77" + SOS[21:]
    events, conversation = hear(OPENERS.connection, [LOGIN, damaged, SOS])

    assert [type(event) for event in events] == [Identified, SignalsReceived, Fault, SignalsReceived]
    assert isinstance(events[2], Fault)
    assert isinstance(events[2].error, ChecksumMismatch)
    assert replies(events, conversation) == b"\x01\x00\x00\x00\x01"


def test_an_sos_in_a_frame_that_never_ends_counts_and_is_not_answered() -> None:
    two = serialise(Batch(CODEC_8, 2, (PRESS, PRESS)))
    _, conversation = hear(OPENERS.connection, [LOGIN, two[:-30]])
    due_at = conversation.next_deadline()
    assert due_at is not None

    received, *_ = conversation.deadline_passed(due_at)

    assert isinstance(received, SignalsReceived)
    assert (received.token, [signal.kind for signal in received.signals]) == (None, [SignalKind.PANIC])


def test_many_pings_at_once_are_one_sign_of_life() -> None:
    events, conversation = hear(OPENERS.connection, [LOGIN, b"\xff" * 5])
    pings = [event for event in events if isinstance(event, SignalsReceived)][1:]
    assert [len(ping.signals) for ping in pings] == [1, 0, 0, 0, 0]

    later = conversation.receive(b"\xff", NOW + timedelta(seconds=1))

    assert isinstance(later[0], SignalsReceived)
    assert [signal.code for signal in later[0].signals] == ["ping"]


def test_locate_is_said_in_a_command_and_what_has_no_words_is_not_said() -> None:
    _, conversation = hear(OPENERS.connection, [LOGIN])
    assert isinstance(conversation, TakesOrders)

    assert [parse(frame) for frame in conversation.order(Locate(), NOW)] == [Text(COMMAND, b"getrecord")]
    for order in (Reassure("Help is on its way"), CallBack("+46701234567"), Commission(report_every_s=60)):
        assert conversation.order(order, NOW) == ()


def test_a_datagram_names_its_device_and_takes_no_orders() -> None:
    assert OPENERS.datagram is not None
    packet = serialise(Packet(7, 8, "866000000000017", Batch(CODEC_8, 1, (PRESS,))))
    events, conversation = hear(OPENERS.datagram, [packet])

    assert isinstance(events[0], Identified)
    assert replies(events, conversation) == bytes.fromhex("00050007010801")
    assert isinstance(conversation, TakesOrders)
    assert conversation.order(Locate(), NOW) == ()


@pytest.mark.parametrize("transport", ["connection", "datagram"])
@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.binary(max_size=80)
        | st.sampled_from([LOGIN, SOS, b"\xff", SOS[:30], bytes(8)])
        | st.binary(min_size=3, max_size=120).map(lambda body: serialise_raw(body)),
        max_size=8,
    )
)
def test_any_bytes_are_survived(transport: str, chunks: list[bytes]) -> None:
    check_survives(getattr(OPENERS, transport), chunks, MAX_FRAME_BYTES)


def serialise_raw(body: bytes) -> bytes:
    """Return a data frame around any body, so that the fuzz passes the checksum."""
    crc = 0
    for octet in body:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return bytes(4) + len(body).to_bytes(4, "big") + body + crc.to_bytes(4, "big")
