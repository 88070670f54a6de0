"""What a run of ways out stands on: people with five contact points, and incidents that tell one by all."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from escalation.alarm import AlarmKind
from escalation.chain import Channel, Contact, EscalationChain, Medium, PersonTarget, Roster, Step
from escalation.events import AlarmRaised
from escalation.ids import ChainId, ContactPointId, IncidentId, PersonId
from escalation.opening import open_incident
from escalation.purpose import Purpose
from larmcentral.config import Config
from larmcentral.config_file import load_config
from larmcentral.domain.record import Change, Record, Subject
from larmcentral.domain.register import ContactPoint, Home, Person
from larmcentral.domain.timeline import FIRST_HASH
from larmcentral.store.pool import Pool
from larmcentral.store.register import Register
from load.generator import PROTOCOL, account
from load.house import COMMITTEE, ORGANISATION, STEP_WAIT, House, an_id, unit_id


@dataclass(frozen=True, slots=True)
class Way:
    """A channel under load. provider: its way out. peer: its name among the stand-ins."""

    channel: Channel
    provider: str
    peer: str


FIVE: Final = (
    Way(Channel.APNS, "apns", "apns"),
    Way(Channel.FCM, "fcm", "fcm"),
    Way(Channel.SMS, "46elks", "sms"),
    Way(Channel.MAIL, "mail", "mail"),
    Way(Channel.WEBHOOK, "webhooks", "hooks"),
)
HOOK: Final = "larm"


def settings(house: House) -> Config:
    """Write down what an administrator would, and read it as the server does."""
    peers, folder = house.peers, house.folder

    def kept(name: str, said: object) -> str:
        path = folder / name
        path.write_text(str(said), "utf-8")
        return str(path)

    sections: dict[str, dict[str, Any]] = {
        "organisation": {"id": ORGANISATION, "name": "Lastköping", "committee_id": COMMITTEE},
        "database": {"data_dir": folder / "database"},
        "secrets": {"sealing_key_file": house.sealing_key_file},
        "channels.apns": {
            name: peers["apns"][name] for name in ("key_file", "key_id", "team_id", "topic", "host", "port")
        },
        "channels.fcm": {name: peers["fcm"][name] for name in ("service_account_file", "endpoint")},
        "channels.sms": {
            "username": peers["sms"]["username"],
            "password_file": kept("sms.password", peers["sms"]["password"]),
            "sender": "Larm",
            "endpoint": peers["sms"]["endpoint"],
            "delivered_url": "https://larm.invalid/api/receipts",
            "receipt_secret_file": kept("receipt.secret", "kvitto-på-allt-som-sänds"),
        },
        "channels.mail": {
            **{name: peers["mail"][name] for name in ("host", "port", "tls", "username")},
            "password_file": kept("mail.password", peers["mail"]["password"]),
            "sender": "larm@example.com",
        },
        f"channels.webhooks.hooks.{HOOK}": {
            "url": peers["hooks"]["webhook_url"],
            "secret_file": kept("hook.secret", peers["hooks"]["secret"]),
            "allow_private": True,
        },
    }
    for name, section in sections.items():
        if name.startswith("channels."):
            section["ca_file"] = peers["ca_file"]
    path = folder / "ways.toml"
    path.write_text("\n".join(line for name, section in sections.items() for line in _lines(name, section)), "utf-8")
    return load_config(path)


def _lines(name: str, section: dict[str, Any]) -> Sequence[str]:
    return [f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in section.items())]


def _toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
    return f'"{value}"'


async def enter_people(service: Pool, count: int) -> None:
    """Enter those who are told."""
    register, home = Register(service), Home(ORGANISATION, COMMITTEE)
    for number in range(count):
        points = tuple(
            ContactPoint(id=_point(number, way), channel=way.channel, address=_address(number, way.channel))
            for way in FIVE
        )
        person = Person(id=_person(number), name=f"Kollega {number + 1:03d}", unit_id=unit_id(0), contact_points=points)
        await register.person(home, person)


def opened(wearer: int, told: int, now: datetime) -> Change:
    """An incident of a wearer that opens with five notices to one colleague."""
    target = PersonTarget(_person(told))
    contacts = tuple(Contact(_point(told, way), _person(told), way.channel) for way in FIVE)
    step = Step(targets=(target,), media=(Medium.PUSH, Medium.SMS, Medium.MAIL, Medium.WEBHOOK), wait=STEP_WAIT)
    chain = EscalationChain(id=ChainId(an_id(f"ways {told}")), version=1, name="Alla vägar", steps=(step,))
    raised = AlarmRaised(
        signal_id=None,
        kind=AlarmKind.PANIC,
        silent=False,
        lateness=None,
        chain=chain,
        roster=Roster({target: contacts}),
    )
    person_id = PersonId(an_id(f"wearer {wearer}"))
    decision = open_incident(IncidentId(an_id(f"way {wearer}")), Purpose.REAL, raised, now, person_id)
    subject = Subject(
        organisation_id=ORGANISATION,
        committee_id=COMMITTEE,
        protocol=PROTOCOL,
        account=account(wearer),
        device_id=an_id(f"watch {wearer}"),
        person_id=person_id,
        unit_id=unit_id(0),
    )
    record = Record(subject=subject, incident=decision.incident, version=1, entries=0, last_hash=FIRST_HASH)
    return Change(before=None, after=record).then(decision)


def _person(number: int) -> PersonId:
    return PersonId(an_id(f"told {number}"))


def _point(number: int, way: Way) -> ContactPointId:
    return ContactPointId(an_id(f"told {number} by {way.provider}"))


def _address(number: int, channel: Channel) -> str:
    match channel:
        case Channel.SMS:
            return f"+4670174{number:04d}"
        case Channel.MAIL:
            return f"kollega.{number}@example.com"
        case Channel.WEBHOOK:
            return HOOK
    return hashlib.sha256(f"told {number} {channel.value}".encode()).hexdigest()
