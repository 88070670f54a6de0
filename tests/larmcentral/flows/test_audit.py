"""The auditor's figure of the database: it answers, and it takes what is written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from larmcentral.flows.audit import Audit
from tests.stories.world import World
from tests.world import CARE, ORGANISATION


@pytest.fixture
def world() -> Iterator[World]:
    """A town in which nobody audits by himself: the tests do it."""
    made = World(hours=True)
    yield made
    made.close()


@pytest.mark.parametrize("room", [True, False])
def test_a_database_that_answers_is_ready_only_if_it_would_take_a_write(world: World, room: bool) -> None:
    async def takes_writes() -> bool:
        return room

    world.do(Audit(world.server.means, (ORGANISATION, CARE), takes_writes=takes_writes).look())

    assert [told for told in world.measures.told if told[0] == "database_ready"] == [("database_ready", room)]
