"""Old incidents are whole: whatever rows the model has, each of them has, with times and persons of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from load.flat.old import copy_statement, fill
from load.flat.plan import FlatPlan
from tests.builders import NOON, Town

PLAN = FlatPlan(incidents=40, persons=2, years=1.0, lanes=2)
TABLES = ("incidents", "responders", "signals", "notices", "timeline")


async def test_every_old_incident_has_all_rows_of_the_model(database_dsn: str) -> None:
    town = await Town.found(database_dsn)
    try:
        care = await town.committee("Omsorg")
        unit = await town.unit(care)
        anna, bo = [await town.person(care, name, unit_id=unit) for name in ("Anna", "Bo")]
        eva, frej = [await town.person(care, name) for name in ("Eva", "Frej")]
        await town.team(care, "Lag", eva, frej, unit=unit)
        for person, account in ((anna, "8660000001"), (bo, "8660000002")):
            device = await town.device(care, account=account)
            await town.insert(
                "device_assignments",
                organisation_id=town.organisation, committee_id=care, device_id=device, person_id=person, from_at=NOON,
            )  # fmt: skip
        model = await town.incident(
            care, person=anna, state="stood_down", responders={eva: "released", frej: "released"}
        )
        await town.signal(model, care, at=NOON)
        await town.notice(model, eva)
        told = {}

        filled = await fill(database_dsn, PLAN, NOON, lambda words: told.update({words: True}))

        connection = town.connection
        counts = {table: await connection.fetchval(f"SELECT count(*) FROM {table}") for table in TABLES}
        assert counts == {"incidents": 41, "responders": 82, "signals": 41, "notices": 41, "timeline": 41}
        assert dict(filled.rows) == {"incidents": 1, "responders": 2, "signals": 1, "notices": 1, "timeline": 1}
        worn = await connection.fetch("SELECT person_id, count(*) FROM incidents WHERE id <> $1 GROUP BY 1", model)
        assert {row["person_id"]: row["count"] for row in worn} == {anna: 20, bo: 20}
        first, last = await connection.fetchrow(
            "SELECT min(opened_at), max(opened_at) FROM incidents WHERE id <> $1", model
        )
        assert first == NOON - timedelta(days=366.25)
        assert NOON - timedelta(days=12) < last < NOON - timedelta(days=1)
        stray = await connection.fetchval(
            "SELECT count(*) FROM timeline t JOIN incidents i ON i.id = t.incident_id WHERE t.at <> i.opened_at"
        )
        assert stray == 0
        orphans = await connection.fetchval(
            "SELECT count(*) FROM signals s WHERE NOT EXISTS (SELECT FROM incidents i WHERE i.id = s.incident_id)"
        )
        assert orphans == 0
        assert await connection.fetchval("SELECT to_regclass('load_old')") is None
    finally:
        await town.close()


async def test_without_a_model_nothing_is_filled_in(database_dsn: str) -> None:
    with pytest.raises(AssertionError, match="a real incident is made first"):
        await fill(database_dsn, PLAN, NOON, print)


def test_columns_that_the_database_fills_in_are_left_to_it() -> None:
    statement = copy_statement(
        "timeline", [("incident_id", "uuid"), ("at", "timestamp with time zone"), ("xact", "xid8")]
    )

    assert statement.startswith("INSERT INTO timeline (incident_id, at) SELECT o.incident_id, m.at + (")
