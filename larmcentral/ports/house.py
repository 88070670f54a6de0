"""Time, ids, ways out, what receivers may ask, and where figures go."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Protocol, TypeVar
from uuid import UUID

from larmcentral.domain.arrival import Arrival, UnknownBytes
from larmcentral.domain.device import Downlink, Said
from larmcentral.domain.notice import Delivery, Forward, InHouse, Outward, Probe, ServiceMessage
from larmcentral.domain.outbox import Condition
from larmcentral.domain.way_health import WayState

N_contra = TypeVar("N_contra", InHouse, Outward, Forward, contravariant=True)


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

    async def post(self, message: ServiceMessage) -> Delivery:
        """Send words about ourselves, as send() would: a test that was asked for, a code. Never an alarm."""
        ...

    async def probe(self) -> Probe:
        """Find out within the channel's own deadline whether the provider answers; nobody is told anything by it."""
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


class Speaks(Protocol):
    """What can be said to devices that keep a connection to this process, or were heard by it just now."""

    def connected(self, among: Collection[tuple[str, str]]) -> Collection[tuple[str, str]]:
        """Return which of these devices, named by protocol and account, can be spoken to now."""
        ...

    def say(self, downlink: Downlink) -> Said:
        """Hand the words to the network now, if that can be. It never means that the device has them."""
        ...


class CarriesWords(Protocol):
    """What waits for devices that can only be told in the answer to their own next request."""

    def waits_for(self, protocol: str, account: str) -> bool:
        """Say whether anything waits, as of the last look; never blocks."""
        ...

    async def carry(self, protocol: str, account: str, say: Callable[[Downlink], Said]) -> None:
        """Take what waits for the device and have each said; what was handed over is settled.

        say: writes it into the answer, quickly, and never raises. Raises StoreUnavailable: nothing was settled.
        """
        ...


class Calendar(Protocol):
    """The house's own days."""

    @property
    def zone(self) -> str:
        """Return the IANA name of the zone that rotas and conditions are written in."""
        ...

    def is_holiday(self, day: date) -> bool:
        """Say whether a local day is a public holiday or one of the eves that are kept as such."""
        ...


class Measures(Protocol):
    """Where flows leave their figures; metrics.py is the real one."""

    def lane_length(self, lane: str, length: int) -> None:
        """So many arrivals wait in a lane."""
        ...

    def repeat(self, protocol: str) -> None:
        """A signal came again."""
        ...

    def handed_over(self, channel: str, seconds: float) -> None:
        """A notice was accepted by its provider, that long after it was filed."""
        ...

    def first_notice(self, seconds: float) -> None:
        """The first notice of an incident was handed over, that long after the incident opened."""
        ...

    def delivery(self, channel: str, result: str) -> None:
        """A try to deliver ended so."""
        ...

    def way_state(self, provider: str, state: WayState) -> None:
        """A way out is doing so just now."""
        ...

    def way_took(self, provider: str, seconds: float) -> None:
        """A try by a way out ended, that long after it began."""
        ...

    def acknowledged(self, seconds: float) -> None:
        """A person took charge, that long after the incident opened."""
        ...

    def deadline_fired(self, late_s: float) -> None:
        """A deadline was acted on, that late."""
        ...

    def condition(self, condition: Condition) -> None:
        """The auditor looked."""
        ...

    def database_ready(self, ready: bool) -> None:
        """Whether the database takes writes just now."""
        ...

    def synthetic_panic(self, seconds: float) -> None:
        """The synthetic panic took that long from press to notice."""
        ...

    def synthetic_panic_age(self, seconds: float) -> None:
        """The last one that came through is so old."""
        ...
