"""The receiver's role: what each request means, how it is answered, and that nothing is promised before the disk."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.conversation import Account, Close, Event, Fault, Nak, Renewal, Reply, SignalsReceived
from protocols.errors import LocalProtocolError, NotAuthentic
from protocols.signal import AccountId, SignalKind
from protocols.sos_access.codec import parse, serialise
from protocols.sos_access.conversation import ANSWER_WITHIN
from protocols.sos_access.framing import MAX_DOCUMENT_BYTES
from protocols.sos_access.memory import PINGS_PER_LEVEL, Memory
from protocols.sos_access.messages import (
    AlarmRequest,
    AlarmResponse,
    AlarmType,
    NewAuthenticationRequest,
    NewAuthenticationResponse,
    Response,
)
from protocols.sos_access.reception import DOCUMENT_TIME, LINGER, MOST_REQUESTS, SILENCE, SosAccessReception
from tests.protocols.captured import Enrolled, told
from tests.protocols.sos_access.captures import FOLDER
from tests.protocols.sos_access.support import ALARM, PASSWORD, PING, hostile_bytes, messages
from tests.protocols.streams import check_survives, hear

NOW = datetime(2026, 3, 4, 5, 6, 10, tzinfo=UTC)
NEXT = "Next45678901234"
ACCOUNT = Account(AccountId("4711"), secret=PASSWORD.encode())
RENEW = NewAuthenticationRequest(authentication=PASSWORD, transmitter_type="SV300", transmitter_code="4711")
EXCHANGES: list[dict[str, Any]] = tomllib.loads((FOLDER / "exchanges.toml").read_text())["exchanges"]


class Receiver:
    """A receiver over many connections, with a disk that works."""

    def __init__(self, account: Account = ACCOUNT) -> None:
        self.account, self.memory = account, Memory()
        self.renewals: list[Renewal] = []

    def connection(self, now: datetime = NOW) -> SosAccessReception:
        draw = lambda count: bytes(range(count))  # noqa: E731
        return SosAccessReception(Enrolled(self.account), draw=draw, memory=self.memory, opened_at=now)

    def ask(self, request: Any, now: datetime = NOW, nak: Nak | None = None) -> Response:
        """Send a request on a connection of its own; return the answer. nak: what became of it at the disk."""
        conversation = self.connection(now)
        events = conversation.receive(serialise(request), now)
        self.renewals += [e.renewal for e in events if isinstance(e, SignalsReceived) and e.renewal is not None]
        return answer_of(events, conversation, now, nak)


def answer_of(
    events: Sequence[Event], conversation: SosAccessReception, now: datetime = NOW, nak: Nak | None = None
) -> Response:
    sent = [e.reply for e in events if isinstance(e, Fault)] + [e.data for e in events if isinstance(e, Reply)]
    for event in events:
        if isinstance(event, SignalsReceived) and event.token is not None:
            ack = conversation.ack(event.token, now) if nak is None else conversation.nak(event.token, nak, now)
            sent.append(ack)
    [document] = [octets for octets in sent if octets]
    answer = parse(document)
    assert isinstance(answer, Response)
    return answer


@pytest.mark.parametrize("row", EXCHANGES, ids=[row["name"] for row in EXCHANGES])
def test_a_request_means_and_is_answered_what_stands_beside_it(row: dict[str, Any]) -> None:
    document = row["request"].encode("latin-1")
    for chunks in ([document], [document[at : at + 1] for at in range(len(document))]):
        conversation = Receiver().connection()
        events = [event for chunk in chunks for event in conversation.receive(chunk, NOW)]
        heard = [event for event in events if isinstance(event, SignalsReceived)]
        assert [told(signal) for event in heard for signal in event.signals] == row.get("signals", [])
        assert {event.authentic for event in heard} <= {row.get("authentic", True)}
        faults = [str(event.error) for event in events if isinstance(event, Fault)]
        assert len(faults) == ("error" in row)
        assert all(row["error"] in fault for fault in faults)
        assert all(
            b"Abc123Def456Ghi" not in event.raw for event in events if isinstance(event, SignalsReceived | Fault)
        )
        answer = answer_of(events, conversation)
        assert (answer.status, answer.reference) == (row["status"], row.get("reference"))
        assert answer.arrival_time == "2026-03-04 06:06:10.000"


def test_a_connection_needs_no_close_and_may_carry_more_requests() -> None:
    conversation = Receiver().connection()
    events = conversation.receive(serialise(ALARM) + b"\r\n" + serialise(replace(ALARM, event_code="MA")), NOW)
    assert [e.signals[0].kind for e in events if isinstance(e, SignalsReceived)] == [
        SignalKind.PANIC,
        SignalKind.MEDICAL,
    ]
    assert [e.token for e in events if isinstance(e, SignalsReceived)] == [1, 2]
    assert conversation.deadline_passed(NOW + LINGER) == (Close("nothing more was said"),)
    assert conversation.receive(serialise(ALARM), NOW) == []


def test_a_connection_ends_after_so_many_requests() -> None:
    conversation = Receiver().connection()
    events = conversation.receive(serialise(ALARM) * (MOST_REQUESTS + 1), NOW)
    assert isinstance(events[-1], Close)
    assert sum(isinstance(event, SignalsReceived) for event in events) == MOST_REQUESTS


def test_the_same_alarm_is_a_duplicate_only_once_the_first_is_on_disk() -> None:
    receiver, again_at = Receiver(), NOW + timedelta(seconds=10)
    alarm = replace(ALARM, reference="R1")
    assert receiver.ask(alarm, nak=Nak.NOT_STORED).status == 5
    assert receiver.ask(alarm).status == 0
    assert receiver.ask(alarm, again_at).status == 10
    assert receiver.ask(replace(alarm, reference="R2"), again_at).status == 0
    assert receiver.ask(replace(alarm, transmitter_time="2026-03-04 06:06:20.000"), again_at).status == 10
    assert receiver.ask(replace(alarm, alarm_type=AlarmType.RESTORE), again_at).status == 0
    assert receiver.ask(replace(ALARM, transmitter_time="2026-03-04 06:06:10.000"), again_at).status == 0
    assert receiver.ask(replace(ALARM, transmitter_time="2026-03-04 06:06:20.000"), again_at).status == 0
    assert receiver.ask(alarm, NOW + timedelta(seconds=61)).status == 0


def keys(receiver: Receiver, request: Any, now: datetime) -> str:
    """Send a request that reaches the disk; return the name that it is stored under."""
    conversation = receiver.connection(now)
    [event] = conversation.receive(serialise(request), now)
    assert isinstance(event, SignalsReceived)
    answer_of([event], conversation, now)
    return event.signals[0].repeat_key


@pytest.mark.parametrize("restore", ["RE", "PR"], ids=["restored by type", "restored by code"])
@pytest.mark.parametrize("reference", ["SAME", None])
def test_a_press_after_a_restore_is_a_new_one_although_its_words_are_the_same(
    restore: str, reference: str | None
) -> None:
    receiver, alarm = Receiver(), replace(ALARM, reference=reference, transmitter_time=None)
    over = replace(alarm, alarm_type=AlarmType.RESTORE) if restore == "RE" else replace(alarm, event_code="PR")
    said = [alarm, alarm, over, over, alarm, alarm, over, over]
    heard = [keys(receiver, one, NOW + timedelta(seconds=5 * at)) for at, one in enumerate(said)]
    assert [heard[at] == heard[at + 1] for at in (0, 2, 4, 6)] == [True] * 4, "each is repeated under its own name"
    assert len(set(heard)) == 4, "and none is taken for what was before the restore"
    assert [Receiver().ask(one).status for one in (alarm, over)] == [0, 0]
    assert receiver.ask(alarm, NOW + timedelta(seconds=41)).status == 0


def test_only_a_restore_that_reached_the_disk_makes_the_next_press_a_new_one() -> None:
    receiver, over = Receiver(), replace(ALARM, alarm_type=AlarmType.RESTORE)
    assert receiver.ask(ALARM).status == 0
    assert receiver.ask(over, nak=Nak.NOT_STORED).status == 5
    assert receiver.ask(ALARM).status == 10
    assert receiver.ask(replace(over, authentication="Wrong0Wrong0Wro")).status == 4
    assert receiver.ask(ALARM).status == 10, "nor does one that nobody has proven"
    assert receiver.ask(over).status == 0
    assert receiver.ask(ALARM).status == 0


def test_what_is_not_stored_sends_a_known_transmitter_to_its_other_receiver() -> None:
    assert Receiver().ask(ALARM, nak=Nak.NOT_STORED).status == 5
    assert Receiver().ask(PING, nak=Nak.NOT_STORED).status == 5


@pytest.mark.parametrize("nak", [None, *Nak])
def test_no_answer_tells_which_transmitters_exist(nak: Nak | None) -> None:
    stranger = replace(ALARM, transmitter_code="4712")
    wrong = replace(ALARM, authentication="Wrong0Wrong0Wro")
    of_stranger, of_liar = Receiver().ask(stranger, nak=nak), Receiver().ask(wrong, nak=nak)
    assert of_stranger == of_liar
    assert of_stranger.status == 4


def test_a_wrong_password_is_no_repeat_of_the_right_one() -> None:
    conversation = Receiver().connection()
    events = conversation.receive(serialise(replace(ALARM, authentication="Wrong0Wrong0Wro")) + serialise(ALARM), NOW)
    fault, unproven, proven = events
    assert isinstance(fault, Fault)
    assert isinstance(fault.error, NotAuthentic)
    assert isinstance(unproven, SignalsReceived)
    assert isinstance(proven, SignalsReceived)
    assert unproven.signals[0].repeat_key == f"unproven:{proven.signals[0].repeat_key}"
    assert (unproven.authentic, unproven.token) == (False, None)


def test_a_type_that_is_not_the_enrolled_one_is_refused() -> None:
    account = replace(ACCOUNT, options={"transmitter_type": "SV301"})
    assert Receiver(account).ask(ALARM).status == 4
    assert Receiver(replace(account, options={"transmitter_type": "SV300"})).ask(ALARM).status == 0


def test_a_code_may_be_agreed_to_mean_something_else() -> None:
    receiver = Receiver(replace(ACCOUNT, options={"code:PA": "duress", "position": "ddmmmm"}))
    conversation = receiver.connection()
    [event] = conversation.receive(serialise(replace(ALARM, position="N573012E0120512")), NOW)
    assert isinstance(event, SignalsReceived)
    [signal] = event.signals
    assert signal.kind is SignalKind.DURESS
    assert signal.position is not None
    assert (signal.position.lat, signal.position.lon) == (57.502, 12.085333)


@pytest.mark.parametrize(("level", "window_s"), [("1", 90_000), ("2", 18_000), ("3", 180), ("4", 90)])
def test_pings_are_taken_as_ordered_and_told_when_they_come_too_often(level: str, window_s: int) -> None:
    receiver = Receiver(replace(ACCOUNT, options={"ping_level": level}))
    least = timedelta(seconds=window_s / PINGS_PER_LEVEL)
    assert receiver.ask(PING).status == 0
    assert receiver.ask(PING, NOW + least - timedelta(seconds=1)).status == 101
    assert receiver.ask(PING, NOW + least).status == 0


def test_a_ping_with_the_new_password_is_taken_however_soon_it_comes() -> None:
    receiver = Receiver(replace(ACCOUNT, options={"ping_level": "4"}, next_secret=NEXT.encode()))
    assert receiver.ask(PING).status == 0
    assert receiver.ask(replace(PING, authentication=NEXT)).status == 0
    assert receiver.renewals == [Renewal(AccountId("4711"), used=NEXT.encode())]


def test_a_ping_that_never_reached_the_disk_does_not_count() -> None:
    receiver = Receiver(replace(ACCOUNT, options={"ping_level": "4"}))
    assert receiver.ask(PING, nak=Nak.NOT_STORED).status == 5
    assert receiver.ask(PING).status == 0


def test_a_new_password_is_kept_beside_the_old_one_until_it_is_used() -> None:
    receiver = Receiver()
    answer = receiver.ask(RENEW)
    assert isinstance(answer, NewAuthenticationResponse)
    assert answer.new_authentication == "ABCDEFGHIJKLMNO"
    fresh = b"ABCDEFGHIJKLMNO"
    assert receiver.renewals == [Renewal(AccountId("4711"), fresh=fresh)]

    receiver.account = replace(ACCOUNT, next_secret=fresh)
    repeated = receiver.ask(RENEW)
    assert isinstance(repeated, NewAuthenticationResponse)
    assert repeated.new_authentication == "ABCDEFGHIJKLMNO", "whose answer was lost is told the same"
    assert receiver.ask(ALARM).status == 0
    assert len(receiver.renewals) == 1

    assert receiver.ask(replace(PING, authentication=fresh.decode())).status == 9
    assert receiver.renewals[1:] == [Renewal(AccountId("4711"), used=fresh)]
    receiver.account = replace(ACCOUNT, secret=fresh)
    assert receiver.ask(ALARM).status == 4, "the old one is worth nothing from the first use of the new one"


def test_who_asks_anew_with_the_new_password_uses_it_and_gets_another() -> None:
    receiver = Receiver(replace(ACCOUNT, next_secret=NEXT.encode()))
    answer = receiver.ask(replace(RENEW, authentication=NEXT))
    assert isinstance(answer, NewAuthenticationResponse)
    assert answer.new_authentication == "ABCDEFGHIJKLMNO"
    assert receiver.renewals == [Renewal(AccountId("4711"), used=NEXT.encode(), fresh=b"ABCDEFGHIJKLMNO")]


def test_a_password_that_was_not_kept_is_not_told() -> None:
    answer = Receiver().ask(RENEW, nak=Nak.NOT_STORED)
    assert isinstance(answer, NewAuthenticationResponse)
    assert (answer.status, answer.new_authentication) == (5, None)


def test_no_password_shows_in_what_a_debugger_prints() -> None:
    account = replace(ACCOUNT, next_secret=NEXT.encode())
    renewal = Renewal(AccountId("4711"), fresh=NEXT.encode(), used=PASSWORD.encode())
    assert NEXT not in repr(account) + repr(renewal)
    assert PASSWORD not in repr(account) + repr(renewal)


def test_an_alarm_that_never_ends_is_heard_when_its_time_is_over() -> None:
    conversation = Receiver().connection()
    assert conversation.receive(serialise(ALARM)[:-10], NOW) == []
    assert conversation.pending_bytes > 0
    assert conversation.deadline_passed(NOW + SILENCE - timedelta(seconds=1)) == ()
    heard, fault = conversation.deadline_passed(NOW + SILENCE)
    assert isinstance(heard, SignalsReceived)
    assert (heard.signals[0].kind, heard.authentic, heard.token) == (SignalKind.PANIC, True, None)
    assert isinstance(fault, Fault)
    assert fault.close
    assert parse(fault.reply).status == 2  # type: ignore[union-attr]
    assert (conversation.next_deadline(), conversation.pending_bytes) == (None, 0)


def test_an_alarm_that_stops_in_the_middle_is_heard_before_its_sender_gives_up() -> None:
    conversation = Receiver().connection()
    half, at = serialise(ALARM)[:-10], NOW + timedelta(seconds=20)
    conversation.receive(half[:40], at)
    conversation.receive(half[40:], at)
    assert conversation.next_deadline() == at + SILENCE < at + ANSWER_WITHIN
    heard, _ = conversation.deadline_passed(at + SILENCE)
    assert isinstance(heard, SignalsReceived)
    assert heard.signals[0].kind is SignalKind.PANIC
    slow = Receiver().connection()
    for second in range(28):
        slow.receive(half[second : second + 1], NOW + timedelta(seconds=second))
    assert slow.next_deadline() == NOW + DOCUMENT_TIME


def test_a_connection_that_says_nothing_is_left() -> None:
    conversation = Receiver().connection()
    assert conversation.next_deadline() == NOW + DOCUMENT_TIME
    assert conversation.deadline_passed(NOW + DOCUMENT_TIME) == (Close("nothing more was said"),)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (serialise(ALARM)[:-20] + b"x" * MAX_DOCUMENT_BYTES, 1),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><alarmrequest/>", 2),
        (b"GET / HTTP/1.1\r\n\r\n", 2),
    ],
    ids=["too long", "a document type", "another protocol"],
)
def test_what_can_become_no_document_is_told_so_and_hung_up_on(sent: bytes, status: int) -> None:
    conversation = Receiver().connection()
    *_, fault = conversation.receive(sent, NOW)
    assert isinstance(fault, Fault)
    assert fault.close
    answer = parse(fault.reply)
    assert isinstance(answer, AlarmResponse)
    assert answer.status == status
    assert conversation.receive(serialise(ALARM), NOW) == []


def test_an_answer_is_given_once() -> None:
    conversation = Receiver().connection()
    [event] = conversation.receive(serialise(ALARM), NOW)
    assert isinstance(event, SignalsReceived)
    assert event.token is not None
    conversation.ack(event.token, NOW)
    with pytest.raises(LocalProtocolError):
        conversation.ack(event.token, NOW)


def test_a_house_elsewhere_tells_its_own_time_and_a_wrong_zone_ours() -> None:
    assert Receiver(replace(ACCOUNT, options={"zone": "Europe/Helsinki"})).ask(ALARM).arrival_time == (
        "2026-03-04 07:06:10.000"
    )
    assert Receiver(replace(ACCOUNT, options={"zone": "../etc"})).ask(ALARM).arrival_time == "2026-03-04 06:06:10.000"


@settings(max_examples=100)
@given(messages(), st.integers(1, 200))
def test_every_request_that_can_be_written_is_heard_wherever_it_is_cut(message: Any, at: int) -> None:
    document = serialise(message)
    accounts = Enrolled(everybody=True)
    open_ = lambda now: SosAccessReception(accounts, draw=bytes, memory=Memory(), opened_at=now)  # noqa: E731
    events, _ = hear(open_, [document[:at], document[at:]], NOW)
    signals = [signal for event in events if isinstance(event, SignalsReceived) for signal in event.signals]
    assert len(signals) == (not isinstance(message, Response))
    if isinstance(message, AlarmRequest):
        assert signals[0].code == message.event_code
        assert signals[0].device == message.transmitter_code


@settings(max_examples=150)
@given(st.lists(hostile_bytes(), max_size=6))
def test_whatever_comes_only_signals_and_faults_of_the_other_side_come_out(chunks: list[bytes]) -> None:
    memory = Memory()
    open_ = lambda now: SosAccessReception(Enrolled(ACCOUNT), draw=bytes, memory=memory, opened_at=now)  # noqa: E731
    check_survives(open_, chunks, MAX_DOCUMENT_BYTES)
