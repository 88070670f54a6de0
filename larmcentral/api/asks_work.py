"""What the API asks about people at work: sessions, a worker's own phone, and his PINs."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from escalation.ids import PersonId, VigilId
from larmcentral.domain.roles import Scope, Viewer
from larmcentral.domain.users import PinHashes
from larmcentral.domain.views_work import OwnWork, SessionView


class Work(Protocol):
    """Sessions as a scope may see them. That a place was shown is recorded where the worker sees it."""

    async def sessions(self, scope: Scope, *, by: Viewer, now: datetime) -> tuple[SessionView, ...]:
        """Return those that run, the most pressing first."""
        ...

    async def session(self, scope: Scope, person_id: PersonId, *, by: Viewer, now: datetime) -> SessionView:
        """Return the running one of a person. Raises NotFound: none, or not for this scope."""
        ...

    async def mine(self, viewer: Viewer, *, now: datetime) -> OwnWork:
        """Return all that the worker's own phone shows; nothing of what must not be seen beside him."""
        ...


class Recordings(Protocol):
    """Spoken memos, kept beside their sessions."""

    async def save(self, viewer: Viewer, media_type: str, content: bytes, now: datetime) -> None:
        """Keep one with the viewer's own running session. Raises NotFound without one."""
        ...

    async def load(self, scope: Scope, session_id: VigilId, *, by: Viewer, now: datetime) -> tuple[str, bytes]:
        """Return a session's, and record that it was played. Raises NotFound."""
        ...


class Pins(Protocol):
    """PINs come and go as hashes; hashing is api/passwords.py."""

    async def hashes(self, viewer: Viewer) -> PinHashes:
        """Return the hashes of the viewer's own person."""
        ...

    async def save(self, viewer: Viewer, hashes: PinHashes) -> None:
        """Keep new ones. Raises NotFound if the person is gone."""
        ...

    async def password_hash(self, viewer: Viewer) -> str | None:
        """Return what the viewer's password is checked against; None for a disabled user."""
        ...
