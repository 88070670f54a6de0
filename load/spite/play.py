"""One drill: somebody attacks, the enrolled press and the operator works, and afterwards all is as it was."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Final
from uuid import UUID

from load.afterwards import Check
from load.chaos.line import Line, Wanted
from load.house import delivered, line_of
from load.profile import NOTICES_PER_ALARM
from load.spite.desk import Answers, Operator
from load.spite.drills import WEB, Drill
from load.spite.place import Place
from load.spite.wearers import Press, Wearers

BEFORE_S: Final = 1.0
"""What the attack has to grow before anybody presses."""
PER_S: Final = 4.0
LOOK_EVERY_S: Final = 0.1
RESTED_S: Final = 15.0
"""What the server has to give back what the attackers held."""
FILES_LEFT: Final = 30
"""More descriptors than before: the pools' own connections, and whoever asks for figures."""
MEMORY_MIB: Final = 200.0
"""What an attack may cost of memory at its height."""
NOTIFIED_S: Final = 30.0
WANTED_S: Final = 1.0
LOG_LINES: Final = 1500
"""A minute's worth of every receiver's; an attack is said, and not told word for word."""

_ALARMS: Final = """
SELECT s.account, s.protocol, s.incident_id, n.id AS notice_id FROM signals s
LEFT JOIN notices n ON (n.organisation_id, n.incident_id) = (s.organisation_id, s.incident_id)
    AND n.channel <> 'console'
WHERE s.account = ANY ($1) AND s.incident_id IS NOT NULL
"""


@dataclass(slots=True)
class Height:
    """The most that a role had of something while it went on."""

    memory_mib: float = 0.0
    files: int = 0


async def play(drill: Drill, place: Place, wearers: Wearers, operator: Operator, seconds: float) -> Line:
    """Play it, and say what was found."""
    role = "web" if drill.target == WEB else "receiver"
    pressed_on = "watch" if drill.target == WEB else drill.target
    each = round(seconds * PER_S / 2)
    steady = await wearers.take(pressed_on, each, connected=True)
    fresh = await wearers.take(pressed_on, each, connected=False)
    before_mib, before_files = place.memory_mib(role), place.files(role)
    figures = await place.figures(role)
    lines = place.log_lines(role)
    height = Height()
    order = replace(drill.order, port=place.ports[drill.target], cookie=operator.cookie)
    attacker = await place.house.crew.start(
        "attacker",
        *("-m", "load.spite.attacker", drill.attack, json.dumps(asdict(order))),
        log=place.house.log("attacker"),
    )
    await line_of(attacker, NOTIFIED_S)
    looking = asyncio.create_task(_look(place, role, height))
    try:
        await asyncio.sleep(BEFORE_S)
        working = asyncio.create_task(operator.work(seconds)) if drill.target == WEB else None
        pressing = []
        for one in (one for pair in zip(steady, fresh, strict=True) for one in pair):
            pressing.append(asyncio.create_task(one.press()))
            await asyncio.sleep(1 / PER_S)
        presses = await asyncio.gather(*pressing)
        answers = Answers() if working is None else await working
        assert attacker.stdin is not None
        attacker.stdin.write(b"enough\n")
        did = json.loads(await line_of(attacker, NOTIFIED_S))
    finally:
        looking.cancel()
        await place.house.crew.end("attacker")
    told_s, lost, untold = await _notified(place, presses)
    rested = await _at_rest(place, role, before_files)
    counted = _grown(figures, await place.figures(role))
    said = place.log_lines(role) - lines
    acked = [one.acked_s - one.at_s for one in presses if one.acked_s is not None]
    ack_s = {fresh: _worst(presses, fresh) for fresh in (False, True)}
    checks = [
        Check("presses not acked", len(presses) - len(acked), 0),
        Check("acked presses lost", lost, 0),
        Check("incidents not told", untold, 0),
        Check("processes that fell", len(place.house.crew.fallen()), 0),
        Check("descriptors not given back", max(0, rested - before_files - FILES_LEFT), 0),
        Check(f"memory above {MEMORY_MIB:.0f} MiB more", int(height.memory_mib - before_mib > MEMORY_MIB), 0),
        Check(f"more than {LOG_LINES} lines said", int(said > LOG_LINES), 0),
    ]
    wanted = [
        Wanted(f"{drill.name}: ack to the connected, s", ack_s[False], WANTED_S),
        Wanted(f"{drill.name}: ack to newcomers, s", ack_s[True], WANTED_S),
        Wanted(f"{drill.name}: press to push, s", max(told_s, default=0.0), WANTED_S),
    ]
    desk = ""
    if drill.target == WEB:
        checks.append(Check("an operator's requests not answered", len(answers.failed), 0))
        slowest = max(answers.seconds, default=0.0)
        wanted.append(Wanted(f"{drill.name}: an operator's request, s", slowest, WANTED_S))
        failed = dict(Counter(answers.failed))
        desk = f"desk {len(answers.seconds)} answered, worst {slowest:.2f} s, failed {failed or 0}  "
    words = (
        f"presses {len(presses)} acked {len(acked)} lost {lost}  ack worst {ack_s[False]:.2f} s connected, "
        f"{ack_s[True]:.2f} s newcomers  press to push worst {max(told_s, default=0.0):.2f} s  {desk}"
        f"memory +{height.memory_mib - before_mib:.0f} MiB  files {before_files} > {height.files} > {rested}  "
        f"log {said}  attacker {_said(did)}  counted {_said(counted)}"
    )
    return Line(drill.name, words, checks, wanted)


async def _look(place: Place, role: str, height: Height) -> None:
    while True:
        with suppress(FileNotFoundError, ProcessLookupError, KeyError):  # it fell; a check says so
            height.memory_mib = max(height.memory_mib, place.memory_mib(role))
            height.files = max(height.files, place.files(role))
        await asyncio.sleep(LOOK_EVERY_S)


async def _at_rest(place: Place, role: str, before: int) -> int:
    until_s = time.monotonic() + RESTED_S
    while True:
        found = place.files(role)
        if found <= before + FILES_LEFT or time.monotonic() > until_s:
            return found
        await asyncio.sleep(LOOK_EVERY_S)


async def _notified(place: Place, presses: Sequence[Press]) -> tuple[list[float], int, int]:
    """Return the seconds from press to each push, how many acked presses have no incident, and how many of their
    incidents were not told to everybody."""
    of = {one.account: one for one in presses}
    acked = {one.account for one in presses if one.acked_s is not None}
    connection = await place.connection()
    until_s = time.monotonic() + NOTIFIED_S
    try:
        while True:
            rows = await connection.fetch(_ALARMS, list(of))
            received = {_uuid(one.notice_id): one.at_s for one in await delivered(place.house) if one.status == 200}
            told_s = {row["notice_id"]: received[row["notice_id"]] for row in rows if row["notice_id"] in received}
            told = Counter(row["account"] for row in rows if row["notice_id"] in received)
            untold = sum(told[account] < NOTICES_PER_ALARM for account in acked)
            if not untold or time.monotonic() > until_s:
                break
            await asyncio.sleep(LOOK_EVERY_S)
    finally:
        await connection.close()
    account_of = {row["notice_id"]: row["account"] for row in rows}
    seconds = [at_s - of[account_of[notice_id]].at_s for notice_id, at_s in told_s.items()]
    return seconds, len(acked - {row["account"] for row in rows}), untold


def _worst(presses: Sequence[Press], fresh: bool) -> float:
    return max((p.acked_s - p.at_s for p in presses if p.fresh is fresh and p.acked_s is not None), default=0.0)


def _grown(before: dict[str, float], after: dict[str, float]) -> dict[str, int]:
    """Return which of the server's counters of trouble have grown."""
    troubles = (
        "connections_refused",
        "faults",
        "unknown",
        "not_stored",
        "web_",
        "log_ins",
    )
    grown = {
        name.removeprefix("larm_"): round(value - before.get(name, 0.0))
        for name, value in after.items()
        if name.removeprefix("larm_").startswith(troubles) and "_total" in name and value > before.get(name, 0.0)
    }
    return dict(sorted(grown.items(), key=lambda one: -one[1])[:4])


def _said(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "nothing"


def _uuid(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        return UUID(int=0)
