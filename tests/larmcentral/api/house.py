"""A town with two committees, a user in every role, and the real API before it."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import httpx
from prometheus_client import CollectorRegistry

from escalation.ids import IncidentId
from larmcentral.api.app import ApiParts
from larmcentral.api.passwords import PasswordCost, Passwords
from larmcentral.api.routes_voice import VoiceAddress
from larmcentral.api.server import WebListen, WebRole
from larmcentral.api.settings import ApiSettings
from larmcentral.calendars.ical import IcalRotas
from larmcentral.channels.sos_card import SosCards
from larmcentral.channels.template_samples import TemplateSamples
from larmcentral.domain.users import PinHashes, SessionPlan
from larmcentral.ports import Clock
from larmcentral.store.attempts import Attempts
from larmcentral.store.feed import ChangeLog
from larmcentral.store.pool import Pool
from larmcentral.store.reading import Reader
from larmcentral.store.reading_cases import CaseFiles
from larmcentral.store.reading_orders import OrderReads
from larmcentral.store.reading_phone import OwnPhone
from larmcentral.store.reading_plans import ActionPlans
from larmcentral.store.reading_reports import Reports
from larmcentral.store.registers import Registers
from larmcentral.store.system_alarms import SystemAlarms
from larmcentral.store.users import Sessions, Users
from larmcentral.store.ways import WayDesk
from tests import logged
from tests.builders import DESK, NOON, Town, step
from tests.fakes.house_forwarders import WrittenRowTests, known_centres
from tests.fakes.incident_commands import WrittenCommands
from tests.fakes.memory_forwarders import MemoryForwarders
from tests.fakes.plain_days import PlainDays
from tests.fakes.settable_clock import SettableClock
from tests.fakes.written_press import WrittenPress
from tests.larmcentral.api.known import DURESS_PIN, PIN, Known, known

CHEAP: Final = PasswordCost(passes=1, memory_kib=8, lanes=1)
PASSWORD: Final = "korrekt häst batteri"
ROLES: Final = ("worker", "responder", "operator", "manager", "admin")
WRITES: Final = {"X-Larm": "1"}
VOICE: Final = VoiceAddress(
    elks_url="https://larm.test/api", twilio_url="https://larm.test/api", twilio_token="twilios nyckel"
)

for _name, _secret in (("password", PASSWORD), ("telephone provider's token", "twilios nyckel")):
    logged.keep(f"the API tests' {_name}", _secret)


def counted_bytes(start: int = 0) -> Callable[[int], bytes]:
    """A random source that says different things in a known order."""
    numbers = itertools.count(start)
    return lambda length: hashlib.sha512(str(next(numbers)).encode()).digest()[:length]


@dataclass
class Receipts:
    """Takes what providers say."""

    said: list[tuple[str, bool, str]] = field(default_factory=list)
    failure: Exception | None = None

    async def __call__(self, provider_id: str, delivered: bool, reason: str) -> None:
        if self.failure is not None:
            raise self.failure
        self.said.append((provider_id, delivered, reason))


@dataclass
class ApiHouse:
    """The town, the web role before it, and log-ins without a password."""

    dsn: str
    town: Town
    service: Pool
    web: Pool
    role: WebRole
    parts: ApiParts
    clock: SettableClock
    commands: WrittenCommands
    receipts: Receipts
    press: WrittenPress
    known: Known
    forwarders: MemoryForwarders
    row_tests: WrittenRowTests
    care: UUID
    social: UUID
    anna: UUID
    bo: UUID
    users: dict[str, UUID]

    async def cookie(self, login: str) -> str:
        """A session of this user, as its cookie's value."""
        token = f"token of {login} {next(_tokens)}"
        credentials = await self.parts.users.credentials(login)
        assert credentials is not None
        digest = hashlib.sha256(token.encode()).digest()
        await self.parts.sessions.open(digest, credentials.viewer, self.clock.now(), "tests")
        return token

    @asynccontextmanager
    async def browser(self, login: str | None = None) -> AsyncIterator[httpx.AsyncClient]:
        """A browser on our own pages, with a session or without."""
        cookies = {} if login is None else {"larm_session": await self.cookie(login)}
        transport = httpx.ASGITransport(self.role.app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://larm.test", cookies=cookies, headers=WRITES
        ) as client:
            yield client


_tokens = itertools.count()


@asynccontextmanager
async def api_house(
    dsn: str, *, dist: Path | None = None, clock: Clock | None = None, deadline_s: float = 5.0
) -> AsyncIterator[ApiHouse]:
    """Anna works in care and has Bo as a colleague; the social committee has people and users of its own.

    clock: for the API alone, where real time is wanted; else it stands at noon with the town.
    """
    settable = SettableClock(NOON)
    town = await Town.found(dsn)
    passwords = Passwords(CHEAP, counted_bytes())
    care, social = await town.committee("Omsorgsnämnden"), await town.committee("Socialnämnden")
    unit = await town.unit(care)
    anna = await town.person(care, "Anna", unit_id=unit, phone="+46701740601")
    bo = await town.person(care, "Bo", unit_id=unit)
    users = {}
    for name, committee in (("care", care), ("social", social)):
        for role in ROLES:
            person = {"care": {"worker": anna, "responder": bo}}.get(name, {}).get(role)
            if person is None and role in {"worker", "responder"}:
                person = await town.person(committee, f"{role} {name}")
            users[f"{role}.{name}"] = await town.user(
                f"{role}.{name}", role, committee, person=person, password_hash=passwords.hash_now(PASSWORD)
            )
    service = Pool([dsn], role="larm_service", size=4, deadline_s=deadline_s)
    web = Pool([dsn], role="larm_web", size=4, deadline_s=deadline_s)
    commands, receipts, press = WrittenCommands(IncidentId(town.new_id())), Receipts(), WrittenPress()
    found = known(
        care,
        anna,
        bo,
        pins=PinHashes(passwords.hash_now(PIN), passwords.hash_now(DURESS_PIN)),
        password_hash=passwords.hash_now(PASSWORD),
    )
    centres, forwarders, row_tests = known_centres(clock or settable)
    parts = ApiParts(
        settings=ApiSettings(
            version="1.2.3",
            secure_cookies=False,
            receipt_secret="kvitto",
            dist=dist,
            alarm_receivers=frozenset({"nord"}),
        ),
        clock=clock or settable,
        random_bytes=counted_bytes(1000),
        registry=CollectorRegistry(),
        passwords=passwords,
        incidents=Reader(web),
        registers=Registers(web),
        users=Users(service),
        sessions=Sessions(service, SessionPlan()),
        attempts=Attempts(service),
        changes=ChangeLog(service, web),
        readiness=service,
        commands=commands,
        receipts=receipts,
        calendar=PlainDays(),
        intake=found.intake,
        work=found.work,
        recordings=found.work,
        pins=found.pins,
        phone=OwnPhone(web, service),
        places=found.places,
        rotas=found.rotas,
        rota_files=IcalRotas(settable.now),
        chains=found.chains,
        plans=ActionPlans(web),
        house=found.house,
        lone_work=found.lone_work,
        desk=found.desk,
        pool=found.pool,
        answers=found.answers,
        calls=found.calls,
        voice=VOICE,
        speech=found.speech,
        dry_runs=found.dry_runs,
        reach=found.reach,
        dossiers=found.dossiers,
        points=found.points,
        point_commands=found.point_commands,
        service_asks=found.point_commands,
        forwarders=centres,
        templates=found.templates,
        template_samples=TemplateSamples(),
        sos_cards=SosCards("Europe/Stockholm", "Älvmårdens kommun", "0303-174 06 09"),
        ways=WayDesk(web),
        system_alarms=SystemAlarms(web),
        order_reads=OrderReads(web),
        orders=found.orders,
        reports=Reports(web),
        case_files=CaseFiles(web, "Europe/Stockholm"),
        press=press,
    )
    role = WebRole(parts, WebListen(port=0))
    try:
        yield ApiHouse(
            dsn=dsn,
            town=town,
            service=service,
            web=web,
            role=role,
            parts=parts,
            clock=settable,
            commands=commands,
            receipts=receipts,
            press=press,
            known=found,
            forwarders=forwarders,
            row_tests=row_tests,
            care=care,
            social=social,
            anna=anna,
            bo=bo,
            users=users,
        )
    finally:
        await role.stop()
        passwords.close()
        for pool in (service, web):
            await pool.close()
        await town.close()


async def annas_alarm(house: ApiHouse, **values: object) -> UUID:
    """Anna pressed her watch: Bo was told, the night team is next, and her place is known."""
    town = house.town
    night = await town.team(house.care, "Natt", house.bo)
    watch = await town.device(house.care, f"866{next(_tokens)}", worn_by=house.anna, seen_at=NOON)
    incident = await town.incident(
        house.care,
        person=house.anna,
        device=watch,
        responders={house.bo: "notified"},
        steps=[step({"person": str(house.bo)}), step({"team": str(night)}, {"person": str(house.bo)}, DESK)],
        **values,  # type: ignore[arg-type]  # columns by name
    )
    await town.signal(incident, house.care, lat=59.1, lon=17.5, accuracy_m=8.0, fix_valid=True, person_id=house.anna)
    await town.signal(
        incident, house.care, at=NOON + timedelta(seconds=30), lat=59.2, lon=17.6, fix_valid=False, kind="position"
    )
    return incident
