"""How a receiver is told to behave: well, with an error of the provider's table, or as bad networks do."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Fate(Enum):
    """What becomes of a request."""

    ANSWER = "answer"
    SILENCE = "silence"
    """Never answered; the connection stays."""
    HALF = "half"
    """Status and a part of the body, then silence."""
    RESET = "reset"
    """HTTP/2: RST_STREAM. HTTP/1.1: the connection is reset."""
    CUT = "cut"
    """The connection is dropped without a word."""
    GOAWAY = "goaway"
    """HTTP/2 only: GOAWAY that still covers this request, then its answer."""
    GOAWAY_UNSEEN = "goaway_unseen"
    """HTTP/2 only: GOAWAY that says this request was never looked at; it gets no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How to treat one request.

    status 200 without reason: judge it as usual. reason: the provider's word, put into its documented body.
    body: sent instead, whatever the word; b"" is an empty one. pieces: into how many parts a body is split.
    """

    status: int = 200
    reason: str = ""
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    delay_s: float = 0.0
    pieces: int = 1
    fate: Fate = Fate.ANSWER


USUAL = Order()


class Orders:
    """Which order holds for a request: first the address's own, then the next-N, then the one for all."""

    def __init__(self) -> None:
        self._addresses: dict[str, deque[Order]] = {}
        self._standing: dict[str, Order] = {}
        self._next: deque[Order] = deque()
        self._all = USUAL

    def for_address(self, address: str, order: Order, *, times: int | None = None) -> None:
        """Treat requests to this token or number so: always, or for so many times."""
        if times is None:
            self._standing[address] = order
        else:
            self._addresses.setdefault(address, deque()).extend([order] * times)

    def for_next(self, order: Order, *, times: int = 1) -> None:
        """Treat the next requests so, whoever they are for."""
        self._next.extend([order] * times)

    def for_all(self, order: Order) -> None:
        """Treat every request so that no other order is for."""
        self._all = order

    def clear(self) -> None:
        """Behave well again."""
        self._addresses.clear()
        self._standing.clear()
        self._next.clear()
        self._all = USUAL

    def take(self, address: str) -> Order:
        """Return the order for a request to this address, and use it up."""
        if queue := self._addresses.get(address):
            order = queue.popleft()
            if not queue:
                del self._addresses[address]
            return order
        if address in self._standing:
            return self._standing[address]
        return self._next.popleft() if self._next else self._all


def order_from_json(read: dict[str, Any]) -> Order:
    """Read an order from another process. Raises ValueError, KeyError or TypeError where it is none."""
    body = read.get("body")
    return Order(
        status=int(read.get("status", 200)),
        reason=str(read.get("reason", "")),
        body=None if body is None else str(body).encode(),
        headers=tuple((str(name), str(value)) for name, value in dict(read.get("headers", {})).items()),
        delay_s=min(max(float(read.get("delay_s", 0)), 0.0), 3600.0),
        pieces=max(1, int(read.get("pieces", 1))),
        fate=Fate(read.get("fate", "answer")),
    )
