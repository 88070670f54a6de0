"""One command, taken again when somebody else was first."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from larmcentral.domain.errors import Collision, StoreUnavailable
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.flows.transact import TRIES, store_now, transact
from larmcentral.ports import Transaction
from tests.stories.world import World


class Work:
    """Collides so many times first. tries: how often it was done."""

    def __init__(self, collisions: int) -> None:
        self._collisions, self.tries = collisions, 0

    async def __call__(self, tx: Transaction) -> tuple[str, Sequence[OutgoingNotice]]:
        self.tries += 1
        if self.tries <= self._collisions:
            raise Collision
        return "done", ()


def test_a_collision_is_taken_again(world: World) -> None:
    work = Work(TRIES - 1)
    assert world.do(transact(world.server.means, None, work)) == "done"
    assert work.tries == TRIES


def test_collisions_that_do_not_end_are_said_to_the_one_who_waits(world: World) -> None:
    work = Work(TRIES)
    with pytest.raises(StoreUnavailable):
        world.do(transact(world.server.means, None, work))
    assert work.tries == TRIES


def test_the_time_is_the_stores(world: World) -> None:
    async def ask(tx: Transaction) -> tuple[bool, Sequence[OutgoingNotice]]:
        return await store_now(tx) == world.clock.now(), ()

    assert world.do(transact(world.server.means, None, ask))
