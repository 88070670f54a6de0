"""The API's own answers to telephone providers, served on loopback beside a channel."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from larmcentral.api.doorstep import Doorstep
from larmcentral.api.metrics import ApiMetrics
from larmcentral.api.problems import speak_in_problems
from larmcentral.api.routes_voice import VoiceAddress, voice_routes
from larmcentral.api.server import WebListen, _config, _Server
from larmcentral.clock import SystemClock
from larmcentral.ports.speech import ReadsAloud
from tests.fakes.written_calls import WrittenCalls


@asynccontextmanager
async def answering(calls: WrittenCalls, *, speech: ReadsAloud | None, twilio_token: str) -> AsyncIterator[str]:
    """Serve the routes for a while; the value is what answer_url says."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        url = f"http://127.0.0.1:{port}/api"
        app = FastAPI()
        speak_in_problems(app)
        app.include_router(
            voice_routes(calls, VoiceAddress(elks_url=url, twilio_url=url, twilio_token=twilio_token), speech)
        )
        listen = WebListen(host="127.0.0.1", port=port)
        doorstep = Doorstep(listen.limits, SystemClock(), ApiMetrics(CollectorRegistry()), proxies=frozenset())
        server = _Server(_config(app, listen, doorstep))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield url
        finally:
            server.should_exit = True
            await serving
