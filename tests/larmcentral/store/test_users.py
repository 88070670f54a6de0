"""The register of users and their sessions."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from escalation.ids import CommitteeId, OrganisationId, UserId
from larmcentral.domain.errors import Collision, NotFound
from larmcentral.domain.roles import Role
from larmcentral.domain.users import SessionPlan, User
from larmcentral.store.users import Sessions, Users
from tests.builders import NOON
from tests.larmcentral.store.rooms import Rooms, rooms

PLAN = SessionPlan(
    idle=timedelta(hours=1),
    longest=timedelta(hours=3),
    per_user=2,
    phone_idle=timedelta(days=2),
    phone_longest=timedelta(days=5),
    phone_per_user=1,
)


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


async def eva(made: Rooms, *committees: UUID) -> User:
    return User(
        organisation_id=OrganisationId(made.town.organisation),
        id=UserId(made.town.new_id()),
        login="Eva@Kommun",
        name="Eva",
        role=Role.OPERATOR,
        person_id=None,
        language="sv",
        committees=frozenset(map(CommitteeId, committees)),
    )


async def test_a_user_is_filed_found_and_filed_again(made: Rooms) -> None:
    care, social = await made.town.committee("Omsorg"), await made.town.committee("Arbete")
    users, user = Users(made.service), await eva(made, care)
    await users.create(user, "hash")
    again = dataclasses.replace(user, name="Eva E", committees=frozenset({CommitteeId(care), CommitteeId(social)}))
    await users.create(again, "hash 2")
    credentials = await users.credentials("EVA@kommun")
    assert credentials is not None
    assert credentials.password_hash == "hash 2"
    assert [one.name for one in credentials.viewer.committees] == ["Arbete", "Omsorg"]
    assert await users.all(user.organisation_id) == (dataclasses.replace(again, login="eva@kommun"),)
    assert await users.find("eva@kommun") == (user.organisation_id, user.id)


async def test_one_login_is_one_user(made: Rooms) -> None:
    users, user = Users(made.service), await eva(made)
    await users.create(user, "hash")
    with pytest.raises(Collision):
        await users.create(dataclasses.replace(user, id=UserId(made.town.new_id())), "hash")


async def test_nobody_is_found_changed_or_disabled_under_an_unknown_name(made: Rooms) -> None:
    users, user = Users(made.service), await eva(made)
    assert await users.credentials("nobody") is None
    for work in (
        users.find("nobody"),
        users.set_password(user.organisation_id, user.id, "hash"),
        users.disable(user.organisation_id, user.id, NOON),
    ):
        with pytest.raises(NotFound):
            await work


async def logged_in(made: Rooms) -> tuple[Users, Sessions, User]:
    users, sessions, user = Users(made.service), Sessions(made.service, PLAN), await eva(made)
    await users.create(user, "hash")
    return users, sessions, user


async def open_session(
    users: Users, sessions: Sessions, number: int, *, late: timedelta = timedelta(), phone: bool = False
) -> bytes:
    credentials = await users.credentials("eva@kommun")
    assert credentials is not None
    token_hash = bytes([number]) * 32
    lasts = await sessions.open(token_hash, credentials.viewer, NOON + late, "Firefox" * 100, phone=phone)
    assert lasts == (PLAN.phone_longest if phone else PLAN.longest)
    return token_hash


async def test_a_session_stands_while_it_is_used_but_not_beyond_its_end(made: Rooms) -> None:
    users, sessions, _ = await logged_in(made)
    one = await open_session(users, sessions, 1)
    found = [await sessions.find(one, NOON + timedelta(minutes=minutes)) for minutes in (59, 117, 175, 179, 181)]
    assert [viewer is not None for viewer in found] == [True, True, True, True, False]


async def test_a_phones_session_lasts_for_days_and_not_for_ever(made: Rooms) -> None:
    users, sessions, _ = await logged_in(made)
    one = await open_session(users, sessions, 1, phone=True)
    found = [await sessions.find(one, NOON + timedelta(hours=hours)) for hours in (47, 94, 119, 121)]
    assert [viewer is not None for viewer in found] == [True, True, True, False]
    two = await open_session(users, sessions, 2, phone=True, late=timedelta(hours=1))
    assert await sessions.standing([two], NOON + timedelta(hours=48)) != {}
    assert await sessions.standing([two], NOON + timedelta(hours=50)) == {}


async def test_phones_and_screens_do_not_push_each_other_out(made: Rooms) -> None:
    users, sessions, _ = await logged_in(made)
    for number, phone in ((1, True), (2, False), (3, False), (4, True), (5, False)):
        await open_session(users, sessions, number, late=timedelta(minutes=number), phone=phone)
    rows = await made.town.connection.fetch("SELECT token_hash, phone FROM sessions ORDER BY made_at")
    assert [(row["token_hash"][0], row["phone"]) for row in rows] == [(3, False), (4, True), (5, False)]


async def test_a_new_password_and_disabling_end_a_phones_session_too(made: Rooms) -> None:
    users, sessions, user = await logged_in(made)
    one = await open_session(users, sessions, 1, phone=True)
    await users.set_password(user.organisation_id, user.id, "new")
    assert await sessions.find(one, NOON) is None
    two = await open_session(users, sessions, 2, phone=True)
    await users.disable(user.organisation_id, user.id, NOON)
    assert await sessions.find(two, NOON) is None


async def test_looking_whether_a_session_stands_is_no_use_of_it(made: Rooms) -> None:
    users, sessions, user = await logged_in(made)
    one = await open_session(users, sessions, 1)
    standing = await sessions.standing([one, bytes(32)], NOON + timedelta(minutes=59))
    assert {key: viewer.user_id for key, viewer in standing.items()} == {one: user.id}
    assert await sessions.standing([one], NOON + timedelta(minutes=61)) == {}


async def test_a_new_password_and_disabling_end_every_session(made: Rooms) -> None:
    users, sessions, user = await logged_in(made)
    one = await open_session(users, sessions, 1)
    await users.rehash(user.organisation_id, user.id, "stronger")
    assert await sessions.find(one, NOON) is not None
    await users.set_password(user.organisation_id, user.id, "new")
    assert await sessions.find(one, NOON) is None
    two = await open_session(users, sessions, 2)
    for _ in range(2):
        await users.disable(user.organisation_id, user.id, NOON)
    assert await sessions.find(two, NOON) is None
    assert await users.credentials("eva@kommun") is None
    assert [one.disabled_at for one in await users.all(user.organisation_id)] == [NOON]


async def test_only_the_newest_sessions_of_a_user_are_kept_and_none_that_is_over(made: Rooms) -> None:
    users, sessions, _ = await logged_in(made)
    for number in (1, 2, 3):
        await open_session(users, sessions, number, late=timedelta(minutes=number))
    rows = await made.town.connection.fetch("SELECT token_hash, user_agent FROM sessions ORDER BY made_at")
    assert [row["token_hash"][0] for row in rows] == [2, 3]
    assert len(rows[0]["user_agent"]) == 300
    await open_session(users, sessions, 4, late=timedelta(hours=5))
    assert [row["token_hash"][0] for row in await made.town.connection.fetch("SELECT token_hash FROM sessions")] == [4]
