"""The transmitter's role: repeats, clocks, and not being fooled by answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.conversation import Fault, Reply
from protocols.dc09 import Dc09Conversation, Dc09Transmitter
from protocols.dc09.codec import open_envelope, parse, serialise
from protocols.dc09.framing import Frame, Framer, frame
from protocols.dc09.messages import SIA_DCS, Block, Header, Message
from protocols.dc09.transmitter import MAX_CLOCK_RESENDS, MAX_WAITING, ClockSet, Delivered, NotUnderstood, Unanswered
from protocols.errors import ContentError, LocalProtocolError, NotAuthentic
from tests.protocols.dc09.support import CLEAR, KEY, NOON, SEALED, Enrolled, draw, hostile_bytes, received, signals

PRESS = b"#1234|NPA7"
SEALED_PRESS = b"#5678|NPA7"
FIVE_SECONDS = timedelta(seconds=5)


def clear(**settings: object) -> Dc09Transmitter:
    return Dc09Transmitter("1234", **settings)  # type: ignore[arg-type]


def sealed(**settings: object) -> Dc09Transmitter:
    return Dc09Transmitter("5678", key=KEY, draw=Random(1).randbytes, **settings)  # type: ignore[arg-type]


def message_of(raw: bytes, key: bytes | None = None) -> Message:
    (found,) = Framer().feed(raw)
    assert isinstance(found, Frame)
    return parse(open_envelope(found.text), key)


def answer_of(receiver: Dc09Conversation, raw: bytes, now: datetime) -> bytes:
    (event,) = received(receiver.receive(raw, now))
    assert event.token is not None
    return receiver.ack(event.token, now)


def receiver() -> Dc09Conversation:
    return Dc09Conversation(Enrolled(CLEAR, SEALED), draw=draw)


def sent(events: Sequence[object]) -> list[bytes]:
    return [event.data for event in events if isinstance(event, Reply)]


def test_a_press_is_sent_at_once_and_delivered_by_its_ack() -> None:
    panel = clear()
    raw = panel.report(SIA_DCS, PRESS, NOON)
    assert raw == frame(b'"SIA-DCS"0001L0#1234[#1234|NPA7]_12:00:05,01-02-2026')
    (heard,) = panel.receive(answer_of(receiver(), raw, NOON), NOON)
    assert isinstance(heard, Delivered)
    assert heard.message.header.seq == 1
    assert panel.next_deadline() is None


def test_one_message_is_outstanding_and_the_others_follow_in_order() -> None:
    panel, far = clear(seq=9999), receiver()
    raw = panel.report(SIA_DCS, PRESS, NOON)
    assert panel.report(SIA_DCS, b"#1234|NPA8", NOON) == b""
    assert panel.report(SIA_DCS, b"#1234|NPA9", NOON) == b""
    seqs = [9999]
    for _ in range(2):
        (raw,) = sent(panel.receive(answer_of(far, raw, NOON), NOON))
        seqs.append(message_of(raw).header.seq)
    assert seqs == [9999, 1, 2]


def test_an_unanswered_clear_message_goes_out_again_byte_for_byte() -> None:
    panel = clear()
    raw = panel.report(SIA_DCS, PRESS, NOON)
    assert panel.next_deadline() == NOON + FIVE_SECONDS
    assert panel.deadline_passed(NOON + timedelta(seconds=4)) == []
    assert panel.deadline_passed(NOON + FIVE_SECONDS) == [Reply(raw)]
    assert panel.next_deadline() == NOON + FIVE_SECONDS * 2


def test_an_unanswered_sealed_message_goes_out_again_with_the_same_number_and_a_new_time() -> None:
    panel, far = sealed(), receiver()
    first = panel.report(SIA_DCS, SEALED_PRESS, NOON)
    (second,) = sent(panel.deadline_passed(NOON + FIVE_SECONDS))
    assert first != second
    assert message_of(second, KEY).sent_at == NOON + FIVE_SECONDS
    assert message_of(second, KEY).header.seq == message_of(first, KEY).header.seq
    keys = {signal.repeat_key for raw in (first, second) for signal in signals(far.receive(raw, NOON + FIVE_SECONDS))}
    assert len(keys) == 1


@pytest.mark.parametrize(
    "off", [timedelta(hours=-9), timedelta(seconds=-41), timedelta(seconds=61), timedelta(days=365)]
)
def test_a_clock_that_is_off_is_set_by_the_nak_and_the_press_goes_out_again_at_once(off: timedelta) -> None:
    panel, far = sealed(), receiver()
    ours = NOON + off
    (refused,) = far.receive(panel.report(SIA_DCS, SEALED_PRESS, ours), NOON)
    assert isinstance(refused, Fault)
    heard = panel.receive(refused.reply, ours)
    assert heard[0] == ClockSet(-off)
    (again,) = sent(heard)
    (delivered,) = panel.receive(answer_of(far, again, NOON), ours)
    assert isinstance(delivered, Delivered)
    assert delivered.message.header.seq == 1
    assert panel.offset == -off


def test_nak_upon_nak_is_given_up_instead_of_going_round_for_ever() -> None:
    panel = sealed()
    panel.report(SIA_DCS, SEALED_PRESS, NOON)
    nak = frame(b'"NAK"0000R0L0A0[]_12:00:00,01-02-2026')
    for _ in range(MAX_CLOCK_RESENDS):
        assert isinstance(panel.receive(nak, NOON)[0], ClockSet)
    (given_up,) = panel.receive(nak, NOON)
    assert isinstance(given_up, NotUnderstood)
    (stray,) = panel.receive(nak, NOON)
    assert isinstance(stray, Fault)


def test_duh_gives_the_message_up_and_the_next_one_follows() -> None:
    panel = clear()
    panel.report(SIA_DCS, PRESS, NOON)
    panel.report(SIA_DCS, b"#1234|NPA8", NOON)
    refused, following = panel.receive(frame(b'"DUH"0001L0#1234[]'), NOON)
    assert isinstance(refused, NotUnderstood)
    assert isinstance(following, Reply)
    assert message_of(following.data).header.seq == 2


def test_after_so_many_attempts_the_message_is_handed_back() -> None:
    panel = clear(attempts=2)
    panel.report(SIA_DCS, PRESS, NOON)
    assert len(sent(panel.deadline_passed(NOON + FIVE_SECONDS))) == 1
    (given_up,) = panel.deadline_passed(NOON + FIVE_SECONDS * 2)
    assert isinstance(given_up, Unanswered)
    assert given_up.attempts == 2
    assert panel.give_up(NOON) == []


def test_a_new_connection_gets_the_outstanding_message_with_the_same_number() -> None:
    panel = clear()
    raw = panel.report(SIA_DCS, PRESS, NOON)
    panel.receive(b"\n1BC1", NOON)
    assert panel.repeat(NOON + timedelta(seconds=2)) == raw
    (heard,) = panel.receive(b'\n1BC10012"ACK"0001L0#1234[]\r', NOON)
    assert isinstance(heard, Delivered)
    assert panel.repeat(NOON) == b""


def test_a_link_test_carries_0000_and_never_holds_up_a_press() -> None:
    panel = clear()
    assert message_of(panel.poll(NOON)).header.seq == 0
    assert panel.poll(NOON) == b""
    raw = panel.report(SIA_DCS, PRESS, NOON)
    assert message_of(raw).data == PRESS
    (late,) = panel.receive(frame(b'"ACK"0000L0#1234[]'), NOON)
    assert isinstance(late, Fault)
    assert panel.outstanding is not None


def test_a_clear_ack_never_silences_a_sealed_press() -> None:
    panel = sealed()
    panel.report(SIA_DCS, SEALED_PRESS, NOON)
    (heard,) = panel.receive(frame(b'"ACK"0001L0#5678[]'), NOON)
    assert isinstance(heard, Fault)
    assert isinstance(heard.error, NotAuthentic)
    assert panel.outstanding is not None


def test_an_old_ack_played_back_never_silences_a_press() -> None:
    panel = sealed()
    old = answer_of(receiver(), panel.report(SIA_DCS, SEALED_PRESS, NOON), NOON)
    panel.receive(old, NOON)
    later = NOON + timedelta(hours=1)
    restarted = sealed()
    restarted.report(SIA_DCS, SEALED_PRESS, later)
    (heard,) = restarted.receive(old, later)
    assert isinstance(heard, Fault)
    assert isinstance(heard.error, NotAuthentic)
    assert restarted.outstanding is not None


@pytest.mark.parametrize(
    "answer",
    [b'"ACK"0002L0#1234[]', b'"ACK"0001L0#01234[]', b'"NULL"0001L0#1234[]', b'"*ACK"0001L0#1234[' + b"00" * 32],
)
def test_an_answer_to_something_else_changes_nothing(answer: bytes) -> None:
    panel = clear()
    panel.report(SIA_DCS, PRESS, NOON)
    (heard,) = panel.receive(frame(answer), NOON)
    assert isinstance(heard, Fault)
    assert isinstance(heard.error, ContentError | NotAuthentic)
    assert panel.outstanding is not None


def test_an_answer_that_carries_a_key_delivers_and_the_key_is_dropped() -> None:
    panel = sealed()
    panel.report(SIA_DCS, SEALED_PRESS, NOON)
    blocks = (Block("K", b"00" * 16), Block("I", b"hej"))
    rsp = Message(name="RSP", header=Header(1, None, "0", "5678"), blocks=blocks, sent_at=NOON, encrypted=True)
    (heard,) = panel.receive(frame(serialise(rsp, KEY, draw)), NOON)
    assert isinstance(heard, Delivered)
    assert heard.answer.blocks == (Block("I", b"hej"),)


def test_what_could_never_be_sent_is_refused_at_once_and_blocks_nothing() -> None:
    panel = clear()
    with pytest.raises(LocalProtocolError):
        panel.report(SIA_DCS, b"]", NOON)
    with pytest.raises(LocalProtocolError):
        panel.report(SIA_DCS, b"x" * 5000, NOON)
    assert message_of(panel.report(SIA_DCS, PRESS, NOON)).header.seq == 1


def test_a_queue_that_is_full_says_so() -> None:
    panel = clear()
    for _ in range(MAX_WAITING + 1):
        panel.report(SIA_DCS, PRESS, NOON)
    with pytest.raises(LocalProtocolError):
        panel.report(SIA_DCS, PRESS, NOON)


@given(
    stream=hostile_bytes()
    | hostile_bytes().map(lambda text: frame(b'"ACK"0001L0#1234[' + text.replace(b"\r", b"").replace(b"\n", b"")))
)
def test_whatever_is_answered_nothing_is_raised(stream: bytes) -> None:
    for panel, data in ((clear(), PRESS), (sealed(), SEALED_PRESS)):
        panel.report(SIA_DCS, data, NOON)
        panel.receive(stream, NOON)


@given(losses=st.lists(st.sampled_from(["message", "answer", "nothing"]), max_size=6), skew_s=st.integers(-200, 200))
def test_every_press_is_delivered_once_whatever_is_lost_on_the_way(losses: list[str], skew_s: int) -> None:
    panel, far = sealed(), receiver()
    skew = timedelta(seconds=skew_s)
    now, raw = NOON, panel.report(SIA_DCS, SEALED_PRESS, NOON + skew)
    keys: set[str] = set()
    fates = iter([*losses, *["nothing"] * 9])
    while panel.outstanding is not None:
        fate, answer = next(fates), b""
        if fate != "message":
            for event in far.receive(raw, now):
                answer = event.reply if isinstance(event, Fault) else answer
                for told in received([event]):
                    keys |= {signal.repeat_key for signal in told.signals if told.authentic}
                    answer = far.ack(told.token, now) if told.token is not None else answer
        heard = panel.receive(answer, now + skew) if fate == "nothing" else []
        if not sent(heard):
            now += FIVE_SECONDS
            heard = panel.deadline_passed(now + skew)
        raw = sent(heard)[-1] if sent(heard) else b""
    assert len(keys) == 1
