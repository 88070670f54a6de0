"""Pool devices: what is refused, what is repeated, and how long at the most."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from escalation.chain import Channel
from escalation.effects import About, SystemFault
from escalation.events import Wearer
from escalation.ids import DeviceId, IncidentId, PersonId, SignalId, UnitId
from escalation.incident import Refused
from escalation.loan import LONGEST_LOAN, Loan
from larmcentral.domain.device import TestAlarm as LedgerLine
from larmcentral.domain.errors import NotFound, RefusedByRule, StoreUnavailable
from larmcentral.domain.outbox import DeviceState
from larmcentral.domain.register import Device, Person
from tests.fakes.memory_store import MemoryRegister
from tests.stories.world import KARIN, SIGHT, World
from tests.world import ANNA, BO, CARE, CECILIA, DAVID, HOME, ORGANISATION, SOCIAL, T0, UNIT, an_id, push, sms

TAGS = {"P-1": "8660000091", "P-2": "8660000092"}
SHIFT = timedelta(hours=8)


@pytest.fixture
def world() -> Iterator[World]:
    made = World(hours=True)
    yield made
    made.close()


@pytest.fixture
def depot(world: World) -> World:
    """Two devices that nothing stands against; Bo and Cecilia are trained; David answers for the unit."""
    register, now = MemoryRegister(world.store), world.clock.now()

    async def enter() -> None:
        await register.managers(HOME, UnitId(UNIT), [DAVID])
        await register.person(HOME, trained(BO, "Bo"))
        await register.person(HOME, trained(CECILIA, "Cecilia"))
        for tag, account in TAGS.items():
            device = Device(id=an_id(tag), protocol="watch", account=account, label=tag, tag=tag, pool=True)
            await register.device(HOME, device, T0)
            state = DeviceState(
                organisation_id=ORGANISATION,
                protocol="watch",
                account=account,
                receiver="watch",
                last_seen_at=now,
                battery_pct=90,
            )
            await world.store.fold_telemetry([state])
            line = LedgerLine(
                organisation_id=ORGANISATION,
                committee_id=CARE,
                signal_id=SignalId(an_id(f"press {tag}")),
                incident_id=IncidentId(an_id(f"test {tag}")),
                device_id=DeviceId(an_id(tag)),
                person_id=None,
                pressed_at=now,
                received_at=now,
            )
            async with world.store.transaction() as tx:
                await tx.file_test_alarm(line)
                await tx.test_came_through(line.incident_id, now)

    world.do(enter())
    return world


def trained(person_id: PersonId, name: str) -> Person:
    points = (push(name.lower(), Channel.APNS), sms(name.lower(), "+46701740605"))
    return Person(id=person_id, name=name, unit_id=UNIT, trained_on=date(2026, 1, 15), contact_points=points)


def lends(world: World, tag: str = "P-1", to: PersonId = BO, time: timedelta = SHIFT) -> None:
    world.takes_device(tag, to, KARIN, world.clock.now() + time)


def loans(world: World) -> list[Loan]:
    """Those that run."""
    cores = [vigil.core for vigil in world.store.tables.vigils.values()]
    return [core for core in cores if isinstance(core, Loan) and core.ended_at is None]


def wearer_of(world: World, tag: str = "P-1") -> PersonId | None:
    _, device = world.store.tables.devices[("watch", TAGS[tag])]
    return device.worn_by


def faults(world: World) -> list[str]:
    return [fault for _, fault, _, _ in world.store.tables.faults]


def test_when_one_of_two_missing_devices_comes_back_the_other_is_still_missing(depot: World) -> None:
    lends(depot, "P-1", BO, timedelta(minutes=10))
    lends(depot, "P-2", CECILIA, timedelta(minutes=20))
    depot.run(seconds=3600)
    assert faults(depot) == [SystemFault.NOT_RETURNED.value] * 2
    depot.brings_device("P-1", KARIN)
    assert faults(depot) == [SystemFault.NOT_RETURNED.value]
    depot.do(depot.house.pool.prolong("P-2", depot.clock.now() + timedelta(minutes=5), KARIN, SIGHT))
    assert faults(depot) == []
    depot.run(seconds=36 * 60)
    assert faults(depot) == [SystemFault.NOT_RETURNED.value], "longer is not for ever"
    depot.brings_device("P-2", KARIN)
    assert faults(depot) == []


def test_of_two_scans_at_the_same_moment_one_gets_it(depot: World) -> None:
    check_out, due_back = depot.house.pool.check_out, depot.clock.now() + SHIFT

    async def both() -> list[object]:
        asked = [check_out("P-1", person_id, KARIN, due_back, SIGHT) for person_id in (BO, CECILIA)]
        return list(await asyncio.gather(*asked, return_exceptions=True))

    won, lost = depot.do(both())
    assert not isinstance(won, BaseException)
    assert isinstance(lost, RefusedByRule)
    assert dict(lost.fields) == {"lent": ""}, "whom it is lent to stays out"
    assert [core.person_id for core in loans(depot)] == [BO]
    assert wearer_of(depot) == BO


def test_a_scan_whose_answer_was_lost_stands_once(depot: World) -> None:
    depot.store.lost_answers = 1
    with pytest.raises(StoreUnavailable):
        lends(depot)
    with pytest.raises(RefusedByRule) as again:
        lends(depot)
    assert "lent" in again.value.fields
    assert len(loans(depot)) == 1


def test_without_a_store_nothing_is_lent_and_nothing_given_back(depot: World) -> None:
    depot.store.available = False
    with pytest.raises(StoreUnavailable):
        lends(depot)
    depot.store.available = True
    lends(depot)
    depot.store.available = False
    with pytest.raises(StoreUnavailable):
        depot.brings_device("P-1", KARIN)
    depot.store.available = True
    assert (len(loans(depot)), wearer_of(depot)) == (1, BO)


@pytest.mark.parametrize("time", [timedelta(0), timedelta(minutes=-1), LONGEST_LOAN + timedelta(seconds=1)])
def test_a_loan_ends_in_the_future_and_within_a_month(depot: World, time: timedelta) -> None:
    with pytest.raises(Refused, match="due_back"):
        lends(depot, time=time)
    assert (loans(depot), wearer_of(depot)) == ([], None)
    lends(depot, time=LONGEST_LOAN)
    with pytest.raises(Refused, match="due_back"):
        depot.do(depot.house.pool.prolong("P-1", depot.clock.now() + time, KARIN, SIGHT))
    assert [core.due_back_at for core in loans(depot)] == [depot.clock.now() + LONGEST_LOAN]


def test_what_is_not_lent_cannot_be_brought_back_or_kept_for_longer(depot: World) -> None:
    with pytest.raises(Refused, match="returned"):
        depot.brings_device("P-1", KARIN)
    with pytest.raises(Refused, match="returned"):
        depot.do(depot.house.pool.prolong("P-1", depot.clock.now() + SHIFT, KARIN, SIGHT))
    lends(depot)
    depot.brings_device("P-1", KARIN)
    with pytest.raises(Refused, match="returned"):
        depot.brings_device("P-1", KARIN)
    assert wearer_of(depot) is None


def test_a_tag_or_a_person_that_is_not_there_or_not_for_him_is_not_found(depot: World) -> None:
    due_back, pool = depot.clock.now() + SHIFT, depot.house.pool
    for work in (
        pool.check_out("P-9", BO, KARIN, due_back, SIGHT),
        pool.check_out("P-1", PersonId(an_id("nobody")), KARIN, due_back, SIGHT),
        pool.check_out("P-1", BO, KARIN, due_back, frozenset({SOCIAL})),
        pool.check_in("P-9", KARIN, SIGHT),
        pool.check_in("P-1", KARIN, frozenset({SOCIAL})),
        pool.prolong("P-1", due_back, KARIN, frozenset({SOCIAL})),
    ):
        with pytest.raises(NotFound):
            depot.do(work)
    assert not loans(depot)


def test_whoever_brings_it_back_brings_it_back_and_nobody_hears_of_it_any_more(depot: World) -> None:
    lends(depot, time=timedelta(minutes=10))
    depot.do(depot.house.pool.check_in("P-1", Wearer(CECILIA), SIGHT))
    depot.run(seconds=7200)
    assert depot.news(About.RETURN_DUE) == []
    assert depot.news(About.NOT_RETURNED) == []


def test_an_untrained_colleague_is_told_so_and_the_device_stays(depot: World) -> None:
    with pytest.raises(RefusedByRule) as refused:
        lends(depot, to=ANNA)
    assert (refused.value.reason, dict(refused.value.fields)) == ("gate", {"training_missing": ""})
    assert wearer_of(depot) is None
