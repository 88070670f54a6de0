"""Stories run on virtual time, each in a world of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from escalation.chain import EscalationChain
from tests.stories.world import World

NewWorld = Callable[..., World]


@pytest.fixture
def new_world() -> Iterator[NewWorld]:
    """Make a world with a chain of one's own."""
    made: list[World] = []

    def make(a_chain: EscalationChain | None = None, **how: Any) -> World:
        made.append(World(a_chain, **how))
        return made[-1]

    yield make
    for world in made:
        world.close()


@pytest.fixture
def world(new_world: NewWorld) -> World:
    """The town of tests/world.py: night team and desk, then David, then the guard."""
    return new_world()
