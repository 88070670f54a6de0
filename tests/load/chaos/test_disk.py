"""The small disk: where there is none to be had the drill is not played, and says so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from load.chaos import disk as disk_module
from load.chaos.disk import Away, disk


async def test_without_leave_to_mount_the_drill_is_not_run_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    (line,) = await disk(lambda words: None)

    assert line.not_run.startswith("a small file system is mounted for it")
    assert list(place.iterdir()) == []


async def test_a_refused_mount_is_said_in_its_own_words(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    refusing = place / "mount"
    refusing.write_text("#!/bin/sh\necho 'permission denied' >&2\nexit 32\n")
    refusing.chmod(0o700)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(disk_module, "MOUNT", str(refusing))

    (line,) = await disk(lambda words: None)

    assert line.not_run == "no small file system can be mounted here: permission denied"
    assert list(place.iterdir()) == [refusing]


def test_the_seconds_without_an_answer_are_those_of_the_span() -> None:
    away = Away("")
    away.seen = [(0.0, True), (1.0, False), (4.0, False), (6.0, True), (9.0, True)]

    assert away.seconds(0.0, 9.0) == 5.0
    assert away.seconds(2.0, 5.0) == 3.0
    assert away.seconds(6.0, 9.0) == 0.0
