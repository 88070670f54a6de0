"""The web role, put together; apart because FastAPI takes a second to import."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from escalation.ids import OrganisationId
from larmcentral.api.app import ApiParts
from larmcentral.api.asks import Receipts
from larmcentral.api.commands import IncidentCommands
from larmcentral.api.commands_calls import CallCommands
from larmcentral.api.commands_house import AnswerCommands, DeskCommands, DryRuns, PoolCommands, ReachBoards
from larmcentral.api.commands_orders import OrderCommands
from larmcentral.api.commands_points import PointCommands
from larmcentral.api.commands_work import WorkCommands
from larmcentral.api.passwords import PasswordCost, Passwords
from larmcentral.api.routes_forwarders import Centres
from larmcentral.api.routes_voice import VoiceAddress
from larmcentral.api.server import WebListen, WebRole
from larmcentral.api.settings import ApiSettings
from larmcentral.assembly_facts import channel_settings
from larmcentral.assembly_files import secret
from larmcentral.assembly_forwarders import forwarders, outlines
from larmcentral.calendars.ical import IcalRotas
from larmcentral.channels.sos_card import SosCards
from larmcentral.channels.speech_program import SpeechProgram, SpeechSettings
from larmcentral.channels.template_samples import TemplateSamples
from larmcentral.channels.vapid import VapidKey
from larmcentral.config import Config
from larmcentral.domain.users import SessionPlan
from larmcentral.domain.views_setup import MapSetup, Setup
from larmcentral.flows.forwarder_book import ForwarderBook
from larmcentral.flows.service_asks import ServiceAsks
from larmcentral.metrics import Metrics
from larmcentral.ports import Calendar, Clock, TakesIn
from larmcentral.reports.printing import Press
from larmcentral.store.attempts import Attempts
from larmcentral.store.dossiers import Dossiers
from larmcentral.store.feed import ChangeLog
from larmcentral.store.forwarders import ForwarderDesk, Forwarders
from larmcentral.store.pins import Pins
from larmcentral.store.pool import Pool
from larmcentral.store.reading import Reader
from larmcentral.store.reading_cases import CaseFiles
from larmcentral.store.reading_chains import Chains
from larmcentral.store.reading_house import HouseReads
from larmcentral.store.reading_orders import OrderReads
from larmcentral.store.reading_phone import OwnPhone
from larmcentral.store.reading_places import Places
from larmcentral.store.reading_plans import ActionPlans
from larmcentral.store.reading_points import Points
from larmcentral.store.reading_reports import Reports
from larmcentral.store.reading_rotas import Rotas
from larmcentral.store.reading_work import Work
from larmcentral.store.recordings import Recordings
from larmcentral.store.registers import Registers
from larmcentral.store.room import Room
from larmcentral.store.system_alarms import SystemAlarms
from larmcentral.store.templates import Templates
from larmcentral.store.users import Sessions, Users
from larmcentral.store.ways import WayDesk

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
    calls: CallCommands
    dry_runs: DryRuns
    reach: ReachBoards
    intake: TakesIn
    calendar: Calendar
    receipts: Receipts
    points: PointCommands
    service_asks: ServiceAsks
    orders: OrderCommands


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
        alarm_receivers=frozenset(config.forwarders),
        channels=channel_settings(config),
        allowed_countries=config.channels.allowed_countries,
        setup=setup_of(config, clock),
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
        readiness=Room(service),
        commands=commands.incidents,
        receipts=commands.receipts,
        calendar=commands.calendar,
        intake=commands.intake,
        work=Work(web),
        recordings=Recordings(web),
        pins=Pins(service),
        phone=OwnPhone(web, service),
        dossiers=Dossiers(web),
        places=Places(web),
        rotas=Rotas(web),
        rota_files=IcalRotas(clock.now),
        chains=Chains(web),
        plans=ActionPlans(web),
        house=HouseReads(web),
        lone_work=commands.work,
        desk=commands.desk,
        pool=commands.pool,
        answers=commands.answers,
        calls=commands.calls,
        voice=voice_address(config),
        speech=voice_of(config),
        dry_runs=commands.dry_runs,
        reach=commands.reach,
        points=Points(web, linked=config.http.origin is not None),
        point_commands=commands.points,
        service_asks=commands.service_asks,
        forwarders=_centres(config, service, web, clock, commands.service_asks),
        templates=Templates(web),
        template_samples=TemplateSamples(),
        sos_cards=SosCards(config.organisation.zone, config.organisation.name, config.organisation.call_back),
        ways=WayDesk(web),
        system_alarms=SystemAlarms(web),
        order_reads=OrderReads(web),
        orders=commands.orders,
        reports=Reports(web),
        case_files=CaseFiles(web, config.organisation.zone),
        press=Press(),
    )
    http = config.http
    return WebRole(
        parts, WebListen(host=http.host, port=http.port, trusted_proxies=http.trusted_proxies, limits=http.limits)
    )


def _centres(config: Config, service: Pool, web: Pool, clock: Clock, tests: ServiceAsks) -> Centres:
    """Return the contracted centres; their paths rehearse here and send nothing, so nothing is opened or kept."""
    book = ForwarderBook(Forwarders(service), OrganisationId(config.organisation.id), clock)
    by_name = {one.name: one for one in forwarders(config, clock, book, None, [])}
    return Centres(
        outlines=outlines(config),
        desk=ForwarderDesk(web),
        rehearse=lambda name, row, over: by_name[name].rehearse(row, restore=over),
        tests=tests,
    )


def setup_of(config: Config, clock: Clock) -> Setup:
    """Return what every screen is told."""
    said, push = config.map, config.channels.web_push
    url = said.tiles or said.pmtiles
    key = None
    if push is not None:
        key = VapidKey(key_pem=push.key_file.read_text("ascii"), subject=push.subject, clock=clock)
    return Setup(
        organisation=config.organisation.name,
        map=None
        if url is None
        else MapSetup(
            kind="pmtiles" if said.tiles is None else "raster",
            url=url,
            attribution=said.attribution,
            max_zoom=said.max_zoom,
        ),
        push_key=None if key is None else key.public_key,
        call_back=config.organisation.call_back,
    )


def voice_address(config: Config) -> VoiceAddress:
    """Return where telephone providers reach us, and what Twilio signs with."""
    elks, twilio = config.channels.voice_46elks, config.channels.voice_twilio
    return VoiceAddress(
        elks_url=None if elks is None else elks.answer_url,
        twilio_url=None if twilio is None else twilio.answer_url,
        twilio_token=None if twilio is None else secret(twilio.token, twilio.token_file),
    )


def voice_of(config: Config) -> SpeechProgram | None:
    """Return the voice that 46elks plays; None where the settings name no program."""
    elks = config.channels.voice_46elks
    if elks is None or not elks.speech_command:
        return None
    return SpeechProgram(SpeechSettings(command=elks.speech_command))
