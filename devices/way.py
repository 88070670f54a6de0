"""What a device's way to its receivers looks like, over TCP or UDP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from devices.device import Address, Surroundings


class Way(Protocol):
    """A way to the receiver: Link over TCP, DatagramLink over UDP."""

    covered: bool
    generation: int

    @property
    def connected(self) -> bool:
        """True while something can be sent."""
        ...

    async def connect(self, until_s: float) -> bool:
        """Make sure of it; False if it cannot be until then (Surroundings' monotonic time)."""
        ...

    def send(self, octets: bytes) -> bool:
        """Send now; False if there is no connection."""
        ...

    def answered(self) -> None:
        """Say that the receiver is alive."""
        ...

    def try_another(self) -> None:
        """Hang up; the next address has its turn."""
        ...

    def drop(self) -> None:
        """Cut the connection at once."""
        ...


Dial = Callable[[Sequence[Address], Surroundings, Callable[[bytes], None], Callable[[], None]], Way]
"""Makes a way: the addresses to call in turn, the surroundings, whom to give each chunk, whom to tell of its end."""
