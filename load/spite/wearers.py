"""The enrolled: some are connected before it begins, some come while it goes on; each presses once and is timed."""

from __future__ import annotations

import asyncio
import random
import ssl
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from devices import panel, phone, scaip
from devices.device import Address, Device, DeviceSettings, Surroundings
from devices.watch import Watch
from load.families import account_of
from load.spite.place import LISTENERS, PANEL_KEY, PHONE_SECRET, UNIT_SECRET, Listener, Place, account

RETRANSMIT_S: Final = 2.0
GIVE_UP_S: Final = 40.0
CONNECTED_S: Final = 15.0
READ_BYTES: Final = 65_536
LOOK_EVERY_S: Final = 0.02


@dataclass(frozen=True, slots=True)
class Press:
    """One press of somebody enrolled. fresh: he connected for it. acked_s: None if he gave up."""

    listener: str
    protocol: str
    account: str
    fresh: bool
    at_s: float
    acked_s: float | None
    attempts: int


class Wearers:
    """Hands out devices that have not pressed yet."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._next = Counter[str]()
        self._tunnels: dict[str, asyncio.Server] = {}

    async def take(self, listener: str, count: int, *, connected: bool) -> list[Enrolled]:
        """Return so many of a listener's devices; connected: each was answered already."""
        one = LISTENERS[listener]
        port = await self._port(one)
        taken = []
        for _ in range(count):
            number = self._next[one.family]
            if number >= self._place.entered:
                raise RuntimeError(f"no more devices of {one.family}; enter more than {self._place.entered}")
            self._next[one.family] += 1
            name = account_of("watch", number) if one.family == "watch" else account(one.family, number)
            taken.append(Enrolled(one, name, _built(one, name, port)))
        if connected:
            async with asyncio.timeout(CONNECTED_S):
                await asyncio.gather(*(each.connect() for each in taken))
        return taken

    async def close(self) -> None:
        """Close the ways through TLS."""
        for tunnel in self._tunnels.values():
            tunnel.close()

    async def _port(self, one: Listener) -> int:
        """Return where a device of ours calls: emulators know no TLS, so something takes them through it."""
        if one.transport != "ssl":
            return self._place.ports[one.name]
        if one.name not in self._tunnels:
            self._tunnels[one.name] = await _tunnel(self._place.ports[one.name])
        return int(self._tunnels[one.name].sockets[0].getsockname()[1])


class Enrolled:
    """One device."""

    def __init__(self, listener: Listener, name: str, device: Device) -> None:
        self._listener, self._name, self._device = listener, name, device
        self._life: asyncio.Task[None] | None = None
        self._fresh = True

    async def connect(self) -> None:
        """Live; return once it was answered."""
        self._fresh = False
        if not isinstance(self._device, Watch):
            receipt = await self._device.check_in()
            assert receipt.done, f"{self._listener.name}: a check-in before the attack was not answered"
            return
        self._life = asyncio.create_task(self._device.run())
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if self._device.connected:
                return

    async def press(self) -> Press:
        """Press once, and hang up."""
        at_s = time.monotonic()
        receipt = await self._device.press()
        acked_s = time.monotonic() if receipt.acked else None
        if self._life is not None:
            self._life.cancel()
            await asyncio.wait({self._life})
        await self._device.close()
        one = self._listener
        return Press(one.name, one.protocol, self._name, self._fresh, at_s, acked_s, receipt.attempts)


def _built(one: Listener, name: str, port: int) -> Device:
    secret: str | None = None
    options: dict[str, str] = {}
    match one.family:
        case "osmand":
            secret = PHONE_SECRET
        case "dc09":
            secret, options = PANEL_KEY, {"transport": one.transport}
        case "scaip":
            secret, options = UNIT_SECRET, {"udp": "1"} if one.transport == "udp" else {}
    settings = DeviceSettings(
        device=name,
        addresses=(Address("127.0.0.1", port),),
        secret=secret,
        retransmit_s=RETRANSMIT_S,
        give_up_s=GIVE_UP_S,
        options=options,
    )
    builds: dict[str, Callable[[DeviceSettings, Surroundings], Device]] = {
        "watch": Watch,
        "osmand": phone.build,
        "dc09": panel.Panel,
        "scaip": scaip.build,
    }
    return builds[one.family](settings, Surroundings(random.Random(name)))


async def _tunnel(port: int) -> asyncio.Server:
    """Open a port that takes whoever calls through TLS to this one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE

    async def carry(here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            there, on = await asyncio.open_connection("127.0.0.1", port, ssl=context)
            await asyncio.gather(_copy(here, on), _copy(there, back))
        back.close()

    return await asyncio.start_server(carry, "127.0.0.1", 0)


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(READ_BYTES):
            target.write(data)
            await target.drain()
    with suppress(OSError):
        target.close()
