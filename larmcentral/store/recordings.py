"""Spoken memos: what a worker said before he went in, beside his session."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from escalation.ids import VigilId
from larmcentral.domain.errors import NotFound
from larmcentral.domain.roles import Reach, Scope, Viewer
from larmcentral.store.access import Shown, looking, record_shown
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load

_SQL: Final = load("recordings")


class Recordings:
    """One a session, written and read in the web's role. Sizes and media types are CHECKs of the table."""

    def __init__(self, web: Pool) -> None:
        self._web = web

    async def save(self, viewer: Viewer, media_type: str, content: bytes, now: datetime) -> None:
        """Keep one with the viewer's own running session. Raises NotFound without one."""
        scope = viewer.scope()
        async with looking(self._web, scope) as connection:
            kept = await connection.fetchval(
                _SQL["save"],
                scope.organisation_id,
                list(scope.committees),
                viewer.person_id,
                media_type,
                content,
                now,
            )
            if kept is None:
                raise NotFound("session")

    async def load(self, scope: Scope, session_id: VigilId, *, by: Viewer, now: datetime) -> tuple[str, bytes]:
        """Return a session's, running or over, and write down that it was played. Raises NotFound."""
        if scope.reach is not Reach.ALL:
            raise NotFound(f"recording of {session_id}")
        async with looking(self._web, scope) as connection:
            row = await connection.fetchrow(_SQL["load"], scope.organisation_id, list(scope.committees), session_id)
            if row is None:
                raise NotFound(f"recording of {session_id}")
            played = Shown(
                committee_id=row["committee_id"], about=session_id, person_id=row["person_id"], place_id=row["place_id"]
            )
            await record_shown(
                connection, scope, [played], by=by.user_id, action="recording_played", ground="session", now=now
            )
        return row["media_type"], row["body"]
