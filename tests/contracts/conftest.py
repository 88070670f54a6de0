"""Every promise of ports.Store, kept by the fake and by PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
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


@dataclass
class Kept:
    """A store with everybody in it. ids: of the same source that the server uses."""

    store: Store
    register: Registers
    ids: SystemIds
    clock: SystemClock
    lease: Lease

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
        yield Kept(memory, register, ids, clock, lease)
        return
    service = Pool([dsn], role="larm_service", size=4, deadline_s=5)
    web = Pool([dsn], role="larm_web", size=4, deadline_s=5)
    register = Register(service)
    await settle_in(register)
    yield Kept(PostgresStore(service, web, clock, ids), register, ids, clock, lease)
    await service.close()
    await web.close()
