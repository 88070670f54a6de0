"""What every emulated device can do, whatever it speaks, and what it needs from outside.

A module of one device kind (watch.py, phone.py, panel.py) offers build(settings, surroundings) -> Device.
Devices meet the server only on the wire, and only on loopback: a drill cannot leave the house.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Protocol


class NotLoopback(ValueError):
    """The address is not on this machine: emulators never call anybody else."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is not a loopback address; give 127.0.0.1, ::1 or localhost")
        self.host = host


@dataclass(frozen=True, slots=True)
class Address:
    """One receiver on this machine. Raises NotLoopback for any other host."""

    host: str
    port: int

    def __post_init__(self) -> None:
        if self.host == "localhost":  # a name could be made to mean another machine
            object.__setattr__(self, "host", "127.0.0.1")
        try:
            if ip_address(self.host).is_loopback:
                return
        except ValueError:
            pass
        raise NotLoopback(self.host)


class NotInProtocol(ValueError):
    """The protocol has no words for what the device was asked to do."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one message of a device.

    sent: the bytes of the last attempt. answer: what was taken as the ack, empty if none came.
    ack_ms: from the press, not from the last attempt, to the ack; None if the device gave up.
    owed: False where the protocol has no ack for it: sent on a live connection is then all that can be said.
    """

    what: str
    sent: bytes
    answer: bytes
    attempts: int
    ack_ms: float | None
    owed: bool = True

    @property
    def acked(self) -> bool:
        """True if the receiver has promised that the signal is kept."""
        return self.ack_ms is not None

    @property
    def done(self) -> bool:
        """True if the device has nothing more to do for it: acked, or sent where no ack exists."""
        return self.acked or not self.owed


@dataclass(frozen=True, slots=True)
class DeviceSettings:
    """One device as it left the shop and was configured.

    addresses: primary receiver first, back-ups after it; each reconnect tries the next one.
    secret: the phone's shared secret, or the panel's key in hex. options: what only one kind understands.
    """

    device: str
    addresses: tuple[Address, ...]
    secret: str | None = None
    retransmit_s: float = 5.0
    give_up_s: float = 30.0
    keepalive_s: float = 60.0
    lat: float = 57.93
    lon: float = 12.09
    battery_pct: float = 81.0
    options: Mapping[str, str] = field(default_factory=dict)


def _utc_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a device has its own clock and may not know the server's


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a device takes from outside: its clock, the passing of time, and chance."""

    chance: random.Random
    now: Callable[[], datetime] = _utc_now
    monotonic_s: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class Device(Protocol):
    """One emulated device. press(), fall() and check_in() connect by themselves if need be."""

    async def press(self) -> Receipt:
        """Press the alarm button; send until acked or until give_up_s is over."""
        ...

    async def fall(self) -> Receipt:
        """Fall hard; the same promise as press()."""
        ...

    async def check_in(self) -> Receipt:
        """Say that all is well: a check-in, a test signal, or the protocol's nearest sign of life."""
        ...

    async def run(self) -> None:
        """Stay connected and send keepalives and positions until cancelled."""
        ...

    async def close(self) -> None:
        """Hang up; safe to call twice."""
        ...


Build = Callable[[DeviceSettings, Surroundings], Device]
