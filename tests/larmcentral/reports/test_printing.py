"""Printing in a process of its own: bounded in time and in number."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from larmcentral.ports.press import PressBusy
from larmcentral.reports.printing import WAITING, Press
from tests.larmcentral.reports.cases import case_file


async def test_a_case_comes_back_printed() -> None:
    assert (await Press().pdf(case_file(), language="en", redacted=True)).startswith(b"%PDF-1.7")


async def test_a_press_that_does_not_end_is_ended(tmp_path: Path) -> None:
    stuck = tmp_path / "stuck.py"
    stuck.write_text("import threading\nthreading.Event().wait()\n")
    with pytest.raises(PressBusy, match="too long"):
        await Press(0.1, stuck).pdf(case_file(), language="sv", redacted=False)


async def test_more_than_may_wait_are_sent_away_at_once(tmp_path: Path) -> None:
    quick = tmp_path / "quick.py"
    quick.write_text("import sys\nsys.stdin.read()\nprint('%PDF', end='')\n")
    press = Press(program=quick)
    asked = [press.pdf(case_file(), language="sv", redacted=False) for _ in range(WAITING + 2)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [one for one in answers if isinstance(one, bytes)] == [b"%PDF"] * WAITING
    assert [str(one) for one in answers].count("too many cases wait to be printed") == 2


async def test_a_press_that_breaks_says_how_and_nothing_of_the_case(tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("import sys\nraise ValueError(sys.stdin.read())\n")
    with pytest.raises(RuntimeError) as raised:
        await Press(program=broken).pdf(case_file(), language="sv", redacted=False)
    assert str(raised.value) == "the press failed: ValueError"


async def test_the_press_knows_nothing_of_the_servers_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LARM_DATABASE__DSN", "postgresql://secret")
    nosy = tmp_path / "nosy.py"
    nosy.write_text("import os, sys\nsys.stdin.read()\nprint('LARM' in str(os.environ), end='')\n")
    assert await Press(program=nosy).pdf(case_file(), language="sv", redacted=False) == b"False"
