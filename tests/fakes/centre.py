"""A centre for emulated people to talk to: the API's paths over HTTP, as far as scenes and apps use them."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

PASSWORD, PIN, DURESS_PIN = "prova", "2468", "8642"
PERSONS = {"anna": "p-anna", "bosse": "p-bosse", "cecilia": "p-cecilia", "karin": None}
COOKIE = "larm_session"


def incident(number: int, kind: str, *, silent: bool = False, person: str | None = "p-anna") -> dict[str, Any]:
    """One incident as the API shows it, as far as scenes look at it."""
    told = [{"name": "Bosse", "state": "told"}]
    about = None if person is None else {"id": person}
    return {"id": f"i-{number}", "kind": kind, "silent": silent, "person": about, "responders": told}


@dataclass
class Centre:
    """Its doors and what came through them.

    tells_pins_apart: what must never be: the phone shows which PIN it was. deaf: nothing comes of anything.
    asked: method, path and body of every request, in order, with whose it was.
    """

    tells_pins_apart: bool = False
    deaf: bool = False
    port: int = 0
    open: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str, str, Any]] = field(default_factory=list)
    session: bool = False
    counting: bool = False
    pins: int = 0
    redirect: str | None = None
    _looks: int = 0

    def bodies(self, path: str) -> list[Any]:
        """What was said at a path, in order."""
        return [body for _, _, asked, body in self.asked if asked == path]

    def raises(self, kind: str, *, silent: bool = False) -> None:
        if not self.deaf:
            self.open.append(incident(len(self.asked), kind, silent=silent))

    async def answer(self, request: web.Request) -> web.Response:
        path, text = request.path.removeprefix("/api/"), await request.text()
        who = request.cookies.get(COOKIE, "")
        self.asked.append((who, request.method, path, json.loads(text) if text else None))
        if request.headers.get("X-Larm") != "1":
            return web.json_response({"reason": "forbidden"}, status=403)
        if self.redirect is not None:
            return web.Response(status=307, headers={"Location": self.redirect})
        if path == "session":
            return self._logs_in(self.asked[-1][3])
        if who not in PERSONS:
            return web.json_response({"reason": "log_in"}, status=401)
        door = self._doors().get((request.method, path))
        if door is None and path.startswith("incidents/"):
            return self._incident(request.method, path)
        if door is None:
            return web.json_response({"reason": "not_found"}, status=404)
        said = door(who, self.asked[-1][3])
        return web.Response(status=204) if said is None else web.json_response(said)

    def _doors(self) -> Mapping[tuple[str, str], Callable[[str, Any], Any]]:
        return {
            ("GET", "incidents"): lambda who, body: {"incidents": self._queue()},
            ("GET", "me"): lambda who, body: {"person_id": PERSONS[who]},
            ("GET", "me/work"): lambda who, body: self._work(),
            ("GET", "places"): lambda who, body: [{"id": "place-1", "name": "Solgården"}],
            ("POST", "me/session"): self._begins,
            ("POST", "me/session/end"): self._ends,
            ("POST", "me/pre-alarm"): self._counts,
            ("POST", "me/pre-alarm/cancel"): self._cancels,
            ("POST", "me/shift"): lambda who, body: None,
            ("POST", "me/signals"): self._signal,
        }

    def _logs_in(self, body: Any) -> web.Response:
        if body["login"] not in PERSONS or body["password"] != PASSWORD:
            return web.json_response({"reason": "log_in"}, status=401)
        answer = web.json_response({"role": "any"})
        answer.set_cookie(COOKIE, body["login"], httponly=True, samesite="Strict")
        return answer

    def _queue(self) -> list[dict[str, Any]]:
        """A missed check-in comes only after somebody has looked for it a while."""
        self._looks += 1
        if self.session and self._looks > 3 and not self.open:
            self.raises("missed_check_in")
        return self.open

    def _work(self) -> dict[str, Any]:
        session = {"check_in_due_at": "2026-03-04T05:07:07Z"} if self.session else None
        countdown = {"alarm_at": "2026-03-04T05:06:37Z"} if self.counting else None
        shown = {"session": session, "pre_alarm": countdown, "alarms": []}
        return shown | ({"pins": self.pins} if self.tells_pins_apart else {})

    def _begins(self, who: str, body: Any) -> dict[str, Any]:
        self.session, self._looks = True, 0
        return {"id": "v-1"}

    def _ends(self, who: str, body: Any) -> None:
        self.session = False

    def _counts(self, who: str, body: Any) -> None:
        self.counting = True

    def _cancels(self, who: str, body: Any) -> None:
        self.counting, self.pins = False, self.pins + 1
        if body["pin"] == DURESS_PIN:
            self.raises("duress", silent=True)

    def _signal(self, who: str, body: Any) -> dict[str, Any]:
        self.raises(body["kind"])
        return {"received_at": "2026-03-04T05:06:07Z"}

    def _incident(self, method: str, path: str) -> web.Response:
        _, incident_id, *order = path.split("/")
        (found,) = [one for one in self.open if one["id"] == incident_id]
        if method == "GET":
            self._looks += 1
            if self._looks > 3 and found["kind"] == "group_alarm":
                found["kind"] = "hold_up"
            return web.json_response({"incident": found})
        if order == ["stand-down"]:
            self.open.remove(found)
        if order == ["on-the-way"]:
            found["responders"] = [{"name": "Bosse", "state": "going"}]
        return web.Response(status=204)


@asynccontextmanager
async def open_centre(centre: Centre) -> AsyncIterator[Centre]:
    """Let it answer on a free port of loopback."""
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", centre.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    centre.port = runner.addresses[0][1]
    try:
        yield centre
    finally:
        await runner.cleanup()


def free_port() -> int:
    """Return a port at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
