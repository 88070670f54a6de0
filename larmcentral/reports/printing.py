"""Printing cases: each in a process of its own, a few at a time, and never for long."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from larmcentral.domain.case_file import CaseFile
from larmcentral.ports.press import PressBusy
from larmcentral.reports.sheet import sheet

PRESS: Final = Path(__file__).with_name("press.py")
AT_ONCE: Final = 2
WAITING: Final = 8
DEADLINE_S: Final = 30.0
"""5,000 lines take two seconds of one core; a machine under load is given time."""


class Press:
    """Prints cases; see ports.PrintsCases. program: what prints; it reads a sheet and writes a PDF."""

    def __init__(self, deadline_s: float = DEADLINE_S, program: Path = PRESS) -> None:
        self._deadline_s, self._program = deadline_s, program
        self._places = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def pdf(self, case: CaseFile, *, language: str, redacted: bool) -> bytes:
        """Return a case as PDF. Raises PressBusy."""
        if self._waiting >= WAITING:
            raise PressBusy("too many cases wait to be printed")
        self._waiting += 1
        try:
            async with asyncio.timeout(self._deadline_s), self._places:
                return await _printed(self._program, await asyncio.to_thread(_order, case, language, redacted))
        except TimeoutError:
            raise PressBusy("the press took too long") from None
        finally:
            self._waiting -= 1


def _order(case: CaseFile, language: str, redacted: bool) -> bytes:
    said = {"sheet": sheet(case, language, redacted=redacted), "at": case.taken_out_at.isoformat()}
    return json.dumps(said, ensure_ascii=False).encode()


async def _printed(program: Path, order: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",  # nothing of where the server was started reaches it
        str(program),
        env={},  # nor what stands in the server's environment: settings may, with their secrets
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        printed, complaint = await process.communicate(order)
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode != 0:
        last = complaint.decode(errors="replace").strip().splitlines()[-1:]
        raise RuntimeError(f"the press failed: {''.join(last).partition(':')[0]}")
    return printed
