"""Logging in and out, and who one is."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from larmcentral.api.asks import Attempts, Sessions, Users
from larmcentral.api.commands_house import DeskCommands
from larmcentral.api.gate import TOKEN_BYTES, Gate, hash_token, the_viewer
from larmcentral.api.known_browsers import LASTS, PATH, KnownBrowsers, cookie_of
from larmcentral.api.metrics import ApiMetrics
from larmcentral.api.passwords import Passwords, PasswordsBusy
from larmcentral.api.problems import Refusal, documented, later
from larmcentral.api.settings import ApiSettings
from larmcentral.api.shapes import CommitteeView, LogIn, Me
from larmcentral.domain.roles import Role, Viewer
from larmcentral.domain.users import LONG_ON_PHONE, Credentials, keys_of
from larmcentral.ports import Clock


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A new session. kept: how long a phone keeps it; None for a screen, which forgets it when it is closed.

    mark: for a browser that nobody logged in from before.
    """

    token: str = field(repr=False)
    viewer: Viewer
    kept: timedelta | None
    mark: str | None = field(repr=False)


class LogInDesk:
    """Checks a log-in: first the count of tries, then the password, in the same time for everybody."""

    def __init__(
        self,
        *,
        users: Users,
        sessions: Sessions,
        attempts: Attempts,
        passwords: Passwords,
        clock: Clock,
        random_bytes: Callable[[int], bytes],
        metrics: ApiMetrics,
    ) -> None:
        self._users = users
        self._sessions = sessions
        self._attempts = attempts
        self._passwords = passwords
        self._clock = clock
        self._random_bytes = random_bytes
        self._known = KnownBrowsers(random_bytes)
        self._metrics = metrics

    async def log_in(self, body: LogIn, address: str, user_agent: str, mark: str | None) -> LoggedIn:
        """Open a session. mark: of the browser, if it has one for this login. Raises Refusal."""
        login, now = body.login.lower(), self._clock.now()
        credentials = await self._users.credentials(login)
        known = self._known.name_of(mark, credentials, now)
        keys = keys_of(login, address, known)
        wait = await self._attempts.admit(keys, now)
        if wait:
            self._metrics.log_ins.labels("too_many").inc()
            raise later(wait.total_seconds())
        try:
            kept = None if credentials is None else credentials.password_hash
            right = await self._passwords.right(kept, body.password, stranger=known is None)
        except PasswordsBusy:
            self._metrics.log_ins.labels("busy").inc()
            raise later(5) from None
        if credentials is None or not right:
            self._metrics.log_ins.labels("wrong").inc()
            raise Refusal(401, "log_in")
        counted = tuple(keys)
        await self._attempts.succeeded(counted[-1], counted[0])
        viewer = credentials.viewer
        if self._passwords.weak(credentials.password_hash):
            stronger = await self._passwords.hash(body.password)
            await self._users.rehash(viewer.organisation_id, viewer.user_id, stronger)
            credentials, known = Credentials(viewer, stronger), None
        token = base64.urlsafe_b64encode(self._random_bytes(TOKEN_BYTES)).decode().rstrip("=")
        phone = body.phone and viewer.role in LONG_ON_PHONE
        lasts = await self._sessions.open(hash_token(token), viewer, self._clock.now(), user_agent, phone=phone)
        self._metrics.log_ins.labels("right").inc()
        new_mark = self._known.mark(credentials, now) if known is None else None
        return LoggedIn(token, viewer, lasts if phone else None, new_mark)


def session_routes(
    desk: LogInDesk, gate: Gate, sessions: Sessions, places: DeskCommands, settings: ApiSettings, clock: Clock
) -> APIRouter:
    """POST and DELETE /api/session, GET /api/me. places: at the operators' desk, which logging out leaves."""
    router = APIRouter(prefix="/api", tags=["session"])

    @router.post("/session", responses=documented(401, 403, 413, 422, 429, 503))
    async def log_in(body: LogIn, request: Request, response: Response) -> Me:
        """Log in; the answer sets the session cookie of the page that asks (X-Larm-As: desk, phone or manager).

        And a cookie by which the browser is known the next time, when somebody else guesses at this login.

        With phone, a worker's or responder's lasts for weeks; others get the ordinary one.
        """
        address = request.client.host if request.client else "unknown"
        mark_cookie = cookie_of(body.login.lower(), secure=settings.secure_cookies)
        done = await desk.log_in(body, address, request.headers.get("user-agent", ""), request.cookies.get(mark_cookie))
        alike: Any = {"secure": settings.secure_cookies, "httponly": True, "samesite": "strict"}
        kept_s = None if done.kept is None else int(done.kept.total_seconds())
        response.set_cookie(gate.cookie(request), done.token, max_age=kept_s, path="/", **alike)
        if done.mark is not None:
            response.set_cookie(mark_cookie, done.mark, max_age=int(LASTS.total_seconds()), path=PATH, **alike)
        return me_of(done.viewer)

    @router.delete("/session", status_code=204, responses=documented(403, 503))
    async def log_out(request: Request, response: Response) -> None:
        """Log out, here and in this session's other windows; an operator leaves the desk with it. Repeatable."""
        token_hash = gate.token_hash(request)
        if token_hash is not None:
            viewer = (await sessions.standing([token_hash], clock.now())).get(token_hash)
            if viewer is not None and viewer.role is Role.OPERATOR:
                await places.leave(viewer.user_id)  # first: should this fail, he is still logged in and tries again
            await sessions.close(token_hash)
        response.delete_cookie(
            gate.cookie(request), path="/", secure=settings.secure_cookies, httponly=True, samesite="strict"
        )

    @router.get("/me", responses=documented(401, 503))
    async def me(viewer: Annotated[Viewer, Depends(the_viewer)]) -> Me:
        """Who is logged in."""
        return me_of(viewer)

    return router


def me_of(viewer: Viewer) -> Me:
    """Return a viewer's published form."""
    return Me.model_validate(
        {
            "user_id": viewer.user_id,
            "name": viewer.name,
            "role": viewer.role.value,
            "person_id": viewer.person_id,
            "committees": [CommitteeView(id=one.id, name=one.name) for one in viewer.committees],
            "language": viewer.language,
        }
    )
