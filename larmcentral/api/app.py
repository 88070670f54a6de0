"""The web application, put together from what it is handed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Depends, FastAPI
from prometheus_client import CollectorRegistry

from larmcentral.api import asks
from larmcentral.api.commands import IncidentCommands
from larmcentral.api.console_files import console_routes
from larmcentral.api.feed import FeedHub
from larmcentral.api.gate import Gate
from larmcentral.api.guard import Guard
from larmcentral.api.metrics import ApiMetrics
from larmcentral.api.passwords import Passwords
from larmcentral.api.problems import speak_in_problems
from larmcentral.api.routes_feed import feed_routes
from larmcentral.api.routes_house import house_routes
from larmcentral.api.routes_incidents import Actions, incident_routes
from larmcentral.api.routes_registers import register_routes
from larmcentral.api.routes_session import LogInDesk, session_routes
from larmcentral.api.settings import ApiSettings
from larmcentral.ports import Clock


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
    app.include_router(session_routes(desk, gate, parts.sessions, settings))
    app.include_router(incident_routes(parts.incidents, Actions(parts.incidents, parts.commands), clock))
    app.include_router(register_routes(parts.registers, clock))
    app.include_router(feed_routes(hub))
    app.include_router(
        house_routes(
            readiness=parts.readiness,
            database_seen=lambda: hub.ready,
            receipts=parts.receipts,
            registry=parts.registry,
            settings=settings,
        )
    )
    if settings.dist is not None:
        app.router.routes.extend(console_routes(settings.dist))
    return app
