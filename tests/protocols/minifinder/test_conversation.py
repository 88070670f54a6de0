"""A minifinder device's connection: who speaks, flags that stay up, commands one at a time, and hostile bytes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.conversation import Account, Event, Fault, Identified, Reply, SignalsReceived
from protocols.errors import LocalProtocolError
from protocols.minifinder.framing import MAX_FRAME_BYTES, MAX_GARBAGE_BYTES, MinifinderFramer
from protocols.orders import CallBack, Commission, Locate, Reassure
from protocols.pieces import CutShort, Garbage, TooLong, Whole
from protocols.signal import AccountId, SignalKind
from tests.protocols.captured import Enrolled
from tests.protocols.streams import NOW, check_cut_anywhere, check_linear, check_survives, hear, openers_of, replies

LOGIN = b"!1,866000000000017;"
OPENERS = openers_of("minifinder")


def report(flags: int, second: int = 7, word: str = "D") -> bytes:
    return f"!{word},4/3/26,5:6:{second},57.93,12.09,0,0,{flags:x},0,50,5,9,1;".encode()


def kinds(events: list[Event]) -> list[list[SignalKind]]:
    return [[signal.kind for signal in event.signals] for event in events if isinstance(event, SignalsReceived)]


@pytest.mark.parametrize(
    ("bit", "kind"),
    [
        (2, SignalKind.DEVICE_FAULT),
        (6, SignalKind.PANIC),
        (7, SignalKind.POSITION),
        (8, SignalKind.FALL),
        (9, SignalKind.ZONE_EXIT),
        (10, SignalKind.ZONE_EXIT),
        (11, SignalKind.ZONE_EXIT),
        (12, SignalKind.LOW_BATTERY),
        (14, SignalKind.POSITION),
        (15, SignalKind.POSITION),
        (22, SignalKind.POSITION),
    ],
)
def test_each_flag_alone(bit: int, kind: SignalKind) -> None:
    events, _ = hear(OPENERS.connection, [report(1 << bit)])

    assert kinds(events) == [[kind]]


def test_states_are_told_when_they_begin_and_calls_for_help_each_time() -> None:
    level = 1 << 6 | 1 << 12

    events, _ = hear(OPENERS.connection, [report(level, 1), report(level, 2), report(1, 3), report(level, 4)])

    both, panic = [SignalKind.PANIC, SignalKind.LOW_BATTERY], [SignalKind.PANIC]
    assert kinds(events) == [both, panic, [SignalKind.POSITION], both]


def test_what_was_up_in_memory_says_nothing_of_now() -> None:
    low = 1 << 12

    events, _ = hear(OPENERS.connection, [report(low, 1), report(low, 0, "B"), report(low, 2, "B"), report(low, 3)])

    assert kinds(events) == [
        [SignalKind.LOW_BATTERY], [SignalKind.LOW_BATTERY], [SignalKind.POSITION], [SignalKind.POSITION],
    ]  # fmt: skip


def test_the_same_moment_live_and_from_memory_is_one_signal() -> None:
    events, _ = hear(OPENERS.connection, [report(1 << 6), report(1 << 6, word="B"), report(1 << 6, 8)])
    keys = [event.signals[0].repeat_key for event in events if isinstance(event, SignalsReceived)]

    assert keys[0] == keys[1] != keys[2]


def test_without_a_fix_the_date_may_stand_still_and_a_later_press_is_a_new_one() -> None:
    indoors = 1 << 6 | 2
    pressed, _ = hear(OPENERS.connection, [report(indoors)])
    found, _ = hear(OPENERS.connection, [report(1 << 6 | 1)])
    windows = [event.signals[0].repeat_window for event in (*pressed, *found) if isinstance(event, SignalsReceived)]

    assert windows == [timedelta(minutes=1), None]


def test_the_device_names_itself_once_and_nothing_is_answered() -> None:
    events, conversation = hear(OPENERS.connection, [LOGIN + report(1 << 6)])
    last = events[-1]

    assert isinstance(events[0], Identified)
    assert isinstance(last, SignalsReceived)
    assert last.signals[0].device == "866000000000017"
    assert last.token is None
    assert replies(events, conversation) == b""


def test_settings_go_down_one_at_a_time_each_after_the_reply_to_the_last() -> None:
    enrolled = Enrolled(Account(AccountId("866000000000017"), options={"password": "777777"}))
    conversation: Any = openers_of("minifinder", enrolled).connection(NOW)
    conversation.receive(LOGIN, NOW)

    sheet = Commission(sos_numbers=("+4670", "112233"), fall_detection=True, in_utc=True, report_every_s=60)
    said = list(conversation.order(sheet, NOW))
    for _ in range(4):
        said += [e.data for e in conversation.receive(b"!3,ok;", NOW) if isinstance(e, Reply)]

    assert said == [b"777777A1,+4670", b"777777B1,112233", b"777777F1", b"777777L+00"]


def test_a_command_without_a_reply_does_not_hold_back_the_next_for_ever() -> None:
    conversation: Any = OPENERS.connection(NOW)
    conversation.receive(LOGIN, NOW)
    assert conversation.order(Commission(sos_numbers=("+4670",), fall_detection=False), NOW) == (b"123456A1,+4670",)

    soon, late = NOW + timedelta(seconds=9), NOW + timedelta(seconds=10)

    assert not any(isinstance(event, Reply) for event in conversation.receive(b"!5,20,A;", soon))
    assert Reply(b"123456F0") in conversation.receive(b"!5,20,A;", late)


def test_orders_without_words_and_settings_before_the_log_in() -> None:
    conversation: Any = OPENERS.connection(NOW)

    for order in (Reassure("heard"), Locate(), CallBack("+4670"), Commission(report_every_s=60), Commission()):
        assert conversation.order(order, NOW) == ()
    with pytest.raises(LocalProtocolError):
        conversation.order(Commission(fall_detection=True), NOW)


def test_a_position_that_was_cut_short_is_a_fault_and_an_alarm_is_not() -> None:
    events, _ = hear(OPENERS.connection, [b"!D,4/3/26,5:6:7,57.93,12.09,0,0,1,0,5!5,20,A;"])

    assert [isinstance(event, Fault) for event in events] == [True, False]


def test_cutting_a_morning_anywhere_changes_nothing() -> None:
    check_cut_anywhere(OPENERS.connection, LOGIN + b"!3,ok!;\0" + report(1 << 6) + b"!D,4/3!5,1,V;")


def test_an_exclamation_mark_in_words_begins_no_message() -> None:
    assert MinifinderFramer().receive(b"!3,set ok! done;") == [Whole(b"!3,set ok! done;")]
    assert MinifinderFramer().receive(b"!3,set!5,20,A;") == [CutShort(b"!3,set"), Whole(b"!5,20,A;")]


def test_garbage_is_reported_once_and_endless_messages_are_too_long() -> None:
    assert MinifinderFramer().receive(b"GET / HTTP!5,1,A;") == [Garbage(b"GET / HTTP"), Whole(b"!5,1,A;")]
    one = MinifinderFramer()
    pieces = one.receive(b"!D," + b"1" * (MAX_FRAME_BYTES + 1))
    assert pieces == [TooLong(b"!D," + b"1" * 509, MAX_FRAME_BYTES)]
    assert one.receive(LOGIN) == []


@settings(max_examples=150)
@given(st.lists(st.sampled_from([b"!", b"!D,", b"!1,", b";", b"1,", b"\n", b"x", b"\xff"]), max_size=40))
def test_pieces_of_messages_in_any_order_break_nothing(chunks: list[bytes]) -> None:
    check_survives(OPENERS.connection, chunks, MAX_FRAME_BYTES + 1)


@settings(max_examples=100)
@given(st.lists(st.binary(max_size=80), max_size=6))
def test_random_bytes_break_nothing(chunks: list[bytes]) -> None:
    check_survives(OPENERS.connection, chunks, MAX_GARBAGE_BYTES)


@settings(max_examples=100)
@given(st.data())
def test_a_mutated_capture_breaks_nothing(data: st.DataObject) -> None:
    raw = bytearray(report(1 << 6))
    for at in data.draw(st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=4)):
        raw[at] = data.draw(st.integers(0, 255))

    check_survives(OPENERS.connection, [LOGIN, bytes(raw), LOGIN], MAX_FRAME_BYTES + 1)


def test_hostile_bytes_cost_no_more_than_their_number() -> None:
    for hostile in (b"!", b"!D,", b"!D", b";", b"!D,!", b"x"):
        check_linear(MinifinderFramer, lambda count, hostile=hostile: (hostile * count)[:count])  # type: ignore[misc]
