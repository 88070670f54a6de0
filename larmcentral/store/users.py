"""Users and their sessions: for logging in, for the seed and for `larmcentral admin`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg
import msgspec

from escalation.ids import CommitteeId, OrganisationId, PersonId, UserId
from larmcentral.domain.errors import NotFound
from larmcentral.domain.roles import Committee, Role, Viewer
from larmcentral.domain.users import Credentials, SessionPlan, User
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load

_SQL: Final = load("users")
_COMMITTEES: Final = msgspec.json.Decoder(tuple[tuple[UUID, str], ...])

USE_GRAIN: Final = timedelta(minutes=1)
"""A session's last use is written no oftener than this."""


class Users:
    """The register of users. Passwords come and go as hashes; hashing is api/passwords.py."""

    def __init__(self, service: Pool) -> None:
        self._service = service

    async def credentials(self, login: str) -> Credentials | None:
        """Return what a login is checked against; None if it is unknown or disabled."""
        async with self._service.connection() as connection:
            row = await connection.fetchrow(_SQL["by_login"], login.lower())
        return None if row is None else Credentials(_viewer(row), row["password_hash"])

    async def find(self, login: str) -> tuple[OrganisationId, UserId]:
        """Return whose login this is, disabled or not. Raises NotFound."""
        async with self._service.connection() as connection:
            row = await connection.fetchrow(_SQL["find"], login.lower())
        if row is None:
            raise NotFound("user")
        return OrganisationId(row["organisation_id"]), UserId(row["id"])

    async def create(self, user: User, password_hash: str) -> None:
        """File a user, or the same user again with what is new about him. Raises Collision if the login is taken."""
        one = (user.organisation_id, user.id)
        async with self._service.transaction() as connection:
            await connection.execute(
                _SQL["create"],
                *one,
                user.login.lower(),
                user.name,
                password_hash,
                user.role.value,
                user.person_id,
                user.language,
            )
            await connection.execute(_SQL["drop_committees"], *one, list(user.committees))
            await connection.execute(_SQL["add_committees"], *one, list(user.committees))

    async def set_password(self, organisation_id: OrganisationId, user_id: UserId, password_hash: str) -> None:
        """Change a password and end every session that was begun with the old one. Raises NotFound."""
        async with self._service.transaction() as connection:
            _one(await connection.execute(_SQL["set_password"], organisation_id, user_id, password_hash))
            await connection.execute(_SQL["close_sessions_of"], organisation_id, user_id)

    async def rehash(self, organisation_id: OrganisationId, user_id: UserId, password_hash: str) -> None:
        """Keep the same password under a stronger hash; sessions stand."""
        async with self._service.connection() as connection:
            _one(await connection.execute(_SQL["set_password"], organisation_id, user_id, password_hash))

    async def disable(self, organisation_id: OrganisationId, user_id: UserId, now: datetime) -> None:
        """Shut a user out at once, sessions included. Repeatable. Raises NotFound."""
        async with self._service.transaction() as connection:
            _one(await connection.execute(_SQL["disable"], organisation_id, user_id, now))
            await connection.execute(_SQL["close_sessions_of"], organisation_id, user_id)

    async def all(self, organisation_id: OrganisationId) -> tuple[User, ...]:
        """Return everybody, disabled ones too, by login."""
        async with self._service.connection() as connection:
            rows = await connection.fetch(_SQL["list"], organisation_id)
        return tuple(
            User(
                organisation_id=organisation_id,
                id=UserId(row["id"]),
                login=row["login"],
                name=row["name"],
                role=Role(row["role"]),
                person_id=row["person_id"],
                language=row["language"],
                committees=frozenset(row["committees"]),
                disabled_at=row["disabled_at"],
            )
            for row in rows
        )


class Sessions:
    """Sessions by the SHA-256 of their token; the token itself is nowhere but in the browser."""

    def __init__(self, service: Pool, plan: SessionPlan) -> None:
        self._service = service
        self._plan = plan

    async def open(
        self, token_hash: bytes, viewer: Viewer, now: datetime, user_agent: str, *, phone: bool = False
    ) -> timedelta:
        """Begin a session, of the phone app or of a screen, and drop what is over; return how long it lasts at most."""
        one, lasts = (viewer.organisation_id, viewer.user_id), self._plan.lasts(phone=phone)
        async with self._service.transaction() as connection:
            await connection.execute(_SQL["open_session"], token_hash, *one, now, now + lasts, user_agent[:300], phone)
            await connection.execute(_SQL["trim_sessions"], *one, now, self._plan.at_a_time(phone=phone), phone)
        return lasts

    async def find(self, token_hash: bytes, now: datetime) -> Viewer | None:
        """Return whose session this is and note its use; None if there is none, or it is over."""
        async with self._service.connection() as connection:
            row = await connection.fetchrow(_SQL["by_session"], [token_hash], *self._limits(now))
            if row is not None and now - row["used_at"] >= USE_GRAIN:
                await connection.execute(_SQL["use_session"], token_hash, now)
        return None if row is None else _viewer(row)

    async def standing(self, token_hashes: Iterable[bytes], now: datetime) -> Mapping[bytes, Viewer]:
        """Return the sessions among these that still stand. An open feed is not a use of its session."""
        async with self._service.connection() as connection:
            rows = await connection.fetch(_SQL["by_session"], list(token_hashes), *self._limits(now))
        return {row["token_hash"]: _viewer(row) for row in rows}

    async def close(self, token_hash: bytes) -> None:
        """End a session; no matter if there is none."""
        async with self._service.connection() as connection:
            await connection.execute(_SQL["close_session"], token_hash)

    def _limits(self, now: datetime) -> tuple[datetime, datetime, datetime]:
        return now, now - self._plan.idle, now - self._plan.phone_idle


def _viewer(row: asyncpg.Record) -> Viewer:
    return Viewer(
        user_id=UserId(row["id"]),
        organisation_id=OrganisationId(row["organisation_id"]),
        name=row["name"],
        role=Role(row["role"]),
        person_id=None if row["person_id"] is None else PersonId(row["person_id"]),
        language=row["language"],
        committees=tuple(Committee(CommitteeId(one), name) for one, name in _COMMITTEES.decode(row["committees"])),
    )


def _one(status: str) -> None:
    if status != "UPDATE 1":
        raise NotFound("user")
