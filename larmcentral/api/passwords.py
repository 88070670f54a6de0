"""Passwords under argon2id, off the loop: one takes some 200 ms and 64 MiB.

Strangers have threads of their own. However many of them try to log in at once, the PIN of somebody under duress and
the operator in his own browser do not stand in their queue.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

T = TypeVar("T")

THREADS: Final = 2
"""For each of the two queues."""
WAITING_LIMIT: Final = 32
"""Log-ins that may wait in a queue: 3 s of work. More is an attack, or a herd that can come back."""
SALT_BYTES: Final = 16


class PasswordsBusy(Exception):
    """Too many log-ins wait already."""


class _Queue:
    """Work for some threads, with a limit to what waits."""

    def __init__(self, name: str) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix=name)
        self._waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Do it off the loop. Raises PasswordsBusy."""
        if self._waiting >= WAITING_LIMIT:
            raise PasswordsBusy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Let the threads end; what waits is dropped."""
        self._threads.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordCost:
    """argon2id's cost: RFC 9106's second recommendation, as argon2-cffi has it. Tests choose less."""

    passes: int = 3
    memory_kib: int = 64 * 1024
    lanes: int = 4


class Passwords:
    """Hashes and checks. A check against no hash takes as long as one against a wrong password."""

    def __init__(self, cost: PasswordCost, random_bytes: Callable[[int], bytes]) -> None:
        self._hasher = PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes)
        self._random_bytes = random_bytes
        self._nobody = self.hash_now(random_bytes(SALT_BYTES).hex())
        self._ours, self._strangers = _Queue("argon2"), _Queue("argon2-strangers")

    def hash_now(self, password: str) -> str:
        """Hash in this thread, for the seed and the command line."""
        return self._hasher.hash(password, salt=self._random_bytes(SALT_BYTES))

    async def hash(self, password: str) -> str:
        """Hash off the loop. Raises PasswordsBusy."""
        return await self._ours.run(lambda: self.hash_now(password))

    async def right(self, password_hash: str | None, password: str, *, stranger: bool = False) -> bool:
        """Say whether this is the password; never for None, but in the same time. Raises PasswordsBusy.

        stranger: nobody knows yet who asks.
        """
        queue = self._strangers if stranger else self._ours
        matches = await queue.run(lambda: self._matches(password_hash or self._nobody, password))
        return matches and password_hash is not None

    def weak(self, password_hash: str) -> bool:
        """Say whether a hash was made with other costs than today's."""
        return self._hasher.check_needs_rehash(password_hash)

    def close(self) -> None:
        """Let the threads end; what waits is dropped."""
        self._ours.close()
        self._strangers.close()

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False
