"""Messages to signals: identity, and what no grammar covers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given

from protocols.dc09.messages import ADM_CID, NULL, SIA_DCS, Block, Header, Message
from protocols.dc09.signals import LINK_TEST_WINDOW, MAX_EVENTS, REPEAT_WINDOW, account_id, identity, signals_of
from protocols.signal import SignalKind
from tests.protocols.dc09.support import NOON, messages

PRESS = Message(name=SIA_DCS, header=Header(1, None, "0", "1234"), data=b"#1234|NPA7", sent_at=NOON)


def test_a_repeat_with_a_new_time_stamp_is_the_same_message() -> None:
    later = replace(PRESS, sent_at=NOON + timedelta(seconds=5))
    assert identity(later) == identity(PRESS)
    assert signals_of(later, {})[0].repeat_key == signals_of(PRESS, {})[0].repeat_key
    assert signals_of(PRESS, {})[0].repeat_window == REPEAT_WINDOW


def test_a_repeat_with_a_new_authentication_hash_is_the_same_message() -> None:
    assert identity(replace(PRESS, blocks=(Block("A", b"1"),))) == identity(replace(PRESS, blocks=(Block("A", b"2"),)))


def test_another_number_account_line_receiver_or_content_is_another_message() -> None:
    others = [
        replace(PRESS, header=replace(PRESS.header, seq=2)),
        replace(PRESS, header=replace(PRESS.header, account="01234")),
        replace(PRESS, header=replace(PRESS.header, line="1")),
        replace(PRESS, header=replace(PRESS.header, receiver="1")),
        replace(PRESS, data=b"#1234|NPA8"),
        replace(PRESS, blocks=(Block("L", b"Rum 12"),)),
    ]
    assert len({identity(message) for message in [PRESS, *others]}) == 7


def test_link_tests_that_all_carry_0000_are_told_apart_by_their_time() -> None:
    poll = Message(name=NULL, header=Header(0, None, "0", "1234"), sent_at=NOON)
    later = replace(poll, sent_at=NOON + timedelta(seconds=20))
    assert signals_of(poll, {})[0].repeat_key != signals_of(later, {})[0].repeat_key
    assert signals_of(poll, {})[0].repeat_window == LINK_TEST_WINDOW


def test_each_event_of_a_frame_has_an_identity_of_its_own() -> None:
    both = signals_of(replace(PRESS, data=b"#1234|NPA7/PA7"), {})
    assert len({signal.repeat_key for signal in both}) == 2


def test_more_events_than_a_panel_ever_sends_end_in_one_alarm_that_says_so() -> None:
    many = signals_of(replace(PRESS, data=b"#1234|N" + b"RP/" * 1300), {})
    assert len(many) == MAX_EVENTS + 1
    assert many[-1].kind is SignalKind.UNSPECIFIED_ALARM
    assert many[-1].doubts == (f"more than {MAX_EVENTS} events in one frame",)


def test_another_account_in_the_data_is_said() -> None:
    (signal,) = signals_of(replace(PRESS, data=b"#9999|NPA7"), {})
    assert signal.device == "1234"
    assert signal.doubts == ("another account stands in the data",)


def test_an_account_is_the_same_in_small_and_capital_letters() -> None:
    assert account_id(replace(PRESS, header=replace(PRESS.header, account="12ab"))) == "12AB"
    assert account_id(replace(PRESS, header=replace(PRESS.header, account=None), data=b"#12ab|NPA7")) == "12AB"
    assert account_id(Message(name=NULL, header=Header(0))) is None


def test_a_report_without_a_readable_event_is_an_alarm_with_its_raw_words() -> None:
    for name in (SIA_DCS, ADM_CID):
        (signal,) = signals_of(replace(PRESS, name=name, data=b"#1234|hj\xe4lp"), {})
        assert signal.kind is SignalKind.UNSPECIFIED_ALARM
        assert signal.text == "okänd kod; hjälp"
        assert signal.doubts == ("no event code could be read",)


def test_an_option_that_names_no_kind_is_said_and_passed_over() -> None:
    (signal,) = signals_of(PRESS, {"code:SIA:PA": "pannkaka"})
    assert signal.kind is SignalKind.PANIC
    assert signal.doubts == ("option code:SIA:PA names no kind of signal",)


@given(message=messages(encrypted=False))
def test_every_message_says_something(message: Message) -> None:
    heard = signals_of(message, {})
    assert heard
    assert len({signal.repeat_key for signal in heard}) == len(heard)
