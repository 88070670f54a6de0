"""Where spite is played: a house whose receiver has a listener of each kind, and enrolled devices for all of them."""

from __future__ import annotations

import asyncio
import hashlib
import os
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp
import asyncpg

from escalation.ids import PersonId
from larmcentral.clock import SystemClock
from larmcentral.domain.register import Device, Home, Person
from larmcentral.store.pool import Pool
from larmcentral.store.register import Register
from larmcentral.store.sealing import Sealing, SealingKey
from load.house import COMMITTEE, ORGANISATION, House, an_id, standing, unit_id
from load.profile import Profile
from load.settings import role_of, settings_of
from load.spite.attacks import ENROLLED

ROLES: Final = ("receiver", "escalation", "web")
READY_S: Final = 60.0
PHONE_SECRET: Final = "granris-tjugotre"
UNIT_SECRET: Final = "granris-tjugofyra"
PANEL_KEY: Final = "00112233445566778899aabbccddeeff"

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Listener:
    """A port of the receiver. protocol: what is spoken on it. family: whose devices press on it."""

    name: str
    protocol: str
    transport: str
    family: str


LISTENERS: Final[Mapping[str, Listener]] = {
    one.name: one
    for one in (
        Listener("watch", "watch", "tcp", "watch"),
        Listener("watch_tls", "watch", "ssl", "watch"),
        Listener("http", "osmand", "tcp", "osmand"),
        Listener("http_tls", "osmand", "ssl", "osmand"),
        Listener("panels_udp", "dc09", "udp", "dc09"),
        Listener("sip_tcp", "scaip", "tcp", "scaip"),
        Listener("sip_udp", "scaip", "udp", "scaip"),
    )
}
FAMILIES: Final = ("osmand", "dc09", "scaip")
"""Beside the watches, which the house enters itself."""


def account(family: str, number: int) -> str:
    """Return the name of one of a family's devices that are entered here."""
    match family:
        case "osmand":
            return f"{867_000_000_000_000 + number}"
        case "dc09":
            return f"{0xA000 + number:X}"
        case _:
            return f"{4_680_000_000 + number}"


@dataclass(slots=True)
class Place:
    """A house under attack. entered: how many devices each family has. ports: by listener, and web."""

    house: House
    ports: Mapping[str, int]
    entered: int
    http: aiohttp.ClientSession

    def memory_mib(self, role: str) -> float:
        """Return what a role has in memory."""
        pages = int(Path(f"/proc/{self.house.crew.pids[role]}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def files(self, role: str) -> int:
        """Return how many descriptors a role has open."""
        return len(os.listdir(f"/proc/{self.house.crew.pids[role]}/fd"))

    def log_lines(self, role: str) -> int:
        """Return how many lines a role has complained so far."""
        return self.house.log(role).read_bytes().count(b"\n")

    async def figures(self, role: str) -> dict[str, float]:
        """Return a role's own figures, by name and labels as it prints them."""
        page = f"{self.house.web}/metrics" if role == "web" else f"http://127.0.0.1:{self.house.ports[role]}/metrics"
        async with self.http.get(page) as answer:
            lines = (await answer.text()).splitlines()
        return {name: float(said) for name, _, said in (line.rpartition(" ") for line in lines if line[:1] != "#")}

    async def connection(self) -> asyncpg.Connection:
        """Open a connection of the harness's own; the borrower closes it."""
        return await asyncpg.connect(self.house.dsn)


@asynccontextmanager
async def a_place(devices: int, tell: Tell) -> AsyncIterator[Place]:
    """Build it, lend it, and leave nothing behind. devices: of each family; each presses once."""
    profile = Profile(
        name="spite",
        words="",
        devices=devices,
        alarms_per_s=1.0,
        run_s=1.0,
        warm_up_s=0.0,
        stand_down_after_s=0.0,
        roles=ROLES,
    )
    async with standing(profile, statements=False, tell=tell, serve=False) as house, aiohttp.ClientSession() as http:
        await _enter(house, devices)
        certificate = await asyncio.to_thread(_certificate, house.folder)
        ports = {"watch": house.ports["watch"], "web": house.ports["web"]}
        more = [name for name in LISTENERS if name not in ports]
        ports |= dict(zip(more, _free_ports(len(more)), strict=True))
        place = Place(house, ports, devices, http)
        for role in ROLES:
            await _start(place, role, certificate)
        await _until_ready(place)
        tell("server up: " + ", ".join(ROLES))
        yield place


async def _enter(house: House, count: int) -> None:
    """Enter each family's devices, each on a wearer of its own, and the watch of somebody who means no good."""
    pool = Pool([house.dsn], role="larm_service", size=2, deadline_s=30)
    register = Register(pool, Sealing(SealingKey(bytes(32))))
    home, now = Home(ORGANISATION, COMMITTEE), SystemClock().now()
    try:
        named = [(family, account(family, number)) for family in FAMILIES for number in range(count)]
        for family, name in [*named, ("watch", ENROLLED)]:
            wearer = PersonId(an_id(f"spite {family} {name}"))
            await register.person(home, Person(id=wearer, name=f"Bärare {name}", unit_id=unit_id(0)))
            await register.device(
                home,
                Device(
                    id=an_id(f"spite device {family} {name}"),
                    protocol=family,
                    account=name,
                    secret=_secret(family),
                    worn_by=wearer,
                ),
                now,
            )
    finally:
        await pool.close()


def _secret(family: str) -> bytes | None:
    match family:
        case "osmand":
            return hashlib.sha256(PHONE_SECRET.encode()).digest()
        case "dc09":
            return bytes.fromhex(PANEL_KEY)
        case "scaip":
            return UNIT_SECRET.encode()
    return None


def _certificate(folder: Path) -> Path:
    """Make a certificate for loopback; key and certificate in one file."""
    path = folder / "listener.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"),
            *("-keyout", str(path), "-out", str(folder / "listener.crt")),
        ],
        check=True,
        capture_output=True,
    )
    path.write_bytes(path.read_bytes() + (folder / "listener.crt").read_bytes())
    return path


async def _start(place: Place, role: str, certificate: Path) -> None:
    house = place.house
    lines = settings_of(house, role, ORGANISATION, COMMITTEE)
    for one in LISTENERS.values():
        if one.name == "watch" or role_of(role) != "receiver":
            continue
        keys = f":privateKey={certificate}:certKey={certificate}" if one.transport == "ssl" else ""
        lines += [
            f"[receivers.{one.name}]",
            f'protocol = "{one.protocol}"',
            f'listen = "{one.transport}:port={place.ports[one.name]}:interface=127.0.0.1{keys}"',
        ]
    path = house.folder / f"{role}.toml"
    path.write_text("\n".join(["[synthetic]", "enabled = false", *lines]) + "\n")
    words = ("-m", "larmcentral", "serve", "--role", role, "--config", str(path))
    await house.crew.start(role, *words, log=house.log(role))


async def _until_ready(place: Place) -> None:
    house = place.house
    pages = {f"http://127.0.0.1:{house.ports[role]}/readyz" for role in ("receiver", "escalation")}
    pages.add(f"{house.web}/api/health/ready")
    until_s = time.monotonic() + READY_S
    while pages:
        if fallen := house.crew.fallen():
            raise RuntimeError(f"{', '.join(fallen)} did not start; see the log's end above")
        if time.monotonic() > until_s:
            raise RuntimeError(f"{', '.join(sorted(pages))} not ready within {READY_S:.0f} s")
        for page in tuple(pages):
            try:
                async with place.http.get(page) as answer:
                    if answer.status == 200:
                        pages.discard(page)
            except aiohttp.ClientError:
                pass
        await asyncio.sleep(0.1)


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports
