"""The enrolled devices, in memory, so that a receiver never waits for the database to know who speaks.

The snapshot is refreshed every REFRESH_S and on a hint, with what changed since the last time, and read whole now
and then, to see what was removed. While the database is away the old one stays.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from larmcentral.bridge import Tasks
from larmcentral.domain.enrolled import EnrolledDevice
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.ports import Clock
from protocols.conversation import Account
from protocols.signal import AccountId

REFRESH_S: Final = 2.0
HINTS_TOGETHER_S: Final = 0.1
"""Hints that come in a row are one: a hundred devices enrolled by a script are not a hundred readings."""
READ_WHOLE_EVERY_S: Final = 600.0
"""A removed device is harmless: what it sends is stored and shown as from an unknown one."""
OVERLAP: Final = timedelta(seconds=30)
"""A change is dated by its transaction's start and seen at its commit; no transaction of ours takes so long."""

_log = structlog.get_logger(__name__)


Load = Callable[[datetime | None], Awaitable[Sequence[EnrolledDevice]]]
"""Read the devices changed since then (by the database's clock), all for None. May raise StoreUnavailable."""


class EnrolledDevices:
    """The snapshot of all protocols. Starts and stops in any order, any number of times."""

    def __init__(self, *, load: Load, clock: Clock, refresh_s: float = REFRESH_S) -> None:
        self._load, self._clock, self._refresh_s = load, clock, refresh_s
        self._accounts: dict[tuple[str, AccountId], Account] = {}
        self._changed_at: datetime | None = None
        self._moved_at_s = 0.0
        self._whole_at_s: float | None = None
        self._fresh_at_s: float | None = None
        self._hint = asyncio.Event()
        self._loaded = asyncio.Event()
        self._turn = asyncio.Lock()
        self._tasks = Tasks(self._failed)
        self._loop: asyncio.Task[object] | None = None

    def __len__(self) -> int:
        return len(self._accounts)

    def of(self, protocol: str) -> Directory:
        """Return the devices of one protocol; always the present ones."""
        return Directory(self, protocol)

    def find(self, protocol: str, device: AccountId) -> Account | None:
        """Return the account, or None for a device that was not enrolled at the last refresh."""
        return self._accounts.get((protocol, device))

    @property
    def is_loaded(self) -> bool:
        """Say whether they have been read at all."""
        return self._loaded.is_set()

    @property
    def age_s(self) -> float | None:
        """Seconds since the last refresh; None before the first."""
        return None if self._fresh_at_s is None else self._clock.monotonic() - self._fresh_at_s

    async def loaded(self) -> None:
        """Wait for the first reading. Receivers open after it, or they would take everybody for a stranger."""
        await self._loaded.wait()

    def hint(self) -> None:
        """Something may have changed: look now."""
        self._hint.set()

    async def start(self) -> None:
        """Begin to refresh; does not wait for the first reading."""
        if self._loop is None:
            self._loop = self._tasks.start(self._keep_fresh())

    async def stop(self) -> None:
        """Refresh no more; the snapshot stays."""
        task, self._loop = self._loop, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def refresh(self) -> None:
        """Read what changed, or everything where it is time for that. Raises StoreUnavailable.

        One reading at a time: an older one must not be put down over a newer one.
        """
        async with self._turn:
            await self._refresh()

    async def _refresh(self) -> None:
        now_s = self._clock.monotonic()
        whole = self._whole_at_s is None or now_s - self._whole_at_s >= READ_WHOLE_EVERY_S
        rows = await self._load(since := None if whole else self._since(now_s))
        if since is None:
            self._accounts = {_key(row): _account(row) for row in rows}
            self._whole_at_s = now_s
        else:
            self._accounts.update((_key(row), _account(row)) for row in rows)
        if rows:
            newest = max(row.changed_at for row in rows)
            if self._changed_at is None or newest > self._changed_at:
                self._changed_at, self._moved_at_s = newest, now_s
        self._fresh_at_s = self._clock.monotonic()
        self._loaded.set()

    def _since(self, now_s: float) -> datetime | None:
        """From when on to read. Once the newest change is old, nothing older can still appear: a bulk import is
        re-read for as long as the overlap and not at every refresh from then on."""
        if self._changed_at is None:
            return None
        settled = now_s - self._moved_at_s > OVERLAP.total_seconds()
        return self._changed_at if settled else self._changed_at - OVERLAP

    async def _keep_fresh(self) -> None:
        away = False
        while True:
            self._hint.clear()
            try:
                await self.refresh()
                away = False
            except StoreUnavailable:
                if not away:
                    _log.warning("devices_not_refreshed", known=len(self._accounts), age_s=self.age_s)
                away = True
            except Exception:  # the edge of a loop: a snapshot that ages is better than none
                _log.exception("devices_refresh_failed", known=len(self._accounts))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._hint.wait(), self._refresh_s)
                await self._clock.sleep(HINTS_TOGETHER_S)

    def _failed(self, error: BaseException) -> None:
        _log.error("devices_refresh_ended", exc_info=error)


class Directory:
    """The enrolled devices of one protocol: protocols.conversation.Accounts."""

    def __init__(self, devices: EnrolledDevices, protocol: str) -> None:
        self._devices, self._protocol = devices, protocol

    @property
    def loaded(self) -> bool:
        """False until they have been read once: until then a miss says nothing."""
        return self._devices.is_loaded

    def find(self, device: AccountId) -> Account | None:
        """Return the account, or None for a device we do not know."""
        return self._devices.find(self._protocol, device)


def _key(row: EnrolledDevice) -> tuple[str, AccountId]:
    return row.protocol, row.account


def _account(row: EnrolledDevice) -> Account:
    return Account(row.account, row.secret, row.model, dict(row.options), row.next_secret)
