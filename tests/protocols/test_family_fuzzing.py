"""Some hundred damaged captures a family: what python -m tests.protocols.fuzzing does by the million."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime

import pytest

from protocols.signal import Position, Signal, SignalKind
from tests.protocols.captured import captures
from tests.protocols.fuzzing import check_signal, families, fuzz, octets
from tests.protocols.fuzzing_mutations import MUTATIONS, REPAIRS, mutated, pieces_of

INPUTS = 300


@pytest.mark.parametrize("family", families())
def test_damaged_captures_are_signals_or_remote_faults(family: str) -> None:
    found = fuzz(family, INPUTS, seed=7)

    assert found.inputs == INPUTS
    assert found.signals, "nothing was understood: the fuzz does not reach the decoder"
    assert found.faults, "nothing was refused: the fuzz does no damage"


def test_a_repair_leaves_a_right_frame_as_it_is() -> None:
    right = [
        (family, frame)
        for family in REPAIRS
        for _, _, row in captures(family, "frames")
        if "error" not in row and "doubts" not in str(row) and (frame := octets(row)) is not None
    ]

    changed = [(family, frame.hex()) for family, frame in right if REPAIRS[family](frame) != frame]

    assert len(right) > 5
    assert len(changed) <= len(right) // 5, changed  # log-ins of another shape, and captures that are wrong on purpose


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.__name__)
def test_every_damage_is_done_to_any_bytes(mutation: object) -> None:
    chance = random.Random(3)
    before = [b"", b"x", b"$$A28,866000000000017,AAA,35*", bytes(40)]
    after = [mutation(one, chance, [b"other"]) for one in before for _ in range(20)]  # type: ignore[operator]

    assert all(isinstance(one, bytes) for one in after)
    assert set(after) - set(before)


def test_pieces_are_the_stream_cut_up() -> None:
    chance = random.Random(5)
    stream = mutated(bytes(range(60)), chance, [b"other"])

    assert {b"".join(pieces_of(stream, chance)) for _ in range(50)} == {stream}
    assert len({len(pieces_of(stream, chance)) for _ in range(50)}) > 3


GOOD = Signal(kind=SignalKind.POSITION, device=None, repeat_key="x", position=Position(lat=1.0, lon=2.0))


@pytest.mark.parametrize(
    "bad",
    [
        replace(GOOD, text="a\x00b"),
        replace(GOOD, code="\ud800"),
        replace(GOOD, repeat_key=""),
        replace(GOOD, battery_pct=101),
        replace(GOOD, event_at=datetime(2026, 3, 4)),  # noqa: DTZ001 - the very fault that must be found
        replace(GOOD, position=Position(lat=90.1, lon=0.0)),
        replace(GOOD, position=Position(lat=1.0, lon=0.0, speed_mps=float("inf"))),
        replace(GOOD, evidence=(("a", "b"),) * 300),
    ],
)
def test_a_signal_that_cannot_be_stored_is_found(bad: Signal) -> None:
    check_signal(GOOD)
    with pytest.raises((AssertionError, UnicodeEncodeError)):
        check_signal(bad)
