"""The receiver's end of a topin connection: whose SOS it is, what is answered when, and bad days."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.concox_framing import MAX_FRAME_BYTES
from protocols.conversation import Identified, Nak, SignalsReceived
from protocols.orders import CallBack, Commission, Locate, Reassure, TakesOrders
from protocols.signal import Signal
from tests.protocols.captured import captures
from tests.protocols.streams import NOW, check_survives, hear, openers_of, replies

OPEN = openers_of("topin").connection
LOGIN = bytes.fromhex("78780D010866000000000017020D0A")
SOS = bytes.fromhex("787801990D0A")
POSITION = bytes.fromhex("787812101A0304050607C906371850014C0FD00414B40D0A")
FRAMES = [bytes.fromhex(row["frame"][4:]) for _, _, row in captures("topin", "frames")]


def signals(*chunks: bytes, seconds: int = 0) -> list[Signal]:
    events, _ = hear(OPEN, chunks, NOW + timedelta(seconds=seconds))
    return [signal for event in events if isinstance(event, SignalsReceived) for signal in event.signals]


def test_the_session_says_whose_sos_it_is() -> None:
    events, _ = hear(OPEN, [LOGIN, SOS])

    assert [event.device for event in events if isinstance(event, Identified)] == ["866000000000017"]
    assert signals(LOGIN, SOS)[-1].device == "866000000000017"
    assert signals(SOS)[-1].device is None


def test_an_sos_sent_again_on_a_new_connection_is_a_repeat_for_a_minute() -> None:
    first, again = signals(LOGIN, SOS)[-1], signals(LOGIN, SOS, seconds=5)[-1]

    assert first.repeat_key == again.repeat_key
    assert first.repeat_window == timedelta(minutes=1)


def test_two_tags_that_have_not_logged_in_do_not_hide_each_other() -> None:
    assert signals(SOS)[-1].repeat_key != signals(SOS, seconds=5)[-1].repeat_key


def test_a_position_from_memory_is_the_live_one_again() -> None:
    stored = POSITION[:3] + b"\x11" + POSITION[4:]
    live, again = signals(LOGIN, POSITION, stored)[1:]

    assert live.repeat_key == again.repeat_key
    assert (live.buffered, again.buffered) == (False, True)


def test_nothing_is_promised_before_the_commit() -> None:
    events, conversation = hear(OPEN, [LOGIN, SOS])
    tokens = [event.token for event in events if isinstance(event, SignalsReceived) and event.token is not None]

    assert [conversation.nak(token, Nak.NOT_STORED, NOW) for token in tokens] == [b"", b""]


def test_only_an_sos_number_can_be_told() -> None:
    conversation = OPEN(NOW)
    assert isinstance(conversation, TakesOrders)
    told = conversation.order(Commission(sos_numbers=("0701740601", "0701740602"), in_utc=True), NOW)

    assert told == (b"\x78\x78\x0b\x410701740601\r\n",)
    for order in (Commission(in_utc=True), Locate(), CallBack("0701740601"), Reassure("Hjälp kommer")):
        assert conversation.order(order, NOW) == ()


def test_a_whole_day_is_answered_in_order() -> None:
    events, conversation = hear(OPEN, [LOGIN + POSITION + SOS])

    assert replies(events, conversation).endswith(bytes.fromhex("787812101A03040506070D0A787801990D0A"))


@settings(max_examples=100)
@given(st.lists(st.sampled_from([*FRAMES, b"\x78\x78", b"\r\n"]) | st.binary(max_size=40), max_size=6))
def test_any_bytes_give_signals_or_faults(chunks: list[bytes]) -> None:
    check_survives(OPEN, chunks, MAX_FRAME_BYTES + 1)


@settings(max_examples=100)
@given(st.sampled_from(FRAMES), st.data())
def test_a_damaged_frame_gives_signals_or_faults(frame: bytes, data: st.DataObject) -> None:
    damaged = bytearray(frame)
    for at in data.draw(st.lists(st.integers(2, len(frame) - 1), min_size=1, max_size=4)):
        damaged[at] = data.draw(st.integers(0, 255))
    check_survives(OPEN, [bytes(damaged)], MAX_FRAME_BYTES + 1)
