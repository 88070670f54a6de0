"""Words down to devices."""

from __future__ import annotations

from tests.stories.world import World
from tests.world import WATCH


def test_a_device_that_cannot_be_told_now_is_told_when_it_can(world: World) -> None:
    device = ("watch", WATCH)
    world.speaks.here.add(device)
    world.speaks.deaf.add(device)
    world.press()
    world.acknowledge()
    world.run(seconds=5)
    assert not world.speaks.said
    world.speaks.deaf.clear()
    world.run(seconds=2)
    assert len(world.speaks.said) == 1


def test_a_process_that_died_leaves_its_words_to_the_next(world: World) -> None:
    world.press()
    world.acknowledge()
    world.crash()
    world.speaks.here.add(("watch", WATCH))
    world.restart()
    world.run(seconds=2)
    assert len(world.speaks.said) == 1
