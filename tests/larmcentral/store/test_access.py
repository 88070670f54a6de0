"""Secrecy between committees holds in the database itself, with every check of the application switched off."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from escalation.ids import IncidentId, UserId
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.store.access import Shown, look_id, looking, record_shown
from tests.builders import NOON
from tests.larmcentral.store.rooms import Rooms, filled, rooms, scope_of

SECRET_TABLES = """
    SELECT c.table_name FROM information_schema.columns c
    JOIN information_schema.tables b USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND c.column_name = 'committee_id' AND b.table_type = 'BASE TABLE'
    ORDER BY 1
"""


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


async def visible(connection: asyncpg.Connection) -> dict[str, set[UUID]]:
    """The committees whose rows a bare SELECT shows, by table; those it may not read are left out."""
    seen = {}
    for row in await connection.fetch(SECRET_TABLES):
        table = row["table_name"]
        if await connection.fetchval("SELECT has_column_privilege($1, 'committee_id', 'SELECT')", table):
            rows = await connection.fetch(f"SELECT DISTINCT committee_id FROM {table}")
            seen[table] = {one["committee_id"] for one in rows}
    return seen


async def test_a_bare_select_shows_ones_own_committees_rows_and_no_others(made: Rooms) -> None:
    care, social = await filled(made, "care"), await filled(made, "social")
    async with looking(made.web, scope_of(made, care)) as connection:
        seen = await visible(connection)
        assert await connection.fetch("SELECT id FROM committees") == [(care,)]
    assert {"incidents", "persons", "signals", "timeline", "notices", "device_states", "unknown_input"} <= seen.keys()
    assert {table for table, committees in seen.items() if committees - {care}} == set()
    assert {table for table, committees in seen.items() if not committees} <= {
        "chain_choices",
        "chain_versions",
        "chains",
        "contact_points",
    }
    async with looking(made.web, scope_of(made, care, social)) as connection:
        assert (await visible(connection))["incidents"] == {care, social}


async def test_whoever_has_no_committee_sees_nothing(made: Rooms) -> None:
    await filled(made, "care")
    async with looking(made.web, scope_of(made)) as connection:
        assert set().union(*(await visible(connection)).values()) == set()
    async with made.web.transaction() as connection:  # and whoever forgot to say who asks
        assert set().union(*(await visible(connection)).values()) == set()


async def test_what_one_transaction_may_see_the_next_on_its_connection_may_not(made: Rooms) -> None:
    care = await filled(made, "care")
    for _ in range(2):
        async with looking(made.web, scope_of(made, care)) as connection:
            assert (await visible(connection))["incidents"] == {care}
        async with made.web.connection() as connection:
            assert (await visible(connection))["incidents"] == set()


@pytest.mark.parametrize(
    "command",
    [
        "SELECT * FROM access_log",
        "SELECT password_hash FROM users",
        "SELECT * FROM sessions",
        "SELECT * FROM sign_in_attempts",
        "UPDATE timeline SET kind = 'note'",
        "DELETE FROM timeline",
        "DELETE FROM access_log",
        "UPDATE users SET role = 'admin'",
        "SELECT pin_hash FROM persons",
        "SELECT duress_pin_hash FROM persons",
        "UPDATE vigil_log SET kind = 'cancelled'",
        "DELETE FROM vigil_log",
        "DELETE FROM vigils",
        "UPDATE devices SET secret = NULL",
        "UPDATE rota_versions SET made_by = NULL",
    ],
)
async def test_the_webs_role_may_not(made: Rooms, command: str) -> None:
    care = await filled(made, "care")
    with pytest.raises(StoreUnavailable):
        async with looking(made.web, scope_of(made, care)) as connection:
            await connection.execute(command)


async def test_the_webs_role_files_no_reading_under_another_committee(made: Rooms) -> None:
    care, social = await filled(made, "care"), await filled(made, "social")
    file = (
        "INSERT INTO access_log (organisation_id, committee_id, id, at, user_id, action, ground)"
        " VALUES ($1, $2, $3, $4, $3, 'position_shown', 'incident')"
    )
    async with looking(made.web, scope_of(made, care)) as connection:
        await connection.execute(file, made.town.organisation, care, made.town.new_id(), NOON)
    with pytest.raises(StoreUnavailable):
        async with looking(made.web, scope_of(made, care)) as connection:
            await connection.execute(file, made.town.organisation, social, made.town.new_id(), NOON)


def test_a_reading_is_named_after_its_user_incident_and_window() -> None:
    eva, bo, one, other = UserId(UUID(int=1)), UserId(UUID(int=2)), IncidentId(UUID(int=3)), IncidentId(UUID(int=4))
    assert look_id(eva, one, NOON) == look_id(eva, one, NOON + timedelta(minutes=9, seconds=59))
    names = {
        look_id(who, what, NOON + timedelta(minutes=late))
        for who in (eva, bo)
        for what in (one, other)
        for late in (0, 10)
    }
    assert len(names) == 8
    assert look_id(eva, one, NOON).version == 7


def test_readings_of_different_kinds_about_one_thing_have_names_of_their_own() -> None:
    eva, one = UserId(UUID(int=1)), UUID(int=3)
    assert len({look_id(eva, one, NOON, action) for action in ("", "place_shown", "recording_played")}) == 3


async def test_what_was_shown_of_several_is_filed_at_once_and_a_repeat_adds_nothing(made: Rooms) -> None:
    care, social = await filled(made, "care"), await filled(made, "social")
    people = [UUID(int=5), UUID(int=6)]
    shown = [Shown(committee_id=care, about=one, person_id=one, place_id=UUID(int=7)) for one in people]
    said = {"by": UserId(UUID(int=1)), "action": "place_shown", "ground": "session", "now": NOON}
    async with looking(made.web, scope_of(made, care)) as connection:
        await record_shown(connection, scope_of(made, care), [], **said)
        for _ in range(2):
            await record_shown(connection, scope_of(made, care), shown, **said)
    rows = await made.town.connection.fetch("SELECT person_id, place_id, at FROM access_log ORDER BY person_id")
    assert [tuple(row) for row in rows] == [(one, UUID(int=7), NOON) for one in people]
    abroad = [Shown(committee_id=social, about=people[0], person_id=people[0])]
    with pytest.raises(StoreUnavailable):
        async with looking(made.web, scope_of(made, care)) as connection:
            await record_shown(connection, scope_of(made, care), abroad, **said)
