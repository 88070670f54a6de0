"""The server's own count, as its metrics say it."""

from __future__ import annotations

import os

from larmcentral.metrics import Metrics
from load.storm.counted import Sample, memory_mib, read


def sample() -> Sample:
    metrics = Metrics()
    metrics.taken_in("watch", "alarm", 0.01)
    metrics.taken_in("gl200", "telemetry", 0.01)
    metrics.taken_in("gl200", "telemetry", 0.01)
    metrics.not_stored("gl200", "LaneFull")
    metrics.lane_length("telemetry", 17)
    return Sample(0.0, 0.0, dict(read(metrics.render().decode())))


def test_figures_are_added_up_by_their_labels() -> None:
    found = sample()
    assert found.sum("larm_frames_total") == 3
    assert found.sum("larm_frames_total", receiver="gl200") == 2
    assert found.sum("larm_frames_total", lane="alarm") == 1
    assert found.sum("larm_lane_length", lane="telemetry") == 17
    assert found.sum("larm_nothing") == 0


def test_figures_are_told_apart_by_a_label() -> None:
    assert sample().by("larm_not_stored_total", "reason") == {"LaneFull": 1.0}
    assert sample().by("larm_frames_total", "lane") == {"alarm": 1.0, "telemetry": 2.0}


def test_the_memory_of_a_process_is_known_while_it_lives() -> None:
    assert memory_mib(os.getpid()) > 1
    assert memory_mib(2**22 + 1) == 0
