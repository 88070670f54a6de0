"""Who is asking, and whether his role may call this route. Every route passes here; deny is the default."""

from __future__ import annotations

import hashlib
from typing import Annotated, Final

from fastapi import Depends, Request

from larmcentral.api.asks import Sessions
from larmcentral.api.permissions import PERMITTED, PUBLIC
from larmcentral.api.problems import Refusal
from larmcentral.api.settings import ApiSettings, Page
from larmcentral.domain.roles import Viewer
from larmcentral.ports import Clock

TOKEN_BYTES: Final = 32
AS_HEADER: Final = "x-larm-as"
AS_QUERY: Final = "as"


class Gate:
    """The dependency of the whole app."""

    def __init__(self, sessions: Sessions, settings: ApiSettings, clock: Clock) -> None:
        self._sessions = sessions
        self._settings = settings
        self._clock = clock

    async def __call__(self, request: Request) -> None:
        """Let the request in with its viewer, or refuse it."""
        place = (request.method, request.scope["route"].path)
        if place in PUBLIC:
            return
        token_hash = self.token_hash(request)
        viewer = None if token_hash is None else await self._sessions.find(token_hash, self._clock.now())
        if viewer is None:
            raise Refusal(401, "session_over")
        if viewer.role not in PERMITTED.get(place, frozenset()):
            raise Refusal(403, "forbidden")
        request.state.viewer = viewer
        request.state.token_hash = token_hash

    def token_hash(self, request: Request) -> bytes | None:
        """Return the name of the session that the request carries, or None."""
        token = request.cookies.get(self.cookie(request))
        return None if token is None else hash_token(token)

    def cookie(self, request: Request) -> str:
        """Return the name of the cookie that counts: of the page that asks.

        Pages say who they are by header; in the query where a browser lets them set none: feeds, pictures, downloads.
        """
        return self._settings.cookie(page_of(request.headers.get(AS_HEADER) or request.query_params.get(AS_QUERY)))


def page_of(said: str | None) -> Page:
    """Return the page that a request names; the desk where it names none that there is."""
    return Page(said) if said in {page.value for page in Page} else Page.DESK


def hash_token(token: str) -> bytes:
    """Return what a token is stored under."""
    return hashlib.sha256(token.encode()).digest()


def the_viewer(request: Request) -> Viewer:
    """Return who asks. Fails on a route that the gate let through without a session."""
    viewer = request.state.viewer
    assert isinstance(viewer, Viewer)
    return viewer


Asking = Annotated[Viewer, Depends(the_viewer)]
"""Who asks, as a route's parameter."""
