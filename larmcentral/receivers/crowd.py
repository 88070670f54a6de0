"""How many connections one receiver has, of whom, and when the last has gone."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from twisted.internet import protocol
from twisted.internet.interfaces import IAddress

from larmcentral.receivers.reception import Reception


class Guest(Protocol):
    """One connection."""

    def close(self) -> None:
        """Read no more, answer what is owed, leave."""
        ...

    def abort(self) -> None:
        """Leave at once."""
        ...


G = TypeVar("G", bound=Guest)


class Crowd(Generic[G]):
    """The open connections of one receiver, within its limits."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._open: dict[G, str] = {}
        self._per_address: Counter[str] = Counter()
        self._all_gone = asyncio.Event()
        self._all_gone.set()

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[G]:
        return iter(tuple(self._open))

    def admits(self, address: str) -> bool:
        """Say whether one more may come from this address; a refusal is counted."""
        limits = self._reception.limits
        if len(self._open) >= limits.connections:
            self._reception.refused("all")
        elif self._per_address[address] >= limits.connections_per_address:
            self._reception.refused("address")
        else:
            return True
        return False

    def enter(self, guest: G, address: str) -> None:
        """A connection stands."""
        self._open[guest] = address
        self._per_address[address] += 1
        self._all_gone.clear()
        self._reception.metrics.connection_opened(self._reception.receiver.name)

    def leave(self, guest: G) -> None:
        """It is gone."""
        address = self._open.pop(guest)
        self._per_address[address] -= 1
        if self._per_address[address] == 0:
            del self._per_address[address]
        self._reception.metrics.connection_closed(self._reception.receiver.name)
        if not self._open:
            self._all_gone.set()

    async def close(self, within_s: float) -> None:
        """Ask all to leave; cut those that have not by then."""
        for guest in self:
            guest.close()
        try:
            await asyncio.wait_for(self._all_gone.wait(), within_s)
        except TimeoutError:
            for guest in self:
                guest.abort()
            await self._all_gone.wait()


class Refused(protocol.Protocol):
    """A connection that is not taken."""

    def connectionMade(self) -> None:
        """Close it without a word."""
        abort = getattr(self.transport, "abortConnection", None)
        assert abort is not None, "every stream transport of Twisted has it"
        abort()


def host_of(address: IAddress | None) -> str:
    """Return the address' host, empty where it has none."""
    return str(getattr(address, "host", ""))
