"""What the server itself counts while we press: its own metrics, asked for once a second, and its memory."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

EVERY_S: Final = 1.0
PATIENCE_S: Final = 10.0
PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")
MIB: Final = 2**20


@dataclass(frozen=True, slots=True)
class Sample:
    """One look. at_s: monotonic. values: by name and labels, as in `larm_frames_total{lane="alarm"}`."""

    at_s: float
    memory_mib: float
    values: dict[str, float]

    def sum(self, name: str, **labels: str) -> float:
        """Add up all figures of a name that have these labels."""
        wanted = [f'{key}="{value}"' for key, value in labels.items()]
        return sum(
            value
            for key, value in self.values.items()
            if key.partition("{")[0] == name and all(label in key for label in wanted)
        )

    def by(self, name: str, label: str) -> dict[str, float]:
        """Return the figures of a name by one of its labels, those that are nought left out."""
        found: dict[str, float] = {}
        for key, value in self.values.items():
            if key.partition("{")[0] == name and value:
                named = key.partition(f'{label}="')[2].partition('"')[0]
                found[named] = found.get(named, 0.0) + value
        return found


class Counting:
    """Looks once a second until it is stopped. page: where the metrics are. pid: whose memory is looked at."""

    def __init__(self, page: str, pid: int) -> None:
        self._page, self._pid = page, pid
        self._http: aiohttp.ClientSession | None = None
        self._task: asyncio.Task[None] | None = None
        self.samples: list[Sample] = []
        self.unanswered = 0

    async def start(self) -> None:
        """Begin, with a first look."""
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE_S))
        await self.look()
        self._task = asyncio.create_task(self._look_on())

    async def stop(self) -> None:
        """End; safe to call twice."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        if self._http is not None:
            await self._http.close()

    async def look(self) -> Sample | None:
        """Look now; None if the server does not answer."""
        if self._http is None:
            raise AssertionError("start first")
        try:
            async with self._http.get(self._page) as answer:
                said = await answer.text()
        except (aiohttp.ClientError, TimeoutError):
            self.unanswered += 1
            return None
        sample = Sample(time.monotonic(), memory_mib(self._pid), dict(read(said)))
        self.samples.append(sample)
        return sample

    async def _look_on(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            await self.look()


def read(page: str) -> Iterable[tuple[str, float]]:
    """Return every figure of a page of metrics, histograms' buckets left out."""
    for family in text_string_to_metric_families(page):
        for one in family.samples:
            if not one.name.endswith("_bucket"):
                labels = ",".join(f'{key}="{value}"' for key, value in sorted(one.labels.items()))
                yield f"{one.name}{{{labels}}}", float(one.value)


def memory_mib(pid: int) -> float:
    """Return the memory that a process holds; 0 if it is gone."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * PAGE_BYTES / MIB
    return 0.0
