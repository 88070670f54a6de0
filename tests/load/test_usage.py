"""What a process holds is read as the machine counts it."""

from __future__ import annotations

import os
from pathlib import Path

from load.usage import holding


def test_a_process_that_runs_holds_memory_threads_and_its_files(tmp_path: Path) -> None:
    before = holding(os.getpid())
    with (tmp_path / "one").open("w"):
        held = holding(os.getpid())

    assert before is not None
    assert held is not None
    assert held.descriptors == before.descriptors + 1
    assert held.peak_mb >= held.rss_mb > 1
    assert held.threads >= 1


def test_one_that_is_gone_holds_nothing() -> None:
    assert holding(2**22 + 1) is None
