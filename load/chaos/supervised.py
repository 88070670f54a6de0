"""The server's processes as systemd keeps them: whoever ends is started again a second later, and that is noted."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import aiohttp

from larmcentral.assembly_database import EMBEDDED_SETTINGS
from larmcentral.store.embedded import EmbeddedServer, start
from larmcentral.store.embedded_errors import EmbeddedServerError
from load.chaos.scene import Plan, Scene, Tell, a_scene
from load.house import COMMITTEE, ORGANISATION, House
from load.processes import children_of
from load.settings import role_of, settings_of

RESTART_S: Final = 1.0
"""RestartSec of ops/systemd."""
READY_S: Final = 60.0
LOOK_EVERY_S: Final = 0.05
SERVER: Final = ("-m", "larmcentral")
NO_SYNTHETIC: Final = ("[synthetic]", "enabled = false")
"""The house's own test alarm would be one more press that nobody of ours made."""


@dataclass(slots=True)
class Supervised:
    """Keeps a house's roles and its database running.

    launched: words to start a role with, where they are not `-m larmcentral`. more: further settings of a role.
    ends: who ended and when, in monotonic seconds.
    """

    house: House
    launched: Mapping[str, Sequence[str]] = field(default_factory=dict)
    more: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ends: list[tuple[str, float]] = field(default_factory=list)
    _keeping: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _postgres: EmbeddedServer | None = None

    async def serve(self) -> None:
        """Start all roles, return when they are ready, and keep them and the database from now on."""
        for name in self.house.servers:
            lines = [*settings_of(self.house, name, ORGANISATION, COMMITTEE), *NO_SYNTHETIC, *self.more.get(name, ())]
            self._file(name).write_text("\n".join(lines) + "\n")
            self._keeping[name] = asyncio.create_task(self._keep(name, await self._start(name)))
        self._postgres = self.house.database
        self._keeping["postgresql"] = asyncio.create_task(self._keep_postgres())
        async with aiohttp.ClientSession() as http, asyncio.timeout(READY_S):
            for page in self.pages.values():
                while not await _says_yes(http, page):  # noqa: ASYNC110 - another process has no event of ours
                    await asyncio.sleep(LOOK_EVERY_S)

    @property
    def pages(self) -> dict[str, str]:
        """Where each role says whether it is ready."""
        said = {name: f"http://127.0.0.1:{self.house.ports[name]}/readyz" for name in self.house.servers}
        return said | {"web": f"{self.house.web}/api/health/ready"}

    @property
    def postmaster(self) -> int:
        """The id of the database server that runs now, or ran last."""
        assert self._postgres is not None, "served first"
        return self._postgres.pid

    def kill(self, name: str) -> None:
        """Kill -9 a role; of one that is being started again there is nobody to kill."""
        with suppress(KeyError, ProcessLookupError):
            os.kill(self.house.crew.pids[name], signal.SIGKILL)

    def kill_postgres(self, *, whole: bool) -> None:
        """Kill -9 the postmaster: with all its children, or alone, so that they find out by themselves."""
        pids = [self.postmaster, *(children_of(self.postmaster) if whole else ())]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    async def all_ready(self, http: aiohttp.ClientSession) -> bool:
        """True if every role says yes just now."""
        return all(await asyncio.gather(*(_says_yes(http, page) for page in self.pages.values())))

    async def close(self) -> None:
        """Keep nobody any more, and end the database if it is not the house's own process any longer."""
        for task in self._keeping.values():
            task.cancel()
        await asyncio.gather(*self._keeping.values(), return_exceptions=True)
        await self.house.crew.end(*reversed(self.house.servers))
        if self._postgres is not None and self._postgres is not self.house.database:
            await self._postgres.stop()

    def _file(self, name: str) -> Path:
        return self.house.folder / f"{name}.toml"

    async def _start(self, name: str) -> asyncio.subprocess.Process:
        words = [*self.launched.get(name, SERVER), "serve", "--role", role_of(name), "--config", str(self._file(name))]
        return await self.house.crew.start(name, *words, log=self.house.log(name))

    async def _keep(self, name: str, process: asyncio.subprocess.Process) -> None:
        while True:
            await process.wait()
            self.ends.append((name, time.monotonic()))
            await asyncio.sleep(RESTART_S)
            process = await self._start(name)

    async def _keep_postgres(self) -> None:
        assert self._postgres is not None, "served first"
        while True:
            await self._postgres.ended()
            self.ends.append(("postgresql", time.monotonic()))
            try:
                self._postgres = await start(self._postgres.root, settings=EMBEDDED_SETTINGS)
            except EmbeddedServerError:
                await asyncio.sleep(RESTART_S)


async def _says_yes(http: aiohttp.ClientSession, page: str) -> bool:
    with suppress(aiohttp.ClientError, TimeoutError, OSError):
        async with http.get(page, timeout=aiohttp.ClientTimeout(total=3.0)) as answer:
            return answer.status == 200
    return False


@asynccontextmanager
async def a_supervised_scene(
    name: str,
    plan: Plan,
    tell: Tell,
    *,
    launched: Mapping[str, Sequence[str]] | None = None,
    more: Mapping[str, Sequence[str]] | None = None,
) -> AsyncIterator[tuple[Scene, Supervised]]:
    """A scene whose processes are started again when they end. launched, more: see Supervised."""
    kept: list[Supervised] = []

    async def serve(house: House) -> None:
        kept.append(Supervised(house, launched or {}, more or {}))
        try:
            await kept[0].serve()
        except BaseException:
            await kept[0].close()
            raise

    async with a_scene(name, plan, tell, serve=serve) as scene:
        try:
            yield scene, kept[0]
        finally:
            await kept[0].close()
