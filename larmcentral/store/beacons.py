"""Radio beacons on disk: which hang where, and which of them an incident's device heard loudest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import asyncpg
import msgspec

from escalation.ids import PlaceId
from larmcentral.domain.beacons import Hearing, PlacedBeacon, heard_in, loudest
from larmcentral.domain.register import Home
from larmcentral.domain.roles import Scope
from larmcentral.domain.views import IncidentView, IndoorView
from larmcentral.domain.views_places import Beacon
from larmcentral.store.columns import columns
from larmcentral.store.queries import load

SQL: Final = load("beacons")

HEARING_LIMIT: Final = 50
"""Signals looked through, newest first: some minutes of a device that reports often."""
_EVIDENCE: Final = msgspec.json.Decoder(list[list[str]])


async def indoor(connection: asyncpg.Connection, scope: Scope, incident: IncidentView) -> IndoorView | None:
    """Return where an incident's device is by the beacons that it heard; None where none of ours is among them."""
    rows = await connection.fetch(SQL["heard"], scope.organisation_id, incident.id, HEARING_LIMIT)
    hearings = [Hearing(row["at"], heard_in(_EVIDENCE.decode(row["evidence"]))) for row in rows]
    ids = {one.id for hearing in hearings for one in hearing.heard}
    if not ids:
        return None
    found = await connection.fetch(
        SQL["known"], scope.organisation_id, list(scope.committees), list(ids), incident.committee_id
    )
    nearest = loudest(hearings, {row["beacon"]: row for row in found})
    if nearest is None:
        return None
    return IndoorView(
        place_id=nearest.known["place_id"],
        place=nearest.known["place"],
        label=nearest.known["label"],
        dbm=nearest.beacon.dbm,
        at=nearest.at,
    )


async def of_place(connection: asyncpg.Connection, scope: Scope, place_id: PlaceId) -> tuple[Beacon, ...]:
    """Return a place's beacons in their order."""
    rows = await connection.fetch(SQL["of_place"], scope.organisation_id, place_id)
    return tuple(Beacon(**dict(row)) for row in rows)


async def hang(connection: asyncpg.Connection, home: Home, place_id: PlaceId, beacons: Sequence[PlacedBeacon]) -> None:
    """Write down all that hang at a place; those left out are forgotten."""
    await connection.execute(SQL["take_down"], home.organisation_id, place_id)
    if beacons:
        rows = [(one.id, one.said, one.label) for one in beacons]
        await connection.execute(SQL["hang"], home.organisation_id, home.committee_id, place_id, *columns(rows))
