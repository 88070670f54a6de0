"""A short measurement of every family: it counts what it should, and no time of it is looked at."""

from __future__ import annotations

import dataclasses
import json

import pytest

from load.decoding import (
    BINARY,
    MIXED,
    TARGET_PER_S,
    Cost,
    captured,
    decoding_as_json,
    decoding_as_text,
    run_decoding,
)
from protocols.registry import STREAMS

COST = Cost(
    family="teltonika",
    mix="all",
    distinct=7,
    frames=50_000,
    signals=60_000,
    spent_s=2.0,
    target_per_s=TARGET_PER_S,
    dearest="a frame",
    dearest_us=90.0,
)


def test_a_family_is_measured_frame_by_frame_and_answered() -> None:
    result = run_decoding("a test", at_least_s=0.01, families=["teltonika", "watch"])

    assert [(cost.family, cost.mix) for cost in result.costs] == [("teltonika", "all"), ("watch", "all")]
    for cost in result.costs:
        rows, _ = captured(cost.family)
        assert cost.distinct == len(rows)
        assert cost.frames >= len(rows)
        assert cost.signals >= cost.frames
        assert cost.dearest in {row.name for row in rows}
        assert cost.per_s == cost.frames / cost.spent_s


def test_the_binary_families_and_no_others_are_held_to_a_target() -> None:
    result = run_decoding("a test", at_least_s=0.0, families=["teltonika", "meitrack", "watch"])

    held = {(cost.family, cost.mix): cost.target_per_s for cost in result.costs}
    assert held == {
        ("teltonika", "all"): TARGET_PER_S,
        ("meitrack", "all"): None,
        ("meitrack", "binary"): TARGET_PER_S,
        ("watch", "all"): None,
    }
    assert {*BINARY, *MIXED} <= set(STREAMS)


@pytest.mark.parametrize(("frames", "holds"), [(40_000, True), (39_999, False)])
def test_a_target_is_held_or_missed(frames: int, holds: bool) -> None:
    cost = dataclasses.replace(COST, frames=frames)
    result = dataclasses.replace(run_decoding("a test", 0.0, []), costs=(cost,))

    assert (cost.holds, result.holds) == (holds, holds)
    assert ("NO  teltonika" in decoding_as_text(result)) is not holds
    assert json.loads(decoding_as_json(result))["costs"][0]["holds"] is holds


def test_a_family_without_a_target_never_misses_it() -> None:
    assert dataclasses.replace(COST, frames=1, target_per_s=None).holds
