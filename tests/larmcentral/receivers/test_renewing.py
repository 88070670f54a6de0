"""A new password on the wire: on disk, and known to every receiver here, before its transmitter is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from larmcentral.domain.arrival import ReceiverName
from larmcentral.domain.enrolled import EnrolledDevice
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.endpoint import parse_endpoint
from larmcentral.receivers.build import build_receiver
from larmcentral.receivers.echoes import Echoes
from larmcentral.receivers.enrolled import EnrolledDevices
from larmcentral.receivers.limits import Limits
from protocols.conversation import Renewal
from protocols.signal import AccountId
from protocols.sos_access.codec import parse, serialise
from protocols.sos_access.framing import OneDocument
from protocols.sos_access.messages import AlarmRequest, NewAuthenticationRequest, NewAuthenticationResponse, Request
from tests.fakes.intake import eventually
from tests.larmcentral.receivers.rig import NAME, Rig

OLD = "Installer-00001"
RENEW = NewAuthenticationRequest(authentication=OLD, transmitter_type="SV300", transmitter_code="4711")
ALARM = AlarmRequest(
    authentication=OLD, receiver="LARM", transmitter_type="SV300", transmitter_code="4711", event_code="PA"
)


class Kept:
    """A disk with one transmitter's secrets, as the store keeps them."""

    def __init__(self, now: datetime) -> None:
        self.row = EnrolledDevice(protocol="sos_access", account=AccountId("4711"), changed_at=now, secret=OLD.encode())
        self.error: Exception | None = None
        self.refuses = False

    async def load(self, since: datetime | None) -> Sequence[EnrolledDevice]:
        return [self.row]

    async def renew(self, protocol: str, renewal: Renewal) -> bool:
        if self.error is not None:
            raise self.error
        if self.refuses:
            return False
        if renewal.used is not None:
            self.row = replace(self.row, secret=self.row.next_secret, next_secret=None)
        if renewal.fresh is not None:
            self.row = replace(self.row, next_secret=renewal.fresh)
        return True


async def listen(rig: Rig, kept: Kept, at: str = "tcp:port=0:interface=127.0.0.1") -> None:
    devices = EnrolledDevices(load=kept.load, clock=rig.clock)
    await devices.refresh()
    rig.receiver = build_receiver(
        ReceiverName(
            name="rig", protocol="sos_access", organisation_id=NAME.organisation_id, committee_id=NAME.committee_id
        ),
        parse_endpoint(at),
        Limits(),
        reactor=rig.reactor,
        takes_in=rig.intake,
        devices=devices,
        sessions=rig.sessions,
        echoes=Echoes(rig.clock.monotonic),
        words=rig.words,
        clock=rig.clock,
        metrics=rig.metrics,
        draw=lambda count: bytes(range(count)),
        renews=kept,
    )
    rig.closes(rig.receiver)
    await rig.receiver.start()


async def ask(rig: Rig, request: Request) -> tuple[int, str | None]:
    """Send a request on a connection of its own, as transmitters do; return status and new password."""
    unit = await rig.connect()
    unit.send(serialise(request))
    document, heard = OneDocument(), None
    while heard is None:
        heard = document.feed(await unit.read(1))
    await unit.leave()
    said = parse(heard)
    fresh = said.new_authentication if isinstance(said, NewAuthenticationResponse) else None
    return said.status, fresh  # type: ignore[union-attr]


async def test_the_old_password_holds_until_the_new_one_is_used_and_then_only_the_new_one(rig: Rig) -> None:
    kept = Kept(rig.clock.now())
    await listen(rig, kept)
    status, fresh = await ask(rig, RENEW)
    assert (status, fresh) == (0, "ABCDEFGHIJKLMNO")
    assert (kept.row.secret, kept.row.next_secret) == (OLD.encode(), b"ABCDEFGHIJKLMNO")
    assert await ask(rig, RENEW) == (0, fresh), "an answer that was lost is given again"
    assert await ask(rig, ALARM) == (0, None)
    assert await ask(rig, replace(ALARM, authentication=fresh or "", reference="2")) == (0, None)
    assert (kept.row.secret, kept.row.next_secret) == (b"ABCDEFGHIJKLMNO", None)
    assert await ask(rig, replace(ALARM, reference="3")) == (4, None)
    assert rig.metric("larm_security_events_total", receiver="rig") >= 1
    assert not any(OLD.encode() in arrival.raw for arrival in rig.intake.stored)


@pytest.mark.parametrize("error", [StoreUnavailable("away"), RuntimeError("our bug"), None])
async def test_a_password_that_was_not_kept_is_not_told_and_the_old_one_holds(
    rig: Rig, error: Exception | None
) -> None:
    kept = Kept(rig.clock.now())
    kept.error, kept.refuses = error, error is None
    await listen(rig, kept)
    assert await ask(rig, RENEW) == (5, None)
    assert await ask(rig, ALARM) == (0, None)


async def test_an_alarm_is_acked_although_the_change_of_passwords_waits(rig: Rig) -> None:
    kept = Kept(rig.clock.now())
    kept.row = replace(kept.row, next_secret=b"ABCDEFGHIJKLMNO")
    kept.error = StoreUnavailable("away")
    await listen(rig, kept)
    assert await ask(rig, replace(ALARM, authentication="ABCDEFGHIJKLMNO")) == (0, None)
    assert kept.row.secret == OLD.encode()
    kept.error = None
    assert await ask(rig, replace(ALARM, authentication="ABCDEFGHIJKLMNO", reference="2")) == (0, None)
    await eventually(lambda: kept.row.secret == b"ABCDEFGHIJKLMNO")


async def test_an_alarm_is_answered_once_it_is_on_disk_and_a_full_house_sends_it_elsewhere(rig: Rig) -> None:
    await listen(rig, Kept(rig.clock.now()))
    rig.intake.be_full()
    assert await ask(rig, ALARM) == (5, None)
    rig.intake.be_well()
    assert await ask(rig, ALARM) == (0, None)
    assert await ask(rig, ALARM) == (10, None)
    assert len(rig.intake.stored) == 2
