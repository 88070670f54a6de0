"""The house under load: PostgreSQL, a made-up town, local push receivers and the server, in a folder for one run."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

import aiohttp
import asyncpg

from escalation.chain import Channel, DeskTarget, EscalationChain, Medium, ReceiverTarget, Step, TeamTarget
from escalation.ids import ChainId, CommitteeId, ContactPointId, OrganisationId, PersonId, TeamId, UserId
from larmcentral.api.passwords import PasswordCost, Passwords
from larmcentral.assembly_database import DATABASE, EMBEDDED_SETTINGS
from larmcentral.clock import SystemClock
from larmcentral.domain.register import ChainChoice, ContactPoint, Home, Person
from larmcentral.domain.roles import Role
from larmcentral.domain.users import User
from larmcentral.store.embedded import EmbeddedServer
from larmcentral.store.migrate import migrate
from larmcentral.store.pool import Pool
from larmcentral.store.provided import provide
from larmcentral.store.register import Register
from larmcentral.store.users import Users
from load import centres
from load.families import account_of, family_of
from load.match import Delivered
from load.processes import Crew
from load.profile import Profile
from load.settings import listener, role_of, settings_of

READY_S: Final = 60.0
PAGE: Final = 5000
LINES_TOLD: Final = 15
LOGIN: Final = "operator"
PASSWORD: Final = "lasten-skall-baras"
STEP_WAIT: Final = timedelta(hours=1)
"""The first step tells everybody; no second one begins while we measure."""
ENROLLED_EVERY: Final = timedelta(minutes=5)
"""Nobody hands out thousands of watches in one second."""

_SPACE: Final = UUID("018f5c00-0000-7000-8000-0000000010ad")
_STATEMENTS: Final = {"shared_preload_libraries": "pg_stat_statements", "pg_stat_statements.max": "2000"}


def an_id(name: str) -> UUID:
    """The same name is the same id in every run."""
    return uuid5(_SPACE, name)


ORGANISATION: Final = OrganisationId(an_id("organisation"))
COMMITTEE: Final = CommitteeId(an_id("committee"))
_HOME: Final = Home(ORGANISATION, COMMITTEE)


@dataclass(frozen=True, slots=True)
class House:
    """What stands. peers: what devices.peers printed. folder: gone with the house.

    ports: web; each server's own page of figures, by its name; each family's listener, see listeners().
    """

    profile: Profile
    folder: Path
    database: EmbeddedServer
    crew: Crew
    ports: Mapping[str, int]
    peers: Mapping[str, Any]

    @property
    def dsn(self) -> str:
        """Where the database is, for the harness itself."""
        return self.database.dsn(DATABASE)

    @property
    def sealing_key_file(self) -> Path:
        """What all processes seal with; nothing is, for no watch has a key."""
        return self.folder / "sealing.key"

    @property
    def web(self) -> str:
        """The console's address."""
        return f"http://127.0.0.1:{self.ports['web']}"

    @property
    def servers(self) -> tuple[str, ...]:
        """The names of the server's processes."""
        return self.profile.servers

    def listeners(self, receiver: int = 0) -> dict[str, int]:
        """Where one of the receivers listens: a port for each family. receiver: counted from 0."""
        return {family: self.ports[listener(family, receiver)] for family, _ in self.profile.families}

    async def serve(self) -> None:
        """Start the server's processes, and return when they are ready."""
        await _start_servers(self)

    def log(self, name: str) -> Path:
        """Where a process's complaints are."""
        return self.folder / f"{name}.log"


@asynccontextmanager
async def standing(
    profile: Profile,
    *,
    statements: bool,
    tell: Callable[[str], None],
    serve: bool = True,
    data_dir: Path | None = None,
) -> AsyncIterator[House]:
    """Build the house, lend it, and leave nothing of it behind. serve False: whoever borrows it starts the server.

    data_dir: where the database lives, in the house's own folder if not said.
    """
    folder = Path(tempfile.mkdtemp(prefix="larm-load-"))
    crew = Crew()
    database: EmbeddedServer | None = None
    try:
        began_s = time.monotonic()
        settings = EMBEDDED_SETTINGS | (_STATEMENTS if statements else {})
        provided = await provide(None, data_dir or folder / "database", database=DATABASE, settings=settings)
        database = provided.server
        if database is None:
            raise AssertionError("without a DSN the database is ours")
        await migrate(provided.dsn)
        await _seed(provided.dsn, profile, statements=statements)
        tell(f"database with {profile.devices} devices ready after {time.monotonic() - began_s:.1f} s")
        # Which case a centre was told of stands in the body alone, and at such a rate keeping it costs nothing.
        peers = await _start_peers(crew, folder, quiet=not profile.centres)
        # Last of all: whoever starts between the choice of a port and its use may be given that very one.
        listeners = [listener(one, each) for each in range(profile.receivers) for one, _ in profile.families]
        named = ("web", *profile.servers, *listeners)
        ports = dict(zip(named, _free_ports(len(named)), strict=True))
        house = House(profile, folder, database, crew, ports, peers)
        house.sealing_key_file.write_text("00" * 32)
        if serve:
            await house.serve()
            tell(f"server up: {', '.join(profile.servers)}")
        yield house
    except Exception:
        _tell_logs(folder, tell)
        raise
    finally:
        await crew.end_all()
        if database is not None:
            await database.stop()
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _tell_logs(folder: Path, tell: Callable[[str], None]) -> None:
    """Say how each log ends, before the folder goes."""
    for log in sorted(folder.glob("*.log")):
        for line in log.read_text("utf-8", "replace").splitlines()[-LINES_TOLD:]:
            tell(f"{log.stem}: {line[:400]}")


async def _start_peers(crew: Crew, folder: Path, *, quiet: bool) -> Mapping[str, Any]:
    words = ("-m", "devices.peers", "--dir", str(folder / "peers"), *(["--quiet"] if quiet else []))
    peers = await crew.start("push receivers" if quiet else "centres", *words, log=folder / "peers.log")
    said: Mapping[str, Any] = json.loads(await line_of(peers, READY_S))
    return said


async def line_of(process: asyncio.subprocess.Process, limit_s: float) -> bytes:
    """Return the next line that a process of ours says. Raises RuntimeError if it says none."""
    if process.stdout is None:
        raise AssertionError("it was started with a pipe")
    async with asyncio.timeout(limit_s):
        line = await process.stdout.readline()
    if not line:
        raise RuntimeError("a process of the house ended without a word; see its log")
    return line


async def _start_servers(house: House) -> None:
    for name in house.servers:
        path = house.folder / f"{name}.toml"
        path.write_text("\n".join(settings_of(house, name, ORGANISATION, COMMITTEE)) + "\n")
        words = ("-m", "larmcentral", "serve", "--role", role_of(name), "--config", str(path))
        await house.crew.start(name, *words, log=house.log(name))
    async with aiohttp.ClientSession() as http:
        for name in house.servers:
            page = f"{house.web}/api/health/ready"
            if role_of(name) in {"receiver", "escalation"}:
                page = f"http://127.0.0.1:{house.ports[name]}/readyz"
            await _until_ready(http, page, house)


async def _until_ready(http: aiohttp.ClientSession, page: str, house: House) -> None:
    until_s = time.monotonic() + READY_S
    while time.monotonic() < until_s:
        if fallen := house.crew.fallen():
            raise RuntimeError(f"{', '.join(fallen)} did not start; see the log's end above")
        try:
            async with http.get(page) as answer:
                if answer.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.1)
    raise RuntimeError(f"{page} did not answer within {READY_S:.0f} s")


def _free_ports(count: int) -> Sequence[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


async def _seed(dsn: str, profile: Profile, *, statements: bool) -> None:
    now = SystemClock().now()
    pool = Pool([dsn], role="larm_service", size=2, deadline_s=30)
    try:
        register, users = Register(pool), Users(pool)
        await register.organisation(ORGANISATION, "Lastköping")
        await register.committee(ORGANISATION, COMMITTEE, "Omsorgsnämnden")
        await register.sector(_HOME, an_id("sector"), "Äldreomsorg")
        for number in range(profile.teams):
            unit, team_id = unit_id(number), TeamId(an_id(f"team {number}"))
            await register.unit(_HOME, unit, an_id("sector"), f"Enhet {number + 1}")
            await register.team(_HOME, team_id, unit, f"Lag {number + 1}")
            for member, channel in enumerate((Channel.APNS, Channel.APNS, Channel.FCM)):
                await register.person(_HOME, _colleague(number, member, channel, team_id))
            step = _first_step(team_id, profile)
            chain = EscalationChain(
                id=ChainId(an_id(f"chain {number}")), version=1, name=f"Kedja {number + 1}", steps=(step,)
            )
            await register.chain(_HOME, ChainChoice(id=an_id(f"choice {number}"), chain=chain, unit_id=unit), now)
        password_hash = await asyncio.to_thread(Passwords(PasswordCost(), os.urandom).hash_now, PASSWORD)
        desk = User(
            organisation_id=ORGANISATION,
            id=UserId(an_id(LOGIN)),
            login=LOGIN,
            name="Operatören",
            role=Role.OPERATOR,
            person_id=None,
            language="sv",
            committees=frozenset({COMMITTEE}),
        )
        await users.create(desk, password_hash)
    finally:
        await pool.close()
    connection: asyncpg.Connection = await asyncpg.connect(dsn)
    try:
        await _enter_fleet(connection, profile)
        if statements:
            await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        # Only what was filled: of a table analysed while empty PostgreSQL believes that it stays so, for minutes.
        await connection.execute("ANALYZE persons, team_members, contact_points, devices, device_assignments")
    finally:
        await connection.close()


def _first_step(team_id: TeamId, profile: Profile) -> Step:
    if profile.centres:
        both = tuple(ReceiverTarget(receiver) for receiver in centres.PROTOCOLS)
        return Step(targets=(*both, DeskTarget()), media=(Medium.CONSOLE,), wait=STEP_WAIT)
    return Step(targets=(TeamTarget(team_id),), media=(Medium.PUSH,), wait=STEP_WAIT)


def unit_id(number: int) -> UUID:
    """Return the unit of a team's number."""
    return an_id(f"unit {number}")


def _colleague(team: int, member: int, channel: Channel, team_id: TeamId) -> Person:
    name = f"team {team} member {member}"
    token = hashlib.sha256(name.encode()).hexdigest()
    point = ContactPoint(id=ContactPointId(an_id(f"{name} app")), channel=channel, address=token)
    return Person(
        id=PersonId(an_id(name)),
        name=f"Kollega {team + 1}.{member + 1}",
        unit_id=unit_id(team),
        teams=(team_id,),
        contact_points=(point,),
    )


async def _enter_fleet(connection: asyncpg.Connection, profile: Profile) -> None:
    """Enter the wearers and their devices in bulk; one by one it would take minutes."""
    wearers = [an_id(f"wearer {number}") for number in range(profile.devices)]
    worn = [an_id(f"watch {number}") for number in range(profile.devices)]
    kinds = [family_of(profile.families, number) for number in range(profile.devices)]
    where = (ORGANISATION, COMMITTEE)
    now = SystemClock().now()
    await connection.copy_records_to_table(
        "persons",
        columns=("organisation_id", "committee_id", "id", "unit_id", "name"),
        records=[
            (*where, wearer, unit_id(number % profile.teams), f"Medarbetare {number + 1:05d}")
            for number, wearer in enumerate(wearers)
        ],
    )
    await connection.copy_records_to_table(
        "devices",
        columns=("organisation_id", "committee_id", "id", "protocol", "account", "label", "changed_at"),
        records=[
            (*where, device, kind, account_of(kind, number), f"Larm {number + 1:05d}", now - number * ENROLLED_EVERY)
            for number, (device, kind) in enumerate(zip(worn, kinds, strict=True))
        ],
    )
    await connection.copy_records_to_table(
        "device_assignments",
        columns=("organisation_id", "committee_id", "device_id", "person_id", "from_at"),
        records=[(*where, device, wearer, now) for device, wearer in zip(worn, wearers, strict=True)],
    )


async def delivered(house: House) -> list[Delivered]:
    """Fetch what the push receivers got; every text message would be one too many."""
    found: list[Delivered] = []
    async with aiohttp.ClientSession() as http:
        for name in ("apns", "fcm", "sms"):
            since = 0
            while True:
                page = f"{house.peers[name]['side']}/_received"
                async with http.get(page, params={"since": str(since), "limit": str(PAGE)}) as answer:
                    received = (await answer.json())["received"]
                if not received:
                    break
                since = received[-1]["number"]
                found += [
                    Delivered(_plain_id(one["notice_id"]), one["at_monotonic"], one["status"]) for one in received
                ]
    return found


def _plain_id(said: str) -> str:
    """APNs says ids in capitals where it likes."""
    try:
        return str(UUID(said))
    except ValueError:
        return said
