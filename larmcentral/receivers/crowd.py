"""How many connections one receiver has, of whom, who makes room when many come, and when the last has gone."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import Final, Generic, Protocol, TypeVar

from twisted.internet import protocol
from twisted.internet.interfaces import IAddress

from larmcentral.receivers.files import has_room
from larmcentral.receivers.reception import Reception
from larmcentral.strangers import Strangers


class Guest(Protocol):
    """One connection."""

    @property
    def waits(self) -> bool:
        """True if it has spoken for the first time, and was not heard yet."""
        ...

    def close(self) -> None:
        """Read no more, answer what is owed, leave."""
        ...

    def abort(self) -> None:
        """Leave at once."""
        ...


G = TypeVar("G", bound=Guest)


class Crowd(Generic[G]):
    """The open connections of one receiver, within its limits.

    Until a connection has been known for an enrolled device's it is a stranger's. Of strangers there are so many and
    no more, and a newcomer is always heard: the oldest of the address with the most of them makes room. So whoever
    floods us pushes out himself, and an enrolled device needs no longer than to say its name.
    """

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._open: dict[G, str] = {}
        self._per_address: Counter[str] = Counter()
        self.strangers: Final[Strangers[G]] = Strangers()
        self._leaving: set[G] = set()
        self._all_gone = asyncio.Event()
        self._all_gone.set()

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[G]:
        return iter(tuple(self._open))

    def admits(self, address: str) -> bool:
        """Say whether one more may come from this address; whoever is refused or sent away for him is counted."""
        limits, his = self._reception.limits, self.strangers.of(address)
        if not has_room():
            return self._refuse("files")
        if self._per_address[address] >= limits.connections_per_address and not his:
            return self._refuse("address")
        if len(self._open) >= limits.connections and not self.strangers:
            return self._refuse("all")
        if his >= limits.strangers_per_address or self._per_address[address] >= limits.connections_per_address:
            self._send_away(address, "strangers_of_address")
        elif len(self.strangers) >= limits.strangers or len(self._open) >= limits.connections:
            self._send_away(self.strangers.crowded(), "strangers")
        return True

    def enter(self, guest: G, address: str) -> None:
        """A connection stands; a stranger's, until it is known."""
        self._open[guest] = address
        self._per_address[address] += 1
        self.strangers.add(guest, address)
        self._all_gone.clear()
        self._reception.metrics.connection_opened(self._reception.receiver.name)

    def know(self, guest: G) -> None:
        """An enrolled device speaks on it. May be said again, and of one that is gone."""
        self.strangers.discard(guest, self._open.get(guest, ""))

    def is_stranger(self, guest: G) -> bool:
        """Say whether no enrolled device has spoken on it yet."""
        return self.strangers.has(guest, self._open.get(guest, ""))

    def leave(self, guest: G) -> None:
        """It is gone."""
        if guest in self._leaving:
            self._leaving.discard(guest)
        else:
            self._forget(guest)
        self._reception.metrics.connection_closed(self._reception.receiver.name)
        if not self._open and not self._leaving:
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

    def _refuse(self, reason: str) -> bool:
        self._reception.refused(reason)
        return False

    def _send_away(self, address: str, reason: str) -> None:
        guest = self.strangers.first(address)
        self._forget(guest)
        self._leaving.add(guest)
        self._reception.refused(reason)
        guest.abort()

    def _forget(self, guest: G) -> None:
        address = self._open.pop(guest)
        self.strangers.discard(guest, address)
        self._per_address[address] -= 1
        if self._per_address[address] == 0:
            del self._per_address[address]


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
