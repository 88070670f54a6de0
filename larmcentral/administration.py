"""What an administrator does from the command line."""

from __future__ import annotations

import os
from uuid import UUID

from escalation.ids import CommitteeId, OrganisationId, PersonId, UserId
from larmcentral.api.passwords import PasswordCost, Passwords
from larmcentral.assembly import database_dsns, embedded_dsn
from larmcentral.clock import SystemClock, SystemIds
from larmcentral.config import Config
from larmcentral.domain.errors import NotFound
from larmcentral.domain.roles import Role
from larmcentral.domain.users import User
from larmcentral.store.pool import Pool
from larmcentral.store.users import Users


async def enter_user(
    config: Config,
    *,
    login: str,
    password: str,
    name: str,
    role: str,
    committees: tuple[UUID, ...],
    person: UUID | None,
    language: str,
) -> None:
    """Enter a user, or the same login again with what is new about him."""
    dsns = database_dsns(config) if config.database.data_dir is None else [await embedded_dsn(config)]
    pool = Pool(dsns, role="larm_service", size=1, deadline_s=config.database.deadline_s)
    users = Users(pool)
    try:
        organisation_id = OrganisationId(config.organisation.id)
        try:
            organisation_id, user_id = await users.find(login)
        except NotFound:
            user_id = UserId(SystemIds(SystemClock()).new())
        user = User(
            organisation_id=organisation_id,
            id=user_id,
            login=login,
            name=name,
            role=Role(role),
            person_id=None if person is None else PersonId(person),
            language=language,
            committees=frozenset(CommitteeId(committee) for committee in committees),
        )
        await users.create(user, Passwords(PasswordCost(), os.urandom).hash_now(password))
    finally:
        await pool.close()
