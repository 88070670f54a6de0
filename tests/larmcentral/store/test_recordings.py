"""Spoken memos: kept with one's own running session, played by the desk with a line in the log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from escalation.ids import OrganisationId, PersonId, PlaceId, VigilId
from larmcentral.domain.errors import NotFound, Poison
from larmcentral.domain.roles import Reach, Role, Scope
from larmcentral.store.reading_work import Work
from larmcentral.store.recordings import Recordings
from tests.builders import NOON
from tests.larmcentral.store.rooms import Rooms, rooms
from tests.larmcentral.store.working import looks, place, scope_of, viewer_of, working

LATER = NOON + timedelta(minutes=1)


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


async def test_the_last_words_said_before_a_session_are_played_and_that_they_were_is_written_down(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    anna = await town.person(care, "Anna")
    home = await place(town, care, "Ekgatan 3")
    session = VigilId(await working(town, care, anna, place_id=PlaceId(home)))
    worker, recordings = viewer_of(town, care, role=Role.WORKER, person=anna), Recordings(made.web)
    await recordings.save(worker, "audio/ogg", b"OggS 1", NOON)
    await recordings.save(worker, "audio/webm", b"webm 2", LATER)
    assert await looks(town) == []
    operator = viewer_of(town, care)
    by_desk = await Work(made.web).session(scope_of(town, care), PersonId(anna), by=worker, now=LATER)
    assert by_desk.recording
    assert await recordings.load(scope_of(town, care), session, by=operator, now=LATER) == ("audio/webm", b"webm 2")
    assert await looks(town) == [("recording_played", "session", anna, home)]
    row = await town.connection.fetchrow("SELECT core ->> 'recording' AS recording, version FROM vigils")
    assert (row["recording"], row["version"]) == ("audio/webm", 3)


async def test_a_memo_that_was_announced_and_never_came_is_not_there_to_be_played(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    anna = await town.person(care, "Anna")
    await working(town, care, anna, recording="audio/ogg")
    found = await Work(made.web).session(
        scope_of(town, care), PersonId(anna), by=viewer_of(town, care, role=Role.WORKER, person=anna), now=LATER
    )
    assert not found.recording


async def test_a_recording_is_heard_when_the_session_is_over_but_none_is_added(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    anna = await town.person(care, "Anna")
    session = VigilId(await working(town, care, anna))
    worker, recordings = viewer_of(town, care, role=Role.WORKER, person=anna), Recordings(made.web)
    await recordings.save(worker, "audio/ogg", b"OggS", NOON)
    await town.connection.execute("UPDATE vigils SET ended_at = $1, due_at = NULL", LATER)
    with pytest.raises(NotFound):
        await recordings.save(worker, "audio/ogg", b"OggS again", LATER)
    found = await recordings.load(scope_of(town, care), session, by=viewer_of(town, care), now=LATER)
    assert found == ("audio/ogg", b"OggS")


async def test_another_committee_hears_nothing_and_nothing_is_written_down(made: Rooms) -> None:
    town = made.town
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    secret = await town.person(social, "Sekretess")
    session = VigilId(await working(town, social, secret))
    recordings = Recordings(made.web)
    await recordings.save(viewer_of(town, social, role=Role.WORKER, person=secret), "audio/ogg", b"OggS", NOON)
    for one in (session, VigilId(town.new_id())):
        with pytest.raises(NotFound):
            await recordings.load(scope_of(town, care), one, by=viewer_of(town, care), now=LATER)
    own = Scope(
        organisation_id=OrganisationId(town.organisation),
        committees=scope_of(town, social).committees,
        reach=Reach.OWN,
        person_id=PersonId(secret),
    )
    with pytest.raises(NotFound):
        await recordings.load(own, session, by=viewer_of(town, social), now=LATER)
    assert await looks(town) == []


async def test_who_has_no_session_and_what_is_no_sound_are_refused(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    anna, bo = await town.person(care, "Anna"), await town.person(care, "Bo")
    await working(town, care, anna)
    recordings = Recordings(made.web)
    with pytest.raises(NotFound):
        await recordings.save(viewer_of(town, care, role=Role.WORKER, person=bo), "audio/ogg", b"OggS", NOON)
    with pytest.raises(Poison):
        await recordings.save(viewer_of(town, care, role=Role.WORKER, person=anna), "text/html", b"<", NOON)
    assert await town.connection.fetchval("SELECT count(*) FROM session_recordings") == 0
