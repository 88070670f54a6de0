"""What a unit tells and what it is told, message by message."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.abilities import ABILITIES
from protocols.conversation import Account, Identified, Nak, SignalsReceived, Token
from protocols.errors import LocalProtocolError
from protocols.orders import CallBack, Commission, Locate, Reassure
from protocols.scaip.conversation import MAX_OWED, openers
from protocols.scaip.messages import Mrq, Mrs, Snu
from protocols.scaip.transmitter import Answered, Registered
from protocols.signal import AccountId, SignalKind
from protocols.sip.transactions import TIMER_F
from tests.protocols.captured import Enrolled, captures
from tests.protocols.scaip.support import (
    HOLDING,
    NOW,
    OPEN,
    PROVEN,
    Wire,
    responses,
    status_of,
    statuses,
    unit,
)
from tests.protocols.scaip.support import PASSWORD as RIGHT
from tests.protocols.streams import check_survives

PRESS = Mrq(ref="R1", cid="678", dty="0003", stc="0010")
SOON = timedelta(seconds=10)


def test_the_200_and_the_mrs_leave_together_after_the_commit_and_not_before() -> None:
    wire = Wire(OPEN)
    events = wire.conversation.receive(unit().tell(PRESS), NOW)
    assert [type(event) for event in events] == [Identified, SignalsReceived]
    (token,) = [event.token for event in events if isinstance(event, SignalsReceived)]
    assert token is not None
    answer = wire.conversation.ack(token, NOW)
    assert answer.startswith(b"SIP/2.0 200 OK\r\n")
    assert b"<mrs><ref>R1</ref><snu>0</snu><mre>0</mre></mrs>" in answer
    with pytest.raises(LocalProtocolError):
        wire.conversation.ack(token, NOW)


def test_what_is_not_stored_is_503_without_a_word_of_ours_and_the_repeat_is_answered() -> None:
    wire, device = Wire(OPEN), unit()
    wire.nak = Nak.NOT_STORED
    heard = wire.talk(device, device.tell(PRESS))
    assert (statuses(heard), responses(heard)) == ([503], [])
    wire.nak = None
    heard = wire.talk(device, device.tell(PRESS))
    assert [mrs.snu for mrs in responses(heard)] == [Snu.OK]
    assert len({signal.repeat_key for signal in wire.signals}) == 1


def test_a_unit_that_is_not_enrolled_by_then_is_403() -> None:
    wire, device = Wire(OPEN), unit()
    wire.nak = Nak.UNKNOWN_DEVICE
    assert statuses(wire.talk(device, device.tell(PRESS))) == [403]


def test_a_unit_with_a_password_is_asked_once_and_then_counts_on() -> None:
    wire, device = Wire(PROVEN), unit(RIGHT)
    first = wire.talk(device, device.register())
    assert [type(each).__name__ for each in first] == ["Again", "Registered"]
    second = wire.talk(device, device.tell(PRESS))
    assert [type(each).__name__ for each in second] == ["Carried", "Answered"]
    assert [signal.kind for signal in wire.signals] == [SignalKind.HEARTBEAT, SignalKind.PANIC]
    assert wire.signals[0].code == "login"
    assert b"Authorization: ***" in wire.events[-1].raw  # type: ignore[union-attr]
    assert b"response=" not in wire.events[-1].raw  # type: ignore[union-attr]


def test_a_nonce_that_grew_old_is_asked_for_anew_without_a_security_event() -> None:
    wire, device = Wire(PROVEN), unit(RIGHT)
    wire.talk(device, device.register())
    wire.at += timedelta(minutes=6)
    heard = wire.talk(device, device.tell(PRESS))
    assert [type(each).__name__ for each in heard] == ["Again", "Carried", "Answered"]
    assert b"stale=true" in heard[0].raw
    assert wire.faults == []


@pytest.mark.parametrize(
    ("accounts", "password"), [((PROVEN,), b"fel"), ((), RIGHT)], ids=["wrong password", "not enrolled"]
)
def test_who_cannot_prove_it_is_refused_and_his_alarm_is_heard_as_a_strangers(
    accounts: tuple[Account, ...], password: bytes
) -> None:
    wire, device = Wire(*accounts), unit(password)
    heard = wire.talk(device, device.tell(PRESS))
    assert (statuses(heard), responses(heard)) == ([403], [])
    (event,) = [event for event in wire.events if isinstance(event, SignalsReceived)]
    assert (event.authentic, event.token) == (False, None)
    assert event.signals[0].kind is SignalKind.PANIC
    assert event.signals[0].repeat_key.startswith("unproven:")
    assert not any(isinstance(each, Identified) for each in wire.events), "he cannot take the unit's place"
    telemetry = wire.talk(device, device.tell(replace(PRESS, stc="0016", ref="R2")))
    assert statuses(telemetry) == [403]
    assert len(wire.signals) == 1


def test_a_unit_that_never_answers_the_challenge_is_heard_as_a_stranger_the_second_time() -> None:
    wire, device = Wire(PROVEN), unit(None)
    assert [status_of(out) for out in wire.send(device.tell(PRESS))] == [401]
    assert wire.signals == []
    wire.at += SOON
    assert [status_of(out) for out in wire.send(device.tell(PRESS))] == [401]
    assert [(signal.kind, signal.doubts) for signal in wire.signals] == [
        (SignalKind.PANIC, ("it was asked for its password and did not give it",))
    ]


def test_a_unit_that_begins_each_repeat_without_a_password_is_no_stranger() -> None:
    wire = Wire(PROVEN)
    for _ in range(3):
        device = unit(RIGHT)
        assert [mrs.snu for mrs in responses(wire.talk(device, device.tell(PRESS)))] == [Snu.OK]
        wire.at += SOON
    assert all(event.authentic for event in wire.events if isinstance(event, SignalsReceived))


def test_units_of_a_group_share_a_sip_user_and_nobody_else_may() -> None:
    group = Account(AccountId("hus-3"), secret=RIGHT)
    member = Account(AccountId("678"), options={"sip_user": "hus-3"})
    other = Account(AccountId("679"), secret=b"annat")
    wire, device = Wire(group, member, other), unit(RIGHT, account="hus-3")
    assert statuses(wire.talk(device, device.tell(PRESS))) == [200]
    assert wire.signals[0].device == "678"
    assert statuses(wire.talk(device, device.tell(replace(PRESS, cid="679")))) == [403]


def test_a_held_alarm_hears_4_until_a_person_takes_it_and_then_0_at_once_and_at_every_repeat() -> None:
    wire, device = Wire(HOLDING), unit()
    for _ in range(2):
        heard = wire.talk(device, device.tell(PRESS))
        assert [mrs.snu for mrs in responses(heard)] == [Snu.HOLD]
        wire.at += SOON
    (frame,) = wire.conversation.order(Reassure("Åsa har tagit emot."), wire.at)
    (taken,) = device.receive(frame, wire.at)
    assert isinstance(taken, Answered)
    assert taken.mrs == Mrs(ref="R1", snu=Snu.OK, ste="Asa har tagit emot.", mre=0)
    assert wire.send(taken.reply) == []
    heard = wire.talk(device, device.tell(PRESS))
    assert [mrs.snu for mrs in responses(heard)] == [Snu.OK]
    assert wire.conversation.order(Reassure("igen"), wire.at) == []
    assert len({signal.repeat_key for signal in wire.signals}) == 1


def test_a_held_alarm_may_be_told_to_ring_a_number() -> None:
    wire, device = Wire(HOLDING), unit()
    wire.talk(device, device.tell(PRESS))
    (frame,) = wire.conversation.order(CallBack("+46701740605"), NOW)
    assert responses(device.receive(frame, NOW)) == [
        Mrs(ref="R1", snu=Snu.OK, mre=1, cre=62, tnu=("gsm:+46701740605",))
    ]


def test_the_desk_knows_what_a_held_unit_can_be_told() -> None:
    said = []
    for order in (Reassure("a"), CallBack("1"), Locate()):
        wire, device = Wire(HOLDING), unit()
        wire.talk(device, device.tell(PRESS))
        said.append(bool(wire.conversation.order(order, NOW)))
    can = ABILITIES["scaip"]
    assert said == [can.reassure, can.call_back, can.locate]
    assert can.commission == frozenset()


def test_there_are_no_words_for_the_other_orders_and_none_before_a_unit_is_there() -> None:
    wire, device = Wire(HOLDING), unit()
    with pytest.raises(LocalProtocolError, match="0 units"):
        wire.conversation.order(Locate(), NOW)
    wire.talk(device, device.tell(PRESS))
    assert wire.conversation.order(Locate(), NOW) == []
    assert wire.conversation.order(Commission(in_utc=True), NOW) == []
    assert [signal.kind for signal in wire.signals] == [SignalKind.PANIC]


def test_a_unit_that_counts_anew_is_heard_though_its_last_press_had_the_same_reference() -> None:
    for account, heard in ((HOLDING, [Snu.HOLD]), (OPEN, [Snu.OK])):
        wire, device = Wire(account), unit()
        wire.talk(device, device.tell(PRESS))
        wire.conversation.order(Reassure("tagen"), wire.at)
        wire.at += timedelta(minutes=2)  # no unit that waits is silent for so long
        assert [mrs.snu for mrs in responses(wire.talk(device, device.tell(PRESS)))] == heard
        assert len({signal.repeat_key for signal in wire.signals}) == 2, account.options


def test_a_held_alarm_is_one_for_as_long_as_the_unit_goes_on_asking() -> None:
    wire, device = Wire(HOLDING), unit()
    for _ in range(100):
        assert [mrs.snu for mrs in responses(wire.talk(device, device.tell(PRESS)))] == [Snu.HOLD]
        wire.at += timedelta(seconds=20)
    assert len({signal.repeat_key for signal in wire.signals}) == 1
    assert {signal.repeat_window for signal in wire.signals} == {None}


def test_what_the_store_was_away_for_is_one_event_when_it_is_back() -> None:
    wire, device = Wire(HOLDING), unit()
    wire.nak = Nak.NOT_STORED
    wire.talk(device, device.tell(PRESS))
    wire.at += SOON
    wire.nak = None
    wire.talk(device, device.tell(PRESS))
    assert len({signal.repeat_key for signal in wire.signals}) == 1, "the first may stand all the same"


def test_nobody_keeps_an_event_going_without_its_password() -> None:
    wire, device, liar = Wire(replace(PROVEN, options=HOLDING.options)), unit(RIGHT), unit(b"fel")
    wire.talk(device, device.tell(PRESS))
    for _ in range(6):
        wire.at += SOON
        wire.talk(liar, liar.tell(PRESS))
    wire.at += SOON
    wire.talk(device, device.tell(PRESS))
    keys = {signal.repeat_key for signal in wire.signals if not signal.repeat_key.startswith("unproven:")}
    assert len(keys) == 2


def test_after_a_restart_a_held_unit_is_heard_anew_so_that_somebody_takes_it_again() -> None:
    before, device = Wire(HOLDING), unit()
    before.talk(device, device.tell(PRESS))
    after = Wire(HOLDING)
    after.at += SOON
    after.talk(device, device.tell(PRESS))
    assert len({signal.repeat_key for signal in (*before.signals, *after.signals)}) == 2


def test_after_a_restart_a_unit_that_is_not_held_is_known_by_the_store_for_a_repeat() -> None:
    before, device = Wire(OPEN), unit()
    before.talk(device, device.tell(PRESS))
    after = Wire(OPEN)
    after.at += SOON
    after.talk(device, device.tell(PRESS))
    assert len({(s.repeat_key, s.repeat_window) for s in (*before.signals, *after.signals)}) == 1


def test_who_gives_up_on_an_alarm_of_long_ago_means_another_one() -> None:
    wire, device = Wire(OPEN), unit()
    wire.talk(device, device.tell(PRESS))
    wire.at += timedelta(minutes=20)
    wire.talk(device, device.tell(replace(PRESS, mty="RE")))
    assert [signal.kind for signal in wire.signals] == [SignalKind.PANIC, SignalKind.PANIC, SignalKind.DEVICE_FAULT]
    assert wire.signals[0].repeat_key != wire.signals[1].repeat_key


def test_a_request_with_a_fault_is_told_so_at_every_repeat() -> None:
    wire, device = Wire(OPEN), unit()
    for _ in range(3):
        heard = wire.talk(device, device.tell(replace(PRESS, mty="XX")))
        assert [mrs.snu for mrs in responses(heard)] == [Snu.CONTENT]


def test_a_duress_button_of_an_account_is_silent_and_never_held() -> None:
    wire, device = Wire(replace(HOLDING, options={**HOLDING.options, "code:0003": "duress"})), unit()
    assert [(mrs.snu, mrs.mre) for mrs in responses(wire.talk(device, device.tell(PRESS)))] == [(Snu.OK, 0)]
    assert (wire.signals[0].kind, wire.signals[0].silent) == (SignalKind.DURESS, True)


def test_a_unit_that_gives_up_on_an_attack_alarm_sends_no_repairer_to_it() -> None:
    wire, device = Wire(OPEN), unit()
    attack = replace(PRESS, dty="0006")
    wire.talk(device, device.tell(attack), device.tell(replace(attack, mty="RE")))
    assert [signal.kind for signal in wire.signals] == [SignalKind.PANIC, SignalKind.UNKNOWN]


def test_a_torn_attack_alarm_is_silent_too() -> None:
    wire, device = Wire(OPEN), unit()
    whole = device.tell(replace(PRESS, dty="0006"))
    wire.send(whole.replace(b"</mrq>", b"<</mrq"))
    assert [(signal.kind, signal.silent) for signal in wire.signals] == [(SignalKind.UNSPECIFIED_ALARM, True)]


def test_an_alarm_under_a_media_type_of_its_own_is_heard() -> None:
    for media in (b"application/scaip", b"application/octet-stream", b"APPLICATION/SCAIP+XML"):
        wire, device = Wire(OPEN), unit()
        said = device.tell(PRESS).replace(b"Content-Type: application/scaip+xml", b"Content-Type: " + media)
        wire.send(said.replace(b"Content-Length", b"Content-Encoding: identity\r\nContent-Length"))
        assert [signal.kind for signal in wire.signals] == [SignalKind.PANIC], media


def test_a_unit_whose_proof_is_out_of_date_each_time_is_heard_as_a_stranger_the_second_time() -> None:
    """Its password is right, but it cannot take a new number: its wearer would call for ever."""
    wire, device = Wire(PROVEN), unit(RIGHT)
    wire.talk(device, device.register())
    wire.at += timedelta(minutes=6)
    for status in (401, 401):
        assert [status_of(out) for out in wire.send(device.tell(PRESS))] == [status]
        wire.at += SOON
    (event,) = [event for event in wire.events if isinstance(event, SignalsReceived) and event.signals[0].is_alarm]
    assert event.authentic is False


def test_an_outage_makes_no_stranger_of_a_unit_that_begins_without_its_password() -> None:
    wire = Wire(PROVEN)
    wire.nak = Nak.NOT_STORED
    for _ in range(3):
        device = unit(RIGHT)
        assert statuses(wire.talk(device, device.tell(PRESS))) == [503]
        wire.at += SOON
    assert all(event.authentic for event in wire.events if isinstance(event, SignalsReceived))


def test_an_attack_alarm_is_silent_and_never_held() -> None:
    wire, device = Wire(HOLDING), unit()
    heard = wire.talk(device, device.tell(replace(PRESS, dty="0006")))
    assert [(mrs.snu, mrs.mre) for mrs in responses(heard)] == [(Snu.OK, 0)]
    assert wire.signals[0].silent


def test_more_about_a_held_event_leaves_it_held_and_a_reset_ends_it() -> None:
    wire, device = Wire(HOLDING), unit()
    wire.talk(device, device.tell(PRESS))
    more = replace(PRESS, mty="IN", stc=None, geo="57.9,12.1")
    assert [mrs.snu for mrs in responses(wire.talk(device, device.tell(more)))] == [Snu.HOLD]
    gone = replace(PRESS, mty="RE")
    assert [mrs.snu for mrs in responses(wire.talk(device, device.tell(gone)))] == [Snu.OK]
    assert [signal.kind for signal in wire.signals] == [
        SignalKind.PANIC,
        SignalKind.POSITION,
        SignalKind.DEVICE_FAULT,
    ]
    assert wire.conversation.order(Reassure("sent"), NOW) == []


def test_a_reference_used_anew_for_something_else_is_another_event() -> None:
    wire, device = Wire(OPEN), unit()
    wire.talk(device, device.tell(PRESS), device.tell(replace(PRESS, dty="0005")))
    assert [signal.kind for signal in wire.signals] == [SignalKind.PANIC, SignalKind.FALL]
    assert len({signal.repeat_key for signal in wire.signals}) == 2


def test_the_interval_of_the_sign_of_life_is_set_where_unit_and_account_let_us() -> None:
    asked = Account(AccountId("678"), options={"heartbeat_min": "60"})
    ping = replace(PRESS, mty="PI", stc=None, hbo="001")
    for account, mrq, interval in ((asked, ping, 60), (asked, replace(ping, hbo=None), None), (OPEN, ping, None)):
        wire, device = Wire(account), unit()
        assert [mrs.hbi for mrs in responses(wire.talk(device, device.tell(mrq)))] == [interval]


def test_a_unit_with_the_quirk_gets_the_mrs_inside_the_200() -> None:
    wire = Wire(Account(AccountId("678"), options={"answer": "inside"}))
    (answer,) = wire.send(unit().tell(PRESS))
    assert answer.startswith(b"SIP/2.0 200 OK\r\n")
    assert b"Content-Type: application/scaip+xml\r\n" in answer
    assert answer.endswith(b"<mrs><ref>R1</ref><snu>0</snu><mre>0</mre></mrs>")


def test_over_udp_both_are_repeated_until_they_are_heard() -> None:
    wire, device = Wire(OPEN, transport="UDP"), unit(transport="UDP")
    said = device.tell(PRESS)
    answer, message = wire.send(said)
    assert wire.send(said) == [answer], "the lost 200 again, and no second signal"
    assert len(wire.signals) == 1
    due_at = wire.conversation.next_deadline()
    assert due_at == NOW + timedelta(seconds=0.5)
    assert [event.data for event in wire.conversation.deadline_passed(due_at)] == [message]  # type: ignore[union-attr]
    (heard,) = device.receive(message, NOW)
    assert isinstance(heard, Answered)
    wire.send(heard.reply)
    assert wire.conversation.next_deadline() == NOW + timedelta(seconds=64)


def test_a_message_of_ours_that_nobody_hears_is_counted() -> None:
    wire = Wire(OPEN, transport="UDP")
    wire.send(unit().tell(PRESS))
    events = [
        event
        for _ in range(11)
        if (due_at := wire.conversation.next_deadline()) is not None
        for event in wire.conversation.deadline_passed(due_at)
    ]
    assert str(getattr(events[-1], "error", "")) == "an answer of ours was never received"
    assert wire.conversation.next_deadline() == NOW + timedelta(seconds=64) > NOW + TIMER_F


def test_our_answer_goes_to_the_registered_contact_and_never_to_another_host() -> None:
    wire, device = Wire(OPEN), unit()
    contact = b"Contact: <sip:678@127.0.0.1:5080;ob>"
    registered = device.register().replace(b"Contact: <sip:678@127.0.0.1>", contact)
    assert [type(each) for each in wire.talk(device, registered)] == [Registered]
    _, message = wire.send(device.tell(PRESS))
    assert message.startswith(b"MESSAGE sip:678@127.0.0.1:5080;ob SIP/2.0\r\n")
    assert wire.conversation.port_of(message) == 5080
    elsewhere = device.register().replace(b"Contact: <sip:678@127.0.0.1>", b"Contact: <sip:678@192.0.2.66:53>")
    wire.talk(device, elsewhere)
    _, message = wire.send(device.tell(PRESS))
    assert message.startswith(b"MESSAGE sip:678@192.0.2.66:53 SIP/2.0\r\n")
    assert wire.conversation.port_of(message) is None


def test_who_asks_more_than_he_waits_for_is_told_to_wait() -> None:
    wire, device = Wire(OPEN), unit()
    ping = replace(PRESS, mty="PI")
    for _ in range(MAX_OWED):
        wire.conversation.receive(device.tell(ping), NOW)
    assert [status_of(out) for out in wire.send(device.tell(ping))] == [503]
    for _ in range(MAX_OWED):
        (*_, event) = wire.conversation.receive(device.tell(PRESS), NOW)
        assert isinstance(event, SignalsReceived), "alarms have as many places again"
    assert [status_of(out) for out in wire.send(device.tell(PRESS))] == [503]
    with pytest.raises(LocalProtocolError):
        wire.conversation.nak(Token(10_000), Nak.NOT_STORED, NOW)


SEEDS = [row["frame"].encode() for _, _, row in captures("scaip", "frames")]


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 600), st.binary(max_size=6)), max_size=4),
    st.integers(1, 700),
    st.booleans(),
)
def test_a_damaged_message_is_signals_or_a_remote_fault(
    seed: bytes, wounds: list[tuple[int, bytes]], cut: int, udp: bool
) -> None:
    hurt = bytearray(seed)
    for at, octets in wounds:
        hurt[at : at + len(octets)] = octets
    spoken = openers(Enrolled(everybody=True), bytes)
    open_ = spoken.datagram if udp else spoken.connection
    assert open_ is not None
    check_survives(open_, [bytes(hurt[:cut]), bytes(hurt[cut:]), seed], 100_000)
