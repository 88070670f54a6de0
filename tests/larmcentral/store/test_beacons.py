"""Which beacon an incident's device heard loudest, of those that one's own committees know."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from escalation.ids import IncidentId
from larmcentral.domain.views import IndoorView
from larmcentral.store.access import looking
from larmcentral.store.beacons import indoor
from larmcentral.store.reading import Reader
from tests.builders import NOON
from tests.larmcentral.store.rooms import Rooms, rooms
from tests.larmcentral.store.working import place, scope_of

HALL, STAIRS, STRANGER = "ac:23:3f:00:00:02", "AC-23-3F-00-00-01", "ff:ff:00:00:00:01"


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


async def told(made: Rooms, incident: UUID, committee: UUID, *more: UUID) -> IndoorView | None:
    scope = scope_of(made.town, committee, *more)
    view = await Reader(made.web).view(scope, IncidentId(incident))
    async with looking(made.web, scope) as connection:
        return await indoor(connection, scope, view)


async def hears(
    made: Rooms, incident: UUID, *beacons: str, at: datetime = NOON, event_at: datetime | None = None
) -> None:
    evidence = json.dumps([["place", "beacon"], *(["beacon", one] for one in beacons)])
    await made.town.signal(
        incident, made.town.committee_of[incident], at=at, event_at=event_at, evidence=evidence, kind="position"
    )


async def test_the_newest_signal_that_heard_ours_counts_and_in_it_the_loudest(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    house, incident = await place(town, care, "Solgården"), await town.incident(care)
    assert await told(made, incident, care) is None
    await hears(made, incident, f"{HALL},-30", at=NOON)
    assert await told(made, incident, care) is None, "nobody has said where it hangs"
    await town.beacon(care, house, "ac233f000002", "hall")
    await town.beacon(care, house, "ac233f000001", "trapphus")
    later = NOON + timedelta(minutes=1)
    await hears(made, incident, f"{STRANGER},-10", f"{HALL},-80", f"{STAIRS},-61,namn,90", at=later)
    await hears(made, incident, f"{STRANGER},-20", at=later + timedelta(minutes=1))
    assert await told(made, incident, care) == IndoorView(
        place_id=house, place="Solgården", label="trapphus", dbm=-61, at=later
    )


async def test_a_signal_that_came_late_tells_of_its_own_time_but_of_none_ahead_of_ours(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    house, incident = await place(town, care, "Solgården"), await town.incident(care)
    await town.beacon(care, house, "ac233f000002", "hall")
    await town.beacon(care, house, "ac233f000001", "trapphus")
    earlier, later = NOON - timedelta(hours=1), NOON + timedelta(hours=1)
    await hears(made, incident, f"{HALL},-50", at=NOON, event_at=later)
    await hears(made, incident, f"{STAIRS},-50", at=NOON + timedelta(seconds=5), event_at=earlier)
    found = await told(made, incident, care)
    assert found is not None
    assert (found.label, found.at) == ("hall", NOON)


async def test_what_another_committee_knows_is_not_told_and_ones_own_word_counts_first(made: Rooms) -> None:
    town = made.town
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    incident = await town.incident(care)
    hidden = await place(town, social, "Skyddat boende")
    await town.beacon(social, hidden, "ac233f000002", "rum 4")
    await hears(made, incident, f"{HALL},")
    assert await told(made, incident, care) is None
    both = await told(made, incident, care, social)
    assert both is not None
    assert (both.place, both.dbm) == ("Skyddat boende", None)
    await town.beacon(care, await place(town, care, "Kommunhuset"), "ac233f000002", "foajé")
    for committees in ((care,), (care, social), (social, care)):
        found = await told(made, incident, *committees)
        assert found is not None
        assert found.place == "Kommunhuset"


async def test_a_place_that_was_removed_has_no_beacons(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    house, incident = await place(town, care, "Solgården", removed_at=NOON), await town.incident(care)
    await town.beacon(care, house, "ac233f000002", "hall")
    await hears(made, incident, f"{HALL},-50")
    assert await told(made, incident, care) is None
