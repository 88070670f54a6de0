"""What the database says after a storm: the signals behind panics and acked events, and the facts that must hold."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

import asyncpg

from load.afterwards import Check, broken_timelines
from load.afterwards import alarms as fetch_alarms
from load.afterwards import notices as fetch_notices
from load.fleet import PATIENCE_S
from load.generator import Pressed
from load.house import COMMITTEE, ORGANISATION, House, an_id, unit_id
from load.house import delivered as fetch_delivered
from load.match import Matched, match
from load.profile import NOTICES_PER_ALARM
from load.storm.frames import account
from load.storm.plan import FAMILY

_EVENTS: Final = "SELECT account, event_at FROM signals WHERE protocol = $1 AND kind IN ('zone_enter', 'zone_exit')"
_COUNTS: Final = """
SELECT
    (SELECT count(*) FROM incidents i WHERE i.purpose <> 'test' AND
        (SELECT count(*) FROM notices n
         WHERE (n.organisation_id, n.incident_id) = (i.organisation_id, i.id) AND n.channel <> 'console') <> $1)
        AS without_notices,
    (SELECT count(*) FROM incidents WHERE purpose <> 'test') AS incidents,
    (SELECT count(*) FROM notices WHERE state = 'pending') AS pending,
    (SELECT count(*) FROM incidents i WHERE i.state <> 'stood_down' AND NOT EXISTS
        (SELECT FROM deadlines d WHERE (d.organisation_id, d.incident_id) = (i.organisation_id, i.id)))
        AS without_deadline
"""
LOOK_EVERY_S: Final = 0.2
_PENDING: Final = "SELECT EXISTS (SELECT FROM notices WHERE state = 'pending')"


async def enter_units(connection: asyncpg.Connection, units: int, teams: int, now: datetime) -> None:
    """Enter the units that storm, each with a wearer of its own, beside the fleet that the house has."""
    wearers = [an_id(f"{FAMILY} wearer {number}") for number in range(units)]
    devices = [an_id(f"{FAMILY} {number}") for number in range(units)]
    where = (ORGANISATION, COMMITTEE)
    await connection.copy_records_to_table(
        "persons",
        columns=("organisation_id", "committee_id", "id", "unit_id", "name"),
        records=[
            (*where, wearer, unit_id(number % teams), f"Uteboende {number + 1:05d}")
            for number, wearer in enumerate(wearers)
        ],
    )
    await connection.copy_records_to_table(
        "devices",
        columns=("organisation_id", "committee_id", "id", "protocol", "account", "label", "changed_at"),
        records=[
            (*where, device, FAMILY, account(number), f"Handenhet {number + 1:05d}", now)
            for number, device in enumerate(devices)
        ],
    )
    await connection.copy_records_to_table(
        "device_assignments",
        columns=("organisation_id", "committee_id", "device_id", "person_id", "from_at"),
        records=[(*where, device, wearer, now) for device, wearer in zip(devices, wearers, strict=True)],
    )
    await connection.execute("ANALYZE persons, devices, device_assignments")


async def all_sent(connection: asyncpg.Connection, house: House) -> None:
    """Return when every notice on disk is settled, or when it has taken too long."""
    for _ in range(round(PATIENCE_S / LOOK_EVERY_S)):
        if house.crew.fallen() or not await connection.fetchval(_PENDING):
            break
        await asyncio.sleep(LOOK_EVERY_S)


async def follow(
    connection: asyncpg.Connection, house: House, presses: Sequence[Pressed], wall_ahead_s: float
) -> Matched:
    """Follow every press, of whatever family, to its notices."""
    signals = await fetch_alarms(connection, wall_ahead_s)
    return match(presses, signals, await fetch_notices(connection), await fetch_delivered(house), {})


async def checks(
    connection: asyncpg.Connection, matched: Matched, acked_events: Collection[tuple[str, datetime]], uncounted: int
) -> list[Check]:
    """Return the facts that must hold however slow it was. uncounted: acks that the server does not count as such."""
    row = await connection.fetchrow(_COUNTS, NOTICES_PER_ALARM)
    if row is None:
        raise AssertionError("one row always comes")
    stored = {(one["account"], one["event_at"]) for one in await connection.fetch(_EVENTS, FAMILY)}
    acked = [journey for journey in matched.journeys if journey.press.acked_s is not None]
    alone = sum(j.signal is not None and j.signal.incident_id is None for j in acked)
    broken, looked_at = await broken_timelines(connection)
    return [
        Check("panics acked", len(acked), len(matched.journeys)),
        Check("acked panics without a stored signal", sum(j.signal is None for j in acked), 0),
        Check("panics with two stored signals", matched.twice, 0),
        Check("stored panics of nobody", matched.strangers, 0),
        Check("acked panics without an incident", alone, 0),
        Check(
            f"acked panics without their {NOTICES_PER_ALARM} notices received",
            sum(len(j.notices) != NOTICES_PER_ALARM for j in acked),
            0,
        ),
        Check("incidents opened", row["incidents"], len(matched.journeys)),
        Check(f"incidents without their {NOTICES_PER_ALARM} notices", row["without_notices"], 0),
        Check("notices pending", row["pending"], 0),
        Check("acked events of telemetry that are not on disk", len(set(acked_events) - stored), 0),
        Check("acked messages that the server's own metrics did not count", uncounted, 0),
        Check("open incidents without a deadline", row["without_deadline"], 0),
        Check(f"broken timelines among {looked_at}", broken, 0),
    ]
