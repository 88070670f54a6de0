"""Words down to watches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from escalation.ids import CommitteeId, DeviceId, OrganisationId
from larmcentral.domain.device import Downlink, DownlinkKind
from larmcentral.receivers.sessions import Sessions
from larmcentral.receivers.speaking import Speaking
from protocols.signal import AccountId
from protocols.watch.conversation import WatchConversation, WatchTransmitter
from protocols.watch.messages import Find, KeepAlive, ShowMessage
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
    sessions.arrive("dc09", AccountId("1234"), Connection())
    return Speaking(sessions)


def test_only_watches_are_spoken_to(speaking: Speaking) -> None:
    assert list(speaking.connected()) == [("watch", WATCH)]


def test_a_watch_shows_that_a_person_has_taken_it_and_rings(
    speaking: Speaking, line: Connection, watch: WatchTransmitter
) -> None:
    assert speaking.say(WORD)
    assert watch.receive(line.sent, NOON) == [ShowMessage("En människa har tagit emot ditt larm."), Find()]


def test_a_test_alarm_is_confirmed_without_ringing(
    speaking: Speaking, line: Connection, watch: WatchTransmitter
) -> None:
    assert speaking.say(replace(WORD, kind=DownlinkKind.TEST_RECEIVED, language="en"))
    assert watch.receive(line.sent, NOON) == [ShowMessage("Your test alarm came through.")]


@pytest.mark.parametrize("kind", list(DownlinkKind))
def test_a_silent_word_is_never_said_to_a_watch_for_all_that_it_can_do_shows(
    speaking: Speaking, line: Connection, kind: DownlinkKind
) -> None:
    assert not speaking.say(replace(WORD, kind=kind, silent=True))
    assert line.sent == b""


def test_who_is_not_connected_or_has_no_name_yet_is_not_told(speaking: Speaking, line: Connection) -> None:
    assert not speaking.say(replace(WORD, account="8660000002"))
    line.conversation = WatchConversation(NOON)
    assert not speaking.say(WORD)


def test_a_connection_that_takes_no_more_has_told_nobody(speaking: Speaking, line: Connection) -> None:
    line.open = False
    assert not speaking.say(WORD)


def test_a_language_without_words_reads_swedish(speaking: Speaking, line: Connection, watch: WatchTransmitter) -> None:
    assert speaking.say(replace(WORD, kind=DownlinkKind.TEST_RECEIVED, language="fi"))
    assert watch.receive(line.sent, NOON) == [ShowMessage("Provlarmet kom fram.")]


def test_words_that_went_out_are_said_even_if_the_ringing_did_not_follow(
    speaking: Speaking, line: Connection, watch: WatchTransmitter
) -> None:
    line.takes = 1
    assert speaking.say(WORD)
    assert watch.receive(line.sent, NOON) == [ShowMessage("En människa har tagit emot ditt larm.")]
