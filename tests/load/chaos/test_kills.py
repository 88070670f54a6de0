"""Whose turn it is to be killed."""

from __future__ import annotations

import random

from load.chaos.kills import VICTIMS, order


def test_everybody_has_his_turn_before_anybody_has_a_second_one() -> None:
    turns = order(random.Random(7), 2 * len(VICTIMS) + 1)
    assert set(turns[: len(VICTIMS)]) == set(turns[len(VICTIMS) : 2 * len(VICTIMS)]) == set(VICTIMS)
    assert len(turns) == 2 * len(VICTIMS) + 1


def test_the_same_seed_gives_the_same_night() -> None:
    assert order(random.Random(7), 50) == order(random.Random(7), 50)
    assert order(random.Random(7), 50) != order(random.Random(8), 50)
