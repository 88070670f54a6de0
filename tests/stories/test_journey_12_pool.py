"""Journey 12: an agency worker takes device 14 out of the pool."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from escalation.effects import About
from escalation.ids import DeviceId, IncidentId, PersonId, SignalId, UnitId
from escalation.incident import State
from escalation.purpose import Purpose
from larmcentral.domain.device import DownlinkKind
from larmcentral.domain.device import TestAlarm as LedgerLine
from larmcentral.domain.errors import RefusedByRule
from larmcentral.domain.outbox import DeviceState
from larmcentral.domain.register import Device, Person
from protocols.signal import SignalKind
from tests.fakes.memory_store import MemoryRegister
from tests.stories.world import KARIN, World
from tests.world import CARE, DAVID, HOME, ORGANISATION, T0, UNIT, an_id, sms

AGNES = PersonId(an_id("agnes"))
TAG, ACCOUNT = "POOL-14", "8660000014"


@pytest.fixture
def depot(world: World) -> World:
    """Device 14 lies in the pool, charged; Agnes of the agency is trained; David answers for the unit."""

    async def enter() -> None:
        register = MemoryRegister(world.store)
        await register.managers(HOME, UnitId(UNIT), [DAVID])
        await register.person(HOME, agnes())
        device = Device(id=an_id("device 14"), protocol="watch", account=ACCOUNT, label="Enhet 14", tag=TAG, pool=True)
        await register.device(HOME, device, T0)

    world.speaks.here.add(("watch", ACCOUNT))
    world.do(enter())
    charged(world, 80)
    return world


def agnes(*, trained_on: date | None = date(2026, 1, 15), ends_on: date | None = date(2026, 6, 30)) -> Person:
    number = sms("agnes", "+46701740699")
    return Person(
        id=AGNES,
        name="Agnes",
        employer="Bemanning AB",
        unit_id=UNIT,
        trained_on=trained_on,
        ends_on=ends_on,
        contact_points=(number,),
    )


def charged(world: World, percent: int) -> None:
    state = DeviceState(
        organisation_id=ORGANISATION,
        protocol="watch",
        account=ACCOUNT,
        receiver="watch",
        last_seen_at=world.clock.now(),
        battery_pct=percent,
    )
    world.do(world.store.fold_telemetry([state]))


def tested(world: World) -> None:
    world.press(ACCOUNT, SignalKind.TEST_ALARM)
    world.run(seconds=10)


async def came_through_before(world: World, age: timedelta) -> None:
    """A line of the ledger from that long ago."""
    at, incident_id = world.clock.now() - age, IncidentId(an_id("an old test"))
    test = LedgerLine(
        organisation_id=ORGANISATION,
        committee_id=CARE,
        signal_id=SignalId(an_id("an old press")),
        incident_id=incident_id,
        device_id=DeviceId(an_id("device 14")),
        person_id=None,
        pressed_at=at,
        received_at=at,
    )
    async with world.store.transaction() as tx:
        await tx.file_test_alarm(test)
        await tx.test_came_through(incident_id, at)


def takes(world: World, hours: float = 9) -> None:
    world.takes_device(TAG, AGNES, KARIN, world.clock.now() + timedelta(hours=hours))


def test_a_test_alarm_is_confirmed_within_ten_seconds_and_makes_no_noise(depot: World) -> None:
    depot.press(ACCOUNT, SignalKind.TEST_ALARM)
    depot.run(seconds=10)
    assert [downlink.kind for downlink in depot.speaks.said] == [DownlinkKind.TEST_RECEIVED]
    sent = [one.notice for channel in depot.channels.values() for one in channel.sent]
    assert {(notice.person_id, notice.purpose) for notice in sent} == {(None, Purpose.TEST)}
    (record,) = depot.incidents(Purpose.TEST)
    assert record.incident.state is State.STOOD_DOWN


def test_a_device_that_is_charged_and_tested_goes_out_by_one_scan_and_its_alarm_is_hers(depot: World) -> None:
    tested(depot)
    takes(depot)
    depot.press(ACCOUNT)
    (record,) = depot.incidents()
    assert record.subject.person_id == AGNES
    depot.run(seconds=1)
    assert {"anna", "bo", "cecilia"} <= set(depot.called), "her unit's night team comes"


def test_everything_that_stands_against_it_is_said_at_once_in_values_for_words(depot: World) -> None:
    depot.do(MemoryRegister(depot.store).person(HOME, agnes(trained_on=None, ends_on=date(2026, 3, 1))))
    charged(depot, 12)
    with pytest.raises(RefusedByRule) as refused:
        takes(depot)
    assert refused.value.reason == "gate"
    assert refused.value.fields == {
        "battery_low": "12 of 20",
        "never_tested": "",
        "training_missing": "",
        "contract_ended": "2026-03-01",
    }


def test_a_test_of_more_than_thirty_days_ago_proves_nothing_any_more(depot: World) -> None:
    depot.do(came_through_before(depot, timedelta(days=31, hours=1)))
    with pytest.raises(RefusedByRule) as refused:
        takes(depot)
    assert refused.value.fields == {"test_old": "32 of 30"}


def test_what_somebody_else_has_cannot_be_taken(depot: World) -> None:
    tested(depot)
    takes(depot)
    with pytest.raises(RefusedByRule) as refused:
        depot.takes_device(TAG, DAVID, KARIN, depot.clock.now() + timedelta(hours=1))
    assert "lent" in refused.value.fields


def test_not_brought_back_the_borrower_hears_of_it_and_half_an_hour_later_the_manager(depot: World) -> None:
    tested(depot)
    takes(depot, hours=0.25)
    depot.run(seconds=899)
    assert not depot.news(About.RETURN_DUE)
    depot.run(seconds=1)
    assert depot.news(About.RETURN_DUE) == [AGNES]
    depot.run(seconds=1799)
    assert not depot.news(About.NOT_RETURNED)
    depot.run(seconds=1)
    assert set(depot.news(About.NOT_RETURNED)) == {DAVID}
    assert "not_returned" in {fault for _, fault, _, _ in depot.store.tables.faults}
    depot.brings_device(TAG, KARIN)
    assert "not_returned" not in {fault for _, fault, _, _ in depot.store.tables.faults}
    depot.forget_calls()
    depot.run(seconds=1800)
    assert not depot.called


def test_brought_back_it_is_nobodys_and_goes_out_again(depot: World) -> None:
    tested(depot)
    takes(depot)
    depot.brings_device(TAG, KARIN)
    depot.press(ACCOUNT)
    (record,) = depot.incidents()
    assert record.subject.person_id is None
    depot.stand_down()
    takes(depot)
