"""./dev demo: the whole house on this machine, with a made-up municipality, local providers and emulated devices."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
import uvloop

from larmcentral import seed as play
from larmcentral.api.passwords import PasswordCost, Passwords
from larmcentral.assembly import Server
from larmcentral.assembly_database import embedded_dsn
from larmcentral.assembly_house import Role
from larmcentral.assembly_secrets import sealing_of
from larmcentral.clock import SystemClock
from larmcentral.config import Config
from larmcentral.config_file import ConfigError
from larmcentral.demo_settings import SETTINGS, write_settings
from larmcentral.logs import configure_logs
from larmcentral.seed_wearables import MODELS, UNITS, WEARABLES, fleet_parts
from larmcentral.store.models import Models
from larmcentral.store.pool import Pool
from larmcentral.store.register import Register
from larmcentral.store.users import Users

ROOT: Final = Path(__file__).resolve().parent.parent
DATA_DIR: Final = ROOT / ".local" / "demo"
USUAL_PORTS: Final = {
    "web": 8080,
    "watch": 5093,
    "osmand": 5055,
    "owntracks": 5144,
    "dc09": 5094,
    **{one.protocol: one.port for one in (*WEARABLES, *UNITS)},
}
FREE_FROM: Final = 15_000
FREE_TO: Final = 32_000
"""Where --free-ports looks; Linux gives callers ports from 32768 on."""
PEERS_READY_S: Final = 30.0
FLEET: Final = 20
ADDRESSES: Final = "addresses.json"


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo. ports: by protocol, and 'web'. peers: what devices.peers printed. settings: the server's file."""

    ports: Mapping[str, int]
    peers: Mapping[str, Any]
    server: Server
    settings: Path

    @property
    def web(self) -> str:
        """The console's address."""
        return f"http://127.0.0.1:{self.ports['web']}"


@click.command()
@click.option("--check", is_flag=True, help="Free ports, one press a protocol, figures as JSON, then stop.")
@click.option(
    "--data-dir", type=click.Path(path_type=Path), default=ROOT / ".local" / "demo", help="Kept between runs."
)
@click.option("--fleet", default=FLEET, show_default=True, help="Emulated wearables of all families that keep alive.")
@click.option("--free-ports", is_flag=True, help="Any ports that are free, for a second demo or a test.")
def main(check: bool, data_dir: Path, fleet: int, free_ports: bool) -> None:
    """Run the demo until Ctrl-C. The addresses also stand in addresses.json in the data folder."""
    ports = a_set_of_free_ports() if free_ports or check else USUAL_PORTS
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        code = runner.run(_check(data_dir, ports) if check else _show(data_dir, ports, fleet))
        if code:
            sys.exit(code)


async def _show(data_dir: Path, ports: Mapping[str, int], fleet: int) -> int:
    configure_logs(level="warning", form="console")
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    if taken := [f"{name} ({port})" for name, port in ports.items() if not _free(port)]:
        click.echo(f"These ports are taken: {', '.join(taken)}. End what uses them, or a demo that still runs.")
        return 1
    async with running(data_dir, ports, fleet=fleet) as demo:
        crew = await _start_fleet(demo, fleet) if fleet else None
        _write_addresses(data_dir, demo)
        click.echo(_welcome(demo))
        await told.wait()
        click.echo("\nStopping …")
        if crew is not None:
            await _end(crew)
    return 0


async def _check(data_dir: Path, ports: Mapping[str, int]) -> int:
    from larmcentral.demo_check import check

    configure_logs(level="warning", form="console")
    folder = data_dir.with_name(data_dir.name + "-check")
    async with running(folder, ports, fleet=0) as demo:
        _write_addresses(folder, demo)
        result = await check(demo, folder / ADDRESSES)
    click.echo(json.dumps(result, indent=2))
    return 0 if result["ok"] else 1


@asynccontextmanager
async def running(data_dir: Path, ports: Mapping[str, int], *, fleet: int) -> AsyncIterator[Demo]:
    """Local providers, database, seed and server; all of it ends with the context."""
    (data_dir / "peers").mkdir(parents=True, exist_ok=True)  # nothing else runs yet
    peers_process, peers = await _start_peers(data_dir / "peers")
    server: Server | None = None
    try:
        config = write_settings(data_dir, ports, peers)
        await _seed(config, fleet, peers["web_push"]["subscription"])
        server = Server(config, Role.ALL)
        await server.start()
        yield Demo(ports, peers, server, data_dir / SETTINGS)
    finally:
        if server is not None:
            await server.stop()
            await server.stop_database()
        await _end(peers_process)


def a_set_of_free_ports() -> Mapping[str, int]:
    """Return ports that nobody has just now, one for each use.

    Below those that the kernel gives to callers: between the look and the listening nobody is given one by chance.
    """
    first = FREE_FROM + int.from_bytes(os.urandom(4), "big") % (FREE_TO - FREE_FROM)
    in_turn = (FREE_FROM + (first + step) % (FREE_TO - FREE_FROM) for step in range(FREE_TO - FREE_FROM))
    free = (port for port in in_turn if _free(port))
    return {name: next(free) for name in USUAL_PORTS}


def _write_addresses(data_dir: Path, demo: Demo) -> None:
    path = data_dir / ADDRESSES
    path.with_suffix(".new").write_text(
        json.dumps(
            {
                "web": demo.web,
                "phone": f"{demo.web}/phone/",
                "manager": f"{demo.web}/manager/",
                "ports": demo.ports,
                "peers": demo.peers,
            }
        )
    )
    path.with_suffix(".new").replace(path)


def _free(port: int) -> bool:
    """Say whether nobody listens there, over TCP or UDP."""
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(type=kind) as one:
            if kind == socket.SOCK_STREAM:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


async def _seed(config: Config, fleet: int, browser: str) -> None:
    dsn = await embedded_dsn(config)
    pool = Pool([dsn], role="larm_service", size=2, deadline_s=10)
    try:
        passwords = Passwords(PasswordCost(), os.urandom)
        hashed = [
            await asyncio.to_thread(passwords.hash_now, word) for word in (play.PASSWORD, play.PIN, play.DURESS_PIN)
        ]
        register = Register(pool, sealing_of(config))
        await play.seed(register, Users(pool), play.Hashes(*hashed), SystemClock().now(), fleet=fleet, browser=browser)
        models = Models(pool, play.ORGANISATION)
        for prefix, model in MODELS.items():
            await models.set(prefix, model)
    finally:
        await pool.close()


async def _start_peers(folder: Path) -> tuple[asyncio.subprocess.Process, Mapping[str, Any]]:
    process = await _spawn("-m", "devices.peers", "--dir", str(folder), "--report", "delivered")
    if process.stdout is None:
        raise AssertionError("asked for a pipe")
    async with asyncio.timeout(PEERS_READY_S):
        line = await process.stdout.readline()
    if not line:
        raise RuntimeError("the local push and SMS receivers did not start; see their words above")
    return process, json.loads(line)


async def _start_fleet(demo: Demo, count: int) -> asyncio.subprocess.Process:
    mix = [f"{part.protocol}={demo.ports[part.protocol]}:{part.count}:{part.first}" for part in fleet_parts(count)]
    return await _spawn(
        *("-m", "larmcentral", "devices", "fleet", *(word for one in mix for word in ("--mix", one))),
        *("--ramp", "5", "--seconds", "86400"),
        stdout=asyncio.subprocess.DEVNULL,  # nobody reads it, and a full pipe would stop the fleet
    )


async def _spawn(*arguments: str, stdout: int = asyncio.subprocess.PIPE) -> asyncio.subprocess.Process:
    """Start one of our own programs in a session of its own: Ctrl-C is for us, and we end it in our order."""
    return await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, stdout=stdout, start_new_session=True
    )


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            async with asyncio.timeout(10):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def _welcome(demo: Demo) -> str:
    rows = "\n".join(f"    {login:8} {name} ({role.value})" for login, name, role, _, _ in play.LOGINS)
    press = "./dev larmcentral devices press --protocol"
    far = f"{demo.ports['web']}{_addresses(demo)}"
    return f"""
larmcentral is running for {play.NAME}, which is made up. Nothing leaves this machine.

  Console   {demo.web}/           log in as karin or lars: operators at the desk
  Phone     {demo.web}/phone/     log in as anna: works alone; bosse, cecilia: come to help
  Manager   {demo.web}/manager/   log in as maria

  Everybody's password is {play.PASSWORD}, Anna's PIN {play.PIN}, under threat {play.DURESS_PIN}. All log-ins:
{rows}

  Raise an alarm: open the phone as anna in one window and hold the red button; work it as karin on the console in
  another. Both may be in one browser. Or press a device from another terminal:
    {press} watch --port {demo.ports["watch"]} --device 8660000001
    {press} osmand --port {demo.ports["osmand"]} --device 866000000000017 --secret {play.PHONE_SECRET}
    {press} dc09 --port {demo.ports["dc09"]} --device 1234 --key {play.PANEL_KEY.hex()}
{_wearables(demo, press)}
  or with the free Traccar Client on a phone: server http://<this machine>:{demo.ports["osmand"]}/{play.PHONE_SECRET},
  device 866000000000017 (the demo listens on loopback only; change listen in the settings to try it).

  Scenes, each by one command:
    ./dev larmcentral devices scene missed-check-in --port {demo.ports["web"]}   a visit, and a phone that dies
    ./dev larmcentral devices scene duress --port {demo.ports["web"]}            a fall, cancelled under threat
    ./dev larmcentral devices scene group-alarm --port {demo.ports["web"]}       trouble at a reception
    ./dev larmcentral devices scene hand-over --port {far}      a case goes to two alarm receiving centres
    ./dev larmcentral devices scene dead-way --port {far}       push is dead, and is passed over
  Who would be called?
    ./dev larmcentral who-is-called --unit "Hemtjänst Nord" --kind fall --at "2026-11-28 02:00" --config {demo.settings}

  What the local providers and centres got: /_received at
{_sides(demo)}

  Figures   {demo.web}/metrics
  Ctrl-C stops everything.
"""


def _wearables(demo: Demo, press: str) -> str:
    worn = [f"{one.protocol} --port {demo.ports[one.protocol]} --device {one.account}" for one in WEARABLES]
    units = [
        f"{one.protocol} --port {demo.ports[one.protocol]} --device {one.account} --secret {one.secret}"
        for one in UNITS
    ]
    return "\n".join(f"    {press} {words}" for words in (*worn, *units))


def _addresses(demo: Demo) -> str:
    """The option that a scene needs where the demo's folder is not the usual one."""
    folder = demo.settings.parent
    return "" if folder == DATA_DIR else f" --addresses {folder / ADDRESSES}"


def _sides(demo: Demo) -> str:
    sides = [(name, peer["side"]) for name, peer in demo.peers.items() if isinstance(peer, dict)]
    return "\n".join(f"    {name:14} {side}" for name, side in sides)


if __name__ == "__main__":
    try:
        main()
    except ConfigError as error:
        click.echo("\n".join(error.complaints))
        sys.exit(1)
