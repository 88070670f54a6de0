"""What a receiver was sent, and when; others wait for it here."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

KEPT = 20_000  # with bodies of some 1 kB about 40 MB
KEPT_QUIET = 500_000  # without headers and bodies
WAIT_S = 10.0


def wall_now() -> datetime:
    """The clock on the wall; devices cannot use the server's."""
    return datetime.now(UTC)  # noqa: TID251  # the receivers are shells of their own, on the other side of the wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request. number: counts from 1. notice_id: the sender's own, "" where it gave none. address: whom it was for.

    status: what we answered, 0 where no answer was given. reason: the provider's word in it, or the fate it met.
    connection: counts from 1. at_monotonic: this machine's, comparable between processes. at: UTC.
    """

    number: int
    notice_id: str
    address: str
    status: int
    reason: str
    connection: int
    at_monotonic: float
    at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def payload(self) -> Any:
        """The body's JSON, None where it is none or was not kept."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def as_json(self) -> dict[str, Any]:
        """For the side port."""
        return {
            "number": self.number,
            "notice_id": self.notice_id,
            "address": self.address,
            "status": self.status,
            "reason": self.reason,
            "connection": self.connection,
            "at_monotonic": self.at_monotonic,
            "at": self.at.isoformat(),
            "headers": {name: value for name, value in self.headers.items() if name.lower() != "authorization"},
            "payload": self.payload,
        }


class Record:
    """The last requests, oldest first; the count is of all."""

    def __init__(self, *, quiet: bool = False) -> None:
        """quiet: keep no headers and bodies, for load runs."""
        self._quiet = quiet
        self._kept: deque[Received] = deque(maxlen=KEPT_QUIET if quiet else KEPT)
        self._waiting: list[tuple[Callable[[Received], bool], asyncio.Future[Received]]] = []
        self.count = 0

    def __iter__(self) -> Iterator[Received]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def add(
        self,
        *,
        notice_id: str,
        address: str,
        status: int,
        reason: str,
        connection: int,
        headers: Mapping[str, str],
        body: bytes,
    ) -> Received:
        """Keep one request and wake who waits for it."""
        self.count += 1
        received = Received(
            number=self.count,
            notice_id=notice_id,
            address=address,
            status=status,
            reason=reason,
            connection=connection,
            at_monotonic=time.monotonic(),
            at=wall_now(),
            headers={} if self._quiet else headers,
            body=b"" if self._quiet else body,
        )
        self._kept.append(received)
        for predicate, future in self._waiting:
            if not future.done() and predicate(received):
                future.set_result(received)
        return received

    async def wait_for(self, predicate: Callable[[Received], bool], timeout_s: float = WAIT_S) -> Received:
        """Return the first request that is so, kept or still to come. Raises TimeoutError."""
        for received in self._kept:
            if predicate(received):
                return received
        future: asyncio.Future[Received] = asyncio.get_running_loop().create_future()
        entry = (predicate, future)
        self._waiting.append(entry)
        try:
            async with asyncio.timeout(timeout_s):
                return await future
        finally:
            self._waiting.remove(entry)

    def since(self, number: int, limit: int) -> list[Received]:
        """Return at most limit requests after this number, oldest first."""
        later = (received for received in self._kept if received.number > number)
        return [received for received, _ in zip(later, range(limit), strict=False)]

    def clear(self) -> None:
        """Forget what was kept; the numbers go on."""
        self._kept.clear()
