"""The real server as a process of its own, on real PostgreSQL, for tests that kill things."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import asyncpg

from devices.device import Address, Device, DeviceSettings, Surroundings
from devices.watch import build
from escalation.chain import DeskTarget, EscalationChain, Medium, Step
from escalation.ids import ChainId, PersonId
from larmcentral.domain.register import ChainChoice, Person
from larmcentral.domain.register import Device as Enrolled
from larmcentral.store.pool import Pool
from larmcentral.store.register import Register
from tests import logged
from tests.waiting import until
from tests.world import CARE, HOME, ORGANISATION, T0, an_id, settle_in

ROOT: Final = Path(__file__).resolve().parent.parent.parent
SEALING: Final = "5a" * 32
logged.keep("the sealing key", SEALING)
WORKERS: Final = 60
STEP: Final = timedelta(seconds=2)


def account(number: int) -> str:
    """The name that worker number's watch gives itself."""
    return str(8660050000 + number)


def desk_chain() -> EscalationChain:
    """Four steps, two seconds apart, all at the desk: nothing but time decides when they begin."""
    step = Step(targets=(DeskTarget(),), media=(Medium.CONSOLE,), wait=STEP)
    return EscalationChain(id=ChainId(an_id("desk chain")), version=1, name="Larmbordet", steps=(step,) * 4)


async def settle_workers(dsn: str) -> None:
    """The town of tests/world.py, with many more watches, each on somebody of its own."""
    pool = Pool([dsn], role="larm_service", size=2, deadline_s=10)
    register = Register(pool)
    await settle_in(register, a_chain=desk_chain())
    await register.chain(HOME, ChainChoice(id=an_id("choice"), chain=desk_chain()), T0)
    for number in range(WORKERS):
        person_id = PersonId(an_id(f"worker {number}"))
        await register.person(HOME, Person(id=person_id, name=f"Medarbetare {number}"))
        device = Enrolled(id=an_id(f"watch {number}"), protocol="watch", account=account(number), worn_by=person_id)
        await register.device(HOME, device, T0)
    await pool.close()


def watch(number: int, port: int) -> Device:
    """An emulated watch that presses until it is answered, whatever happens to the server meanwhile."""
    settings = DeviceSettings(
        device=account(number), addresses=(Address("127.0.0.1", port),), retransmit_s=1.0, give_up_s=120.0
    )
    return build(settings, Surroundings(random.Random(number)))


@dataclass
class House:
    """Where the server runs. log: what it wrote, line by line, of all its incarnations."""

    dsn: str
    folder: Path
    watch_port: int
    web_port: int
    process: asyncio.subprocess.Process | None = None
    log: list[dict[str, Any]] = field(default_factory=list)
    _reader: asyncio.Task[None] | None = None

    async def start(self) -> float:
        """Start the server; return the seconds until it served."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        before = len(self.log)
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "larmcentral", "serve", "--config", str(self.folder / "larmcentral.toml")),
            cwd=ROOT,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        self._reader = asyncio.create_task(self._read(self.process))
        await until(lambda: self._said("serving", before), "the server serves")
        return loop.time() - began

    async def kill(self) -> None:
        """kill -9."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """Ask it to stop, and wait."""
        await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> None:
        if self.process is None or self._reader is None:
            return
        if self.process.returncode is None:
            os.kill(self.process.pid, number)
        await self.process.wait()
        await self._reader

    async def _said(self, event: str, since: int) -> bool:
        if self.process is not None and self.process.returncode is not None:
            raise AssertionError(f"the server ended by itself: {self.log[-5:]}")
        return any(line.get("event") == event for line in self.log[since:])

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        if process.stderr is None:
            raise AssertionError("asked for a pipe")
        async for line in process.stderr:
            logged.hear(line.decode("utf-8", "replace"))
            try:
                self.log.append(json.loads(line))
            except ValueError:
                self.log.append({"event": "not json", "text": line.decode("utf-8", "replace")})

    async def query(self, sql: str, *values: object) -> list[Any]:
        """Ask the database, as its owner."""
        connection = await asyncpg.connect(self.dsn)
        try:
            return list(await connection.fetch(sql, *values))
        finally:
            await connection.close()


@asynccontextmanager
async def a_house(dsn: str, folder: Path) -> AsyncIterator[House]:
    """A house with everybody in it; its server is not started yet, and is gone at the end."""
    await settle_workers(dsn)
    ports = _free_ports(2)
    (folder / "sealing.key").write_text(SEALING)
    (folder / "larmcentral.toml").write_text(
        f"""
[organisation]
id = "{ORGANISATION}"
name = "Älvmården"
committee_id = "{CARE}"
[database]
dsns = ["{dsn}"]
deadline_s = 3.0
[secrets]
sealing_key_file = "sealing.key"
[http]
port = {ports[1]}
secure_cookies = false
[receivers.watch]
protocol = "watch"
listen = "tcp:port={ports[0]}:interface=127.0.0.1"
[synthetic]
enabled = false
"""
    )
    house = House(dsn, folder, ports[0], ports[1])
    try:
        yield house
    finally:
        await house.stop()


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(one.getsockname()[1]) for one in held]
    for one in held:
        one.close()
    return ports
