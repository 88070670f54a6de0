"""Contact points, tests and channels as people read them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from escalation.ids import PersonId
from larmcentral.domain.errors import NotFound
from larmcentral.domain.roles import Role
from larmcentral.store.reading_points import Points
from tests.builders import NOON, Town
from tests.larmcentral.store.rooms import Rooms, rooms
from tests.larmcentral.store.working import scope_of, viewer_of

LATER = NOON + timedelta(hours=1)


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


async def point(town: Town, committee: UUID, person: UUID, channel: str, address: str, **values: object) -> UUID:
    new = town.new_id()
    await town.insert(
        "contact_points",
        organisation_id=town.organisation,
        committee_id=committee,
        id=new,
        person_id=person,
        channel=channel,
        address=address,
        made_at=NOON,
        **values,
    )
    return new


async def message(
    town: Town, committee: UUID, point_id: UUID | None, channel: str, by: UUID, at: datetime = NOON, **values: object
) -> UUID:
    new = town.new_id()
    await town.insert(
        "service_messages",
        organisation_id=town.organisation,
        committee_id=committee,
        id=new,
        channel=channel,
        point_id=point_id,
        asked_by=by,
        asked_at=at,
        due_at=at,
        **{"kind": "test", "detail": json.dumps({}), **values},
    )
    return new


async def test_a_persons_points_are_shown_as_they_are_tried_without_an_apps_key(made: Rooms) -> None:
    town, points = made.town, Points(made.web, linked=True)
    care = await town.committee("Omsorg")
    bo = await town.person(care, "Bo")
    gone = await point(town, care, bo, "fcm", "old-key", retired_at=LATER, retired_why="UNREGISTERED")
    await point(town, care, bo, "sms", "+46701740699", retired_at=LATER, retired_why="removed")
    mail = await point(town, care, bo, "mail", "bo@larm.example", rank=2, last_failed_at=LATER, last_failed_why="550")
    app = await point(town, care, bo, "fcm", "key", rank=1, label="Min", verified_at=NOON, last_reached_at=NOON)
    seen = await points.of_person(scope_of(town, care), PersonId(bo))
    assert [(one.id, one.address, one.health, one.proof) for one in seen] == [
        (app, None, "reached", "push"),
        (mail, "bo@larm.example", "failing", "link"),
        (gone, None, "retired", "push"),
    ]
    assert (seen[0].label, seen[0].verified_at, seen[0].person, seen[0].committee_id) == ("Min", NOON, "Bo", care)
    assert (seen[1].last_failed_at, seen[1].last_failed_why, seen[1].verified_at) == (LATER, "550", None)
    assert await points.own(viewer_of(town, care, role=Role.WORKER, person=bo)) == seen
    assert await points.own(viewer_of(town, care)) == ()
    unlinked = await Points(made.web, linked=False).of_person(scope_of(town, care), PersonId(bo))
    assert unlinked[1].proof == "code"


async def test_another_committees_person_is_not_found(made: Rooms) -> None:
    town, points = made.town, Points(made.web, linked=True)
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    bo = await town.person(care, "Bo")
    await point(town, care, bo, "sms", "+46701740601")
    with pytest.raises(NotFound):
        await points.of_person(scope_of(town, social), PersonId(bo))
    assert await points.troubled(scope_of(town, social), now=NOON) == ()
    assert await points.channels(scope_of(town, social), now=NOON) == {}


async def test_trouble_is_listed_with_those_first_who_have_nothing_better(made: Rooms) -> None:
    town, points = made.town, Points(made.web, linked=True)
    care = await town.committee("Omsorg")
    anna, bo = await town.person(care, "Anna"), await town.person(care, "Bo")
    left = await town.person(care, "Cecilia", ends_on=NOON.date() - timedelta(days=1))
    fine: dict[str, object] = {"verified_at": NOON, "last_reached_at": LATER}
    await point(town, care, anna, "fcm", "fine", **fine)
    unproven = await point(town, care, anna, "sms", "+46701740601", last_reached_at=NOON)
    failing = await point(town, care, bo, "sms", "+46701740602", **fine, last_failed_at=LATER + timedelta(seconds=1))
    gone = await point(town, care, bo, "fcm", "gone", rank=1, retired_at=NOON, retired_why="UNREGISTERED")
    await point(town, care, bo, "fcm", "moved", rank=1, retired_at=NOON, retired_why="moved")
    await point(town, care, left, "sms", "+46701740603")
    listed = await points.troubled(scope_of(town, care), now=NOON)
    assert [one.id for one in listed] == [failing, gone, unproven]


async def test_a_channels_points_are_counted_and_its_last_test_is_shown(made: Rooms) -> None:
    town, points = made.town, Points(made.web, linked=True)
    care = await town.committee("Omsorg")
    bo, eva = await town.person(care, "Bo"), town.new_id()
    one = await point(town, care, bo, "sms", "+46701740601", verified_at=NOON, last_failed_at=NOON, last_failed_why="x")
    await point(town, care, bo, "sms", "+46701740602", retired_at=NOON, retired_why="550")
    await point(town, care, bo, "sms", "+46701740603", retired_at=NOON, retired_why="removed")
    await point(town, care, bo, "voice", "+46701740601")
    await message(town, care, one, "sms", eva)
    newest = await message(
        town, care, one, "sms", eva, LATER, state="sent", settled_at=LATER, provider="46elks", seconds=0.5, tries=1
    )
    await message(town, care, one, "sms", eva, LATER + timedelta(minutes=1), kind="proof")
    of_row = await message(town, care, None, "receiver", eva, kind="receiver_test", receiver="nord")
    used = await points.channels(scope_of(town, care), now=LATER)
    assert {name: (c.proven, c.unproven, c.failing, c.retired) for name, c in used.items()} == {
        "receiver": (0, 0, 0, 0),
        "sms": (1, 0, 1, 1),
        "voice": (0, 1, 0, 0),
    }
    last = used["sms"].last_test
    assert last is not None
    assert (last.id, last.state, last.provider, last.seconds) == (newest, "sent", "46elks", 0.5)
    assert used["receiver"].last_test is not None
    assert used["receiver"].last_test.id == of_row
    assert used["voice"].last_test is None
    later = await points.channels(scope_of(town, care), now=LATER + timedelta(days=91))
    assert later["sms"].last_test is None


async def test_a_message_is_read_by_who_asked_and_by_who_sees_all_of_its_committee(made: Rooms) -> None:
    town, points = made.town, Points(made.web, linked=True)
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    bo, eva = await town.person(care, "Bo"), town.new_id()
    number = await point(town, care, bo, "sms", "+46701740601")
    asked = await message(town, care, number, "sms", eva, state="failed", settled_at=LATER, reason="503", answer="busy")
    for viewer in (
        viewer_of(town, care, role=Role.RESPONDER, user=eva, person=bo),
        viewer_of(town, care, role=Role.MANAGER),
    ):
        view = await points.message(viewer, asked)
        assert (view.state, view.reason, view.answer, view.settled_at) == ("failed", "503", "busy", LATER)
    for viewer in (
        viewer_of(town, care, role=Role.RESPONDER, person=bo),
        viewer_of(town, social, role=Role.ADMIN),
    ):
        with pytest.raises(NotFound):
            await points.message(viewer, asked)
