"""A made-up municipality to try things on: Älvmården, where nobody lives. Numbers are reserved for fiction."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from escalation.chain import (
    Channel,
    DeskTarget,
    EscalationChain,
    Medium,
    PersonTarget,
    ReceiverTarget,
    Step,
    Target,
    TeamTarget,
)
from escalation.ids import ChainId, CommitteeId, ContactPointId, OrganisationId, PersonId, TeamId, UnitId, UserId
from larmcentral.domain.register import ChainChoice, ContactPoint, Device, Home, Person
from larmcentral.domain.roles import Role
from larmcentral.domain.users import User
from larmcentral.seed_desk import write_plans
from larmcentral.seed_papers import write_down
from larmcentral.seed_town import Town, furnish
from larmcentral.seed_wearables import hand_out
from larmcentral.store.register import Register
from larmcentral.store.users import Users

_SPACE: Final = UUID("018f5c00-0000-7000-8000-00000000a1f0")


def _id(name: str) -> UUID:
    return uuid5(_SPACE, name)


ORGANISATION: Final = OrganisationId(_id("Älvmården"))
CARE: Final = CommitteeId(_id("Omsorgsnämnden"))
SOCIAL: Final = CommitteeId(_id("Socialnämnden"))
NAME: Final = "Älvmårdens kommun"

PHONE_SECRET: Final = "granris-tjugotva"
PANEL_KEY: Final = bytes.fromhex("00112233445566778899AABBCCDDEEFF")
CENTRE: Final = "larmbolaget"
GUARD_CENTRE: Final = "vaktbolaget"
"""The contracted centres, by the names that the demo's settings give their forwarders."""
CALL_BACK: Final = "0980-319 200"
VOICE_NUMBER: Final = "+46980319203"
PASSWORD: Final = "prova-larmet"
PIN: Final = "2468"
DURESS_PIN: Final = "8642"
TRAINED_ON: Final = date(2026, 9, 1)

_NIGHT: Final = TeamId(_id("Natt Nord"))
_FIELD: Final = TeamId(_id("Fältgruppen"))


@dataclass(frozen=True, slots=True)
class Hashes:
    """What stands in the database for everybody's password and for the PINs of whoever works alone."""

    password: str
    pin: str
    duress_pin: str


@dataclass(frozen=True, slots=True)
class _Who:
    """One person of the play. worn: protocol and account of what he or she wears."""

    name: str
    number: int
    platform: Channel | None
    teams: tuple[TeamId, ...] = ()
    unit: str = "Hemtjänst Nord"
    worn: tuple[str, str] | None = None
    employer: str | None = None


_CARE_PEOPLE: Final = (
    _Who("Anna Lindqvist", 5, Channel.APNS, (_NIGHT,), worn=("watch", "8660000001")),
    _Who("Bosse Åkerlund", 6, Channel.APNS, (_NIGHT,), worn=("watch", "8660000002")),
    _Who("Cecilia Öhman", 7, Channel.FCM, (_NIGHT,), worn=("osmand", "866000000000017")),
    _Who("Dag Sjöström", 8, Channel.FCM, (_NIGHT,), worn=("owntracks", "owntracks/dag/phone")),
    _Who("Eva Björklund", 9, Channel.APNS, unit="Hemtjänst Nord"),
    _Who("Väktare i beredskap", 10, None, employer="Älvdalens Bevakning AB"),
)
_SOCIAL_PEOPLE: Final = (
    _Who("Farid Haddad", 11, Channel.APNS, (_FIELD,), "Utredning", worn=("watch", "8660000011")),
    _Who("Gunilla Ek", 12, Channel.FCM, (_FIELD,), "Utredning", worn=("osmand", "866000000000111")),
    _Who("Hampus Lundmark", 13, Channel.APNS, (_FIELD,), "Utredning"),
    _Who("Ingrid Wallin", 14, Channel.FCM, unit="Utredning"),
)


async def seed(
    register: Register, users: Users, hashes: Hashes, now: datetime, *, fleet: int = 0, browser: str | None = None
) -> None:
    """Enter everybody; repeatable.

    fleet: how many further devices, each on a person of its own. browser: Eva's subscription to web push, as JSON.
    """
    care, social = Home(ORGANISATION, CARE), Home(ORGANISATION, SOCIAL)
    await register.organisation(ORGANISATION, NAME)
    await register.committee(ORGANISATION, CARE, "Omsorgsnämnden")
    await register.committee(ORGANISATION, SOCIAL, "Socialnämnden")
    await register.sector(care, _id("Äldreomsorg"), "Äldreomsorg")
    await register.sector(social, _id("Individ och familj"), "Individ och familj")
    await register.unit(care, _id("Hemtjänst Nord"), _id("Äldreomsorg"), "Hemtjänst Nord")
    await register.unit(social, _id("Utredning"), _id("Individ och familj"), "Utredning")
    await register.team(care, _NIGHT, _id("Hemtjänst Nord"), "Natt Nord")
    await register.team(social, _FIELD, _id("Utredning"), "Fältgruppen")
    for home, people in ((care, _CARE_PEOPLE), (social, _SOCIAL_PEOPLE)):
        for who in people:
            more = _evas_points(browser) if who.name == "Eva Björklund" else ()
            await _enter(register, home, who, hashes, now, more)
    panel = Device(
        id=_id("panel"), protocol="dc09", account="1234", label="Reception Solgården", model="SPT", secret=PANEL_KEY
    )
    await register.device(care, panel, now)
    await register.chain(care, _choice("omsorg", _NIGHT, "Eva Björklund", "Väktare i beredskap"), now)
    await register.chain(social, _choice("social", _FIELD, "Ingrid Wallin", None), now)
    await furnish(
        register,
        Town(
            an_id=_id,
            care=care,
            unit=UnitId(_id("Hemtjänst Nord")),
            team=_NIGHT,
            leader=PersonId(_id("Eva Björklund")),
            on_call=(PersonId(_id("Eva Björklund")), PersonId(_id("Dag Sjöström"))),
            guard=PersonId(_id("Väktare i beredskap")),
        ),
        now,
    )
    await write_down(register, care, _id, now)
    await write_plans(register, care, social, _id, now)
    await _enter_users(users, hashes.password)
    await hand_out(register, care, _id("Hemtjänst Nord"), _id, now, fleet=fleet)


def _evas_points(browser: str | None) -> tuple[ContactPoint, ...]:
    """The unit's leader can be reached by every way there is; what her unit shares stands under her name."""
    said = [(Channel.TEAMS, "nord"), (Channel.WEBHOOK, "drift"), (Channel.PAGER, "550")]
    if browser is not None:
        said.append((Channel.WEB_PUSH, browser))
    return tuple(
        ContactPoint(id=ContactPointId(_id(f"Eva {channel.value}")), channel=channel, address=address, rank=3)
        for channel, address in said
    )


async def _enter(
    register: Register, home: Home, who: _Who, hashes: Hashes, now: datetime, more: tuple[ContactPoint, ...]
) -> None:
    person_id = PersonId(_id(who.name))
    phone = f"+467017406{who.number:02d}"
    mail = f"{_plain(who.name)}@alvmarden.example"
    points = [
        ContactPoint(id=ContactPointId(_id(f"{who.name} sms")), channel=Channel.SMS, address=phone, rank=1),
        ContactPoint(id=ContactPointId(_id(f"{who.name} voice")), channel=Channel.VOICE, address=phone, rank=2),
        ContactPoint(id=ContactPointId(_id(f"{who.name} mail")), channel=Channel.MAIL, address=mail, rank=3),
        *more,
    ]
    if who.platform is not None:
        token = hashlib.sha256(who.name.encode()).hexdigest()
        points.append(
            ContactPoint(id=ContactPointId(_id(f"{who.name} app")), channel=who.platform, address=token, rank=0)
        )
    await register.person(
        home,
        Person(
            id=person_id,
            name=who.name,
            unit_id=None if who.employer else _id(who.unit),
            phone=phone,
            employer=who.employer,
            external=who.employer is not None,
            teams=who.teams,
            contact_points=tuple(points),
            trained_on=None if who.employer else TRAINED_ON,
            pin_hash=None if who.employer else hashes.pin,
            duress_pin_hash=None if who.employer else hashes.duress_pin,
        ),
    )
    if who.worn is not None:
        protocol, account = who.worn
        secret = hashlib.sha256(PHONE_SECRET.encode()).digest() if protocol in {"osmand", "owntracks"} else None
        device = Device(
            id=_id(f"{protocol} {account}"),
            protocol=protocol,
            account=account,
            label=f"{'Klocka' if protocol == 'watch' else 'Telefon'} {who.name.split()[0]}",
            secret=secret,
            worn_by=person_id,
        )
        await register.device(home, device, now)


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.lower()).replace(" ", ".")
    return "".join(letter for letter in letters if letter.isascii())


def _choice(name: str, team: TeamId, leader: str, guard: str | None) -> ChainChoice:
    last: list[Target] = [DeskTarget()]
    if guard is not None:
        last.insert(0, PersonTarget(PersonId(_id(guard))))
    steps = (
        Step(
            targets=(DeskTarget(), TeamTarget(team)),
            media=(Medium.PUSH, Medium.CONSOLE),
            wait=timedelta(seconds=45),
        ),
        Step(
            targets=(PersonTarget(PersonId(_id(leader))), TeamTarget(team)),
            media=(Medium.PUSH, Medium.SMS),
            all_at_once=False,
            medium_wait=timedelta(seconds=20),
            wait=timedelta(seconds=60),
        ),
        Step(targets=tuple(last), media=(Medium.VOICE, Medium.SMS, Medium.CONSOLE), wait=timedelta(seconds=60)),
        Step(
            targets=(ReceiverTarget(CENTRE), ReceiverTarget(GUARD_CENTRE), DeskTarget()),
            media=(Medium.CONSOLE,),
            wait=timedelta(seconds=120),
        ),
    )
    chain = EscalationChain(id=ChainId(_id(f"kedja {name}")), version=1, name=f"Kedja {name}", steps=steps)
    return ChainChoice(id=_id(f"val {name}"), chain=chain)


LOGINS: Final = (
    ("karin", "Karin Holm", Role.OPERATOR, None, (CARE, SOCIAL)),
    ("lars", "Lars Nyberg", Role.OPERATOR, None, (CARE, SOCIAL)),
    ("bosse", "Bosse Åkerlund", Role.RESPONDER, "Bosse Åkerlund", (CARE,)),
    ("cecilia", "Cecilia Öhman", Role.RESPONDER, "Cecilia Öhman", (CARE,)),
    ("anna", "Anna Lindqvist", Role.WORKER, "Anna Lindqvist", (CARE,)),
    ("dag", "Dag Sjöström", Role.WORKER, "Dag Sjöström", (CARE,)),
    ("farid", "Farid Haddad", Role.WORKER, "Farid Haddad", (SOCIAL,)),
    ("gunilla", "Gunilla Ek", Role.WORKER, "Gunilla Ek", (SOCIAL,)),
    ("hampus", "Hampus Lundmark", Role.WORKER, "Hampus Lundmark", (SOCIAL,)),
    ("maria", "Maria Chef", Role.MANAGER, None, (CARE,)),
    ("admin", "Administratören", Role.ADMIN, None, (CARE, SOCIAL)),
)
"""Login, name, role, whose it is, committees. Everybody's password is PASSWORD: this is a play."""


async def _enter_users(users: Users, password_hash: str) -> None:
    for login, name, role, person, committees in LOGINS:
        user = User(
            organisation_id=ORGANISATION,
            id=UserId(_id(f"login {login}")),
            login=login,
            name=name,
            role=role,
            person_id=None if person is None else PersonId(_id(person)),
            language="sv",
            committees=frozenset(committees),
        )
        await users.create(user, password_hash)
