"""The receiver's end of a meitrack unit's connection: answers, repeats, memory, orders, and bad days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.conversation import Fault, SignalsReceived
from protocols.errors import ChecksumMismatch, FramingError, LocalProtocolError
from protocols.family import FamilyConversation
from protocols.meitrack.codec import serialise
from protocols.meitrack.framing import MAX_FRAME_BYTES
from protocols.meitrack.messages import Frame
from protocols.orders import CallBack, Commission, Locate, Reassure
from protocols.signal import AccountId, Signal, SignalKind
from tests.protocols.captured import captures
from tests.protocols.streams import NOW, check_cut_anywhere, check_survives, hear, openers_of, replies

IMEI = AccountId("866000000000017")
RECORD = b"57.930000,12.090000,260304050607,A,9,20,4,180,0.9,35,1234,5678,240|7|1234|00ABCDEF,0100,0|0|0|0185|0"
OPENERS = openers_of("meitrack")


def octets(written: str) -> bytes:
    return bytes.fromhex(written[4:]) if written.startswith("hex:") else written.encode()


FRAMES = [octets(row["frame"]) for _, _, row in captures("meitrack", "frames")]
STORED = next(octets(row["frame"]) for name, _, row in captures("meitrack", "frames") if "buffered SOS" in name)


def frame(command: str, body: bytes, flag: str = "C") -> bytes:
    return serialise(Frame(flag, IMEI, command, body))


def signals(*chunks: bytes) -> list[Signal]:
    events, _ = hear(OPENERS.connection, chunks)
    return [signal for event in events if isinstance(event, SignalsReceived) for signal in event.signals]


def test_a_copy_under_another_flag_or_from_memory_is_the_same_record() -> None:
    first, other_flag, stored = signals(
        frame("AAA", b"1," + RECORD), frame("AAA", b"1," + RECORD, "D"), frame("AFF", b"7,1," + RECORD)
    )

    assert first.repeat_key == other_flag.repeat_key == stored.repeat_key


def test_a_second_press_is_another_record() -> None:
    first, second = signals(frame("AAA", b"1," + RECORD), frame("AAA", b"1," + RECORD.replace(b"0607", b"0640")))

    assert first.repeat_key != second.repeat_key


def test_an_undated_alarm_is_known_for_a_minute_and_undated_positions_are_never_repeats() -> None:
    alarm, again, here, there = signals(*(frame("AAA", event) for event in (b"1", b"1", b"35", b"35")))
    (later,), _ = later_signals(frame("AAA", b"35"))

    assert alarm.repeat_key == again.repeat_key
    assert alarm.repeat_window == timedelta(seconds=60)
    assert here.repeat_key == there.repeat_key  # at the very same moment it is one
    assert here.repeat_key != later.repeat_key


def later_signals(raw: bytes) -> tuple[tuple[Signal, ...], bytes]:
    events, _ = hear(OPENERS.connection, [raw], NOW + timedelta(minutes=1))
    (received,) = (event for event in events if isinstance(event, SignalsReceived))
    return received.signals, received.raw


def test_an_old_record_with_others_waiting_comes_from_memory() -> None:
    old = RECORD.replace(b"260304050607", b"260304030607")
    (fresh,), (stored,), (last,) = (
        signals(frame("AFF", waiting + b",1," + record))
        for waiting, record in ((b"7", RECORD), (b"7", old), (b"0", old))
    )

    assert (fresh.buffered, stored.buffered, last.buffered) == (None, True, None)


def test_records_are_answered_with_their_number_and_text_with_nothing() -> None:
    events, conversation = hear(OPENERS.connection, [STORED + frame("AAA", b"1," + RECORD) + frame("AAC", b"1", "z")])

    answers = b"@@C27,866000000000017,CCC,1*" + b"C0\r\n@@z27,866000000000017,AAC,1*F3\r\n"
    assert replies(events, conversation) == answers


def test_a_damaged_frame_is_not_answered_and_the_next_is_heard() -> None:
    damaged = STORED.replace(b"CCC", b"CCE", 1)
    events, conversation = hear(OPENERS.connection, [damaged + STORED])

    assert [type(event.error) for event in events if isinstance(event, Fault)] == [ChecksumMismatch]
    assert replies(events, conversation) == b"@@C27,866000000000017,CCC,1*C0\r\n"


SOS = frame("AAA", b"1," + RECORD)


@pytest.mark.parametrize("at", [SOS.index(b"1,57") + 2, SOS.index(b",12.09"), len(SOS) - 5])
def test_an_sos_in_text_whose_end_never_came_counts_with_what_came_whole(at: int) -> None:
    conversation = OPENERS.connection(NOW)
    conversation.receive(SOS[:at], NOW)
    due_at = conversation.next_deadline()
    assert due_at is not None
    received = next(event for event in conversation.deadline_passed(due_at) if isinstance(event, SignalsReceived))

    (signal,) = received.signals
    assert (signal.kind, signal.device, signal.code) == (SignalKind.PANIC, IMEI, "1")
    assert signal.doubts[-1] == "frame cut short"
    assert received.token is None


@pytest.mark.parametrize("cut", [SOS[: SOS.index(b"1,57") + 1], frame("AAA", b"35," + RECORD)[:-5], STORED[:60]])
def test_any_other_frame_whose_end_never_came_says_nothing(cut: bytes) -> None:
    conversation = OPENERS.connection(NOW)
    conversation.receive(cut, NOW)
    due_at = conversation.next_deadline()
    assert due_at is not None
    fault = conversation.deadline_passed(due_at)[0]

    assert isinstance(fault, Fault)
    assert isinstance(fault.error, FramingError)


def test_orders_are_said_under_a_flag_that_counts() -> None:
    conversation = speaking()

    assert conversation.order(Locate(), NOW) == (serialise(Frame("A", IMEI, "A10", b""), b"@@"),)
    assert conversation.order(Commission(report_every_s=60), NOW) == (serialise(Frame("B", IMEI, "A12", b"6"), b"@@"),)
    assert conversation.order(Commission(report_every_s=1), NOW) == (serialise(Frame("C", IMEI, "A12", b"1"), b"@@"),)


def test_there_are_no_words_for_other_orders() -> None:
    conversation = speaking()

    for order in (Reassure("Help is coming"), CallBack("0700000000"), Commission(fall_detection=True)):
        assert conversation.order(order, NOW) == ()


def test_before_the_unit_has_said_its_name_nothing_can_be_said_to_it() -> None:
    conversation = OPENERS.connection(NOW)
    assert isinstance(conversation, FamilyConversation)

    with pytest.raises(LocalProtocolError):
        conversation.order(Locate(), NOW)


def speaking() -> FamilyConversation:
    _, conversation = hear(OPENERS.connection, [STORED])
    assert isinstance(conversation, FamilyConversation)
    return conversation


def test_a_day_of_frames_may_be_cut_anywhere() -> None:
    wrong_length = frame("AAA", b"1," + RECORD).replace(b"$$C", b"$$C1", 1)
    check_cut_anywhere(OPENERS.connection, b"".join((STORED, STORED[:50], wrong_length, STORED, b"\r\n", STORED)))


PIECES = [b"$$A", b"27,", b",866000000000017,", b"AAA,", b"CCC,", b"CCE,", b"*", b"\r\n", b"*BB\r\n", b"1", RECORD]


@settings(max_examples=150)
@given(st.lists(st.one_of(st.sampled_from([*PIECES, *FRAMES]), st.binary(max_size=8)), max_size=25))
def test_any_bytes_give_signals_or_faults(chunks: list[bytes]) -> None:
    check_survives(OPENERS.connection, chunks, MAX_FRAME_BYTES)


@settings(max_examples=150)
@given(st.sampled_from(["AAA", "AFF", "CCC", "CCE", "D00", "A10"]), st.sampled_from(FRAMES), st.data())
def test_any_body_with_a_right_checksum_gives_signals_or_faults(command: str, base: bytes, data: st.DataObject) -> None:
    body = bytearray(base[26:-5])
    for at, value in data.draw(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6)):
        if at < len(body):
            body[at] = value
    check_survives(OPENERS.connection, [frame(command, bytes(body))], MAX_FRAME_BYTES)
