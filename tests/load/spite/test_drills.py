"""The table of drills."""

from __future__ import annotations

from load.spite.attacks import ATTACKS
from load.spite.drills import DRILLS, WEB
from load.spite.place import LISTENERS


def test_each_drill_has_a_name_of_its_own_a_target_and_an_attack() -> None:
    assert len({drill.name for drill in DRILLS}) == len(DRILLS)
    assert {drill.target for drill in DRILLS} == {*LISTENERS, WEB}
    assert {drill.attack for drill in DRILLS} <= ATTACKS.keys()


def test_every_attack_is_played() -> None:
    assert ATTACKS.keys() - {drill.attack for drill in DRILLS} == set()
