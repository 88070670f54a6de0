"""Connections to the writable PostgreSQL, wherever it is just now.

Rules from measured failures: a statement past its deadline is aborted with its connection, never cancelled (a
cancelled commit can look like success); every driver error is "unknown, repeat with the same key"; all hosts of
a DSN are asked at once and the first writable one wins.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

import asyncpg

from larmcentral.domain.errors import Collision, Poison, StoreUnavailable

CONNECT_DEADLINE_S: Final = 2.0
"""A host that takes longer is as good as dead; on one site a connection takes milliseconds."""
_USER_TIMEOUT_MS: Final = 1500
"""The kernel gives up unacknowledged data then, not after its usual quarter of an hour."""

_BEGIN: Final = "BEGIN"

_DRIVER_ERRORS: Final = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    asyncio.TimeoutError,
    EOFError,
)
_COLLISIONS: Final = (
    asyncpg.UniqueViolationError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
)
_POISONS: Final = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)


class Pool:
    """At most `size` connections in one database role, opened when needed, mended when broken."""

    def __init__(
        self, dsns: Sequence[str], *, role: str | None, size: int, deadline_s: float, application: str = "larmcentral"
    ) -> None:
        self._dsns = tuple(dsns)
        self._settings = {
            "application_name": application,
            "idle_in_transaction_session_timeout": "30000",
            # Each statement is planned once a connection: planning anew for its arrays took half of a stand-down.
            "plan_cache_mode": "force_generic_plan",
            # Such a plan stays until somebody counts the rows. In a house's first minute, or after a restore, walking
            # whole tables is the cheapest thing there is: at 200 alarms a second it cost two seconds for half a minute.
            "enable_seqscan": "off",
            "enable_hashjoin": "off",
            "enable_mergejoin": "off",
        }
        if role is not None:
            self._settings["role"] = role
        self._deadline_s = deadline_s
        self._size = size
        self._slots = asyncio.Semaphore(size)
        self._idle: list[asyncpg.Connection] = []
        self._closed = False

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """Lend a connection until its deadline, then abort it under the borrower's feet.

        Raises StoreUnavailable, Collision or Poison instead of the driver's errors.
        """
        async with self._slots:
            if self._closed:
                raise StoreUnavailable("the pool is closed")
            connection = self._whole_idle() or await self._connect()
            timer = asyncio.get_running_loop().call_later(self._deadline_s, connection.terminate)
            try:
                yield connection
            except _COLLISIONS as error:
                raise Collision(type(error).__name__) from error
            except _POISONS as error:
                raise Poison(type(error).__name__) from error
            except asyncpg.InsufficientResourcesError as error:
                # The disk is full: the connection is sound, and a new one could often not be made. Reading goes on.
                raise StoreUnavailable(type(error).__name__) from error
            except (*_DRIVER_ERRORS, asyncio.CancelledError) as error:
                connection.terminate()
                if isinstance(error, asyncio.CancelledError):
                    raise
                raise StoreUnavailable(type(error).__name__) from error
            finally:
                timer.cancel()
                if connection.is_closed() or connection.is_in_transaction() or self._closed:
                    connection.terminate()
                else:
                    self._idle.append(connection)

    @asynccontextmanager
    async def transaction(self, sight: Collection[UUID] | None = None) -> AsyncIterator[asyncpg.Connection]:
        """Lend a connection inside a transaction; commits at the end, rolls back on any error.

        sight: the committees that row-level security lets it see, where the pool's role is bound to them.
        """
        async with self.connection() as connection:
            await connection.execute(_BEGIN if sight is None else f"{_BEGIN}; {_look_as(sight)}")
            try:
                yield connection
            except asyncio.CancelledError:
                raise  # the connection is aborted: a rollback would wait for a database that may be frozen
            except BaseException:
                if not connection.is_closed():
                    await connection.execute("ROLLBACK")
                raise
            await connection.execute("COMMIT")

    async def fill(self) -> None:
        """Open all connections now: later a receiver full of devices may have no file left for one of its own.

        Does nothing more where the database is away; connections then come when they are needed.
        """
        missing = self._size - len(self._idle)
        opened = await asyncio.gather(*(self._connect() for _ in range(missing)), return_exceptions=True)
        self._idle.extend(one for one in opened if not isinstance(one, BaseException))

    async def dedicated(self) -> asyncpg.Connection:
        """Open a connection beside the pool, for LISTEN; the borrower ends it with terminate()."""
        return await self._connect()

    async def ready(self) -> bool:
        """Say whether the database answers just now."""
        try:
            async with self.connection() as connection:
                return bool(await connection.fetchval("SELECT true"))
        except StoreUnavailable:
            return False

    async def close(self) -> None:
        """Close what is idle; what is lent is aborted when it comes back. May be called twice."""
        self._closed = True
        while self._idle:
            self._idle.pop().terminate()

    def _whole_idle(self) -> asyncpg.Connection | None:
        """Return an idle connection that still stands; those that died with a database are dropped."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        return None

    async def _connect(self) -> asyncpg.Connection:
        tries = [asyncio.create_task(self._connect_to(dsn)) for dsn in self._dsns]
        why: list[str] = []
        chosen: asyncpg.Connection | None = None
        try:
            for attempt in asyncio.as_completed(tries, timeout=CONNECT_DEADLINE_S):
                try:
                    chosen = await attempt
                    return chosen
                except (*_DRIVER_ERRORS, StoreUnavailable) as error:
                    why.append(type(error).__name__)
        except TimeoutError:
            why.append("timeout")
        finally:
            for task in tries:
                task.cancel()
                task.add_done_callback(lambda done: _let_go(done, chosen))
        raise StoreUnavailable("no writable database: " + ", ".join(why))

    async def _connect_to(self, dsn: str) -> asyncpg.Connection:
        connection: asyncpg.Connection = await asyncpg.connect(
            dsn, timeout=CONNECT_DEADLINE_S, server_settings=self._settings
        )
        if str(connection.get_settings().in_hot_standby) == "on":
            connection.terminate()
            raise StoreUnavailable("standby")
        _keep_alive(connection)
        return connection


def _let_go(done: asyncio.Task[asyncpg.Connection], chosen: asyncpg.Connection | None) -> None:
    """End a connection that came although nobody waits for it any more: another host was first, or we were stopped."""
    if not done.cancelled() and done.exception() is None and done.result() is not chosen:
        done.result().terminate()


def _look_as(sight: Collection[UUID]) -> str:
    """Say whose eyes the transaction has, in one round trip with BEGIN; a UUID written out holds nothing to escape."""
    committees = ",".join(sorted(str(UUID(bytes=committee.bytes)) for committee in sight))
    return f"SET LOCAL larm.committees = '{committees}'"


def _keep_alive(connection: asyncpg.Connection) -> None:
    transport = connection._transport  # type: ignore[attr-defined]  # asyncpg has no public way to socket options
    sock = transport.get_extra_info("socket")
    if sock is None or sock.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _USER_TIMEOUT_MS)
