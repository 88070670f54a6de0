"""Flows that hold several rows take them in one order, so that two of them never wait for each other."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import asyncpg

from escalation.plan import SafetyPlan
from escalation.session_course import start_session
from escalation.session_rules import Allowed, StartRequest
from escalation.supervision import start_supervision
from escalation.vigil import VigilKind
from larmcentral.domain.record import Subject
from larmcentral.domain.register import Device
from larmcentral.flows.alarms import file_alarms
from protocols.signal import SignalKind
from tests.contracts.conftest import Kept
from tests.contracts.town import WATCH_ID, begun, save
from tests.waiting import until
from tests.world import ANNA, BO, HOME, T0, an_id, press

BOS = "8660000033"
EVERY = timedelta(minutes=15)


async def settle(kept: Kept) -> tuple[Subject, Subject]:
    """Bo works alone and Anna's watch is supervised; return Bo, and the watch."""
    await kept.register.device(HOME, Device(id=an_id("bos"), protocol="watch", account=BOS, worn_by=BO), T0)
    now = kept.clock.now()
    async with kept.store.transaction() as tx:
        bo, watch = await tx.subject_of_person(BO), await tx.subject_of_device(WATCH_ID)
        assert bo is not None
        assert watch is not None
        request = StartRequest(person_id=BO, purpose="hembesök", check_in_every=EVERY)
        session = start_session(request, Allowed(check_in_every=EVERY), SafetyPlan(), now)
        silence = start_supervision(WATCH_ID, ANNA, EVERY, now, session_window=EVERY, heard_at=now, in_session=False)
        await save(tx, kept, begun(kept, VigilKind.SESSION, session, bo))
        await save(tx, kept, begun(kept, VigilKind.SUPERVISION, silence, watch))
    return bo, watch


async def test_a_check_in_beside_a_session_that_begins_never_waits_for_the_look_at_silence_in_a_ring(
    kept: Kept, dsn: str | None
) -> None:
    bo, watch = await settle(kept)
    held = asyncio.Event()

    async def intake() -> None:
        """One batch: Bo checks in, Anna begins."""
        await held.wait()
        batch = [
            press(kept.ids.new(), kind=SignalKind.CHECK_IN, account=BOS, key="in"),
            press(kept.ids.new(), kind=SignalKind.SESSION_START, key="start"),
        ]
        async with kept.store.transaction() as tx:
            await file_alarms(tx, batch, kept.means)

    async def look() -> None:
        """Anna's watch is looked after; what is found tells Bo's session too."""
        async with kept.store.transaction() as tx:
            await tx.lock_running([(VigilKind.SUPERVISION, watch)])
            held.set()
            if dsn is not None:
                await until(lambda: somebody_waits(dsn), "intake waits for a row")
            await tx.lock_running([(VigilKind.SESSION, bo)])

    await asyncio.gather(intake(), look())
    async with kept.store.transaction() as tx:
        anna = await tx.subject_of_person(ANNA)
        assert anna is not None
        assert (await tx.lock_running([(VigilKind.SESSION, anna)])).records


async def somebody_waits(dsn: str) -> bool:
    connection = await asyncpg.connect(dsn)
    try:
        waiting = "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted"
        return bool(await connection.fetchval(waiting))
    finally:
        await connection.close()
