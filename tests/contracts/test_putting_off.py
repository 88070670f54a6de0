"""What flows may rely on about deadlines and vigils that nothing could be decided about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import asyncpg
import pytest

from escalation.alarm import AlarmKind
from escalation.effects import ArmTimer, TimerKind
from escalation.ids import IncidentId, VigilId
from escalation.incident import Decision
from escalation.plan import SafetyPlan
from escalation.pre_alarm import start_pre_alarm
from escalation.vigil import VigilKind
from larmcentral.domain.record import unchanged
from larmcentral.flows.alarms import file_alarms
from larmcentral.flows.timekeeper import Timekeeper
from larmcentral.flows.vigil_keeper import VigilKeeper
from tests.contracts.conftest import Kept
from tests.contracts.town import begun, save
from tests.fakes.memory_store import MemoryStore
from tests.world import ANNA, BO, CARE, WATCH, press

LATER = timedelta(minutes=1)
AGO = timedelta(minutes=5)
KINDS = [VigilKind.PRE_ALARM]
Spoil = Callable[[str, UUID], Awaitable[None]]


@pytest.fixture
def spoil(kept: Kept, dsn: str | None) -> Spoil:
    """Make what stands in a row unreadable to whoever would decide about it."""

    async def on_disk(table: str, row_id: UUID) -> None:
        assert dsn is not None
        connection = await asyncpg.connect(dsn)
        await connection.execute(f"UPDATE {table} SET core = '{{}}' WHERE id = $1", row_id)
        await connection.close()

    async def in_memory(table: str, row_id: UUID) -> None:
        tables = cast(MemoryStore, kept.store).tables
        if table == "vigils":
            vigil_id = VigilId(row_id)
            record = tables.vigils[vigil_id]
            tables.vigils[vigil_id] = replace(record, core=replace(cast(Any, record.core), person_id=None, kind=None))
        else:
            incident_id = IncidentId(row_id)
            found = tables.incidents[incident_id]
            tables.incidents[incident_id] = replace(found, incident=replace(found.incident, chain=cast(Any, None)))

    return in_memory if dsn is None else on_disk


async def overdue(kept: Kept, account: str, by: timedelta) -> IncidentId:
    """An incident whose next step should have begun so long ago."""
    async with kept.store.transaction() as tx:
        (filed,) = (await file_alarms(tx, [press(kept.ids.new(), account=account, key=account)], kept.means)).filed
        locked = await tx.lock_open([filed.subject])
        ((incident_id, record),) = locked.records.items()
        fence = record.incident.step_fence
        assert fence is not None
        armed = Decision(record.incident, effects=(ArmTimer(TimerKind.NEXT_STEP, locked.now - by, fence),))
        await tx.save([unchanged(record).then(armed)], lease=kept.lease)
    return incident_id


async def counted_down(kept: Kept) -> tuple[VigilId, VigilId]:
    """Two countdowns that are over, the longer one first."""
    at = kept.clock.now() - AGO
    first = begun(kept, VigilKind.PRE_ALARM, start_pre_alarm(ANNA, AlarmKind.FALL, SafetyPlan(), at))
    async with kept.store.transaction() as tx:
        bo = await tx.subject_of_person(BO)
        assert bo is not None
        decision = start_pre_alarm(BO, AlarmKind.FALL, SafetyPlan(), at + LATER)
        second = begun(kept, VigilKind.PRE_ALARM, decision, bo)
        await save(tx, kept, first, second)
    return first.after.id, second.after.id


async def test_what_is_overdue_is_named_without_being_read_the_longest_first(kept: Kept, spoil: Spoil) -> None:
    newer, older = await overdue(kept, WATCH, LATER), await overdue(kept, "8660000002", AGO)
    countdowns = await counted_down(kept)
    await spoil("incidents", older)
    await spoil("vigils", countdowns[0])
    assert list(await kept.store.overdue(10)) == [older, newer]
    assert list(await kept.store.overdue(1)) == [older]
    assert list(await kept.store.overdue_vigils(KINDS, 10)) == list(countdowns)
    assert list(await kept.store.overdue_vigils([VigilKind.LOAN], 10)) == []


async def test_one_alone_is_locked_where_it_is_asked_for(kept: Kept) -> None:
    one, _ = await overdue(kept, WATCH, LATER), await overdue(kept, "8660000002", AGO)
    _, countdown = await counted_down(kept)
    async with kept.store.transaction() as tx:
        vigils = await tx.lock_due_vigils(KINDS, 10, countdown)
        locked, due = await tx.lock_due(10, one)
    assert list(vigils.records) == [countdown]
    assert list(locked.records) == [one]
    assert {deadline.incident_id for deadline in due} == {one}


async def test_what_is_put_off_comes_again_and_is_a_fault_until_then(kept: Kept) -> None:
    incident_id = await overdue(kept, WATCH, AGO)
    countdown, other = await counted_down(kept)
    for _ in range(2):  # repeated, as its answer may have been lost
        await kept.store.put_off(incident_id, LATER)
        await kept.store.put_off_vigil(countdown, LATER)
    assert list(await kept.store.overdue(10)) == []
    assert list(await kept.store.overdue_vigils(KINDS, 10)) == [other]
    next_due = await kept.store.next_due()
    assert next_due is not None
    assert next_due > kept.clock.now()
    assert {(CARE, "engine_overdue", incident_id), (CARE, "engine_overdue", countdown)} <= await kept.faults()


async def test_what_is_not_late_cannot_be_put_off(kept: Kept) -> None:
    async with kept.store.transaction() as tx:
        await file_alarms(tx, [press(kept.ids.new())], kept.means)
        (incident_id,) = ((await tx.still_open(10))[0].incident.id,)
    before = await kept.store.next_due()
    await kept.store.put_off(incident_id, LATER)
    assert await kept.store.next_due() == before
    assert not {fault for fault in await kept.faults() if fault[1] == "engine_overdue"}


async def test_a_deadline_that_nobody_can_decide_about_stops_no_other(kept: Kept, spoil: Spoil) -> None:
    whole, spoilt = await overdue(kept, "8660000002", LATER), await overdue(kept, WATCH, AGO)
    await spoil("incidents", spoilt)
    assert await Timekeeper(kept.means).fire() == 1
    async with kept.store.transaction() as tx:
        assert (await tx.lock([whole])).records[whole].incident.next_step == 2
    assert (CARE, "engine_overdue", spoilt) in await kept.faults()


async def test_a_countdown_that_nobody_can_decide_about_stops_no_other(kept: Kept, spoil: Spoil) -> None:
    spoilt, _ = await counted_down(kept)
    await spoil("vigils", spoilt)
    assert await VigilKeeper(kept.means).keep() == 1
    async with kept.store.transaction() as tx:
        assert [record.subject.person_id for record in await tx.still_open(10)] == [BO]
    assert (CARE, "engine_overdue", spoilt) in await kept.faults()


async def test_the_auditor_sees_a_countdown_that_nobody_ended(kept: Kept) -> None:
    await counted_down(kept)
    assert 200 < (await kept.store.condition(kept.clock.now())).vigils_overdue_s < 300
