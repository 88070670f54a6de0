"""Passwords under argon2id, off the loop: one takes some 200 ms and 64 MiB."""

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
WAITING_LIMIT: Final = 32
"""Log-ins that may wait for a thread: 3 s of work. More is an attack, or a herd that can come back."""
SALT_BYTES: Final = 16


class PasswordsBusy(Exception):
    """Too many log-ins wait already."""


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
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2")
        self._waiting = 0

    def hash_now(self, password: str) -> str:
        """Hash in this thread, for the seed and the command line."""
        return self._hasher.hash(password, salt=self._random_bytes(SALT_BYTES))

    async def hash(self, password: str) -> str:
        """Hash off the loop. Raises PasswordsBusy."""
        return await self._run(lambda: self.hash_now(password))

    async def right(self, password_hash: str | None, password: str) -> bool:
        """Say whether this is the password; never for None, but in the same time. Raises PasswordsBusy."""
        matches = await self._run(lambda: self._matches(password_hash or self._nobody, password))
        return matches and password_hash is not None

    def weak(self, password_hash: str) -> bool:
        """Say whether a hash was made with other costs than today's."""
        return self._hasher.check_needs_rehash(password_hash)

    def close(self) -> None:
        """Let the threads end; what waits is dropped."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= WAITING_LIMIT:
            raise PasswordsBusy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1
