"""What flows may rely on about devices, the pool and tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from escalation.events import Operator
from escalation.ids import DeviceId, IncidentId, SignalId, UserId
from escalation.loan import start_loan
from escalation.plan import SafetyPlan
from escalation.supervision import SupervisionClass, start_supervision
from escalation.vigil import VigilKind
from larmcentral.domain.device import Heard
from larmcentral.domain.device import TestAlarm as LedgerLine
from larmcentral.domain.outbox import DeviceState
from larmcentral.domain.vigil import undecided
from tests.contracts.conftest import Kept
from tests.contracts.town import BUTTON_ID, POOL_ID, WATCH_ID, begin_session, begun, save, settle_places
from tests.world import ANNA, BO, CARE, ORGANISATION, SOCIAL, WATCH, an_id

KARIN = Operator(UserId(an_id("karin")))
SPARE_ID = DeviceId(an_id("spare"))


def said(kept: Kept, account: str, battery_pct: int | None = None) -> DeviceState:
    return DeviceState(
        organisation_id=ORGANISATION,
        protocol="watch",
        account=account,
        receiver="watch",
        last_seen_at=kept.clock.now(),
        battery_pct=battery_pct,
    )


async def test_a_device_was_heard_when_it_last_spoke_and_knows_of_its_wearers_session(kept: Kept) -> None:
    await settle_places(kept)
    state = said(kept, WATCH)
    await kept.store.fold_telemetry([state])
    async with kept.store.transaction() as tx:
        found = await tx.heard([WATCH_ID, POOL_ID, DeviceId(an_id("no device"))])
    assert found == {
        WATCH_ID: Heard(state.last_seen_at, False, SupervisionClass.WEARABLE),
        POOL_ID: Heard(None, False, SupervisionClass.SP4),
    }
    await begin_session(kept)
    async with kept.store.transaction() as tx:
        assert (await tx.heard([WATCH_ID]))[WATCH_ID].in_session


async def test_a_device_is_unwatched_from_its_first_word_until_it_is_supervised(kept: Kept) -> None:
    await settle_places(kept)
    async with kept.store.transaction() as tx:
        assert await tx.unwatched(10) == []
    await kept.store.fold_telemetry([said(kept, WATCH), said(kept, "8660000002")])
    async with kept.store.transaction() as tx:
        found = {subject.device_id: subject for subject in await tx.unwatched(10)}
        assert found.keys() == {WATCH_ID, SPARE_ID}
        assert found[WATCH_ID].person_id == ANNA
        assert len(await tx.unwatched(1)) == 1
        core = start_supervision(WATCH_ID, ANNA, timedelta(minutes=5), kept.clock.now())
        await save(tx, kept, begun(kept, VigilKind.SUPERVISION, core, found[WATCH_ID]))
        assert [subject.device_id for subject in await tx.unwatched(10)] == [SPARE_ID]


async def test_losses_are_counted_among_those_that_are_supervised(kept: Kept) -> None:
    await settle_places(kept)
    now = kept.clock.now()
    async with kept.store.transaction() as tx:
        for device_id, lost_at in ((WATCH_ID, now), (POOL_ID, now - timedelta(hours=1)), (BUTTON_ID, None)):
            subject = await tx.subject_of_device(device_id)
            assert subject is not None
            begin = start_supervision(device_id, subject.person_id, timedelta(minutes=5), now)
            core = replace(begin, core=replace(begin.core, lost_at=lost_at))
            await save(tx, kept, begun(kept, VigilKind.SUPERVISION, core, subject))
    async with kept.store.transaction() as tx:
        assert await tx.losses(CARE, now - timedelta(minutes=5)) == ([now], 3)
        assert await tx.losses(CARE, now - timedelta(hours=2)) == ([now - timedelta(hours=1), now], 3)
        assert await tx.losses(SOCIAL, now - timedelta(minutes=5)) == ([], 0)


async def test_silences_are_counted_among_those_that_ought_to_be_heard_as_often(kept: Kept) -> None:
    await settle_places(kept)
    now = kept.clock.now()
    await kept.store.fold_telemetry([said(kept, WATCH), said(kept, "8660000002")])
    begun_at = now - timedelta(hours=1)
    async with kept.store.transaction() as tx:
        heard_at = {device_id: one.at for device_id, one in (await tx.heard([WATCH_ID, SPARE_ID])).items()}
        at = max(one for one in heard_at.values() if one is not None)
        for device_id, window in ((WATCH_ID, timedelta(minutes=5)), (SPARE_ID, timedelta(hours=25))):
            subject = await tx.subject_of_device(device_id)
            assert subject is not None
            begin = start_supervision(device_id, subject.person_id, window, begun_at)
            await save(tx, kept, begun(kept, VigilKind.SUPERVISION, begin, subject))
    five, day, long_ago = timedelta(minutes=5), timedelta(hours=25), now - timedelta(days=1)
    async with kept.store.transaction() as tx:
        assert await tx.silences(CARE, five, long_ago, at + timedelta(minutes=2)) == (0, 1)
        assert await tx.silences(CARE, five, long_ago, at + timedelta(minutes=3)) == (1, 1)
        assert await tx.silences(CARE, day, long_ago, at + timedelta(minutes=3)) == (1, 2)
        assert await tx.silences(SOCIAL, day, long_ago, at + timedelta(days=2)) == (0, 0)


async def test_who_wears_a_device_is_whoever_it_was_given_to_last(kept: Kept) -> None:
    await settle_places(kept)
    now = kept.clock.now()
    sight = frozenset({CARE})
    async with kept.store.transaction(sight) as tx:
        await tx.assign(POOL_ID, ANNA, now)
        await tx.assign(POOL_ID, BO, now)
        await tx.assign(POOL_ID, BO, now)
    async with kept.store.transaction(sight) as tx:
        assert [subject.device_id for subject in await tx.worn_by(BO)] == [POOL_ID]
        assert [subject.device_id for subject in await tx.worn_by(ANNA)] == [WATCH_ID]
        subject = await tx.subject_of_device(POOL_ID)
        assert subject is not None
        assert (subject.label, subject.person_id) == ("Bo", BO)
        await tx.assign(POOL_ID, None, now)
        assert await tx.worn_by(BO) == []
    async with kept.store.transaction(frozenset({SOCIAL})) as tx:
        assert await tx.subject_of_device(POOL_ID) is None
        await tx.assign(WATCH_ID, None, now)
    async with kept.store.transaction() as tx:
        assert len(await tx.worn_by(ANNA)) == 1


async def test_the_gate_sees_battery_last_test_and_who_has_the_device(kept: Kept) -> None:
    await settle_places(kept)
    now = kept.clock.now()
    await kept.store.fold_telemetry([said(kept, "8660000014", 81)])
    test = LedgerLine(
        organisation_id=ORGANISATION,
        committee_id=CARE,
        signal_id=SignalId(an_id("test")),
        incident_id=IncidentId(an_id("test incident")),
        device_id=POOL_ID,
        person_id=None,
        pressed_at=None,
        received_at=now,
    )
    async with kept.store.transaction() as tx:
        await tx.file_test_alarm(test)
        await tx.file_test_alarm(replace(test, received_at=now + timedelta(hours=1)))
    sight = frozenset({CARE})
    async with kept.store.transaction(sight) as tx:
        device = await tx.pool_device("P-14")
        assert device is not None
        assert (device.device_id, device.in_pool, device.battery_pct, device.tested_at) == (POOL_ID, True, 81, None)
        assert (device.label, device.lent_to, device.loan_id) == ("Larm 14", None, None)
        assert await tx.pool_device("P-15") is None
    async with kept.store.transaction() as tx:
        await tx.test_came_through(test.incident_id, now + timedelta(seconds=2))
    async with kept.store.transaction(sight) as tx:
        subject = await tx.subject_of_device(POOL_ID)
        assert subject is not None
        loan = start_loan(POOL_ID, BO, now + timedelta(hours=8), SafetyPlan(), now, KARIN)
        change = begun(kept, VigilKind.LOAN, loan, subject)
        await save(tx, kept, change)
    async with kept.store.transaction(sight) as tx:
        device = await tx.pool_device("P-14")
        assert device is not None
        assert (device.tested_at, device.lent_to, device.lent_to_name) == (now, BO, "Bo")
        assert device.loan_id == change.after.id
        held = (await tx.lock_running([(VigilKind.LOAN, subject)])).records[change.after.id]
        back = undecided(held).then(replace(loan.core, ended_at=now), (), ())
        await save(tx, kept, back)
        device = await tx.pool_device("P-14")
        assert device is not None
        assert device.lent_to is None
    async with kept.store.transaction(frozenset({SOCIAL})) as tx:
        assert await tx.pool_device("P-14") is None
        assert await tx.person_facts(BO) is None


async def test_a_borrowers_facts_are_those_of_the_register(kept: Kept) -> None:
    async with kept.store.transaction(frozenset({CARE})) as tx:
        facts = await tx.person_facts(BO)
    assert facts is not None
    assert (facts.name, facts.trained_on, facts.ends_on) == ("Bo", None, None)


async def test_when_a_device_was_heard_is_told_by_the_stores_clock_whatever_the_process_believes(kept: Kept) -> None:
    await settle_places(kept)
    now = kept.clock.now()
    behind = now - timedelta(hours=1)  # this process's clock, by which the device was heard two minutes ago
    two_minutes = timedelta(minutes=2)
    await kept.store.fold_telemetry([replace(said(kept, WATCH), last_seen_at=behind - two_minutes)], now=behind)
    ahead = now + timedelta(hours=1)
    await kept.store.fold_telemetry([replace(said(kept, "8660000002"), last_seen_at=ahead)], now=ahead)
    async with kept.store.transaction() as tx:
        found = await tx.heard([WATCH_ID, SPARE_ID])
    for device_id, age in ((WATCH_ID, two_minutes), (SPARE_ID, timedelta())):
        at = found[device_id].at
        assert at is not None
        assert timedelta() <= at - (now - age) < timedelta(minutes=1)
