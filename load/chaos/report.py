"""What the drills have said, for a reader and for a program."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby

from load.chaos.line import Line
from load.machine import Machine


@dataclass(frozen=True, slots=True)
class Night:
    """One run of drills. lines: by the drill that said them, in the order played."""

    command: str
    began_at: datetime
    machine: Machine
    lines: Sequence[tuple[str, Line]]

    @property
    def holds(self) -> bool:
        """True if every fact of every drill does. A drill that was not played says nothing either way."""
        return all(line.holds for _, line in self.lines)


def as_text(night: Night) -> str:
    """One line of figures a drill, then the facts that do not hold, then what was wanted."""
    lines = [line for _, line in night.lines]
    checks = [(line.drill, check) for line in lines for check in line.checks]
    said = [
        *_heading(night),
        "",
        *(
            f"{line.drill}  not run: {line.not_run}" if line.not_run else f"{line.drill}  {line.figures}"
            for line in lines
        ),
        "",
        f"Facts: {len(checks)} looked at, {sum(not check.holds for _, check in checks)} do not hold",
        *(
            f"  DOES NOT HOLD  {drill}: {check.what}: {check.found}, must be {check.expected}"
            for drill, check in checks
            if not check.holds
        ),
        "Wanted (decides nothing)",
        *(f"  {one.what}: {one.found:.2f} of {one.limit:g} ({one.ratio:.2f})" for line in lines for one in line.wanted),
        "",
        _tally(night),
    ]
    return "\n".join(said)


def as_json(night: Night) -> str:
    """Everything, for a program."""
    said = {
        "command": night.command,
        "began_at": night.began_at.isoformat(),
        "machine": asdict(night.machine),
        "holds": night.holds,
        "lines": [{"of": name, "holds": line.holds, **asdict(line)} for name, line in night.lines],
    }
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"


def _heading(night: Night) -> list[str]:
    machine = night.machine
    before = " ".join(f"{each:.2f}" for each in machine.load_before)
    versions = ", ".join(f"{name} {number}" for name, number in machine.packages.items())
    return [
        f"\nlarmcentral chaos\n{night.began_at:%Y-%m-%d %H:%M:%S} UTC, commit {machine.commit or 'unknown'}, "
        f"{night.command}",
        f"{machine.cpu}, {machine.cores} cores, {machine.memory_gib} GiB, {machine.kernel}; load before {before}",
        f"Python {machine.python}, {versions}",
    ]


def _tally(night: Night) -> str:
    passed, failed, left_out = [], [], []
    for name, group in groupby(night.lines, key=lambda one: one[0]):
        lines = [line for _, line in group]
        if not all(line.holds for line in lines):
            failed.append(name)
        elif any(line.not_run for line in lines):
            left_out.append(name)
        else:
            passed.append(name)
    said = [f"{len(passed)} passed"]
    said += [f"{len(failed)} failed: {', '.join(failed)}"] if failed else []
    said += [f"{len(left_out)} not run: {', '.join(left_out)}"] if left_out else []
    return "; ".join(said)
