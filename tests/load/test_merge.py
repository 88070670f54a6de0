"""Several runs' JSON become one table, and runs that do not belong together are called so."""

from __future__ import annotations

import dataclasses
from typing import Any

from load.figures import ACK, NOTICE, figure
from load.merge import together, words_of


def run(*milliseconds: float, commit: str = "abc") -> dict[str, Any]:
    found = [figure(what, (ms / 1000 for ms in milliseconds), 1000) for what in (NOTICE, ACK)]
    return {
        "figures": [dataclasses.asdict(one) for one in found if one is not None],
        "profile": {"name": "smoke", "words": "few", "targets": {"worst_ms": 1000.0}},
        "machine": {"commit": commit, "cpu": "A processor"},
        "began_at": "2026-11-22T12:00:00+00:00",
    }


def test_runs_are_added_name_by_name() -> None:
    notices, acks = together([run(1, 2, 3), run(4, 5000)])

    assert (notices.what, notices.count, notices.max_ms, notices.over_limit) == (NOTICE, 5, 5000.0, 1)
    assert (acks.what, acks.count) == (ACK, 5)


def test_runs_of_another_commit_are_added_with_a_warning() -> None:
    warning = "THESE ARE NOT RUNS OF ONE PROFILE, COMMIT AND MACHINE"

    assert warning in list(words_of([run(1), run(2, commit="def")]))
    assert warning not in list(words_of([run(1), run(2)]))
