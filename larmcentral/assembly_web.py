"""The web role, put together; apart because FastAPI takes a second to import."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from larmcentral.api.app import ApiParts
from larmcentral.api.asks import Receipts
from larmcentral.api.commands import IncidentCommands
from larmcentral.api.commands_house import AnswerCommands, DeskCommands, DryRuns, PoolCommands
from larmcentral.api.commands_work import WorkCommands
from larmcentral.api.passwords import PasswordCost, Passwords
from larmcentral.api.server import WebListen, WebRole
from larmcentral.api.settings import ApiSettings
from larmcentral.assembly_channels import secret
from larmcentral.calendars.ical import IcalRotas
from larmcentral.config import Config
from larmcentral.domain.users import SessionPlan
from larmcentral.metrics import Metrics
from larmcentral.ports import Calendar, Clock, TakesIn
from larmcentral.store.attempts import Attempts
from larmcentral.store.feed import ChangeLog
from larmcentral.store.pins import Pins
from larmcentral.store.pool import Pool
from larmcentral.store.reading import Reader
from larmcentral.store.reading_chains import Chains
from larmcentral.store.reading_house import HouseReads
from larmcentral.store.reading_places import Places
from larmcentral.store.reading_rotas import Rotas
from larmcentral.store.reading_work import Work
from larmcentral.store.recordings import Recordings
from larmcentral.store.registers import Registers
from larmcentral.store.users import Sessions, Users

VERSION: Final = "0.1.0"
DIST: Final = Path(__file__).with_name("web") / "dist"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """What people can make happen, as the house offers it to the web."""

    incidents: IncidentCommands
    work: WorkCommands
    desk: DeskCommands
    pool: PoolCommands
    answers: AnswerCommands
    dry_runs: DryRuns
    intake: TakesIn
    calendar: Calendar
    receipts: Receipts


def build_web(
    config: Config,
    *,
    service: Pool,
    web: Pool,
    clock: Clock,
    metrics: Metrics,
    commands: Commands,
) -> WebRole:
    """Build the API with the feed and the console's files, not yet listening."""
    sms = config.channels.sms
    origin = None if config.http.origin is None else urlsplit(config.http.origin).netloc
    settings = ApiSettings(
        version=VERSION,
        dist=DIST if (DIST / "index.html").exists() else None,
        secure_cookies=config.http.secure_cookies,
        origins=frozenset() if origin is None else frozenset({origin}),
        metrics_secret=secret(None, config.http.metrics_secret_file),
        receipt_secret=None if sms is None else secret(sms.receipt_secret, sms.receipt_secret_file),
    )
    parts = ApiParts(
        settings=settings,
        clock=clock,
        random_bytes=os.urandom,
        registry=metrics.registry,
        passwords=Passwords(PasswordCost(), os.urandom),
        incidents=Reader(web),
        registers=Registers(web),
        users=Users(service),
        sessions=Sessions(service, SessionPlan()),
        attempts=Attempts(service),
        changes=ChangeLog(service, web),
        readiness=service,
        commands=commands.incidents,
        receipts=commands.receipts,
        calendar=commands.calendar,
        intake=commands.intake,
        work=Work(web),
        recordings=Recordings(web),
        pins=Pins(service),
        places=Places(web),
        rotas=Rotas(web),
        rota_files=IcalRotas(clock.now),
        chains=Chains(web),
        house=HouseReads(web),
        lone_work=commands.work,
        desk=commands.desk,
        pool=commands.pool,
        answers=commands.answers,
        dry_runs=commands.dry_runs,
    )
    return WebRole(
        parts, WebListen(host=config.http.host, port=config.http.port, trusted_proxies=config.http.trusted_proxies)
    )
