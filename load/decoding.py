"""What decoding costs: frames a second on one core, family by family, from the captures of the tests.

A frame's way is the receiver's own: bytes into a conversation, cut, read, turned into signals, and answered; without a
socket and without a store. Only processor time of this process counts, so that other programs do not.
"""

from __future__ import annotations

import json
import time
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from load.machine import Machine, this_machine
from load.processes import ROOT
from protocols.conversation import Account, Close, Fault, SignalsReceived
from protocols.openers import Open, Openers
from protocols.registry import STREAMS, StreamProtocol, protocol
from protocols.signal import AccountId

CAPTURES: Final = ROOT / "tests" / "captures"
TARGET_PER_S: Final = 20_000.0
"""On one core, for the binary families: decoding is then never what a centre waits for."""
AT_LEAST_S: Final = 2.0
ONE_FRAME_S: Final = 0.05
"""Enough to tell which frame of a family is the dear one."""

BINARY: Final = ("gt06", "teltonika", "minifinder2", "eelink", "topin")
MIXED: Final = ("meitrack", "h02")
"""Families of which some frames are binary; these are measured by themselves too."""


@dataclass(frozen=True, slots=True)
class Captured:
    """One frame of the captures, and what the device said before it on the same connection."""

    name: str
    before: tuple[bytes, ...]
    frame: bytes
    is_binary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one family's frames cost. target_per_s: None where none is set.

    frames, signals: counted while measuring. distinct: captures in the mix. dearest: of one frame, and its price.
    """

    family: str
    mix: str
    distinct: int
    frames: int
    signals: int
    spent_s: float
    target_per_s: float | None
    dearest: str
    dearest_us: float

    @property
    def per_s(self) -> float:
        """Frames a second of one core."""
        return self.frames / self.spent_s

    @property
    def holds(self) -> bool:
        """True if the target is met, or none is set."""
        return self.target_per_s is None or self.per_s >= self.target_per_s


@dataclass(frozen=True, slots=True)
class DecodingResult:
    """The whole run."""

    machine: Machine
    command: str
    costs: tuple[Cost, ...]

    @property
    def holds(self) -> bool:
        """True if every target is met."""
        return all(cost.holds for cost in self.costs)


class Everybody:
    """All devices are enrolled, and of no known model."""

    def find(self, device: AccountId) -> Account | None:
        """Return an account for whoever asks."""
        return Account(device)


def run_decoding(command: str, at_least_s: float = AT_LEAST_S, families: Sequence[str] | None = None) -> DecodingResult:
    """Measure every family that has captures, or those named."""
    machine = this_machine()
    costs: list[Cost] = []
    for family in sorted(STREAMS if families is None else families):
        spoken = protocol(family)
        rows, heard_at = captured(family)
        if not rows or heard_at is None or not isinstance(spoken, StreamProtocol):
            continue
        openers = spoken.listen(Everybody(), bytes)
        mixes = [("all", rows)]
        if family in MIXED:
            mixes.append(("binary", [row for row in rows if row.is_binary]))
        for mix, frames in mixes:
            is_held = family in BINARY or mix == "binary"
            if frames:
                costs.append(_cost(family, mix, openers, frames, heard_at, at_least_s, is_held=is_held))
    return DecodingResult(machine, command, tuple(costs))


def captured(family: str) -> tuple[list[Captured], datetime | None]:
    """Return a family's TCP captures that are believed, and when they were heard; nothing for another format."""
    found: list[Captured] = []
    heard_at: datetime | None = None
    for file in sorted((CAPTURES / family).glob("*.toml")):
        loaded = tomllib.loads(file.read_text("utf-8"))
        for row in loaded.get("frames", ()):
            written = row.get("frame", row.get("text"))
            if written is None or "error" in row or row.get("udp") or row.get("settles"):
                continue
            heard_at = heard_at or loaded["heard_at"]
            before = tuple(map(octets, row.get("before", ())))
            found.append(Captured(row["name"], before, octets(written), written.startswith("hex:")))
    return found, heard_at


def octets(written: str) -> bytes:
    """Read what a capture writes down: hex after "hex:", else the text itself."""
    return bytes.fromhex(written[4:]) if written.startswith("hex:") else written.encode("utf-8")


def _cost(
    family: str,
    mix: str,
    openers: Openers,
    rows: Sequence[Captured],
    heard_at: datetime,
    at_least_s: float,
    *,
    is_held: bool,
) -> Cost:
    open_ = openers.connection
    _pass(open_, rows, heard_at)  # tables and caches are built, as in a server that has run for a minute
    frames = signals = 0
    begun_s = time.process_time()
    while not frames or (spent_s := time.process_time() - begun_s) < at_least_s:
        more_frames, more_signals = _pass(open_, rows, heard_at)
        frames, signals = frames + more_frames, signals + more_signals
        if not more_frames:
            raise ValueError(f"{family}: no frame of the captures was understood")
    dearest_us, dearest = max(_one(open_, row, heard_at, min(ONE_FRAME_S, at_least_s)) for row in rows)
    return Cost(
        family=family,
        mix=mix,
        distinct=len(rows),
        frames=frames,
        signals=signals,
        spent_s=spent_s,
        target_per_s=TARGET_PER_S if is_held else None,
        dearest=dearest,
        dearest_us=dearest_us,
    )


def _pass(open_: Open, rows: Sequence[Captured], now: datetime) -> tuple[int, int]:
    """Say all captures once, on one connection as far as it lasts; return the frames and signals that came of it."""
    frames = signals = 0
    conversation = open_(now)
    for row in rows:
        for chunk in (*row.before, row.frame):
            closed = False
            for event in conversation.receive(chunk, now):
                if isinstance(event, SignalsReceived):
                    frames += 1
                    signals += len(event.signals)
                    if event.token is not None:
                        conversation.ack(event.token, now)
                elif isinstance(event, Close) or (isinstance(event, Fault) and event.close):
                    closed = True
            if closed:
                conversation = open_(now)
    return frames, signals


def _one(open_: Open, row: Captured, now: datetime, at_least_s: float) -> tuple[float, str]:
    """Return what this frame costs by itself, in microseconds, and its name."""
    times, spent_s = 0, 0.0
    while not times or spent_s < at_least_s:
        conversation = open_(now)
        for chunk in row.before:
            conversation.receive(chunk, now)
        begun_s = time.process_time()
        for _ in range(50):
            for event in conversation.receive(row.frame, now):
                if isinstance(event, SignalsReceived) and event.token is not None:
                    conversation.ack(event.token, now)
        spent_s += time.process_time() - begun_s
        times += 50
    return spent_s / times * 1e6, row.name


def decoding_as_text(result: DecodingResult) -> str:
    """Return the report for a terminal."""
    machine = result.machine
    load = " ".join(f"{one:.2f}" for one in machine.load_before)
    lines = [
        f"decoding · {machine.cpu}, {machine.cores} cores, {machine.memory_gib} GiB, {machine.kernel}",
        f"python {machine.python}, commit {machine.commit}, load before {load}",
        f"command: {result.command}",
        "",
        f"{'family':<14}{'mix':<8}{'captures':>9}{'frames/s':>11}{'us/frame':>10}{'signals/s':>11}  "
        f"{'ratio':>6}  dearest frame",
    ]
    for cost in result.costs:
        ratio = "" if cost.target_per_s is None else f"{cost.per_s / cost.target_per_s:.2f}"
        lines.append(
            f"{cost.family:<14}{cost.mix:<8}{cost.distinct:>9}{cost.per_s:>11,.0f}{1e6 / cost.per_s:>10.1f}"
            f"{cost.signals / cost.spent_s:>11,.0f}  {ratio:>6}  {cost.dearest_us:.0f} us: {cost.dearest}"
        )
    lines += ["", f"ratio: against {TARGET_PER_S:,.0f} frames a second of one core, where a family's frames are binary"]
    lines += [f"NO  {cost.family} ({cost.mix}): {cost.per_s:,.0f} a second" for cost in result.costs if not cost.holds]
    return "\n".join(lines)


def decoding_as_json(result: DecodingResult) -> str:
    """Return everything as JSON."""
    told: dict[str, Any] = asdict(result)
    for cost, line in zip(result.costs, told["costs"], strict=True):
        line["per_s"], line["holds"] = cost.per_s, cost.holds
    return json.dumps(told, default=str, indent=1)
