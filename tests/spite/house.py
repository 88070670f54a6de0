"""The real web process on real PostgreSQL, with the made-up municipality behind it and a session in every role.

Two committees of one organisation, each with one of every kind of thing that a route can name, made over HTTP by its
own people where a route makes it. What care has is what social's people must learn nothing of.
"""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg
import httpx

from escalation.ids import CommitteeId, PersonId, PlaceId, RotaId, UserId
from escalation.rota import Layer, Rota
from larmcentral import seed as play
from larmcentral.api.passwords import PasswordCost, Passwords
from larmcentral.assembly import Server
from larmcentral.assembly_house import Role as ProcessRole
from larmcentral.assembly_secrets import sealing_of
from larmcentral.clock import SystemClock
from larmcentral.config import Config
from larmcentral.config_file import load_config
from larmcentral.demo import a_set_of_free_ports
from larmcentral.domain.place import Place
from larmcentral.domain.register import Device, Home
from larmcentral.domain.roles import Role
from larmcentral.domain.users import SessionPlan, User
from larmcentral.store.pool import Pool
from larmcentral.store.register import Register
from larmcentral.store.users import Sessions, Users
from tests import logged

ROLES: Final = tuple(role.value for role in Role)
COMMITTEES: Final[Mapping[str, CommitteeId]] = {"care": play.CARE, "social": play.SOCIAL}
PEOPLE: Final[Mapping[str, str]] = {
    "worker.care": "Anna Lindqvist",
    "responder.care": "Bosse Åkerlund",
    "worker.social": "Farid Haddad",
    "responder.social": "Gunilla Ek",
}
OTHER_WORKER: Final = "dag"
"""A worker of care as well, by the play's own log-in."""

CHEAP: Final = PasswordCost(passes=1, memory_kib=8, lanes=1)
PASSWORD: Final = "Granskogens-väktare-1907"
PIN, DURESS_PIN = "70415926", "41592670"
RECEIPTS: Final = "kvittens-9f31ab77"
ANSWERS: Final = "svarsnyckel-6c02d1e4"
METRICS: Final = "matvarden-58d20b6f"
SEALING: Final = "7b" * 32
TOKEN: Final = "sessionsbevis {login} {number}"
PROVIDERS: Final = "leverantörens lösen 3321"
SECRETS: Final = (PASSWORD, PIN, DURESS_PIN, RECEIPTS, ANSWERS, METRICS, SEALING, PROVIDERS, TOKEN.partition("{")[0])
for _number, _secret in enumerate(SECRETS):
    logged.keep(f"secret {_number} of the attacked house", _secret)
PHOTO: Final = b"\x89PNG\r\n\x1a\n..."
SPOKEN: Final = b"OggS..."


@dataclass
class SpiteHouse:
    """What stands. things: of each committee, by the names that routes give them, with `_id`."""

    dsn: str
    url: str
    sessions: Sessions
    users: Users
    things: dict[str, Mapping[str, str]]
    _numbers: itertools.count[int]

    async def token(self, login: str) -> str:
        """A fresh session of this user, as its cookie's value."""
        token = TOKEN.format(login=login, number=next(self._numbers))
        credentials = await self.users.credentials(login)
        assert credentials is not None, login
        digest = hashlib.sha256(token.encode()).digest()
        await self.sessions.open(digest, credentials.viewer, SystemClock().now(), "tests")
        return token

    @asynccontextmanager
    async def browser(self, login: str | None = None) -> AsyncIterator[httpx.AsyncClient]:
        """A browser on our own pages, with a session or without."""
        cookies = {} if login is None else {"larm_session": await self.token(login)}
        async with httpx.AsyncClient(base_url=self.url, cookies=cookies, headers={"X-Larm": "1"}, timeout=60) as client:
            yield client

    @asynccontextmanager
    async def owner(self) -> AsyncIterator[asyncpg.Connection]:
        """The database as its owner sees it."""
        connection = await asyncpg.connect(self.dsn)
        try:
            yield connection
        finally:
            await connection.close()


@asynccontextmanager
async def spite_house(dsn: str, folder: Path) -> AsyncIterator[SpiteHouse]:
    """Build it, lend it, and stop it."""
    config = _settings(dsn, folder)
    service = Pool([dsn], role="larm_service", size=2, deadline_s=20)
    users = Users(service)
    passwords = Passwords(CHEAP, os.urandom)
    try:
        hashed = [passwords.hash_now(word) for word in (PASSWORD, PIN, DURESS_PIN)]
        register = Register(service, sealing_of(config))
        await play.seed(register, users, play.Hashes(*hashed), SystemClock().now())
        await _enter_roles(users, hashed[0])
        await _enter_things(register)
        server = Server(config, ProcessRole.WEB)
        await server.start()
        try:
            house = SpiteHouse(
                dsn=dsn,
                url=f"http://127.0.0.1:{config.http.port}",
                sessions=Sessions(service, SessionPlan()),
                users=users,
                things={},
                _numbers=itertools.count(),
            )
            for name in COMMITTEES:
                house.things[name] = await _furnish(house, name)
            yield house
        finally:
            await server.stop()
    finally:
        passwords.close()
        await service.close()


async def _enter_roles(users: Users, password_hash: str) -> None:
    """A user in every role in each committee alone."""
    for role, (name, committee) in itertools.product(Role, COMMITTEES.items()):
        login = f"{role.value}.{name}"
        person = PEOPLE.get(login)
        user = User(
            organisation_id=play.ORGANISATION,
            id=user_id(login),
            login=login,
            name=f"{role.value.title()} {name.title()}",
            role=role,
            person_id=None if person is None else PersonId(play._id(person)),
            language="sv",
            committees=frozenset({committee}),
        )
        await users.create(user, password_hash)


def user_id(login: str) -> UserId:
    """The id of one of ours."""
    return UserId(play._id(f"spite {login}"))


def _settings(dsn: str, folder: Path) -> Config:
    for name, text in (("sealing", SEALING), ("answers", ANSWERS), ("metrics", METRICS), ("receipts", RECEIPTS)):
        (folder / f"{name}.key").write_text(text)
    (folder / "provider.key").write_text(PROVIDERS)
    port = a_set_of_free_ports()["web"]
    path = folder / "larmcentral.toml"
    path.write_text(
        f"""
[organisation]
id = "{play.ORGANISATION}"
name = "{play.NAME}"
committee_id = "{play.CARE}"
call_back = "{play.CALL_BACK}"
[database]
dsns = ["{dsn}"]
deadline_s = 20.0
[secrets]
sealing_key_file = "sealing.key"
[answers]
secret_file = "answers.key"
[http]
port = {port}
origin = "http://127.0.0.1:{port}"
secure_cookies = false
metrics_secret_file = "metrics.key"
[channels.sms]
username = "larm"
password_file = "provider.key"
sender = "Larm"
delivered_url = "http://127.0.0.1:{port}/api/receipts/46elks/{RECEIPTS}"
receipt_secret_file = "receipts.key"
[forwarders.{play.CENTRE}]
label = "Larmbolaget"
single_receiver = true
[[forwarders.{play.CENTRE}.paths]]
protocol = "dc09"
name = "primary"
host = "127.0.0.1"
port = 9
account = "1234"
"""
    )
    return load_config(path)


async def _enter_things(register: Register) -> None:
    """What people enter beforehand in either committee: places, a rota, a device that is lent out."""
    now = SystemClock().now()
    for name, committee in COMMITTEES.items():
        home = Home(play.ORGANISATION, committee)
        building, place = PlaceId(play._id(f"spite house {name}")), PlaceId(play._id(f"spite place {name}"))
        await register.place(home, Place(id=building, name=f"Huset i {name}"))
        flat = Place(id=place, name=f"Lägenheten i {name}", building_id=building, door_code=f"8-4471-{name}")
        await register.place(home, flat)
        worker = PersonId(play._id(PEOPLE[f"worker.{name}"]))
        layer = Layer(name="Först", persons=(worker,), starts_on=date(2026, 1, 5))
        await register.rota(home, Rota(id=RotaId(play._id(f"spite rota {name}")), name="Jour", layers=(layer,)), now)
        account = f"86600000{'98' if name == 'care' else '99'}"
        lent = Device(id=play._id(f"spite pool {name}"), protocol="watch", account=account, tag=_tag(name), pool=True)
        await register.device(home, lent, now)


def _tag(committee: str) -> str:
    return f"SPITE-{committee}"


_KNOWN: Final[Mapping[str, Mapping[str, str]]] = {
    "care": {
        "team_id": "Natt Nord",
        "unit_id": "Hemtjänst Nord",
        "chain_id": "kedja omsorg",
        "device_id": "watch 8660000001",
        "point_id": "Anna Lindqvist sms",
    },
    "social": {
        "team_id": "Fältgruppen",
        "unit_id": "Utredning",
        "chain_id": "kedja social",
        "device_id": "watch 8660000011",
        "point_id": "Farid Haddad sms",
    },
}


async def _furnish(house: SpiteHouse, name: str) -> dict[str, str]:
    """Let a committee have one of each thing that a route can name; return their ids."""
    committee = COMMITTEES[name]
    ids = {slot: str(play._id(said)) for slot, said in _KNOWN[name].items()} | {
        "committee_id": str(committee),
        "person_id": str(play._id(PEOPLE[f"worker.{name}"])),
        "user_id": str(user_id(f"operator.{name}")),
        "building_id": str(play._id(f"spite house {name}")),
        "place_id": str(play._id(f"spite place {name}")),
        "rota_id": str(play._id(f"spite rota {name}")),
        "tag": _tag(name),
    }
    async with (
        house.browser(f"worker.{name}") as worker,
        house.browser(f"operator.{name}") as desk,
        house.browser(f"manager.{name}") as manager,
    ):
        session = {
            "purpose": "Hembesök",
            "place_id": ids["place_id"],
            "ends_at": hours(4),
            "memo": "Ska bara in en sväng",
        }
        ids["session_id"] = (await done(worker, "POST", "/api/me/session", session))["session_id"]
        await done(worker, "PUT", "/api/me/session/recording", ("audio/ogg", SPOKEN))
        async with house.browser(f"responder.{name}") as responder:
            await done(responder, "POST", "/api/me/session", {"purpose": "Hembesök"})
        ids["signal_id"] = str(play._id(f"spite signal {name}"))
        await done(worker, "POST", "/api/me/signals", {"id": ids["signal_id"], "kind": "panic"})
        queue = await done(desk, "GET", "/api/incidents")
        ids["incident_id"] = queue["incidents"][0]["id"]
        drill = await done(desk, "POST", "/api/drills", {"person_id": str(play._id(PEOPLE[f"responder.{name}"]))})
        ids["other_incident_id"] = drill["incident_id"]
        await done(desk, "POST", "/api/desk")
        await done(desk, "POST", "/api/handovers", {})
        ids["handover_id"] = (await done(desk, "GET", "/api/handovers"))[0]["id"]
        template = {"committee_id": ids["committee_id"], "medium": "sms", "body": "Kom genast! {subject}"}
        await done(manager, "PUT", "/api/templates", template)
        await done(manager, "PUT", f"/api/persons/{ids['person_id']}/photo", ("image/png", PHOTO))
        await done(manager, "PUT", f"/api/places/{ids['place_id']}/plan", ("image/png", PHOTO))
        test = {"point_id": ids["point_id"]}
        ids["message_id"] = (await done(manager, "POST", "/api/channels/sms/test", test))["message_id"]
        pager = {"id": str(play._id(f"spite pager {name}")), "channel": "pager", "address": "4711"}
        await done(manager, "POST", f"/api/persons/{ids['person_id']}/points", pager)
        ids["new_point_id"] = pager["id"]
    async with house.owner() as owner:
        for slot, table in (("template_id", "text_templates"), ("plan_id", "action_plans")):
            ids[slot] = str(await owner.fetchval(f"SELECT id FROM {table} WHERE committee_id = $1 LIMIT 1", committee))
        ids["alarm_id"] = str(play._id(f"spite alarm {name}"))
        await owner.execute(
            "INSERT INTO system_alarms (organisation_id, committee_id, id, fault, raised_at)"
            " VALUES ($1, $2, $3, 'receiver_unreachable', now())",
            play.ORGANISATION, committee, UUID(ids["alarm_id"]),
        )  # fmt: skip
    return ids


def hours(count: int) -> str:
    """So long from now, as JSON says it."""
    return (SystemClock().now() + timedelta(hours=count)).isoformat()


async def done(browser: httpx.AsyncClient, method: str, path: str, said: object = None) -> Any:
    """Ask for something that must be done. said: a body as JSON, or media type and bytes."""
    if isinstance(said, tuple):
        answer = await browser.request(method, path, content=said[1], headers={"Content-Type": said[0]})
    else:
        answer = await browser.request(method, path, json=said)
    assert answer.is_success, (method, path, answer.status_code, answer.text)
    return answer.json() if answer.content and answer.headers.get("content-type") == "application/json" else None
