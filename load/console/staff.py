"""Users for the screens, each with a session that stands. A log-in costs half a second of processor; 2,000 are many."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from escalation.ids import PersonId, UserId
from larmcentral.api.gate import TOKEN_BYTES, hash_token
from larmcentral.api.settings import ApiSettings, Page
from larmcentral.clock import SystemClock
from larmcentral.domain.roles import Committee, Role, Viewer
from larmcentral.domain.users import SessionPlan, User
from larmcentral.store.pool import Pool
from larmcentral.store.users import Sessions, Users
from load.console.plan import MEMBERS
from load.house import COMMITTEE, ORGANISATION, House, an_id

LANES: Final = 4
NO_PASSWORD: Final = "none: nobody logs in as this user"
"""Stands where a hash would; no password fits it."""

Sort = Literal["desk", "phone"]


@dataclass(frozen=True, slots=True)
class Seat:
    """One screen and who looks at it. number: counted from 0 among its sort. cookie: as a browser sends it."""

    sort: Sort
    number: int
    cookie: str
    person_id: str | None = None


async def enter(house: House, operators: int, phones: int) -> list[Seat]:
    """Enter users and open their sessions, as the server does after a log-in; return where they sit."""
    pool = Pool([house.dsn], role="larm_service", size=LANES, deadline_s=30)
    users, sessions, clock = Users(pool), Sessions(pool, SessionPlan()), SystemClock()
    settings = ApiSettings(version="", secure_cookies=False)

    async def seat(sort: Sort, number: int) -> Seat:
        person_id = None if sort == "desk" else PersonId(an_id(member_name(number)))
        role, page = (Role.OPERATOR, Page.DESK) if sort == "desk" else (Role.RESPONDER, Page.PHONE)
        user = User(
            organisation_id=ORGANISATION,
            id=UserId(an_id(f"{sort} {number}")),
            login=f"{sort}-{number}",
            name=f"Skärm {number + 1}" if sort == "desk" else f"Telefon {number + 1}",
            role=role,
            person_id=person_id,
            language="sv",
            committees=frozenset({COMMITTEE}),
        )
        await users.create(user, NO_PASSWORD)
        token = base64.urlsafe_b64encode(os.urandom(TOKEN_BYTES)).decode().rstrip("=")
        await sessions.open(hash_token(token), viewer_of(user), clock.now(), "load", phone=sort == "phone")
        return Seat(sort, number, f"{settings.cookie(page)}={token}", None if person_id is None else str(person_id))

    wanted: list[tuple[Sort, int]] = [*(("desk", n) for n in range(operators)), *(("phone", n) for n in range(phones))]
    try:

        async def fill(part: Iterable[tuple[Sort, int]]) -> list[Seat]:
            return [await seat(sort, number) for sort, number in part]

        filled = await asyncio.gather(*(fill(wanted[lane::LANES]) for lane in range(LANES)))
    finally:
        await pool.close()
    return sorted((one for part in filled for one in part), key=lambda one: (one.sort, one.number))


def member_name(phone: int) -> str:
    """Return by what name the house knows the person with this phone: phones are dealt out team after team."""
    team, member = divmod(phone, MEMBERS)
    return f"team {team} member {member}"


def viewer_of(user: User) -> Viewer:
    """Return a user as his session knows him."""
    return Viewer(
        user_id=user.id,
        organisation_id=user.organisation_id,
        name=user.name,
        role=user.role,
        person_id=user.person_id,
        language=user.language,
        committees=(Committee(COMMITTEE, ""),),
    )
