"""What rows that others hold, or that cannot be read, may not do; beside the contracts, which hold for any store."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from escalation.ids import IncidentId
from larmcentral.clock import SystemClock, SystemIds
from larmcentral.domain.outbox import Lease
from larmcentral.flows.alarms import file_alarms
from larmcentral.flows.hints import Hints
from larmcentral.flows.means import Means
from larmcentral.geo import metres_between
from larmcentral.store.pool import Pool
from larmcentral.store.postgres import PostgresStore
from larmcentral.store.register import Register
from tests.fakes.plain_days import PlainDays
from tests.fakes.virtual_loop import NoMeasures
from tests.world import WATCH, press, settle_in

SPARE = "8660000002"


@pytest.fixture
async def service(database_dsn: str) -> AsyncIterator[Pool]:
    pool = Pool([database_dsn], role="larm_service", size=3, deadline_s=5)
    await settle_in(Register(pool))
    yield pool
    await pool.close()


@pytest.fixture
def means(service: Pool) -> Means:
    clock = SystemClock()
    ids = SystemIds(clock)
    return Means(
        store=PostgresStore(service, service, clock, ids),
        clock=clock,
        calendar=PlainDays(),
        ids=ids,
        lease=Lease(ids.new()),
        hand_over=lambda notices: None,
        hints=Hints(),
        measures=NoMeasures(),
        distance_m=metres_between,
    )


async def alarmed(means: Means, account: str) -> IncidentId:
    async with means.store.transaction() as tx:
        (filed,) = (await file_alarms(tx, [press(means.ids.new(), account=account, key=account)], means)).filed
        (incident_id,) = (await tx.lock_open([filed.subject])).records
    return incident_id


async def test_a_notice_that_this_version_cannot_read_is_in_nobodys_way_and_stays_overdue(
    service: Pool, means: Means
) -> None:
    broken, whole = await alarmed(means, WATCH), await alarmed(means, SPARE)
    async with service.connection() as connection:
        count = await connection.fetchval("SELECT count(*) FROM notices")
        await connection.execute("UPDATE notices SET lease_owner = NULL, lease_until = NULL")
        await connection.execute("UPDATE incidents SET kind = 'of_tomorrow' WHERE id = $1", broken)
    other = Lease(means.ids.new())
    async with means.store.transaction() as tx:
        claimed = await tx.claim_notices(lease=other, held=(), limit=100)
    assert {notice.incident_id for notice in claimed} == {whole}
    async with means.store.transaction() as tx:
        again = await tx.claim_notices(lease=other, held=[notice.id for notice in claimed], limit=100)
    assert not again, "it is not claimed anew at once, and again and again"
    condition = await means.store.condition(means.clock.now())
    assert condition.waiting == count
    assert condition.waiting_s > 0


async def test_deadlines_that_a_frozen_process_holds_hide_no_others(service: Pool, means: Means) -> None:
    older, newer = await alarmed(means, WATCH), await alarmed(means, SPARE)
    async with service.connection() as connection:
        for incident_id, ago in ((older, "2 minutes"), (newer, "1 minute")):
            await connection.execute(
                "UPDATE deadlines SET due_at = clock_timestamp() - $2::text::interval WHERE incident_id = $1",
                incident_id,
                ago,
            )
    async with means.store.transaction() as frozen, means.store.transaction() as tx:
        held, _ = await frozen.lock_due(1)
        found, due = await tx.lock_due(1)
    assert list(held.records) == [older]
    assert list(found.records) == [newer]
    assert {deadline.incident_id for deadline in due} == {newer}
