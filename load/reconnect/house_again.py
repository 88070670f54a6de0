"""Receivers killed and started again, and a house that seems to have been deaf for longer than it was."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import aiohttp
import asyncpg

from escalation.effects import SystemFault
from escalation.supervision import Supervision
from escalation.vigil import VigilKind
from larmcentral.domain.vigil_json import dump_core, load_core
from load.house import House
from load.settings import role_of

READY_S: Final = 60.0
LOOK_S: Final = 0.02
_SUPERVISED: Final = """
SELECT organisation_id, id, core FROM vigils WHERE kind = 'supervision' AND ended_at IS NULL
"""
_OLDER: Final = "UPDATE vigils SET core = $3, due_at = $4 WHERE (organisation_id, id) = ($1, $2)"
_UNHEARD: Final = "UPDATE device_states SET last_seen_at = last_seen_at - $1::interval"
_MISSED: Final = """
SELECT
    (SELECT count(*) FROM vigils WHERE kind = 'supervision' AND ended_at IS NULL) AS supervised,
    (SELECT count(*) FROM vigils WHERE kind = 'supervision' AND ended_at IS NULL AND core ->> 'lost_at' IS NOT NULL)
        AS missed,
    (SELECT count(*) FROM incidents WHERE kind IN ('silent_device', 'lost_contact')) AS raised,
    (SELECT count(*) FROM notices n JOIN incidents i ON (i.organisation_id, i.id) = (n.organisation_id, n.incident_id)
        WHERE i.kind IN ('silent_device', 'lost_contact')) AS told,
    (SELECT count(*) FROM system_alarms WHERE fault = $1 AND cleared_at IS NULL) AS banners
"""


@dataclass(frozen=True, slots=True)
class Missed:
    """What supervision has found. missed: devices that are silent; raised: incidents about one of them each; told:
    notices of those; banners: outages said as one."""

    supervised: int
    missed: int
    raised: int
    told: int
    banners: int


async def missed(connection: asyncpg.Connection) -> Missed:
    """Ask the database."""
    row = await connection.fetchrow(_MISSED, SystemFault.OUTAGE.value)
    if row is None:
        raise AssertionError("one row always comes")
    return Missed(**row)


def receivers_of(house: House) -> Sequence[str]:
    """Return the names of the processes that devices are connected to."""
    return [name for name in house.servers if role_of(name) == "receiver"]


async def kill(house: House) -> None:
    """Kill the receivers, all at once."""
    for name in receivers_of(house):
        os.kill(house.crew.pids[name], signal.SIGKILL)
    await house.crew.end(*receivers_of(house))


async def start_again(house: House) -> float:
    """Start the receivers that were killed; return when they were ready."""
    for name in receivers_of(house):
        words = ("serve", "--role", role_of(name), "--config", str(house.folder / f"{name}.toml"))
        await house.crew.start(name, "-m", "larmcentral", *words, log=house.log(name))
    until_s = time.monotonic() + READY_S
    async with aiohttp.ClientSession() as http:
        for name in receivers_of(house):
            while not await _is_ready(http, f"http://127.0.0.1:{house.ports[name]}/readyz"):
                if time.monotonic() > until_s:
                    raise RuntimeError(f"{name} was not ready {READY_S:.0f} s after it was started again")
                await asyncio.sleep(LOOK_S)
    return time.monotonic()


async def _is_ready(http: aiohttp.ClientSession, page: str) -> bool:
    try:
        async with http.get(page) as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


async def make_older(connection: asyncpg.Connection, by: timedelta) -> int:
    """Move back when each device was heard, and when it is looked for; return how many devices are supervised."""
    await connection.execute(_UNHEARD, by)
    rows = []
    for row in await connection.fetch(_SUPERVISED):
        core = load_core(VigilKind.SUPERVISION, row["core"])
        if not isinstance(core, Supervision):
            raise AssertionError("the query asked for supervisions")
        older = replace(
            core,
            counted_from=core.counted_from - by,
            look_at=core.look_at - by,
            heard_at=None if core.heard_at is None else core.heard_at - by,
        )
        rows.append((row["organisation_id"], row["id"], dump_core(older), older.due_at))
    await connection.executemany(_OLDER, rows)
    return len(rows)
