"""Every promise of ports.Store, kept by the fake and by PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID, uuid1

import pytest

from larmcentral.clock import SystemClock, SystemIds
from larmcentral.domain.outbox import Lease
from larmcentral.flows.hints import Hints
from larmcentral.flows.means import Means
from larmcentral.geo import metres_between
from larmcentral.ports import Store
from larmcentral.store.pool import Pool
from larmcentral.store.postgres import PostgresStore
from larmcentral.store.register import Register
from tests.fakes.memory_register import MemoryRegister
from tests.fakes.memory_store import MemoryStore
from tests.fakes.plain_days import PlainDays
from tests.fakes.virtual_loop import NoMeasures
from tests.world import Registers, settle_in

Standing = tuple[UUID, str, UUID | None]


@dataclass
class Kept:
    """A store with everybody in it. ids: of the same source that the server uses.

    faults: the system alarms that stand, each as committee, fault, and the incident or vigil that it is about.
    """

    store: Store
    register: Registers
    ids: SystemIds
    clock: SystemClock
    lease: Lease
    faults: Callable[[], Awaitable[set[Standing]]]

    @property
    def means(self) -> Means:
        """What flows work with; notices stay where they are."""
        return Means(
            store=self.store,
            clock=self.clock,
            calendar=PlainDays(),
            ids=self.ids,
            lease=self.lease,
            hand_over=lambda notices: None,
            hints=Hints(),
            measures=NoMeasures(),
            distance_m=metres_between,
        )


@pytest.fixture(params=["memory", "postgresql"])
def dsn(request: pytest.FixtureRequest) -> str | None:
    """A fresh database, or None for the fake."""
    return None if request.param == "memory" else str(request.getfixturevalue("database_dsn"))


@pytest.fixture
async def kept(dsn: str | None) -> AsyncIterator[Kept]:
    """The store under test."""
    clock = SystemClock()
    ids = SystemIds(clock)
    lease = Lease(UUID(int=uuid1().int))
    if dsn is None:
        memory = MemoryStore(clock)
        register: Registers = MemoryRegister(memory)
        await settle_in(register)

        async def in_memory() -> set[Standing]:
            return {(committee_id, fault, behind) for committee_id, fault, behind, _ in memory.tables.faults}

        yield Kept(memory, register, ids, clock, lease, in_memory)
        return
    service = Pool([dsn], role="larm_service", size=4, deadline_s=5)
    web = Pool([dsn], role="larm_web", size=4, deadline_s=5)
    register = Register(service)
    await settle_in(register)

    async def on_disk() -> set[Standing]:
        async with service.transaction() as connection:
            rows = await connection.fetch(
                "SELECT committee_id, fault, incident_id FROM system_alarms WHERE cleared_at IS NULL"
            )
        return {(row["committee_id"], row["fault"], row["incident_id"]) for row in rows}

    yield Kept(PostgresStore(service, web, clock, ids), register, ids, clock, lease, on_disk)
    await service.close()
    await web.close()
