"""The web role: the application under uvicorn, inside a loop that belongs to somebody else."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import uvicorn

from larmcentral.api.app import ApiParts, build_app
from larmcentral.api.desk_pulse import DeskPulse
from larmcentral.api.doorstep import Doorstep
from larmcentral.api.feed import FeedHub
from larmcentral.api.limits import WebLimits
from larmcentral.api.metrics import ApiMetrics

GRACE_S: Final = 5
"""How long requests that are under way may take once we stop; streams are ended before."""
BACKLOG: Final = 1024
LOOK_S: Final = 0.01
SUITES: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2, below which Python goes no more; as at the listeners for devices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebListen:
    """Where the web role listens. port 0: any that is free.

    trusted_proxies: addresses whose X-Forwarded-For and X-Forwarded-Proto count. certificate, key: PEM files for
    TLS of our own, where no proxy does it. limits: of number and time.
    """

    host: str = "127.0.0.1"
    port: int = 8090
    trusted_proxies: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    limits: WebLimits = field(default_factory=WebLimits)


class _Server(uvicorn.Server):
    """uvicorn without its own ideas about signals: it would raise them again at its end."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WebRole:
    """Application, hub and server, started and stopped together. May be started again after a stop."""

    def __init__(self, parts: ApiParts, listen: WebListen) -> None:
        metrics = ApiMetrics(parts.registry)
        self.hub = FeedHub(parts.changes, parts.incidents, parts.sessions, parts.readiness, parts.clock, metrics)
        self.pulse = DeskPulse(parts.desk, self.hub.operators, parts.clock)
        self.app = build_app(parts, self.hub, metrics)
        self.doorstep = Doorstep(listen.limits, parts.clock, metrics, proxies=frozenset(listen.trusted_proxies))
        self._clock = parts.clock
        self._listen = listen
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self.port = listen.port

    async def start(self) -> None:
        """Listen. Raises OSError where the address is taken."""
        if self._server is not None:
            return
        listener = _bind(self._listen)
        self.port = listener.getsockname()[1]
        self._server = _Server(_config(self.app, self._listen, self.doorstep))
        await self.hub.start()
        await self.pulse.start()
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        while not self._server.started and not self._serving.done():
            await self._clock.sleep(LOOK_S)
        if self._serving.done():
            await self.stop()
            raise OSError("the web server ended as it began; its log says why")

    async def stop(self) -> None:
        """End the streams, then the server: it waits for its streams, and they would wait for ever."""
        server, serving = self._server, self._serving
        self._server = self._serving = None
        await self.pulse.stop()
        await self.hub.stop()
        if server is not None and serving is not None:
            server.should_exit = True
            await serving


def _bind(listen: WebListen) -> socket.socket:
    family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
    listener = socket.create_server((listen.host, listen.port), family=family, backlog=BACKLOG)
    listener.setblocking(False)
    return listener


def _config(app: object, listen: WebListen, doorstep: Doorstep) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # FastAPI is an ASGI application; uvicorn's type for one is narrower
        http=doorstep.protocol,  # type: ignore[arg-type]  # it asks for a class, and only ever calls it
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        backlog=BACKLOG,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=listen.limits.keep_alive_s,  # type: ignore[arg-type]  # seconds for the loop's own timer
        proxy_headers=bool(listen.trusted_proxies),
        forwarded_allow_ips=list(listen.trusted_proxies),
        ssl_certfile=listen.certificate,
        ssl_keyfile=listen.key,
        ssl_ciphers=SUITES,
    )
