"""Secrecy between committees with every check of the application switched off: SQL of one's own, in the web's role.

What is tried stands in the catalogue, so a new table, view or function is tried without anybody thinking of it.
What row-level security cannot stop is tried, too, and said: SQL that somebody else wrote into ours.
"""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from uuid import UUID

import asyncpg
import pytest

from tests.house.files import named, sources, tree
from tests.larmcentral.store.rooms import filled, rooms

OF_NO_COMMITTEE: Final[Mapping[str, str]] = {
    "_pogo_migration": "the migrations' own book; the web may not read it",
    "_pogo_version": "the migrations' own book; the web may not read it",
    "device_models": "which model a device's number means; the web may not read it",
    "forwarder_beats": "a contract with a centre is the whole organisation's",
    "forwarder_keepers": "a contract with a centre is the whole organisation's; the web may not read it",
    "forwarder_rows": "a contract with a centre is the whole organisation's",
    "forwarder_signatures": "a contract with a centre is the whole organisation's",
    "forwarder_states": "a contract with a centre is the whole organisation's",
    "organisations": "the name of the house",
    "sealed_secrets": "the web may not read it",
    "sessions": "the web may not read it",
    "sign_in_attempts": "the web may not read it",
    "users": "somebody may work for two committees; passwords may not be read",
    "way_minutes": "counts of the ways out, by the minute",
    "way_states": "whether a way out works",
}
"""Tables that hold no committee's rows, and why."""
WRITTEN_BY_THE_WEB: Final = frozenset({"forwarder_rows", "forwarder_signatures", "forwarder_states"})
READ_BY_THE_WEB: Final = WRITTEN_BY_THE_WEB | {
    "forwarder_beats", "organisations", "way_minutes", "way_states",
}  # fmt: skip
PUT_TOGETHER: Final[Mapping[str, str]] = {
    "larmcentral/store/embedded.py": "the name of its own database",
    "larmcentral/store/hints.py": "the name of a channel, a constant",
    "larmcentral/store/pool.py": "committees, written out as UUIDs",
    "larmcentral/store/together.py": "statements that are written out, one behind another",
}
"""Files with SQL that does not stand there whole, and what is put into it."""

RELATIONS: Final = """
SELECT c.relname AS name, c.relkind AS kind, c.relrowsecurity AND c.relforcerowsecurity AS forced,
    c.reloptions AS options,
    EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'committee_id') AS of_committee,
    ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          AND a.attgenerated = '' AND a.attidentity <> 'a') AS columns,
    ARRAY(SELECT y.polname || ' ' || y.polcmd::text || ' ' || pg_get_expr(y.polqual, y.polrelid) FROM pg_policy y
          WHERE y.polrelid = c.oid ORDER BY 1) AS policies
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
ORDER BY 1
"""
SEES_ITS_OWN: Final = "(committee_id = ANY (( SELECT larm_committees() AS larm_committees)::uuid[]))"


@dataclass(frozen=True, slots=True)
class Attack:
    """A connection in the web's role that has care's eyes; owner: the database as it is."""

    web: asyncpg.Connection
    owner: asyncpg.Connection
    care: UUID
    social: UUID
    relations: tuple[Any, ...]

    async def outcome(self, command: str, *values: object) -> str:
        """Try a command and undo it; return what it gave: "nothing", "rows", or the SQLSTATE that refused it."""
        change = self.web.transaction()
        await change.start()
        try:
            return "rows" if await self.web.fetch(command, *values) else "nothing"
        except asyncpg.PostgresError as error:
            return str(error.sqlstate)
        finally:
            await change.rollback()

    async def seen(self) -> set[UUID]:
        """Whose incidents a bare SELECT shows."""
        return {row["committee_id"] for row in await self.web.fetch("SELECT DISTINCT committee_id FROM incidents")}


DENIED: Final = "42501"
"""insufficient_privilege: no right to the table, or a row that its policy refuses."""


@pytest.fixture
async def attack(database_dsn: str) -> AsyncIterator[Attack]:
    async with rooms(database_dsn) as made:
        care, social = await filled(made, "care"), await filled(made, "social")
        web = await asyncpg.connect(database_dsn, server_settings={"role": "larm_web"})
        await web.execute("SELECT set_config('larm.committees', $1, false)", str(care))
        owner = made.town.connection
        try:
            yield Attack(web, owner, care, social, tuple(await owner.fetch(RELATIONS)))
        finally:
            await web.close()


async def test_every_table_is_a_committees_or_says_why_it_is_not(attack: Attack) -> None:
    tables = {one["name"]: one for one in attack.relations if one["kind"] != b"v"}
    assert {one["kind"] for one in tables.values()} == {b"r"}
    plain = {name for name, one in tables.items() if not one["of_committee"]}
    assert plain == OF_NO_COMMITTEE.keys() | {"committees"}
    for name, one in tables.items():
        if one["of_committee"]:
            assert one["forced"], name
            assert one["policies"] == [f"committee * {SEES_ITS_OWN}", "service * true"], name


async def test_a_view_sees_with_the_eyes_of_who_asks(attack: Attack) -> None:
    for one in attack.relations:
        if one["kind"] == b"v":
            assert "security_invoker=true" in one["options"], one["name"]


async def test_no_function_of_ours_does_more_than_who_calls_it(attack: Attack) -> None:
    ours = "FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    assert await attack.owner.fetch(f"SELECT proname {ours} AND prosecdef") == []
    assert [row["proname"] for row in await attack.owner.fetch(f"SELECT proname {ours}")] == ["larm_committees"]


async def test_the_roles_may_do_nothing_beside_their_tables(attack: Attack) -> None:
    for role in ("larm_web", "larm_service"):
        rights = await attack.owner.fetchrow(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication,"
            " has_schema_privilege(rolname, 'public', 'CREATE'),"
            " EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid),"
            " EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid)"
            " FROM pg_roles r WHERE rolname = $1",
            role,
        )
        assert rights is not None
        assert not any(rights), (role, rights)


async def test_nothing_of_another_committee_is_read_changed_or_taken_away(attack: Attack) -> None:
    tried = [one for one in attack.relations if one["of_committee"]]
    assert len(tried) > 40
    for one in tried:
        theirs = f"{one['name']} WHERE committee_id = $1"
        commands = [f"SELECT committee_id FROM {theirs}"]
        if one["kind"] == b"r":
            commands += [f"DELETE FROM {theirs} RETURNING committee_id"]
            commands += [
                f"UPDATE {one['name']} SET {column} = {column} WHERE committee_id = $1 RETURNING committee_id"
                for column in one["columns"]
            ]
        for command in commands:
            assert await attack.outcome(command, attack.social) in {"nothing", DENIED}, command


async def test_nothing_is_moved_to_another_committee_or_made_there(attack: Attack) -> None:
    moved = 0
    for one in attack.relations:
        if not one["of_committee"] or one["kind"] != b"r":
            continue
        name, columns = one["name"], ", ".join(one["columns"])
        assert await attack.outcome(f"UPDATE {name} SET committee_id = $1", attack.social) in {"nothing", DENIED}, name
        row = await attack.owner.fetchval(
            f"SELECT row_to_json(t)::text FROM {name} t WHERE committee_id = $1 LIMIT 1", attack.social
        )
        if row is not None:
            moved += 1
            copy = f"INSERT INTO {name} ({columns}) SELECT {columns} FROM json_populate_record(NULL::{name}, $1)"
            assert await attack.outcome(copy, row) == DENIED, name
    assert moved > 40


async def test_no_other_way_leads_to_another_committees_rows(attack: Attack) -> None:
    written = BytesIO()
    await attack.web.copy_from_query("SELECT committee_id FROM incidents", output=written)
    assert written.getvalue().decode().split() == [str(attack.care)]
    for command in (
        "COPY incidents TO PROGRAM 'cat'",
        "COPY incidents TO '/tmp/incidents'",
        "SELECT pg_read_file('/etc/hostname')",
        "SELECT lo_export(1, '/tmp/incidents')",
        "ALTER TABLE incidents DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE incidents OWNER TO larm_web",
        "CREATE POLICY mine ON incidents TO larm_web USING (true)",
        "DROP POLICY committee ON incidents",
        "CREATE FUNCTION larm_all() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE FUNCTION larm_committees() RETURNS uuid[] LANGUAGE sql AS 'SELECT NULL::uuid[]'",
        "CREATE TRIGGER mine AFTER INSERT ON incidents EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "TRUNCATE incidents",
        "SELECT setval('timeline_feed_seq', 1)",
        "ALTER ROLE larm_web BYPASSRLS",
        "SELECT starelid FROM pg_statistic",
    ):
        assert await attack.outcome(command) == DENIED, command
    switched_off = await attack.outcome("SET row_security = off")
    assert switched_off == "nothing"
    await attack.web.execute("SET row_security = off")
    assert await attack.outcome("SELECT * FROM incidents") == DENIED  # an error, not the rows
    await attack.web.execute("RESET row_security")
    seen = await attack.web.fetch("SELECT DISTINCT tablename FROM pg_stats WHERE schemaname = 'public'")
    assert {row["tablename"] for row in seen} <= OF_NO_COMMITTEE.keys()  # what is common in a column is data, too
    assert await attack.owner.fetch("SELECT oid FROM pg_largeobject_metadata") == []


async def test_a_table_of_the_whole_house_is_written_only_where_it_is_meant_to_be(attack: Attack) -> None:
    for name in OF_NO_COMMITTEE:
        may = {
            right
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
            if await attack.owner.fetchval("SELECT has_table_privilege('larm_web', $1, $2)", name, right)
        }
        assert ("SELECT" in may) is (name in READ_BY_THE_WEB), (name, may)
        assert not may & {"TRUNCATE", "REFERENCES", "TRIGGER"}, (name, may)
        assert bool(may - {"SELECT"}) is (name in WRITTEN_BY_THE_WEB), (name, may)


async def test_whoever_says_sql_of_his_own_chooses_whose_eyes_he_has(attack: Attack) -> None:
    """What row-level security is no wall against, so that nobody takes it for one: it catches a forgotten condition.

    The committees are a setting of the transaction and the login behind both roles may leave them, by functions that
    stand in any SELECT. Against SQL put into ours there is one thing: none is put together from what anybody says.
    """
    change = attack.web.transaction()
    await change.start()
    await attack.web.fetch("SELECT set_config('larm.committees', $1, true)", str(attack.social))
    assert await attack.seen() == {attack.social}
    await attack.web.fetch("SELECT set_config('role', 'larm_service', true)")
    assert await attack.seen() == {attack.care, attack.social}
    await change.rollback()
    assert await attack.seen() == {attack.care}


ASKING: Final = frozenset({"execute", "executemany", "fetch", "fetchrow", "fetchval", "cursor", "prepare"})


def test_no_sql_is_put_together_from_what_anybody_says() -> None:
    """Every statement is a text in the code or a block of a file; what is said goes beside it, as values."""
    composed = {
        f"{named(file)}:{call.lineno}"
        for file in sources(".py")
        if named(file).startswith("larmcentral/") and named(file) not in PUT_TOGETHER
        for call in ast.walk(tree(file))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in ASKING
        if call.args and not _written_out(call.args[0])
    }
    assert composed == set()


def _written_out(statement: ast.expr) -> bool:
    """A constant, a name of one, or a block of a file by a name that is."""
    match statement:
        case ast.Constant() | ast.Name() | ast.Attribute():
            return True
        case ast.Subscript(value=value, slice=ast.Constant() | ast.Name() | ast.Attribute()):
            return _written_out(value)
    return False
