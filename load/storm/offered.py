"""The processes that storm, from the harness's side: ordered, heard out, their results read."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from load.generator import Pressed
from load.house import House, line_of
from load.storm.plan import FAMILY, StormPlan

PATIENCE_S: Final = 120.0
"""Beyond what an order takes by itself, for the last answers."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One storm, from where it came. By whole seconds since it began: due, written to the network, answered.

    late_s: how late messages were written, against when they were due. cut: connections that ended by the server's
    will or ours.
    """

    due: tuple[tuple[int, int], ...]
    written: tuple[tuple[int, int], ...]
    acked: tuple[tuple[int, int], ...]
    acked_events: int
    late_s: tuple[float, ...]
    cut: int

    @property
    def totals(self) -> tuple[int, int, int]:
        """Due, written, acked in all."""
        due, written, acked = (sum(count for _, count in one) for one in (self.due, self.written, self.acked))
        return due, written, acked

    def acked_per_s(self, from_s: int, to_s: int) -> float:
        """Return the answers a second between two whole seconds."""
        return sum(count for second, count in self.acked if from_s <= second < to_s) / (to_s - from_s)


class Storms:
    """All storming processes."""

    def __init__(self, house: House, plan: StormPlan) -> None:
        self._house, self._plan = house, plan
        self.names = tuple(f"storm {number}" for number in range(house.profile.generators))
        self._processes: list[asyncio.subprocess.Process] = []

    async def start(self) -> None:
        """Start the processes; no unit has connected yet."""
        for number, name in enumerate(self.names):
            place = {
                "port": self._house.ports[FAMILY],
                "generator": number,
                "generators": len(self.names),
                "plan": json.dumps(asdict(self._plan)),
                "results": self._results(number),
            }
            words = [word for key, value in place.items() for word in (f"--{key}", str(value))]
            log = self._house.log("generator")
            self._processes.append(
                await self._house.crew.start(name, "-m", "load.storm.generator", *words, log=log, limit_bytes=2**24)
            )

    async def order(self, order: str, limit_s: float, **more: float) -> Offered:
        """Have all of them do something; return what came of it. limit_s: how long it takes by itself."""
        for process in self._processes:
            if process.stdin is None:
                raise AssertionError("it was started with a pipe")
            process.stdin.write(json.dumps({"order": order, **more}).encode() + b"\n")
        said = [json.loads(await line_of(process, limit_s + PATIENCE_S)) for process in self._processes]
        return Offered(
            due=_added(said, "due"),
            written=_added(said, "written"),
            acked=_added(said, "acked"),
            acked_events=sum(one["acked_events"] for one in said),
            late_s=tuple(late for one in said for late in one["late_s"]),
            cut=sum(one["cut"] for one in said),
        )

    def kept(self) -> tuple[list[Pressed], list[tuple[str, datetime]]]:
        """Return every panic, and every event that was acked as (account, its own time)."""
        pressed, events = [], []
        for number in range(len(self.names)):
            for line in self._results(number).read_text("utf-8").splitlines():
                said = json.loads(line)
                if "pressed" in said:
                    pressed.append(Pressed(**said["pressed"]))
                else:
                    events.append((said["event"][0], datetime.fromisoformat(said["event"][1])))
        return pressed, events

    def _results(self, number: int) -> Path:
        return self._house.folder / f"storm-{number}.jsonl"


def _added(said: Iterable[dict[str, Any]], name: str) -> tuple[tuple[int, int], ...]:
    total = Counter[int]()
    for one in said:
        pairs: Sequence[tuple[int, int]] = one[name]
        total.update(dict(pairs))
    return tuple(sorted(total.items()))
