"""A responder's phone and the house that calls him out, as the browser tests hold them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import APIRequestContext, BrowserContext, ConsoleMessage, Page, expect

from tests.waiting import until

PASSWORD = "prova-larmet"  # of the made-up municipality
AS_PHONE = {"X-Larm": "1", "X-Larm-As": "phone"}
AS_DESK = {"X-Larm": "1", "X-Larm-As": "desk"}
HERE = {"latitude": 67.13, "longitude": 20.66}
READ = """navigator.serviceWorker.ready.then((it) => it.getNotifications()).then((all) => all.map(
  (one) => ({ title: one.title, body: one.body, tag: one.tag, silent: one.silent,
              actions: one.actions.map((button) => button.action) })))"""
# Chromium drops a notice from its books when the notices are read while it is being shown: what was shown is noted.
NOTE = """() => {
  if (self.shown) return;
  self.shown = [];
  const show = self.registration.showNotification.bind(self.registration);
  self.registration.showNotification = (title, options) => show(title, options).then(() => void self.shown.push(title));
}"""
PRESS = """async ([action, tag]) => {
  const [notification] = await self.registration.getNotifications({ tag });
  const event = new Event("notificationclick");
  let work;
  Object.assign(event, { action, notification, waitUntil: (it) => (work = it) });
  self.dispatchEvent(event);
  // To the front a real press alone may bring a page; and a notice that is over waits before it closes.
  await Promise.race([work.catch(() => undefined), new Promise((done) => setTimeout(done, 2000))]);
}"""


@dataclass
class Phone:
    """One responder's phone, and what the page complained of or asked elsewhere."""

    page: Page
    context: BrowserContext
    web: str
    errors: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)

    async def log_in(self, login: str) -> None:
        await self.page.locator("input[name=login]").fill(login)
        await self.page.locator("input[name=password]").fill(PASSWORD)
        await self.page.keyboard.press("Enter")
        await self.page.locator(".shell").wait_for()
        await expect(self.page.locator(".contact:not(.lost)")).to_be_visible()

    async def ask(self, method: str, path: str, **body: Any) -> Any:
        """Ask as the phone does, past its screen."""
        answer = await self.context.request.fetch(
            f"{self.web}{path}", method=method, data=body if method != "GET" else None, headers=AS_PHONE
        )
        assert answer.ok, await answer.text()
        return await answer.json() if answer.status != 204 else None

    async def push(self, payload: dict[str, Any]) -> None:
        """Deliver a push as the browser's service would: to a worker that is there; what comes before it is lost."""
        await self._at_the_worker()
        cdp = await self.context.new_cdp_session(self.page)
        known: list[str] = []
        cdp.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda said: known.extend(one["registrationId"] for one in said["registrations"]),
        )
        await cdp.send("ServiceWorker.enable")

        async def registered() -> bool:
            return bool(known)

        await until(registered, "the worker is registered")
        await cdp.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": self.web, "registrationId": known[-1], "data": json.dumps(payload)},
        )
        await cdp.detach()

    async def notices(self) -> list[dict[str, Any]]:
        """What stands on the phone's own screen; never asked while something is being shown."""
        found: list[dict[str, Any]] = await self.page.evaluate(READ)
        return found

    async def a_notice(self, title: str) -> dict[str, Any]:
        async def shown() -> bool:
            return title in await self._at_the_worker("() => self.shown")

        await until(shown, f"a notice: {title}", within_s=10)
        return next(one for one in await self.notices() if one["title"] == title)

    async def _at_the_worker(self, ask: str = NOTE) -> Any:
        await self.page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
        (worker,) = self.context.service_workers
        return await worker.evaluate(ask)

    async def press(self, tag: str, action: str) -> None:
        """Press a button of a notice, or the notice itself (""): as the worker hears it, since no test may."""
        await self.context.service_workers[0].evaluate(PRESS, [action, tag])


@dataclass
class House:
    """The desk's own word, and somebody who calls for help."""

    web: str
    desk: APIRequestContext
    anna: APIRequestContext
    side: str

    async def panic(self, *, silent: bool = False) -> dict[str, Any]:
        """Anna calls for help; return what the desk has of it."""
        now = datetime.now(UTC).isoformat()  # noqa: TID251  # the phone's own
        known = {one["id"] for one in await self.open()}
        position = {"lat": 67.1321, "lon": 20.6605, "accuracy_m": 18, "fix_at": now, "valid": True}
        body = {"id": secrets.token_hex(16), "kind": "panic", "event_at": now, "sent_at": now, "buffered": False}
        answer = await self.anna.post(
            f"{self.web}/api/me/signals", data={**body, "silent": silent, "confirmed": True, "position": position}
        )
        assert answer.ok, await answer.text()

        async def there() -> bool:
            return any(one["id"] not in known for one in await self.open())

        await until(there, "the desk has it", within_s=15)
        return next(one for one in await self.open() if one["id"] not in known)

    async def open(self) -> list[dict[str, Any]]:
        answer = await self.desk.get(f"{self.web}/api/incidents")
        assert answer.ok, await answer.text()
        rows: list[dict[str, Any]] = (await answer.json())["incidents"]
        return [one for one in rows if (one["person"] or {}).get("name") == "Anna Lindqvist"]

    async def order(self, incident_id: str, what: str, **body: Any) -> None:
        if body.get("outcome") == "test":
            body["closing"] = [{"key": "cause", "choice": "training", "note": "Provat."}]
        answer = await self.desk.post(f"{self.web}/api/incidents/{incident_id}/{what}", data=body)
        assert answer.ok, await answer.text()

    async def state_of(self, incident_id: str, name: str) -> str | None:
        (incident,) = [one for one in await self.open() if one["id"] == incident_id]
        return next((one["state"] for one in incident["responders"] if one["name"] == name), None)

    async def pushed(self, about: str, incident_id: str | None = None) -> dict[str, Any]:
        """What the server sent to the local push service, opened there as a browser would open it."""
        found: list[dict[str, Any]] = []

        async def there() -> bool:
            said = await (await self.desk.get(f"{self.side}/_received?limit=5000")).json()
            payloads = [one["payload"] for one in said["received"] if one.get("payload")]
            found[:] = [
                one for one in payloads if one["about"] == about and incident_id in {None, one.get("incident_id")}
            ]
            return bool(found)

        await until(there, f"the push service has {about}", within_s=20)
        return found[-1]


def watch(phone: Phone) -> None:
    """Listen for complaints. A refused or cut request is logged by the browser too, and is no fault of the page."""

    def complain(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            phone.errors.append(message.text)

    phone.page.on("console", complain)
    phone.page.on("pageerror", lambda error: phone.errors.append(str(error)))
    phone.page.on("request", lambda r: None if r.url.startswith(phone.web) else phone.strays.append(r.url))


@contextlib.asynccontextmanager
async def line_to(web: str) -> AsyncIterator[tuple[str, Callable[[], Awaitable[None]]]]:
    """A line to the server that can be cut for good: its address, and the scissors."""
    far = urlsplit(web)
    open_ends: set[asyncio.StreamWriter] = set()

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            beyond, there = await asyncio.open_connection(far.hostname, far.port)
        except OSError:
            writer.close()
            return
        open_ends.update((writer, there))

        async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError):
                while chunk := await source.read(65536):
                    target.write(chunk)
                    await target.drain()
            target.close()

        await asyncio.gather(carry(reader, there), carry(beyond, writer))

    server = await asyncio.start_server(join, "127.0.0.1", 0)

    async def cut() -> None:
        server.close()
        for one in open_ends:
            one.transport.abort()

    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", cut
    finally:
        await cut()
