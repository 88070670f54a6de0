"""What flows may rely on about vigils and their notices."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from escalation.alarm import AlarmKind
from escalation.effects import About
from escalation.events import Operator, Wearer
from escalation.handover import start_handover
from escalation.ids import UserId, VigilId
from escalation.loan import start_loan
from escalation.plan import SafetyPlan
from escalation.pre_alarm import PreAlarm, start_pre_alarm
from escalation.session import Session
from escalation.session_course import decide_session
from escalation.session_events import CheckedIn, Ended
from escalation.supervision import SupervisionClass, start_supervision
from escalation.vigil import Due, VigilKind
from larmcentral.domain.errors import Collision
from larmcentral.domain.notice import InHouse
from larmcentral.domain.outbox import Lease, NoticeState, Settled
from larmcentral.domain.register import PlanChoice
from larmcentral.domain.vigil import VigilRecord, undecided
from larmcentral.flows.shift_change import make_list
from tests.contracts.conftest import Kept
from tests.contracts.town import (
    ANNA_ALONE,
    COTTAGE,
    POOL_ID,
    WATCH_ID,
    alone,
    begin_session,
    begun,
    reminder,
    save,
    settle_places,
)
from tests.world import ANNA, BO, CARE, HOME, SOCIAL, UNIT, an_id

KARIN = Operator(UserId(an_id("karin")))
SESSION = (VigilKind.SESSION, ANNA_ALONE)


async def stored(kept: Kept, vigil_id: VigilId) -> VigilRecord:
    async with kept.store.transaction() as tx:
        return (await tx.lock_vigils([vigil_id])).records[vigil_id]


async def test_a_session_reads_back_as_it_was_and_moves_on(kept: Kept) -> None:
    await settle_places(kept)
    record = await begin_session(kept, COTTAGE)
    async with kept.store.transaction() as tx:
        locked = await tx.lock_running([SESSION])
        (found,) = locked.records.values()
        assert replace(found, subject=record.subject) == record
        assert found.subject.key == record.subject.key
        assert (found.subject.label, found.subject.unit_id) == ("Anna", UNIT)
        assert isinstance(found.core, Session)
        decision = decide_session(found.core, CheckedIn(Wearer(ANNA), "app"), locked.now)
        change = undecided(found).then(decision.core, decision.effects, decision.entries)
        await save(tx, kept, change)
    again = await stored(kept, record.id)
    assert again.core == change.after.core
    assert (again.version, again.entries) == (2, change.after.entries)
    assert await kept.store.next_vigil_due([VigilKind.SESSION]) == change.after.core.due_at


async def test_the_one_that_ended_last_is_found_for_what_is_heard_of_it_later(kept: Kept) -> None:
    await settle_places(kept)
    ended = []
    for _ in range(2):
        await begin_session(kept)
        async with kept.store.transaction() as tx:
            assert not (await tx.lock_last_ended(VigilKind.PRE_ALARM, ANNA_ALONE)).records
            locked = await tx.lock_running([SESSION])
            (record,) = locked.records.values()
            decision = decide_session(record.core, Ended(Wearer(ANNA), "app"), locked.now)  # type: ignore[arg-type]
            change = undecided(record).then(decision.core, decision.effects, decision.entries)
            await save(tx, kept, change)
            ended.append(change.after)
    await begin_session(kept)
    async with kept.store.transaction() as tx:
        (last,) = (await tx.lock_last_ended(*SESSION)).records.values()
    assert (last.id, last.core) == (ended[-1].id, ended[-1].core)


async def test_of_a_silent_countdown_nothing_is_found_afterwards(kept: Kept) -> None:
    await settle_places(kept)
    for silent in (False, True):
        now = kept.clock.now()
        begun_ = start_pre_alarm(ANNA, AlarmKind.FALL, SafetyPlan(), now, silent=silent)
        change = begun(kept, VigilKind.PRE_ALARM, begun_)
        over = replace(change.after, core=replace(begun_.core, ended_at=now))
        async with kept.store.transaction() as tx:
            await save(tx, kept, replace(change, after=over))
    async with kept.store.transaction() as tx:
        (last,) = (await tx.lock_last_ended(VigilKind.PRE_ALARM, ANNA_ALONE)).records.values()
    assert isinstance(last.core, PreAlarm)
    assert not last.core.silent


async def test_every_kind_of_vigil_reads_back_as_it_was(kept: Kept) -> None:
    await settle_places(kept)
    now, plan = kept.clock.now(), SafetyPlan()
    async with kept.store.transaction() as tx:
        device = await tx.subject_of_device(POOL_ID)
        house = await tx.subject_of_house(CARE, None)
    assert device is not None
    assert house is not None
    made = [
        begun(kept, VigilKind.PRE_ALARM, start_pre_alarm(ANNA, AlarmKind.FALL, plan, now)),
        begun(
            kept,
            VigilKind.SUPERVISION,
            start_supervision(POOL_ID, None, SupervisionClass.SP4.window, now, heard_at=now),
            device,
        ),
        begun(kept, VigilKind.LOAN, start_loan(POOL_ID, BO, now + timedelta(hours=8), plan, now, KARIN), device),
        begun(kept, VigilKind.HANDOVER, start_handover(KARIN, None, (), plan, now), house),
    ]
    async with kept.store.transaction() as tx:
        await save(tx, kept, *made)
    async with kept.store.transaction() as tx:
        found = (await tx.lock_running([(change.after.kind, change.after.subject) for change in made])).records
    assert list(found) == sorted(change.after.id for change in made)
    assert {i: record.core for i, record in found.items()} == {c.after.id: c.after.core for c in made}
    assert {record.subject.label for record in found.values()} == {"Anna", "Larm 14", "Omsorgsnämnden"}


async def test_a_shift_change_reads_back_with_the_unit_whose_managers_are_told_when_nobody_signs(kept: Kept) -> None:
    birgit = Operator(UserId(an_id("birgit")), BO)
    made = [VigilId(kept.ids.new()), VigilId(kept.ids.new())]
    for vigil_id in made:
        async with kept.store.transaction(frozenset({CARE})) as tx:
            await make_list(tx, vigil_id, birgit, None, frozenset({CARE}), kept.means)
    for vigil_id in made:
        subject = (await stored(kept, vigil_id)).subject
        assert (subject.label, subject.unit_id, subject.committee_id) == ("Omsorgsnämnden", UNIT, CARE)


async def test_only_one_session_of_a_person_runs(kept: Kept) -> None:
    first = await begin_session(kept)
    with pytest.raises(Collision):
        await begin_session(kept)
    async with kept.store.transaction() as tx:
        locked = await tx.lock_vigils([first.id])
        assert isinstance(first.core, Session)
        over = decide_session(first.core, Ended(Wearer(ANNA), "app"), locked.now)
        await save(tx, kept, undecided(locked.records[first.id]).then(over.core, over.effects, over.entries))
    async with kept.store.transaction() as tx:
        assert not (await tx.lock_running([SESSION])).records
        assert list((await tx.lock_vigils([first.id])).records) == [first.id]
    second = await begin_session(kept)
    assert second.id != first.id


async def test_two_processes_that_begin_the_same_session_at_once_make_one(kept: Kept) -> None:
    async def one() -> bool:
        try:
            await begin_session(kept)
        except Collision:
            return False
        return True

    assert sum(await asyncio.gather(*(one() for _ in range(4)))) == 1


async def test_a_person_with_two_devices_has_both_supervised(kept: Kept) -> None:
    await settle_places(kept)
    now = kept.clock.now()
    async with kept.store.transaction() as tx:
        await tx.assign(POOL_ID, ANNA, now)
    async with kept.store.transaction() as tx:
        worn = [await tx.subject_of_device(device_id) for device_id in (WATCH_ID, POOL_ID)]
        changes = [
            begun(kept, VigilKind.SUPERVISION, start_supervision(WATCH_ID, ANNA, timedelta(minutes=5), now), subject)
            for subject in worn
            if subject is not None
        ]
        assert {change.after.subject.person_id for change in changes} == {ANNA}
        await save(tx, kept, *changes)
    async with kept.store.transaction() as tx:
        running = await tx.lock_running([(VigilKind.SUPERVISION, c.after.subject) for c in changes])
    assert len(running.records) == 2


async def test_what_is_due_is_handed_out_oldest_first_and_no_earlier(kept: Kept) -> None:
    plan, now = SafetyPlan(), kept.clock.now()
    late = begun(kept, VigilKind.PRE_ALARM, start_pre_alarm(ANNA, AlarmKind.FALL, plan, now - timedelta(minutes=2)))
    async with kept.store.transaction() as tx:
        bo = await tx.subject_of_person(BO)
        assert bo is not None
        later = begun(
            kept, VigilKind.PRE_ALARM, start_pre_alarm(BO, AlarmKind.FALL, plan, now - timedelta(minutes=5)), bo
        )
        await save(tx, kept, late, later)
    await begin_session(kept)
    async with kept.store.transaction() as tx:
        due = await tx.lock_due_vigils([VigilKind.PRE_ALARM, VigilKind.SESSION], 10)
        assert list(due.records) == [later.after.id, late.after.id]
        assert list((await tx.lock_due_vigils([VigilKind.PRE_ALARM], 1)).records) == [later.after.id]
        assert not (await tx.lock_due_vigils([VigilKind.LOAN], 10)).records
    assert await kept.store.next_vigil_due([VigilKind.PRE_ALARM]) == later.after.core.due_at
    assert await kept.store.next_vigil_due([VigilKind.LOAN]) is None


async def test_another_committee_sees_no_vigil_and_begins_none(kept: Kept) -> None:
    record = await begin_session(kept)
    async with kept.store.transaction(frozenset({SOCIAL})) as tx:
        assert not (await tx.lock_vigils([record.id])).records
        assert not (await tx.lock_running([SESSION])).records
    async with kept.store.transaction(frozenset({CARE})) as tx:
        (found,) = (await tx.lock_running([SESSION])).records.values()
        decision = decide_session(found.core, Due(), kept.clock.now())  # type: ignore[arg-type]
        await save(tx, kept, undecided(found).then(decision.core, decision.effects, decision.entries))


async def test_a_reminder_comes_back_leased_and_speaks_of_its_moment(kept: Kept) -> None:
    decision = alone(kept)
    due_at = decision.core.check_in_due
    words = ((reminder("r1"), due_at, (("place", "Stugan"),)),)
    change = begun(kept, VigilKind.SESSION, decision, notices=words)
    async with kept.store.transaction() as tx:
        (notice,) = await save(tx, kept, change)
    assert isinstance(notice, InHouse)
    assert (notice.incident_id, notice.address, notice.person_id) == (None, "anna-token", ANNA)
    assert (notice.text.kind, notice.text.about, notice.text.subject) == (None, About.CHECK_IN_DUE, "Anna")
    assert (notice.text.due_at, notice.text.detail, notice.text.silent) == (due_at, (("place", "Stugan"),), False)
    other = Lease(kept.ids.new())
    async with kept.store.transaction() as tx:
        assert not await tx.claim_notices(lease=other, held=(), limit=10)
    await kept.store.renew(lease=Lease(kept.lease.owner, timedelta(0)), held=[notice.id])
    async with kept.store.transaction() as tx:
        (taken,) = await tx.claim_notices(lease=other, held=(), limit=10)
    assert replace(taken, filed_at=notice.filed_at) == replace(
        notice, text=replace(notice.text, opened_at=taken.text.opened_at)
    )


async def test_the_same_reminder_again_changes_nothing(kept: Kept) -> None:
    change = begun(kept, VigilKind.SESSION, alone(kept), notices=((reminder("r1"), None, ()),))
    async with kept.store.transaction() as tx:
        await save(tx, kept, change)
    async with kept.store.transaction() as tx:
        locked = await tx.lock_vigils([change.after.id])
        again = replace(undecided(locked.records[change.after.id]), notices=((reminder("r1"), None, ()),))
        assert await save(tx, kept, again) == []


async def test_a_session_that_ended_says_no_more_than_its_end_brought_forth(kept: Kept) -> None:
    change = begun(kept, VigilKind.SESSION, alone(kept), notices=((reminder("r1"), None, ()),))
    async with kept.store.transaction() as tx:
        await save(tx, kept, change)
    async with kept.store.transaction() as tx:
        locked = await tx.lock_vigils([change.after.id])
        record = locked.records[change.after.id]
        assert isinstance(record.core, Session)
        over = decide_session(record.core, Ended(Wearer(ANNA), "app"), locked.now)
        last = replace(
            undecided(record).then(over.core, over.effects, over.entries),
            notices=((reminder("r2", BO, "bo app", About.COMPANION), None, ()),),
        )
        (told,) = await save(tx, kept, last)
    assert told.person_id == BO
    before, after = reminder("r1").id, told.id
    assert await kept.store.withdrawn([before, after]) == {before}


async def test_what_became_of_a_reminder_is_written_down(kept: Kept) -> None:
    change = begun(kept, VigilKind.SESSION, alone(kept), notices=((reminder("r1"), None, ()),))
    async with kept.store.transaction() as tx:
        (notice,) = await save(tx, kept, change)
    found = await kept.store.answerable(notice.id)
    assert found is not None
    assert (found.incident_id, found.state, found.committee_id) == (None, NoticeState.PENDING, CARE)
    now = kept.clock.now()
    sent = replace(found, state=NoticeState.SENT, tries=1, provider_id="p1", at=now)
    async with kept.store.transaction() as tx:
        await tx.settle([sent], now)
    receipt = await kept.store.find_notice("p1")
    assert isinstance(receipt, Settled)
    assert (receipt.notice_id, receipt.incident_id) == (notice.id, None)
    async with kept.store.transaction() as tx:
        assert not await tx.claim_notices(lease=kept.lease, held=(), limit=10)


async def test_the_units_plan_goes_before_the_committees_and_that_before_the_usual_one(kept: Kept) -> None:
    elsewhere = replace(ANNA_ALONE, unit_id=None)
    async with kept.store.transaction() as tx:
        assert await tx.plans([ANNA_ALONE]) == [SafetyPlan()]
    committees = SafetyPlan(welfare_within=timedelta(minutes=3))
    units = SafetyPlan(fall_countdown=timedelta(seconds=10), check_in_reminders=(timedelta(0),))
    await kept.register.safety_plan(HOME, PlanChoice(id=an_id("plan 1"), plan=committees))
    await kept.register.safety_plan(HOME, PlanChoice(id=an_id("plan 2"), plan=units, unit_id=UNIT))
    async with kept.store.transaction() as tx:
        assert await tx.plans([elsewhere, ANNA_ALONE]) == [committees, units]
        assert await tx.plans([]) == []


async def test_a_later_vigil_of_an_earlier_lock_waits_for_the_row(kept: Kept) -> None:
    record = await begin_session(kept)
    order: list[str] = []
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with kept.store.transaction() as tx:
            await tx.lock_vigils([record.id])
            inside.set()
            await go_on.wait()
            order.append("first")

    async def second() -> None:
        await inside.wait()
        async with kept.store.transaction() as tx:
            await tx.lock_vigils([record.id])
            order.append("second")

    both = asyncio.gather(first(), second())
    await inside.wait()
    await asyncio.sleep(0)
    go_on.set()
    await both
    assert order == ["first", "second"]
