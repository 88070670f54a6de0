"""The wall around every request: only our own pages write, bodies have a limit, answers carry their headers."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from larmcentral.api.bodies import limit_bytes
from larmcentral.api.metrics import ApiMetrics
from larmcentral.api.problems import Refusal, documented, problem
from larmcentral.api.settings import ApiSettings
from larmcentral.domain.views_setup import MapSetup
from larmcentral.ports import Clock

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
WITHOUT_COOKIE: Final = ("/api/receipts/", "/api/answers/", "/api/proofs/", "/api/voice/")
"""Called by providers, and by phones that answer a notice: no cookie counts there, each has a secret of its own."""

POLICY: Final = "Content-Security-Policy"

LOG = structlog.get_logger("larmcentral.api")


def content_policy(tiles: MapSetup | None) -> str:
    """Return what our pages may fetch and run: nothing from elsewhere but the tiles that the settings name."""
    images, calls = "img-src 'self' data:", "connect-src 'self'"
    origin = "" if tiles is None else origin_of(tiles.url)
    if tiles is not None and origin:
        images += f" {origin}"
        calls += f" {origin}" if tiles.kind == "pmtiles" else ""
    return (
        f"default-src 'self'; {images}; {calls}; style-src 'self'; worker-src 'self'; manifest-src 'self'; "
        "object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address; empty for one on our own host."""
    said = urlsplit(url)
    return f"{said.scheme}://{said.netloc}" if said.netloc else ""


def document_guard(app: FastAPI) -> None:
    """Say of every route that writes what the guard may answer in its place: that the body is too large."""
    written, too_large = app.openapi, documented(413)[413]

    def openapi() -> dict[str, Any]:
        document = written()
        for operations in document["paths"].values():
            for method, operation in operations.items():
                if method.upper() not in SAFE:
                    operation["responses"].setdefault("413", too_large)
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to add to the document


class Guard:
    """Wraps the whole app. One of the three edges where any error is caught: a request."""

    def __init__(self, app: ASGIApp, settings: ApiSettings, metrics: ApiMetrics, clock: Clock) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._clock = clock
        self._headers = {
            POLICY: content_policy(settings.setup.map),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
        }
        if settings.secure_cookies:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send, self._headers, api=scope["path"].startswith("/api/"))
        began = self._clock.monotonic()
        refused = self._refuses(scope)
        try:
            if refused is not None:
                await problem(refused.status, refused.reason)(scope, receive, answer.send)
            else:
                await self._app(scope, _Body(receive, self._limit_bytes(scope)).receive, answer.send)
        except Exception as error:  # the request's edge: one request falls, the server stands
            LOG.exception("request_failed", route=_route(scope), error=type(error).__name__)
            if answer.status is not None:
                raise  # half an answer is out: only closing the connection tells the client
            await problem(500, "internal")(scope, receive, answer.send)
        finally:
            self._metrics.request(_route(scope), scope["method"], answer.status, self._clock.monotonic() - began)

    def _refuses(self, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._limit_bytes(scope):
            return Refusal(413, "too_large")
        if scope["method"] in SAFE or scope["path"].startswith(WITHOUT_COOKIE):
            return None
        if headers.get("x-larm") != "1" or not self._same_origin(headers):
            return Refusal(403, "cross_site")
        return None

    def _limit_bytes(self, scope: Scope) -> int:
        return limit_bytes(scope["method"], scope["path"], self._settings.body_limit_bytes)

    def _same_origin(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is None:
            return True
        return urlsplit(origin).netloc in {headers.get("host"), *self._settings.origins} - {None, ""}


class _Body:
    """A body that named no length, or the wrong one, ends at the limit."""

    def __init__(self, receive: Receive, limit_bytes: int) -> None:
        self._receive = receive
        self._left_bytes = limit_bytes

    async def receive(self) -> Message:
        message = await self._receive()
        self._left_bytes -= len(message.get("body", b""))
        if self._left_bytes < 0:
            raise HTTPException(413)  # the one kind of error that FastAPI lets through from here
        return message


class _Answer:
    """Adds the headers to whatever is answered, and remembers that something was."""

    def __init__(self, send: Send, headers: MutableMapping[str, str], *, api: bool) -> None:
        self._send = send
        self._headers = headers
        self._api = api
        self.status: int | None = None

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                if name != POLICY or name not in headers:  # a file that might run says a stricter one of its own
                    headers[name] = value
            if self._api:
                headers["Cache-Control"] = "no-store"
                headers["X-Larm"] = "1"  # a page takes an alarm for received by this, and not by a hotel's "yes"
        await self._send(message)


def _route(scope: Scope) -> str:
    """The route's pattern, never the path: paths carry ids and secrets."""
    return str(getattr(scope.get("route"), "path", "none"))
