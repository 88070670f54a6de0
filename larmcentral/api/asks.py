"""What the API asks of the rest of the house. The store keeps these; assembly brings the two together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from escalation.ids import IncidentId, OrganisationId, UserId
from larmcentral.domain import views
from larmcentral.domain.feed import Changes, Cursor, Touched
from larmcentral.domain.roles import Scope, Viewer
from larmcentral.domain.users import AttemptLimit, Credentials


class Incidents(Protocol):
    """Incidents as a scope may see them."""

    async def queue(
        self, scope: Scope, *, now: datetime, which: views.Which, before: IncidentId | None, limit: int
    ) -> views.Queue:
        """Return the queue with the feed's place from before it was read. before, limit: a page of the past."""
        ...

    async def view(self, scope: Scope, incident_id: IncidentId) -> views.IncidentView:
        """Return one row. Raises NotFound."""
        ...

    async def detail(self, scope: Scope, incident_id: IncidentId, *, by: Viewer, now: datetime) -> views.IncidentDetail:
        """Return everything about one, and record that its position was shown. Raises NotFound."""
        ...

    async def changed(
        self, wanted: Mapping[Scope, Sequence[Touched]]
    ) -> Mapping[Scope, tuple[views.FeedIncident, ...]]:
        """Return for each scope the touched incidents that it sees, in order, with their new lines. What two scopes see
        alike is one object."""
        ...

    async def system_alarms(self, scope: Scope) -> tuple[views.SystemAlarmView, ...]:
        """Return the system alarms that stand."""
        ...


class Registers(Protocol):
    """Lists of a scope's committees."""

    async def persons(self, scope: Scope, *, part: str, now: datetime) -> tuple[views.PersonChoice, ...]:
        """Return persons with `part` in their names."""
        ...

    async def devices(self, scope: Scope, *, now: datetime) -> tuple[views.DeviceHealth, ...]:
        """Return devices, those longest unheard first."""
        ...

    async def unknown_input(self, scope: Scope) -> tuple[views.UnknownInput, ...]:
        """Return what nobody understood, newest first."""
        ...


class Users(Protocol):
    """Who may log in."""

    async def credentials(self, login: str) -> Credentials | None:
        """Return what a login is checked against; None if it is unknown or disabled."""
        ...

    async def rehash(self, organisation_id: OrganisationId, user_id: UserId, password_hash: str) -> None:
        """Keep the same password under a stronger hash."""
        ...


class Sessions(Protocol):
    """Who is logged in, by the SHA-256 of a token."""

    async def open(
        self, token_hash: bytes, viewer: Viewer, now: datetime, user_agent: str, *, phone: bool = False
    ) -> timedelta:
        """Begin a session, of the phone app or of a screen, and return how long it lasts at most."""
        ...

    async def find(self, token_hash: bytes, now: datetime) -> Viewer | None:
        """Return whose session this is and note its use; None if it is over."""
        ...

    async def standing(self, token_hashes: Iterable[bytes], now: datetime) -> Mapping[bytes, Viewer]:
        """Return those that still stand, without using them."""
        ...

    async def close(self, token_hash: bytes) -> None:
        """End a session."""
        ...


class Attempts(Protocol):
    """Counts of tried log-ins."""

    async def admit(self, keys: Mapping[str, AttemptLimit], now: datetime) -> timedelta:
        """Count a try and return zero, or return how long to wait."""
        ...

    async def succeeded(self, login_key: str, address_key: str) -> None:
        """Take the try back: the password was right."""
        ...


class ChangeLog(Protocol):
    """The timeline as a feed."""

    async def here(self) -> Cursor:
        """Return the place of a reader who has just read everything."""
        ...

    async def read(self, after: Cursor, ahead: frozenset[Cursor]) -> Changes:
        """Return what is new behind a place, without what was told ahead of it."""
        ...

    async def missed(self, scope: Scope, after: Cursor) -> tuple[Cursor, tuple[Touched, ...]] | None:
        """Return what a reader missed and where he stands then; None if he must fetch the queue anew."""
        ...


class Readiness(Protocol):
    """Whether the database answers; a pool of connections knows."""

    async def ready(self) -> bool:
        """Ask it now."""
        ...


class Receipts(Protocol):
    """Takes what a provider says later about a notice it has."""

    async def __call__(self, provider_id: str, delivered: bool, reason: str) -> None:
        """File it; unknown ids are no error. Raises StoreUnavailable: the provider will say it again."""
        ...
