"""The web application, put together from what it is handed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Depends, FastAPI
from prometheus_client import CollectorRegistry

from larmcentral.api import (
    asks,
    asks_house,
    asks_orders,
    asks_persons,
    asks_phone,
    asks_places,
    asks_plans,
    asks_points,
    asks_reports,
    asks_rotas,
    asks_templates,
    asks_work,
    commands_house,
    commands_orders,
    commands_points,
    commands_work,
)
from larmcentral.api.commands import IncidentCommands
from larmcentral.api.commands_calls import CallCommands
from larmcentral.api.console_files import console_routes
from larmcentral.api.feed import FeedHub
from larmcentral.api.gate import Gate
from larmcentral.api.guard import Guard, document_guard
from larmcentral.api.metrics import ApiMetrics
from larmcentral.api.passwords import Passwords
from larmcentral.api.pins import PinDesk
from larmcentral.api.problems import speak_in_problems
from larmcentral.api.routes_answers import answer_routes
from larmcentral.api.routes_chains import chain_routes
from larmcentral.api.routes_desk import desk_routes
from larmcentral.api.routes_dossiers import dossier_routes
from larmcentral.api.routes_export import export_routes
from larmcentral.api.routes_feed import feed_routes
from larmcentral.api.routes_forwarders import Centres, forwarder_routes
from larmcentral.api.routes_house import house_routes
from larmcentral.api.routes_incidents import Actions, incident_routes
from larmcentral.api.routes_orders import order_routes
from larmcentral.api.routes_phone import phone_routes
from larmcentral.api.routes_places import place_routes
from larmcentral.api.routes_plans import plan_routes
from larmcentral.api.routes_points import own_point_routes, point_routes
from larmcentral.api.routes_pool import pool_routes
from larmcentral.api.routes_reach import reach_routes
from larmcentral.api.routes_registers import register_routes
from larmcentral.api.routes_reports import report_routes
from larmcentral.api.routes_rotas import rota_routes
from larmcentral.api.routes_running import running_routes
from larmcentral.api.routes_service_messages import service_message_routes
from larmcentral.api.routes_session import LogInDesk, session_routes
from larmcentral.api.routes_sessions import work_routes
from larmcentral.api.routes_setup import setup_routes
from larmcentral.api.routes_signals import signal_routes
from larmcentral.api.routes_sos_card import CardWriter, sos_card_routes
from larmcentral.api.routes_system_alarms import system_alarm_routes
from larmcentral.api.routes_templates import template_routes
from larmcentral.api.routes_voice import VoiceAddress, voice_routes
from larmcentral.api.routes_ways import way_routes
from larmcentral.api.routes_worker import worker_routes
from larmcentral.api.settings import ApiSettings
from larmcentral.ports import Calendar, Clock, TakesIn
from larmcentral.ports.press import PrintsCases
from larmcentral.ports.speech import ReadsAloud
from larmcentral.ports.ways import WayDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiParts:
    """Everything the API needs from the house. random_bytes: of this length, from the kernel."""

    settings: ApiSettings
    clock: Clock
    random_bytes: Callable[[int], bytes]
    registry: CollectorRegistry
    passwords: Passwords
    incidents: asks.Incidents
    registers: asks.Registers
    users: asks.Users
    sessions: asks.Sessions
    attempts: asks.Attempts
    changes: asks.ChangeLog
    readiness: asks.Readiness
    commands: IncidentCommands
    receipts: asks.Receipts
    calendar: Calendar
    intake: TakesIn
    work: asks_work.Work
    recordings: asks_work.Recordings
    pins: asks_work.Pins
    phone: asks_phone.OwnPhone
    dossiers: asks_persons.Dossiers
    places: asks_places.Places
    rotas: asks_rotas.Rotas
    rota_files: asks_rotas.RotaCalendar
    chains: asks_rotas.Chains
    plans: asks_plans.Plans
    house: asks_house.HouseReads
    lone_work: commands_work.WorkCommands
    desk: commands_house.DeskCommands
    pool: commands_house.PoolCommands
    answers: commands_house.AnswerCommands
    calls: CallCommands
    voice: VoiceAddress
    speech: ReadsAloud | None
    dry_runs: commands_house.DryRuns
    reach: commands_house.ReachBoards
    points: asks_points.Points
    point_commands: commands_points.PointCommands
    service_asks: commands_points.ServiceAsking
    forwarders: Centres
    templates: asks_templates.Templates
    template_samples: asks_templates.TemplateSamples
    sos_cards: CardWriter
    ways: WayDesk
    system_alarms: asks_house.SystemAlarms
    order_reads: asks_orders.OrderReads
    orders: commands_orders.OrderCommands
    reports: asks_reports.Reports
    case_files: asks_reports.CaseFiles
    press: PrintsCases


def build_app(parts: ApiParts, hub: FeedHub, metrics: ApiMetrics) -> FastAPI:
    """Build the application. The hub is started and stopped by whoever runs it."""
    settings, clock = parts.settings, parts.clock
    gate = Gate(parts.sessions, settings, clock)
    app = FastAPI(
        title="larmcentral",
        version=settings.version,
        openapi_url="/api/openapi.json",
        docs_url=None,  # both pages load scripts from elsewhere
        redoc_url=None,
        dependencies=[Depends(gate)],
        redirect_slashes=False,
    )
    app.add_middleware(Guard, settings=settings, metrics=metrics, clock=clock)
    speak_in_problems(app)
    desk = LogInDesk(
        users=parts.users,
        sessions=parts.sessions,
        attempts=parts.attempts,
        passwords=parts.passwords,
        clock=clock,
        random_bytes=parts.random_bytes,
        metrics=metrics,
    )
    actions = Actions(parts.incidents, parts.commands)
    pins = PinDesk(parts.pins, parts.attempts, parts.passwords, clock, parts.lone_work.call_under_duress)
    for router in (
        session_routes(desk, gate, parts.sessions, parts.desk, settings, clock),
        incident_routes(parts.incidents, actions, clock),
        running_routes(actions, settings.alarm_receivers),
        plan_routes(parts.plans, actions),
        sos_card_routes(parts.incidents, parts.sos_cards, clock),
        register_routes(parts.registers, clock),
        feed_routes(hub),
        worker_routes(parts.work, parts.lone_work, pins, clock),
        phone_routes(parts.phone, parts.places, parts.lone_work, clock),
        signal_routes(parts.intake, clock),
        work_routes(parts.work, parts.recordings, parts.lone_work, clock),
        dossier_routes(parts.dossiers, clock),
        setup_routes(settings),
        place_routes(parts.places, parts.calendar, clock),
        rota_routes(parts.rotas, parts.rota_files, parts.calendar, clock),
        chain_routes(parts.chains, parts.dry_runs, clock, settings.alarm_receivers),
        desk_routes(parts.house, parts.desk, clock),
        reach_routes(parts.house, parts.rotas, parts.reach),
        pool_routes(parts.house, parts.pool),
        answer_routes(parts.answers, settings),
        voice_routes(parts.calls, parts.voice, parts.speech),
        own_point_routes(parts.points, parts.point_commands, parts.service_asks, settings.allowed_countries),
        point_routes(parts.points, parts.point_commands, parts.service_asks, settings.allowed_countries, clock),
        template_routes(parts.templates, parts.template_samples, clock),
        service_message_routes(parts.points, parts.point_commands, parts.service_asks, settings, clock),
        forwarder_routes(parts.forwarders, clock),
        way_routes(parts.ways, settings),
        system_alarm_routes(parts.system_alarms),
        order_routes(parts.order_reads, parts.orders),
        report_routes(parts.reports, parts.calendar, clock),
        export_routes(parts.case_files, parts.press, clock),
    ):
        app.include_router(router)
    app.include_router(
        house_routes(
            readiness=parts.readiness,
            database_seen=lambda: hub.ready,
            receipts=parts.receipts,
            registry=parts.registry,
            settings=settings,
        )
    )
    document_guard(app)
    if settings.dist is not None:
        app.router.routes.extend(console_routes(settings.dist))
    return app
