"""Acts that were answered must stand on the timeline in their own words."""

from __future__ import annotations

from uuid import UUID

from load.chaos.desk import Act
from load.chaos.promises import forgotten

CASE, OTHER = UUID(int=1), UUID(int=2)


def test_an_act_with_its_line_is_kept_and_one_without_is_forgotten() -> None:
    acts = [Act(CASE, "acknowledged", 1.0), Act(OTHER, "stood_down", 2.0)]
    assert forgotten(acts, {(CASE, "acknowledged"): {""}}) == 1
    assert forgotten(acts, {(CASE, "acknowledged"): {""}, (OTHER, "stood_down"): {""}}) == 0


def test_a_note_is_kept_only_in_its_own_words() -> None:
    note = [Act(CASE, "note", 1.0, words="she answers")]
    assert forgotten(note, {(CASE, "note"): {"something else"}}) == 1
    assert forgotten(note, {(CASE, "note"): {"something else", "she answers"}}) == 0
