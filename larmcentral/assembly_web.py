"""The web role, put together; apart because FastAPI takes a second to import."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from larmcentral.api.app import ApiParts
from larmcentral.api.asks import Receipts
from larmcentral.api.commands import IncidentCommands
from larmcentral.api.passwords import PasswordCost, Passwords
from larmcentral.api.server import WebListen, WebRole
from larmcentral.api.settings import ApiSettings
from larmcentral.assembly_channels import secret
from larmcentral.config import Config
from larmcentral.domain.users import SessionPlan
from larmcentral.metrics import Metrics
from larmcentral.ports import Clock
from larmcentral.store.attempts import Attempts
from larmcentral.store.feed import ChangeLog
from larmcentral.store.pool import Pool
from larmcentral.store.reading import Reader
from larmcentral.store.registers import Registers
from larmcentral.store.users import Sessions, Users

VERSION: Final = "0.1.0"
DIST: Final = Path(__file__).with_name("web") / "dist"


def build_web(
    config: Config,
    *,
    service: Pool,
    web: Pool,
    clock: Clock,
    metrics: Metrics,
    commands: IncidentCommands,
    receipts: Receipts,
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
        commands=commands,
        receipts=receipts,
    )
    return WebRole(
        parts, WebListen(host=config.http.host, port=config.http.port, trusted_proxies=config.http.trusted_proxies)
    )
