"""What the outbox does where two of our own hands reach for one notice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from larmcentral.domain.notice import OutgoingNotice
from larmcentral.flows.alarms import file_alarms
from tests.stories.world import World
from tests.world import press


class Overtaken:
    """The world's store; behind the next commit intake is quicker than the one who committed."""

    def __init__(self, world: World, notices: Sequence[OutgoingNotice]) -> None:
        self._world, self._notices = world, notices

    @asynccontextmanager
    async def transaction(self, *sight: Any) -> AsyncIterator[Any]:
        async with self._world.store.transaction(*sight) as tx:
            yield tx
        self._world.server.outbox.hand_over(self._notices)
        for _ in range(20):
            await asyncio.sleep(0)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world.store, name)


def test_a_notice_that_was_sent_while_its_claim_was_committed_is_not_sent_again() -> None:
    world = World()
    outbox = world.server.outbox

    async def story() -> None:
        async with world.store.transaction() as tx:
            done = await file_alarms(tx, [press(world.ids.new())], world.server.means)
        outbox._store = Overtaken(world, done.notices)  # type: ignore[assignment]  # a store in all that is asked of it
        await outbox._claim_due(10)
        outbox._store = world.store

    world.do(story())
    world.run(seconds=2)
    assert world.called == ["bo", "cecilia", "desk"]
    world.close()


def test_a_notice_of_ours_that_we_lost_sight_of_is_found_and_sent() -> None:
    world = World()

    async def story() -> None:
        async with world.store.transaction() as tx:
            await file_alarms(tx, [press(world.ids.new())], world.server.means)

    world.do(story())
    world.run(seconds=1)
    assert world.called == ["bo", "cecilia", "desk"]
    world.close()
