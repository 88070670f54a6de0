"""The receiver's end of a gt06 connection: identity, zone, repeats, commands, and days on which all goes wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.concox_framing import MAX_FRAME_BYTES
from protocols.conversation import Account, Identified, Nak, Reply, SignalsReceived
from protocols.errors import LocalProtocolError
from protocols.gt06.codec import parse, parse_command, serialise, serialise_login, serialise_text_reply
from protocols.gt06.conversation import MAX_ASKED, PATIENCE
from protocols.gt06.messages import Frame, Login, TextReply
from protocols.orders import CallBack, Commission, Locate, Reassure, TakesOrders
from protocols.signal import AccountId, Signal, SignalKind
from tests.protocols.captured import Enrolled, captures
from tests.protocols.streams import NOW, check_survives, hear, openers_of

OPEN = openers_of("gt06").connection
IMEI = AccountId("866000000000017")
LOGIN = bytes.fromhex("787811010866000000000017360200000001469D0D0A")
LOGIN_8 = bytes.fromhex("78781101086600000000001736023200000133190D0A")
SOS = bytes.fromhex("1A0304050607C906371850014C0FD00414B40900F007123400ABCD6405030102")
PLACE = bytes.fromhex("1A0304050607C906371850014C0FD00414B400F007123400ABCD0000")
FRAMES = [bytes.fromhex(row["frame"][4:]) for _, _, row in captures("gt06", "frames")]


def signals(*chunks: bytes, now: datetime = NOW) -> list[Signal]:
    events, _ = hear(OPEN, chunks, now)
    return [signal for event in events if isinstance(event, SignalsReceived) for signal in event.signals]


def taking_orders() -> TakesOrders:
    conversation = OPEN(NOW)
    assert isinstance(conversation, TakesOrders)
    return conversation


def alarm(serial: int, content: bytes = SOS) -> bytes:
    return serialise(Frame(0x26, content, serial))


def test_the_name_of_the_log_in_holds_until_the_next() -> None:
    other = serialise(Frame(0x01, serialise_login(Login(AccountId("866000000000025"))), 9))
    events, _ = hear(OPEN, [alarm(1), LOGIN, alarm(2), LOGIN, other, alarm(3)])

    assert [event.device for event in events if isinstance(event, Identified)] == [IMEI, "866000000000025"]
    said = [s.device for e in events if isinstance(e, SignalsReceived) for s in e.signals if s.kind is SignalKind.PANIC]
    assert said == [None, IMEI, "866000000000025"]


def test_a_record_under_a_new_serial_is_the_same_record() -> None:
    first, again = signals(LOGIN, alarm(3), alarm(4))[1:]

    assert first == again
    assert first.repeat_window is None


def test_a_record_sent_again_from_memory_is_the_same_record() -> None:
    live, stored = signals(LOGIN, *(serialise(Frame(0x22, PLACE + bytes((flag,)), 5 + flag)) for flag in (0, 1)))[1:]

    assert (live.buffered, stored.buffered) == (False, True)
    assert live.repeat_key == stored.repeat_key


def test_a_second_press_is_another_record() -> None:
    first, second = signals(LOGIN, alarm(3), alarm(4, SOS[:5] + b"\x08" + SOS[6:]))[1:]

    assert first.repeat_key != second.repeat_key


def test_a_press_under_a_clock_that_stands_still_is_a_repeat_for_a_minute_only() -> None:
    indoors = SOS[:16] + b"\x04" + SOS[17:]  # not positioned: time and place are those of the last fix
    first, again = signals(LOGIN, alarm(3, indoors), alarm(4, indoors))[1:]

    assert first == again
    assert first.event_at is not None
    assert first.repeat_window == timedelta(minutes=1)


def test_an_alarm_without_a_time_repeats_under_its_serial_for_a_minute() -> None:
    undated = [serialise(Frame(0x19, SOS[19:], serial)) for serial in (3, 3, 4)]
    first, again, new = signals(LOGIN, *undated)[1:]

    assert first.kind is SignalKind.PANIC
    assert first.event_at is None
    assert first.repeat_key == again.repeat_key != new.repeat_key
    assert first.repeat_window == timedelta(minutes=1)


def test_before_the_log_in_nobodys_undated_alarm_hides_another() -> None:
    undated = serialise(Frame(0x19, SOS[19:], 3))
    first, second = signals(undated), signals(undated, now=NOW + timedelta(seconds=2))

    assert first[0].repeat_key != second[0].repeat_key


def test_a_heartbeat_is_never_a_repeat_but_its_sos_is() -> None:
    for info, same in ((0x44, False), (0x64, True)):
        beat = serialise(Frame(0x13, bytes((info, 5, 3, 0, 2)), 2))
        one, two = (signals(LOGIN, beat, now=NOW + timedelta(seconds=s))[-1] for s in (0, 5))
        assert (one.repeat_key == two.repeat_key) is same


def test_an_unknown_device_is_answered_and_an_unstored_signal_is_not() -> None:
    for why, expected in ((Nak.UNKNOWN_DEVICE, "787805010001d9dc0d0a"), (Nak.NOT_STORED, "")):
        events, conversation = hear(OPEN, [LOGIN])
        token = next(event.token for event in events if isinstance(event, SignalsReceived))
        assert token is not None
        assert conversation.nak(token, why, NOW).hex() == expected


def test_the_time_is_told_at_once_and_in_utc() -> None:
    events, _ = hear(OPEN, [LOGIN_8, bytes.fromhex("7878058A000799A00D0A")], datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC))

    assert [event.data.hex() for event in events if isinstance(event, Reply)] == ["78780b8a1a030405060700070ec20d0a"]


def test_the_model_of_the_registry_decides_what_a_code_means() -> None:
    removed = alarm(2, SOS[:-2] + b"\x18\x02").replace(b"\x64\x05", b"\x44\x05")
    frame = parse(removed)
    again = serialise(Frame(frame.type, frame.content, 2))
    for model, kinds in (("GK310", ["removed"]), ("VAN7", ["unspecified_alarm", "removed"])):
        open_ = openers_of("gt06", Enrolled(Account(IMEI, model=model))).connection
        events, _ = hear(open_, [LOGIN, again])
        last = events[-1]
        assert isinstance(last, SignalsReceived)
        assert [signal.kind.value for signal in last.signals] == kinds


def test_after_its_clock_was_set_to_utc_the_zone_of_the_log_in_no_longer_counts() -> None:
    conversation = OPEN(NOW)
    conversation.receive(LOGIN_8, NOW)
    assert isinstance(conversation, TakesOrders)
    (command,) = conversation.order(Commission(in_utc=True), NOW)
    flag = parse_command(parse(command).content).flag
    reply = serialise(Frame(0x21, serialise_text_reply(TextReply(flag, "OK")), 2, long=True))
    times = []
    for chunk in (alarm(1), reply, alarm(3)):
        (event,) = conversation.receive(chunk, NOW)
        assert isinstance(event, SignalsReceived)
        times += [signal.event_at for signal in event.signals if signal.is_alarm]

    assert times == [datetime(2026, 3, 3, 21, 6, 7, tzinfo=UTC), datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)]


def test_orders_are_commands_with_flags_of_their_own() -> None:
    conversation = taking_orders()
    whole = Commission(sos_numbers=("+46701740601", "0701740602"), in_utc=True, fall_detection=True, report_every_s=60)
    said = [*conversation.order(Locate(), NOW), *conversation.order(whole, NOW)]
    commands = [parse_command(parse(frame).content) for frame in said]

    assert [command.text for command in commands] == ["WHERE#", "SOS,A,+46701740601,0701740602,#", "GMT,E,0,0#"]
    assert [command.flag for command in commands] == [1, 2, 3]
    assert [parse(frame).serial for frame in said] == [1, 2, 3]
    assert conversation.order(Reassure("Hjälp kommer"), NOW) == ()
    assert conversation.order(CallBack("0701740601"), NOW) == ()
    assert conversation.order(Commission(), NOW) == ()


def test_a_number_that_is_none_is_not_sent() -> None:
    for number in ("070#", "", "07,0", "٣٤"):
        with pytest.raises(LocalProtocolError):
            taking_orders().order(Commission(sos_numbers=(number,)), NOW)


def test_commands_that_are_never_answered_are_forgotten() -> None:
    conversation = taking_orders()
    for _ in range(MAX_ASKED * 2):
        assert len(conversation.order(Locate(), NOW)) == 1


def test_who_falls_silent_is_hung_up_on() -> None:
    _, conversation = hear(OPEN, [LOGIN])

    assert conversation.next_deadline() == NOW + PATIENCE.idle


@settings(max_examples=100)
@given(st.lists(st.sampled_from([*FRAMES, b"\x78\x78", b"\x79\x79\x00", b"\r\n"]) | st.binary(max_size=40), max_size=6))
def test_any_bytes_give_signals_or_faults(chunks: list[bytes]) -> None:
    check_survives(OPEN, chunks, MAX_FRAME_BYTES + 1)


@settings(max_examples=150)
@given(st.sampled_from(FRAMES), st.data())
def test_a_damaged_frame_gives_signals_or_faults(frame: bytes, data: st.DataObject) -> None:
    damaged = bytearray(frame)
    for at in data.draw(st.lists(st.integers(2, len(frame) - 1), min_size=1, max_size=4)):
        damaged[at] = data.draw(st.integers(0, 255))
    check_survives(OPEN, [bytes(damaged)], MAX_FRAME_BYTES + 1)
