"""The receiver's end of a watch's connection: captures, answers, and days on which all goes wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.conversation import Close, Event, Fault, Identified, Nak, SignalsReceived
from protocols.errors import FrameTooLong, FramingError, LocalProtocolError
from protocols.family import MAX_BROKEN, MAX_OWED
from protocols.orders import REPLY, CallBack, Commission, Locate, Order, Reassure
from protocols.signal import AccountId, SignalKind
from protocols.watch.conversation import PATIENCE, WatchConversation, WatchTransmitter
from protocols.watch.framing import MAX_FRAME_BYTES, MAX_GARBAGE_BYTES
from protocols.watch.messages import Answer, FallDetection, KeepAlive, ShowMessage
from tests.protocols.captured import captures, told

T0 = datetime(2026, 3, 4, 5, 6, 10, tzinfo=UTC)
LK = b"[3G*8660000001*0002*LK]"
SOS = b"[3G*8660000001*0000*AL,040326,050607,V,0,N,0,E,0,0,0,0,60,40,9,0,00010000]"
CAPTURES = captures("watch", "frames")


def octets(row: dict[str, Any]) -> bytes:
    return bytes.fromhex(row["hex"]) if "hex" in row else str(row["text"]).encode()


def comparable(events: list[Event]) -> list[object]:
    """Events without the sample of garbage, which depends on what had come in when it was told."""
    return [(str(e.error), e.close) if isinstance(e, Fault) else e for e in events]


def kinds(events: list[Event]) -> list[SignalKind]:
    return [signal.kind for event in events if isinstance(event, SignalsReceived) for signal in event.signals]


@pytest.mark.parametrize(("heard_at", "row"), [row[1:] for row in CAPTURES], ids=[row[0] for row in CAPTURES])
def test_a_capture_means_exactly_what_is_written_beside_it(heard_at: datetime, row: dict[str, Any]) -> None:
    conversation = WatchConversation(heard_at)
    identified, received = conversation.receive(octets(row), heard_at)

    assert isinstance(identified, Identified)
    assert isinstance(received, SignalsReceived)
    assert identified.device == row["signals"][0]["device"]
    assert [told(signal) for signal in received.signals] == row["signals"]
    assert received.raw == octets(row)
    assert received.authentic
    reply = b"" if received.token is None else conversation.ack(received.token, heard_at)
    assert reply.decode() == row.get("reply", "")
    assert conversation.pending_bytes == 0


STREAM = b"".join(octets(row) for _, _, row in CAPTURES)


@settings(max_examples=40)
@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_cutting_the_stream_elsewhere_changes_nothing(cuts: list[int]) -> None:
    whole = list(WatchConversation(T0).receive(STREAM, T0))
    edges = [0, *sorted(cuts), len(STREAM)]
    conversation = WatchConversation(T0)
    parts = [event for start, end in pairwise(edges) for event in conversation.receive(STREAM[start:end], T0)]

    assert parts == whole
    assert len(kinds(whole)) == sum(len(row["signals"]) for _, _, row in CAPTURES)


PIECES = [b"[", b"]", b"[3G*1*", b"3G*1*0000*", b"AL,", b"LK", b",", b"*", b"\r\n", b"\x00", b"\x7d\x02", b"x", LK, SOS]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=4)), max_size=40), st.data())
def test_any_bytes_give_signals_or_faults_wherever_they_are_cut(parts: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(parts)
    whole = WatchConversation(T0)
    events = list(whole.receive(stream, T0))
    conversation = WatchConversation(T0)
    cut_events: list[Event] = []
    at = 0
    while at < len(stream):
        step = data.draw(st.integers(1, 9))
        cut_events += conversation.receive(stream[at : at + step], T0)
        at += step

    assert comparable(cut_events) == comparable(events)
    assert conversation.pending_bytes == whole.pending_bytes
    while (due_at := whole.next_deadline()) is not None:
        assert whole.deadline_passed(due_at)


def test_the_same_frame_again_is_a_repeat_and_is_answered_again() -> None:
    conversation = WatchConversation(T0)
    first = conversation.receive(SOS, T0)[-1]
    again = conversation.receive(SOS, T0 + timedelta(seconds=5))[-1]

    assert isinstance(first, SignalsReceived)
    assert isinstance(again, SignalsReceived)
    assert first.signals == again.signals
    assert first.token is not None
    assert again.token is not None
    assert conversation.ack(first.token, T0) == conversation.ack(again.token, T0) == b"[3G*8660000001*0002*AL]"


def test_a_second_press_is_another_message() -> None:
    later = SOS.replace(b"050607", b"050707")
    first, second = (WatchConversation(T0).receive(frame, T0)[-1] for frame in (SOS, later))

    assert isinstance(first, SignalsReceived)
    assert isinstance(second, SignalsReceived)
    assert first.signals[0].repeat_key != second.signals[0].repeat_key


def test_undated_telemetry_is_never_a_repeat() -> None:
    conversation = WatchConversation(T0)
    first = conversation.receive(LK, T0)[-1]
    second = conversation.receive(LK, T0 + timedelta(minutes=1))[-1]

    assert isinstance(first, SignalsReceived)
    assert isinstance(second, SignalsReceived)
    assert first.signals[0].repeat_key != second.signals[0].repeat_key


def test_a_name_is_said_once_and_again_when_it_changes() -> None:
    conversation = WatchConversation(T0)
    events = conversation.receive(LK + LK + LK.replace(b"8660000001", b"8660000002"), T0)

    assert [event.device for event in events if isinstance(event, Identified)] == ["8660000001", "8660000002"]


def test_an_answer_is_given_once_and_a_refusal_is_silence() -> None:
    conversation = WatchConversation(T0)
    received = conversation.receive(LK, T0)[-1]
    assert isinstance(received, SignalsReceived)
    assert received.token is not None

    assert conversation.nak(received.token, Nak.NOT_STORED, T0) == b""
    with pytest.raises(LocalProtocolError, match="no answer is owed"):
        conversation.ack(received.token, T0)


def test_a_watch_we_do_not_know_is_answered_or_it_would_never_send_its_alarm() -> None:
    conversation = WatchConversation(T0)
    received = conversation.receive(b"[3G*8660000001*000B*LK,120,3,81]", T0)
    (token,) = [event.token for event in received if isinstance(event, SignalsReceived)]
    assert token is not None
    assert conversation.nak(token, Nak.UNKNOWN_DEVICE, T0) == b"[3G*8660000001*0002*LK]"


def test_garbage_between_frames_is_told_once_and_costs_no_frame() -> None:
    events = WatchConversation(T0).receive(b"\r\n" + LK + b"GET / HTTP/1.1\r\n" + SOS + b"\x00\r\n", T0)

    assert [type(event) for event in events] == [Identified, SignalsReceived, Fault, SignalsReceived]
    assert isinstance(events[2], Fault)
    assert isinstance(events[2].error, FramingError)
    assert events[2].raw == b"GET / HTTP/1.1\r\n"


def test_a_frame_that_another_one_interrupts_is_refused_and_the_other_is_heard() -> None:
    events = WatchConversation(T0).receive(b"[3G*8660000001*0075*UD_LTE,0403" + LK, T0)

    assert [type(event) for event in events] == [Fault, Identified, SignalsReceived]


def test_an_alarm_whose_tail_never_comes_is_told_after_two_seconds_and_the_connection_goes_on() -> None:
    conversation = WatchConversation(T0)
    sos = b"[3G*8660000001*00A7*AL_LTE,040326,050607,V,0,N,0,E,0.00,0.0,0.0,0,80,81,120,3,00010000,1,0,240"
    assert list(conversation.receive(sos, T0)) == []
    due_at = conversation.next_deadline()
    assert due_at == T0 + timedelta(seconds=2)

    events = conversation.deadline_passed(due_at)
    assert kinds(list(events)) == [SignalKind.PANIC]
    assert kinds(list(conversation.receive(LK, due_at))) == [SignalKind.HEARTBEAT]


def test_an_alarm_that_is_cut_short_still_alarms() -> None:
    events = list(WatchConversation(T0).receive(b"[3G*8660000001*00A7*AL_LTE,040326,05" + LK, T0))

    assert kinds(events) == [SignalKind.UNSPECIFIED_ALARM, SignalKind.HEARTBEAT]
    assert isinstance(events[1], SignalsReceived)
    assert events[1].signals[0].doubts == ("time unreadable", "status unreadable", "frame cut short")
    assert events[1].signals[0].repeat_window == timedelta(minutes=1)


def test_an_alarm_whose_wifi_name_opens_a_bracket_too_many_is_heard_with_the_next_frame() -> None:
    frame = SOS[:-1] + b",0,1,he[m,02:00:00:00:00:11,-61]"
    events = list(WatchConversation(T0).receive(frame + LK, T0))

    assert kinds(events) == [SignalKind.PANIC, SignalKind.HEARTBEAT]


def test_an_alarm_whose_wifi_name_opens_a_bracket_too_many_is_heard_after_a_short_silence() -> None:
    conversation = WatchConversation(T0)
    assert conversation.receive(SOS[:-1] + b",0,1,he[m,02:00:00:00:00:11,-61]", T0) == []
    assert conversation.next_deadline() == T0 + PATIENCE.settle
    assert conversation.deadline_passed(T0) == ()

    events = list(conversation.deadline_passed(T0 + PATIENCE.settle))

    assert kinds(events) == [SignalKind.PANIC]
    assert kinds(list(conversation.receive(LK, T0 + PATIENCE.settle))) == [SignalKind.HEARTBEAT]


def test_an_alarm_whose_wifi_name_closes_a_bracket_too_many_loses_only_the_access_points() -> None:
    events = list(WatchConversation(T0).receive(SOS[:-1] + b",0,1,he]m,02:00:00:00:00:11,-61]" + LK, T0))

    assert kinds(events) == [SignalKind.PANIC, SignalKind.HEARTBEAT]


def test_a_frame_that_drips_in_is_given_up_and_the_connection_closed() -> None:
    conversation = WatchConversation(T0)
    conversation.receive(LK, T0)
    for second, octet in enumerate(b"[3G*8660000001*0075*UD_LTE,040326,050607,A"):
        conversation.receive(bytes([octet]), T0 + timedelta(seconds=second))
        assert conversation.next_deadline() == T0 + PATIENCE.partial_frame

    events = conversation.deadline_passed(T0 + PATIENCE.partial_frame)

    assert [type(event) for event in events] == [Fault, Close]
    assert conversation.receive(SOS, T0 + PATIENCE.partial_frame) == ()
    assert conversation.next_deadline() is None


def test_an_alarm_that_drips_in_alarms_before_the_connection_is_closed() -> None:
    conversation = WatchConversation(T0)
    conversation.receive(SOS[:-2], T0)

    events = list(conversation.deadline_passed(T0 + PATIENCE.partial_frame))

    assert kinds(events) == [SignalKind.UNSPECIFIED_ALARM], "a digit is missing: the bits would be others"
    assert isinstance(events[-1], Close)


def test_a_connection_that_says_nothing_is_closed_early_and_a_watch_that_falls_silent_late() -> None:
    silent, watch = WatchConversation(T0), WatchConversation(T0)
    watch.receive(LK, T0)
    silent.receive(b"GET / HTTP/1.1\r\n\r\n", T0)

    assert silent.deadline_passed(T0 + PATIENCE.first_frame) == (Close("idle"),)
    assert watch.next_deadline() == T0 + PATIENCE.idle
    assert watch.deadline_passed(T0 + PATIENCE.idle) == (Close("idle"),)
    assert timedelta(minutes=16) < PATIENCE.idle


def test_a_voice_clip_of_the_largest_size_is_taken_and_one_byte_more_is_not() -> None:
    head = b"[3G*8660000001*FFFF*TK,"
    largest = head + b"a" * (MAX_FRAME_BYTES - len(head) - 1) + b"]"
    conversation = WatchConversation(T0)
    assert kinds(list(conversation.receive(largest, T0))) == [SignalKind.HEARTBEAT]

    too_long = WatchConversation(T0).receive(largest[:-1] + b"a]" + SOS, T0)

    assert [type(event) for event in too_long] == [Fault]
    assert isinstance(too_long[0], Fault)
    assert isinstance(too_long[0].error, FrameTooLong)
    assert too_long[0].close


def test_endless_garbage_is_not_kept_and_ends_the_connection() -> None:
    conversation = WatchConversation(T0)
    events: list[Event] = []
    for _ in range(MAX_GARBAGE_BYTES // 1000 + 2):
        events += conversation.receive(b"x" * 1000, T0)
        assert conversation.pending_bytes < 32

    assert [type(event) for event in events] == [Fault, Fault]
    assert conversation.next_deadline() is None


def test_a_peer_that_sends_only_broken_frames_is_let_go() -> None:
    events = WatchConversation(T0).receive(b"[3G*1*UD" * 1000, T0)

    assert len(events) == MAX_BROKEN
    assert isinstance(events[-1], Fault)
    assert events[-1].close


def test_a_peer_that_does_not_wait_for_answers_is_let_go() -> None:
    events = WatchConversation(T0).receive(LK * (MAX_OWED + 10), T0)

    assert len(kinds(list(events))) == MAX_OWED
    assert isinstance(events[-1], Fault)
    assert events[-1].close


def test_an_order_goes_out_under_the_watchs_own_maker_id_and_index() -> None:
    conversation = WatchConversation(T0)
    with pytest.raises(LocalProtocolError, match="has not said its name"):
        conversation.order(Locate(), T0)
    conversation.receive(b"[ZJ*866000000000017*0007*0002*LK]", T0)

    assert conversation.device == "866000000000017"
    assert conversation.order(Locate(), T0) == [b"[ZJ*866000000000017*0007*0002*CR]"]


@pytest.mark.parametrize(
    ("order", "contents"),
    [
        (Reassure("Hjälp"), [b"MESSAGE,0048006A00E4006C0070", b"FIND"]),
        (Reassure("Hjälp", ring=False), [b"MESSAGE,0048006A00E4006C0070"]),
        (CallBack("0700000000"), [b"CALL,0700000000"]),
        (Commission(sos_numbers=("0701", "0702")), [b"SOS1,0701", b"SOS2,0702", b"SOS3,"]),
        (Commission(fall_detection=True, fall_calls=False), [b"FALLDOWN,1,0"]),
        (Commission(in_utc=True, report_every_s=600), [b"UPLOAD,600"]),
        (Commission(), []),
    ],
)
def test_each_order_has_the_vendors_words(order: Order, contents: list[bytes]) -> None:
    conversation = WatchConversation(T0)
    conversation.receive(LK, T0)

    assert conversation.order(order, T0) == [b"[3G*8660000001*%04X*%s]" % (len(said), said) for said in contents]


def test_a_watchs_confirmation_is_its_reply() -> None:
    conversation = WatchConversation(T0)
    _, received = conversation.receive(b"[3G*8660000001*0004*FIND]", T0)

    assert isinstance(received, SignalsReceived)
    (signal,) = received.signals
    assert (signal.kind, signal.code, signal.text) == (SignalKind.HEARTBEAT, REPLY, "FIND")


def test_the_transmitter_says_what_the_receiver_hears_and_hears_what_it_says() -> None:
    watch = WatchTransmitter(AccountId("8660000001"))
    assert watch.say(KeepAlive(120, 3, 81)) == b"[3G*8660000001*000B*LK,120,3,81]"

    heard = watch.receive(LK + b"[3G*8660000001*001C*MESSAGE,0048006A00E4006C0070][3G*8660000001*000C*FALLDOWN", T0)
    rest = watch.receive(b",1,0][3G*8660000002*0002*AL]", T0)

    assert [*heard, *rest] == [Answer("LK"), ShowMessage("Hjälp"), FallDetection(on=True, call=False)]
