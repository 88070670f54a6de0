"""Metrics and health of a process, for roles that have no web: on loopback unless the settings say otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from larmcentral.metrics import CONTENT_TYPE, Metrics

READY_WITHIN_S: Final = 2.0
"""A database that takes longer to say yes is not ready."""


class MetricsServer:
    """GET /metrics, /healthz (the process turns) and /readyz (it can do its work; 503 if not).

    ready: says whether it can, and why not in words; an empty list is a yes. Port 0 takes any free one.
    Starts and stops in any order, any number of times.
    """

    def __init__(self, *, metrics: Metrics, ready: Callable[[], Awaitable[list[str]]], host: str, port: int) -> None:
        self._metrics, self._ready = metrics, ready
        self._host, self._port = host, port
        self._runner: web.AppRunner | None = None
        self._turn = asyncio.Lock()

    @property
    def port(self) -> int | None:
        """The port that is open, or None."""
        return int(self._runner.addresses[0][1]) if self._runner is not None else None

    async def start(self) -> None:
        """Open the port. Raises OSError where it cannot be had."""
        async with self._turn:
            if self._runner is not None:
                return
            app = web.Application()
            app.add_routes(
                [
                    web.get("/metrics", self._render),
                    web.get("/healthz", self._alive),
                    web.get("/readyz", self._is_ready),
                ]
            )
            runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
            await runner.setup()
            try:
                await web.TCPSite(runner, self._host, self._port).start()
            except BaseException:
                await runner.cleanup()
                raise
            self._runner = runner

    async def stop(self) -> None:
        """Close the port."""
        async with self._turn:
            runner, self._runner = self._runner, None
            if runner is not None:
                await runner.cleanup()

    async def _render(self, request: web.Request) -> web.Response:
        return web.Response(body=self._metrics.render(), headers={"Content-Type": CONTENT_TYPE})

    async def _alive(self, request: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def _is_ready(self, request: web.Request) -> web.Response:
        try:
            why_not = await asyncio.wait_for(self._ready(), READY_WITHIN_S)
        except TimeoutError:
            why_not = [f"no answer within {READY_WITHIN_S:g} s"]
        return web.Response(status=503 if why_not else 200, text="\n".join([*(why_not or ["ready"]), ""]))
