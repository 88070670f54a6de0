"""What is kept in versions: the next one is written on top of the one that it was made from, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg

from escalation.ids import CommitteeId
from larmcentral.domain.errors import Collision, NotFound
from larmcentral.domain.roles import Scope


async def next_version(
    connection: asyncpg.Connection,
    sql: Mapping[str, str],
    scope: Scope,
    committee_id: CommitteeId,
    thing: Any,
) -> int:
    """Move a rota's or chain's row on and return its new version; thing.version: the one it was made from, 0 for none.

    sql: the blocks begin, move_on and stands of its table. Raises Collision where another version stands by now, and
    NotFound for one that is another committee's.
    """
    if committee_id not in scope.committees:
        raise NotFound(f"committee {committee_id}")
    where: tuple[UUID, ...] = (scope.organisation_id, committee_id, thing.id)
    if thing.version == 0:
        version: int | None = await connection.fetchval(sql["begin"], *where, thing.name)
    else:
        version = await connection.fetchval(sql["move_on"], *where, thing.name, thing.version)
    if version is not None:
        return version
    if await connection.fetchval(sql["stands"], *where) is None:
        raise NotFound(str(thing.id))
    raise Collision("another version stands")
