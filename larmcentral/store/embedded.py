"""Our supervisor of an embedded PostgreSQL: one call gives a running server, found or started.

The server outlives us on purpose: Ctrl-C and kill -9 of the application leave it to finish its work, and the next
start takes it over. It listens on a Unix socket in a private folder and nowhere else.
"""

from __future__ import annotations

import asyncio
import math
import os
import re
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import quote

import asyncpg
import structlog

from larmcentral.store.embedded_account import account_for
from larmcentral.store.embedded_binaries import find
from larmcentral.store.embedded_cluster import PORT, SUPERUSER, ClusterFolder, Postmaster, environment
from larmcentral.store.embedded_errors import SettingRefused, StartFailed, StopFailed
from larmcentral.store.embedded_waiting import Patience, alone, until

RECOVERY_LIMIT: Final = timedelta(minutes=30)
"""How long a start may take. Recovery after a crash reads the WAL back: seconds mostly, minutes after a storm."""

REMNANT_LIMIT_S: Final = 10.0
"""How long the last server's orphans may hold on to its shared memory after it was killed."""

CONNECT_LIMIT_S: Final = 5.0
FAST_STOP_LIMIT_S: Final = 60.0
"""Time for the last checkpoint; past it the server is stopped at once, and recovers at the next start."""

IMMEDIATE_STOP_LIMIT_S: Final = 15.0
"""PostgreSQL itself kills what is left after 5 s."""

KEPT: Final[Mapping[str, str]] = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
}
"""An ack is a promise that the signal is on disk, and the socket is the only lock on the door."""

USUAL: Final[Mapping[str, str]] = {
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",  # DETAIL lines quote rows, and rows are about persons
}

# What PostgreSQL says while a killed server's processes are still on their way out.
REMNANTS: Final = re.compile(r"pre-existing shared memory block|lock file \"[^\"]+\" (already exists|is empty)")

WATCH_EVERY_S: Final = 0.1

READ_PID: Final = "select split_part(pg_read_file('postmaster.pid'), e'\\n', 1)::int"

DATABASE_NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")

LOG = structlog.get_logger("larmcentral.store.embedded")


class _LeftRunning(subprocess.Popen[bytes]):
    """A child that may outlive us; Popen would call that an accident when it is let go."""

    def __del__(self) -> None:  # the warning of the base class is all there is to leave out
        pass


class EmbeddedServer:
    """A running PostgreSQL of ours.

    adopted: it ran before we came. socket_folder: the only way in. root: the folder that start() was given.
    """

    def __init__(self, folder: ClusterFolder, found: Postmaster, process: _LeftRunning | None) -> None:
        if found.socket_folder is None:
            raise AssertionError("a server that answered has a socket folder")
        self.pid = found.pid
        self.adopted = process is None
        self.socket_folder = found.socket_folder
        self.root = folder.root
        self._folder = folder
        self._process = process

    def dsn(self, database: str, *, user: str = SUPERUSER) -> str:
        """The address of one database, for asyncpg."""
        return _dsn(self.socket_folder, database, user)

    async def ensure_database(self, name: str) -> None:
        """Create an empty database if there is none of that name: lower-case letters, digits and underscores."""
        if DATABASE_NAME.fullmatch(name) is None:
            raise ValueError(f"{name!r} is not a name for a database")
        connection = await asyncpg.connect(self.dsn("postgres"), timeout=CONNECT_LIMIT_S)
        try:
            if await connection.fetchval("select true from pg_database where datname = $1", name) is None:
                with suppress(asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):  # somebody was quicker
                    await connection.execute(f'create database "{name}"')
        finally:
            await connection.close()

    def is_running(self) -> bool:
        """Is the server process there? It may still be too busy to answer."""
        if self._process is not None:
            return self._process.poll() is None
        return self._folder.runs_here(self.pid)

    async def ended(self) -> None:
        """Return when the server process is no longer there."""
        await until(lambda: not self.is_running(), math.inf, WATCH_EVERY_S)

    async def stop(self) -> None:
        """Shut the server down: open transactions end, everything committed is on disk. May be called again.

        Raises StopFailed where it lives on all the same.
        """
        for how, limit_s in ((signal.SIGINT, FAST_STOP_LIMIT_S), (signal.SIGQUIT, IMMEDIATE_STOP_LIMIT_S)):
            if self.is_running():
                with suppress(ProcessLookupError):
                    os.kill(self.pid, how)
            if await until(lambda: not self.is_running(), limit_s):
                self._folder.drop_socket_folder(self.socket_folder)
                return
            LOG.warning("postgres_slow_to_stop", pid=self.pid, signal=how.name, waited_s=limit_s)
        raise StopFailed(pid=self.pid, log=self._folder.log)


async def start(data_dir: Path, *, settings: Mapping[str, str], limit: timedelta = RECOVERY_LIMIT) -> EmbeddedServer:
    """Find the server that runs on this folder, or start one; return when it takes connections.

    data_dir: the folder for data, socket and log; made if missing.
    settings: PostgreSQL's own names and values; a server that already runs keeps the ones it has.
    Raises EmbeddedServerError with the next step to take. After a limit that was too short the server goes on
    recovering, and the next start finds it.
    """
    for name in settings:
        if name.lower() in KEPT or name.lower() == "unix_socket_directories":
            raise SettingRefused(name=name)
    folder = ClusterFolder(data_dir)
    folder.create()
    deadline_s = asyncio.get_running_loop().time() + limit.total_seconds()
    async with alone(folder, deadline_s):
        return await _adopt(folder, deadline_s) or await _launch(folder, settings, deadline_s)


async def _adopt(folder: ClusterFolder, deadline_s: float) -> EmbeddedServer | None:
    """Connect before all else: a pid in a file proves nothing, an answer does."""
    found = folder.postmaster()
    if found is None:
        return None
    waited = Patience(folder, found.pid)
    while True:
        if await _answers(found, deadline_s):
            LOG.info("postgres_adopted", pid=found.pid)
            return EmbeddedServer(folder, found, None)
        if not folder.runs_here(found.pid):
            return None
        await waited.a_moment(deadline_s)
        found = folder.postmaster()  # the socket's place is written last; a server that ends takes the file along
        if found is None:
            return None


async def _launch(folder: ClusterFolder, settings: Mapping[str, str], deadline_s: float) -> EmbeddedServer:
    loop = asyncio.get_running_loop()
    remnants_until_s = loop.time() + REMNANT_LIMIT_S
    command, socket_folder = await asyncio.to_thread(_prepare, folder, settings)
    while True:
        process, log_start_bytes = await asyncio.to_thread(_spawn, folder, command)
        waited = Patience(folder, process.pid)
        while process.poll() is None:
            found = folder.postmaster()
            if found is not None and found.pid == process.pid and await _answers(found, deadline_s):
                LOG.info("postgres_started", pid=process.pid, took_s=round(waited.so_far_s(), 3))
                return EmbeddedServer(folder, found, process)
            await waited.a_moment(deadline_s)
        said = folder.log_since(log_start_bytes)
        if REMNANTS.search(said) is None or loop.time() > remnants_until_s:
            folder.drop_socket_folder(socket_folder)
            raise StartFailed(reason=f"PostgreSQL ended with status {process.returncode}", log=folder.log, said=said)
        if folder.pid_file_is_empty():
            folder.drop_pid_file()
        await waited.a_moment(deadline_s)


def _prepare(folder: ClusterFolder, settings: Mapping[str, str]) -> tuple[list[str], Path]:
    """Everything that a start needs on disk; the server's command and its socket folder."""
    binaries = find(folder.major())
    account = account_for(folder.data, binaries.postgres)
    if folder.major() is None:
        folder.initialise(binaries, account)
    socket_folder = folder.socket_folder(account)
    chosen = {**USUAL, **settings, **KEPT, "unix_socket_directories": str(socket_folder)}
    options = [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]
    return [*account.prefix, str(binaries.postgres), "-D", str(folder.data), *options], socket_folder


def _spawn(folder: ClusterFolder, command: list[str]) -> tuple[_LeftRunning, int]:
    """Start the server in a session of its own, so that Ctrl-C does not reach it before us."""
    surroundings = environment()
    last = folder.postmaster()
    if last is not None and not folder.runs_here(last.pid):
        # The number belongs to somebody else by now, or to a zombie, and PostgreSQL would wait for him for ever. Called
        # its grandparent he is disregarded, while its search for orphans on the shared memory stays in force.
        surroundings["PG_GRANDPARENT_PID"] = str(last.pid)
    with folder.open_log() as log:
        log_start_bytes = log.tell()
        process = _LeftRunning(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", env=surroundings, start_new_session=True
        )
    return process, log_start_bytes


async def _answers(found: Postmaster, deadline_s: float) -> bool:
    """Does the server of this pid file take connections? Another server in its place does not count."""
    if found.socket_folder is None:
        return False
    limit_s = min(CONNECT_LIMIT_S, max(deadline_s - asyncio.get_running_loop().time(), 0.1))
    try:
        connection = await asyncpg.connect(_dsn(found.socket_folder, "postgres", SUPERUSER), timeout=limit_s)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        return False  # not up yet, recovering, on its way down, or gone
    try:
        pid = await connection.fetchval(READ_PID, timeout=limit_s)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        return False
    finally:
        connection.terminate()
    return bool(pid == found.pid)


def _dsn(socket_folder: Path, database: str, user: str) -> str:
    return f"postgresql://{user}@/{database}?host={quote(str(socket_folder))}&port={PORT}"
