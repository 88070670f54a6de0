"""What an administrator does from the command line."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from escalation.alarm import AlarmKind
from escalation.ids import CommitteeId, OrganisationId, PersonId, UnitId, UserId
from escalation.wall_time import instant_of
from larmcentral.api.passwords import PasswordCost, Passwords
from larmcentral.assembly_database import database_dsns, embedded_dsn
from larmcentral.assembly_secrets import sealing_of
from larmcentral.calendars.swedish_days import SwedishDays
from larmcentral.clock import SystemClock, SystemIds
from larmcentral.config import Config
from larmcentral.domain.errors import NotFound
from larmcentral.domain.outbox import Lease
from larmcentral.domain.roles import Role
from larmcentral.domain.users import PinHashes, User
from larmcentral.domain.views_house import DryCall
from larmcentral.flows.dry_run import DryRun
from larmcentral.flows.hints import Hints
from larmcentral.flows.means import Means
from larmcentral.geo import metres_between
from larmcentral.metrics import Metrics
from larmcentral.store.device_secrets import DeviceSecrets
from larmcentral.store.named import Names, Sort
from larmcentral.store.pins import Pins
from larmcentral.store.pool import Pool
from larmcentral.store.postgres import PostgresStore
from larmcentral.store.users import Users


async def enter_user(
    config: Config,
    *,
    login: str,
    password: str,
    name: str,
    role: str,
    committees: tuple[UUID, ...],
    person: UUID | None,
    language: str,
) -> None:
    """Enter a user, or the same login again with what is new about him."""
    async with open_pool(config, "larm_service") as pool:
        users = Users(pool)
        organisation_id = OrganisationId(config.organisation.id)
        try:
            organisation_id, user_id = await users.find(login)
        except NotFound:
            user_id = UserId(SystemIds(SystemClock()).new())
        user = User(
            organisation_id=organisation_id,
            id=user_id,
            login=login,
            name=name,
            role=Role(role),
            person_id=None if person is None else PersonId(person),
            language=language,
            committees=frozenset(CommitteeId(committee) for committee in committees),
        )
        await users.create(user, Passwords(PasswordCost(), os.urandom).hash_now(password))


async def set_pin(config: Config, *, person: UUID, pin: str, duress_pin: str) -> None:
    """Give a worker new PINs, who forgot his. Raises NotFound."""
    passwords = Passwords(PasswordCost(), os.urandom)
    hashes = PinHashes(passwords.hash_now(pin), passwords.hash_now(duress_pin))
    async with open_pool(config, "larm_service") as pool:
        await Pins(pool).enter(OrganisationId(config.organisation.id), PersonId(person), hashes)


async def give_device_password(config: Config, *, account: str, password: str) -> None:
    """Give a transmitter that speaks SOS Access a password, such as a unit that stands in for a broken one.

    What the one before knew is worth nothing from now on, receivers know within seconds. Raises NotFound.
    """
    async with open_pool(config, "larm_service") as pool:
        secrets = DeviceSecrets(pool, sealing_of(config), OrganisationId(config.organisation.id))
        await secrets.give("sos_access", account, password.encode("latin-1"))


async def who_is_called(
    config: Config,
    *,
    person: UUID | str | None,
    unit: UUID | str | None,
    committee: UUID | str | None,
    kind: AlarmKind,
    silent: bool,
    at: datetime | None,
) -> tuple[DryCall, ...]:
    """Return who would be called if nobody answered; calls nobody.

    person, unit, committee: an id, or a name. committee: that of a person or unit given by name, else the house's own,
    if it is not said. at: the house's wall clock, without zone; None is now.
    Raises Unclear, NotFound, Refused.
    """
    clock = SystemClock()
    ids = SystemIds(clock)
    moment = clock.now() if at is None else instant_of(at, ZoneInfo(config.organisation.zone))
    async with open_pool(config, "larm_service") as service, open_pool(config, "larm_web") as web:
        meant = await _meant(Names(service), config, person=person, unit=unit, committee=committee)
        means = Means(
            store=PostgresStore(service, web, clock, ids),
            clock=clock,
            calendar=SwedishDays(config.organisation.zone),
            ids=ids,
            lease=Lease(ids.new(), timedelta()),
            hand_over=lambda notices: None,
            hints=Hints(),
            measures=Metrics(),
            distance_m=metres_between,
        )
        found = await DryRun(means).who_would_be_called(
            person_id=meant.person_id,
            unit_id=meant.unit_id,
            committee_id=meant.committee_id,
            kind=kind,
            silent=silent,
            at=moment,
            sight=frozenset({meant.committee_id}),
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Meant:
    """Whose alarm a dry run is about."""

    person_id: PersonId | None
    unit_id: UnitId | None
    committee_id: CommitteeId


async def _meant(
    names: Names,
    config: Config,
    *,
    person: UUID | str | None,
    unit: UUID | str | None,
    committee: UUID | str | None,
) -> _Meant:
    organisation_id = OrganisationId(config.organisation.id)
    within: CommitteeId | None = None
    if isinstance(committee, str):
        within = (await names.find(organisation_id, Sort.COMMITTEE, committee)).committee_id
    elif committee is not None:
        within = CommitteeId(committee)
    if isinstance(unit, str):
        found = await names.find(organisation_id, Sort.UNIT, unit, within)
        unit, within = found.id, found.committee_id
    if isinstance(person, str):
        found = await names.find(organisation_id, Sort.PERSON, person, within)
        person, within = found.id, found.committee_id
    return _Meant(
        person_id=None if person is None else PersonId(person),
        unit_id=None if unit is None else UnitId(unit),
        committee_id=within or CommitteeId(config.organisation.committee_id),
    )


def said(call: DryCall) -> str:
    """Return one call as a line: when after the alarm, which step, and who by what."""
    minutes, seconds = divmod(round(call.after_s), 60)
    hours, minutes = divmod(minutes, 60)
    step = "" if call.step is None else f"step {call.step + 1}"
    now = " (near just now)" if call.as_of_now else ""
    match call.what:
        case "told":
            what = f"{call.person or call.person_id} by {call.channel}{now}"
        case "desk":
            what = "the operators' desk"
        case "receiver":
            what = f"the alarm receiving centre {call.receiver}"
        case other:
            what = other.replace("_", " ") + (f": {call.why.replace('_', ' ')}" if call.why else "")
    return f"+{hours}:{minutes:02}:{seconds:02}  {step:8}  {what}"


@asynccontextmanager
async def open_pool(config: Config, role: str) -> AsyncIterator[Pool]:
    """Open one connection for a command of the command line."""
    dsns = database_dsns(config) if config.database.data_dir is None else [await embedded_dsn(config)]
    pool = Pool(dsns, role=role, size=1, deadline_s=config.database.deadline_s)
    try:
        yield pool
    finally:
        await pool.close()
