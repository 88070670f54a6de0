"""What flows ask of the shells. The real ones are in store/, channels/, api/; the doubles in tests/fakes."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from larmcentral.domain.arrival import Arrival, UnknownBytes
from larmcentral.domain.notice import Delivery, InHouse, Outward

N_contra = TypeVar("N_contra", InHouse, Outward, contravariant=True)


class Clock(Protocol):
    """Wall-clock time for records, monotonic time for waits."""

    def now(self) -> datetime:
        """Return aware UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never step."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait on monotonic time."""
        ...


class Ids(Protocol):
    """Source of UUIDv7."""

    def new(self) -> UUID:
        """Return an id that sorts by time of making."""
        ...


class Channel(Protocol[N_contra]):
    """One way out. In-house channels take InHouse, outward ones Outward: a drill cannot be handed to the latter."""

    async def send(self, notice: N_contra) -> Delivery:
        """Try once, within the channel's own deadline (5 s); never raises for the provider's faults.

        The notice's id goes along wherever the provider takes one, so that a repeat is recognised.
        """
        ...

    async def start(self) -> None:
        """Open what stays open. May be called again after stop()."""
        ...

    async def stop(self) -> None:
        """Close it; tries under way end as RETRY."""
        ...


class TakesIn(Protocol):
    """What receivers ask of intake."""

    async def take_in(self, arrival: Arrival) -> None:
        """Return when the arrival's signals are on disk; only then may the shell ack.

        Raises LaneFull or StoreUnavailable: no ack then, the device repeats.
        """
        ...

    def keep_unknown(self, found: UnknownBytes) -> None:
        """Keep and count bytes nobody understood; never blocks, never raises."""
        ...
