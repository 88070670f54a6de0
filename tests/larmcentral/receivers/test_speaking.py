"""Words down to devices, as they leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from escalation.ids import CommitteeId, DeviceId, OrganisationId
from larmcentral.domain.device import NO_WORDS, NOT_NOW, Downlink, DownlinkKind, Said
from larmcentral.receivers.echoes import Echoes
from larmcentral.receivers.sessions import Sessions
from larmcentral.receivers.speaking import Speaking
from protocols.orders import CallBack, Commission, Order
from protocols.signal import AccountId
from protocols.watch.conversation import WatchConversation, WatchTransmitter
from protocols.watch.messages import Call, FallDetection, Find, KeepAlive, Locate, ShowMessage
from tests.fakes.line_protocol import LineConversation
from tests.fakes.settable_clock import SettableClock
from tests.world import an_id

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
WATCH = AccountId("8660000001")
WORD = Downlink(
    id=an_id("word"),
    organisation_id=OrganisationId(an_id("organisation")),
    committee_id=CommitteeId(an_id("care")),
    device_id=DeviceId(an_id("watch")),
    protocol="watch",
    account=WATCH,
    incident_id=None,
    kind=DownlinkKind.TAKEN,
    silent=False,
    language="sv",
    filed_at=NOON,
    expires_at=NOON + timedelta(minutes=10),
)

CONTENT = {
    DownlinkKind.CALL_BACK: CallBack("0303174060"),
    DownlinkKind.COMMISSION: Commission(sos_numbers=("0303174061",), fall_detection=True, report_every_s=600),
}


class Connection:
    """A line of receivers.sessions. sent: all bytes; open: whether it takes more; takes: how many frames until then."""

    def __init__(self) -> None:
        self.conversation: Any = WatchConversation(NOON)
        self.sent = b""
        self.open, self.takes = True, 100

    def send(self, data: bytes) -> bool:
        taken = self.open and self.takes > 0
        if taken:
            self.takes -= 1
            self.sent += data
        return taken

    def replaced(self) -> None:
        self.open = False


@pytest.fixture
def watch() -> WatchTransmitter:
    return WatchTransmitter(WATCH)


@pytest.fixture
def line(watch: WatchTransmitter) -> Connection:
    """A watch that has said its name."""
    connection = Connection()
    connection.conversation.receive(watch.say(KeepAlive()), NOON)
    return connection


@pytest.fixture
def speaking(line: Connection) -> Speaking:
    sessions = Sessions()
    sessions.arrive("watch", WATCH, line)
    panel = Connection()
    panel.conversation = LineConversation(NOON)
    sessions.arrive("dc09", AccountId("1234"), panel)
    return Speaking(sessions, Echoes(lambda: 0.0), SettableClock(NOON))


def test_only_those_are_spoken_to_whose_protocol_takes_orders(speaking: Speaking) -> None:
    assert list(speaking.connected([("watch", WATCH), ("dc09", "1234"), ("watch", "1")])) == [("watch", WATCH)]


def test_a_watch_shows_that_a_person_has_taken_it_and_rings(
    speaking: Speaking, line: Connection, watch: WatchTransmitter
) -> None:
    assert speaking.say(WORD) == Said(2)
    assert watch.receive(line.sent, NOON) == [ShowMessage("En människa har tagit emot ditt larm."), Find()]


def test_a_test_alarm_is_confirmed_without_ringing(
    speaking: Speaking, line: Connection, watch: WatchTransmitter
) -> None:
    assert speaking.say(replace(WORD, kind=DownlinkKind.TEST_RECEIVED, language="en")) == Said(1)
    assert watch.receive(line.sent, NOON) == [ShowMessage("Your test alarm came through.")]


@pytest.mark.parametrize("kind", list(DownlinkKind))
def test_a_silent_word_is_never_said_to_a_watch_where_anything_would_show(
    speaking: Speaking, line: Connection, kind: DownlinkKind
) -> None:
    silent = replace(WORD, kind=kind, silent=True, content=CONTENT.get(kind))
    assert speaking.say(silent) == NO_WORDS
    assert line.sent == b""


def test_a_silent_watch_can_be_asked_where_it_is_if_somebody_tried_that_nothing_shows(
    speaking: Speaking, line: Connection, watch: WatchTransmitter
) -> None:
    assert speaking.say(replace(WORD, kind=DownlinkKind.LOCATE, silent=True, quiet=True)) == Said(1)
    assert watch.receive(line.sent, NOON) == [Locate()]


def test_a_watch_is_given_the_number_and_its_settings(
    speaking: Speaking, line: Connection, watch: WatchTransmitter
) -> None:
    for kind, content in CONTENT.items():
        assert speaking.say(replace(WORD, kind=kind, content=content)).frames >= 1
    heard = watch.receive(line.sent, NOON)
    assert heard[0] == Call("0303174060")
    assert FallDetection(on=True, call=False) in heard


def test_a_device_that_has_no_words_for_it_will_never_be_told(speaking: Speaking, line: Connection) -> None:
    nothing = replace(WORD, kind=DownlinkKind.COMMISSION, content=Commission())
    assert speaking.say(nothing) == NO_WORDS
    assert line.sent == b""


def test_a_device_without_a_connection_is_told_where_it_was_heard_last(watch: WatchTransmitter) -> None:
    echoes, way = Echoes(lambda: 0.0), Connection()
    way.conversation.receive(watch.say(KeepAlive()), NOON)
    echoes.heard(("watch", WATCH), way)
    speaking = Speaking(Sessions(), echoes, SettableClock(NOON))
    assert list(speaking.connected([("watch", WATCH), ("dc09", "1234"), ("watch", "1")])) == [("watch", WATCH)]
    assert speaking.say(replace(WORD, kind=DownlinkKind.LOCATE)) == Said(1)
    assert watch.receive(way.sent, NOON) == [Locate()]


def test_an_open_connection_is_preferred_to_where_it_was_heard_last(
    speaking: Speaking, line: Connection, watch: WatchTransmitter
) -> None:
    sessions, echoes, way = Sessions(), Echoes(lambda: 0.0), Connection()
    sessions.arrive("watch", WATCH, line)
    echoes.heard(("watch", WATCH), way)
    assert Speaking(sessions, echoes, SettableClock(NOON)).say(WORD) == Said(2)
    assert way.sent == b""


def test_who_is_not_connected_or_has_no_name_yet_is_not_told(speaking: Speaking, line: Connection) -> None:
    assert speaking.say(replace(WORD, account="8660000002")) == NOT_NOW
    line.conversation = WatchConversation(NOON)
    assert speaking.say(WORD) == NOT_NOW


class Proxy(WatchConversation):
    """A connection on which several units speak."""

    def order_for(self, device: AccountId, order: Order, now: datetime) -> list[bytes]:
        return [f"to {device}".encode()]


def test_where_several_units_speak_on_one_connection_the_order_names_the_one_that_is_meant(
    speaking: Speaking, line: Connection
) -> None:
    line.conversation = Proxy(NOON)
    assert speaking.say(WORD) == Said(1)
    assert line.sent == f"to {WATCH}".encode()


def test_a_bug_of_one_familys_words_costs_that_order_and_no_other(
    speaking: Speaking, line: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> list[bytes]:
        raise ValueError("ours")

    monkeypatch.setattr(line.conversation, "order", fail)
    assert speaking.say(WORD) == NO_WORDS
    monkeypatch.undo()
    assert speaking.say(WORD) == Said(2)


def test_a_connection_that_takes_no_more_has_told_nobody(speaking: Speaking, line: Connection) -> None:
    line.open = False
    assert speaking.say(WORD) == NOT_NOW


def test_a_language_without_words_reads_swedish(speaking: Speaking, line: Connection, watch: WatchTransmitter) -> None:
    assert speaking.say(replace(WORD, kind=DownlinkKind.TEST_RECEIVED, language="fi")) == Said(1)
    assert watch.receive(line.sent, NOON) == [ShowMessage("Provlarmet kom fram.")]


def test_words_that_went_out_are_said_even_if_the_ringing_did_not_follow(
    speaking: Speaking, line: Connection, watch: WatchTransmitter
) -> None:
    line.takes = 1
    assert speaking.say(WORD) == Said(1)
    assert watch.receive(line.sent, NOON) == [ShowMessage("En människa har tagit emot ditt larm.")]
