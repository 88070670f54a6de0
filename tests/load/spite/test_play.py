"""What a drill counts."""

from __future__ import annotations

from load.spite.play import _grown, _worst
from load.spite.wearers import Press


def test_only_counters_of_trouble_that_have_grown_are_said_the_largest_first() -> None:
    before = {'larm_faults_total{reason="A"}': 5.0, "larm_frames_total": 1.0}
    after = {
        'larm_faults_total{reason="A"}': 7.0,
        'larm_faults_total{reason="B"}': 9.0,
        "larm_frames_total": 8.0,
        'larm_connections_refused_created{reason="x"}': 1e9,
    }
    assert list(_grown(before, after).items()) == [('faults_total{reason="B"}', 9), ('faults_total{reason="A"}', 2)]


def test_the_worst_ack_is_of_those_that_had_one() -> None:
    presses = [
        Press("watch", "watch", "1", False, 10.0, 10.5, 1),
        Press("watch", "watch", "2", False, 10.0, None, 9),
        Press("watch", "watch", "3", True, 10.0, 12.0, 2),
    ]
    assert (_worst(presses, False), _worst(presses, True), _worst([], True)) == (0.5, 2.0, 0.0)
