"""Words down to a phone, in the response to its own request."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from escalation.ids import CommitteeId, DeviceId, OrganisationId
from larmcentral.domain.device import NO_WORDS, NOT_NOW, Downlink, DownlinkKind, Said
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.receivers.carrying import Answered, Carrying
from protocols.http import HttpResponse
from protocols.orders import CallBack
from protocols.owntracks import OwnTracksConversation
from protocols.signal import AccountId
from tests.fakes.line_protocol import KnownDevices
from tests.fakes.settable_clock import SettableClock
from tests.fakes.words import FakeWords
from tests.larmcentral.receivers.rig import Device, Rig
from tests.world import an_id

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
WHERE = Downlink(
    id=an_id("where"),
    organisation_id=OrganisationId(an_id("organisation")),
    committee_id=CommitteeId(an_id("care")),
    device_id=DeviceId(an_id("phone")),
    protocol="owntracks",
    account="anna",
    incident_id=None,
    kind=DownlinkKind.LOCATE,
    silent=False,
    language="sv",
    filed_at=NOON,
    expires_at=NOON + timedelta(minutes=15),
)
BODY = json.dumps({"_type": "status", "topic": "anna"}).encode()
REQUEST = b"POST / HTTP/1.1\r\nHost: larm\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)


class Wire:
    """Where responses go. open: False once nobody waits."""

    def __init__(self) -> None:
        self.written: list[HttpResponse] = []
        self.open = True

    def __call__(self, response: HttpResponse) -> bool:
        if self.open:
            self.written.append(response)
        return self.open

    @property
    def bodies(self) -> list[bytes]:
        return [response.body for response in self.written]


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def carrying(wire: Wire) -> Carrying:
    conversation = OwnTracksConversation(KnownDevices("anna"))
    answered = Answered(HttpResponse(200, (), b"[]"), conversation, AccountId("anna"))
    return Carrying(answered, wire, SettableClock(NOON))


async def test_one_order_rides_in_a_response_and_the_next_waits(carrying: Carrying, wire: Wire) -> None:
    words = FakeWords()
    words.waiting["owntracks", "anna"] = [WHERE, replace(WHERE, id=an_id("again"))]
    await carrying.carry(words, "owntracks", AccountId("anna"))
    carrying.respond()
    assert words.said == [Said(1), NOT_NOW]
    assert wire.bodies == [b'[{"_type": "cmd", "action": "reportLocation"}]']


async def test_a_phone_that_hung_up_was_not_told(carrying: Carrying, wire: Wire) -> None:
    wire.open = False
    assert carrying.say(WHERE) == NOT_NOW


async def test_what_it_cannot_be_told_or_what_would_show_is_never_said(carrying: Carrying, wire: Wire) -> None:
    assert carrying.say(replace(WHERE, silent=True)) == NO_WORDS
    assert carrying.say(replace(WHERE, kind=DownlinkKind.CALL_BACK, content=CallBack("0303174060"))) == NO_WORDS
    carrying.respond()
    assert wire.bodies == [b"[]"]


@pytest.mark.parametrize("failure", [StoreUnavailable("away"), ValueError("our bug")])
async def test_a_phone_has_its_answer_whatever_becomes_of_our_words(
    carrying: Carrying, wire: Wire, failure: Exception
) -> None:
    words = FakeWords()
    words.failure = failure
    await carrying.carry(words, "owntracks", AccountId("anna"))
    carrying.respond()
    assert wire.bodies == [b"[]"]


async def test_over_the_wire_a_phone_that_we_know_is_told_and_a_stranger_is_not(rig: Rig) -> None:
    enrolled = KnownDevices("anna")
    await rig.http(lambda: OwnTracksConversation(enrolled))
    for account in ("anna", "evil"):
        rig.words.waiting["line", account] = [WHERE]  # the rig's receiver goes by the name of line
    phone = await rig.connect()
    phone.send(REQUEST + REQUEST.replace(b"anna", b"evil"))
    told = [await _body(phone), await _body(phone)]
    assert told[0] == b'[{"_type": "cmd", "action": "reportLocation"}]'
    assert b"cmd" not in told[1]
    assert rig.words.said == [Said(1)]


async def _body(phone: Device) -> bytes:
    length = 0
    while line := (await phone.hear()).rstrip("\r"):
        name, _, value = line.partition(": ")
        length = int(value) if name.lower() == "content-length" else length
    return await phone.read(length)
