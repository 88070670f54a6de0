"""Incidents as they are shown: every column in its place, in a handful of queries however many there are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from escalation.ids import CommitteeId, IncidentId, OrganisationId, UserId
from larmcentral.domain import views
from larmcentral.domain.errors import NotFound
from larmcentral.domain.roles import Committee, Role, Scope, Viewer
from larmcentral.store.pool import Pool
from larmcentral.store.reading import Reader
from tests.builders import DESK, NOON, operator_pairs, responder_pairs, step
from tests.larmcentral.store.rooms import Rooms, rooms


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


def scope_of(made: Rooms, *committees: UUID) -> Scope:
    return Scope(
        organisation_id=OrganisationId(made.town.organisation), committees=frozenset(map(CommitteeId, committees))
    )


def an_operator(made: Rooms, committee: UUID, user: UUID) -> Viewer:
    return Viewer(
        user_id=UserId(user),
        organisation_id=OrganisationId(made.town.organisation),
        name="Eva",
        role=Role.OPERATOR,
        person_id=None,
        language="sv",
        committees=(Committee(CommitteeId(committee), "Omsorg"),),
    )


async def test_a_row_says_everything_about_an_incident(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    unit = await town.unit(care, "Nord")
    anna = await town.person(care, "Anna", unit_id=unit, phone="+46701740601", employer="Vakt AB", external=True)
    bo = await town.person(care, "Bo")
    await town.team(care, "Dag", anna)
    night = await town.team(care, "Natt", anna, bo)
    eva = await town.user("eva", "operator", care, name="Eva E")
    watch = await town.device(care, "8660000001", worn_by=anna, seen_at=NOON)
    incident = await town.incident(
        care,
        person=anna,
        device=watch,
        state="acknowledged",
        owner_user_id=eva,
        shown_at=NOON + timedelta(seconds=2),
        event_at=NOON - timedelta(seconds=4),
        lateness_s=4.0,
        responders={bo: "going", anna: "declined"},
        steps=[step({"person": str(bo)}), step({"team": str(night)}, {"person": str(bo)}, DESK)],
        due_in_s=120.0,
        faults=["nobody_to_reach"],
    )
    await town.signal(incident, care, lat=59.1, lon=17.5, accuracy_m=8.0, fix_at=NOON)
    await town.signal(incident, care, at=NOON + timedelta(seconds=9), lat=59.2, lon=17.6, fix_valid=False)
    await town.signal(incident, care, at=NOON + timedelta(seconds=12))
    view = await Reader(made.web).view(scope_of(made, care), IncidentId(incident))
    assert view == views.IncidentView(
        id=incident,
        committee_id=care,
        version=1,
        state="acknowledged",
        purpose="real",
        kind="panic",
        gravity=1,
        silent=False,
        opened_at=NOON,
        event_at=NOON - timedelta(seconds=4),
        lateness_s=4.0,
        person=views.PersonView(
            id=anna, name="Anna", unit="Nord", team="Dag, Natt", phone="+46701740601", employer="Vakt AB"
        ),
        device=views.DeviceView(
            id=watch,
            protocol="watch",
            account="8660000001",
            label="Klocka 8660000001",
            model=None,
            battery_pct=71,
            last_seen_at=NOON,
        ),
        position=views.PositionView(
            lat=59.2,
            lon=17.6,
            accuracy_m=None,
            fix_at=None,
            received_at=NOON + timedelta(seconds=9),
            valid=False,
        ),
        owner=views.OwnerView(user_id=eva, name="Eva E"),
        acknowledged_at=NOON,
        shown_at=NOON + timedelta(seconds=2),
        stood_down_at=None,
        outcome=None,
        next=views.NextStepView(
            what="lapse", due_at=NOON + timedelta(seconds=120), step=1, targets=("Natt", "Bo", "desk")
        ),
        responders=(
            views.ResponderView(
                person_id=anna, name="Anna", state="declined", since=NOON + timedelta(seconds=1), step=0
            ),
            views.ResponderView(person_id=bo, name="Bo", state="going", since=NOON, step=0),
        ),
        step=0,
        steps=2,
        round=1,
        system_faults=("nobody_to_reach",),
    )


async def test_a_chain_that_is_used_up_starts_over_with_its_first_step(made: Rooms) -> None:
    care = await made.town.committee("Omsorg")
    bo = await made.town.person(care, "Bo")
    incident = await made.town.incident(care, steps=[step({"person": str(bo)}), step(DESK)], next_step=2)
    view = await Reader(made.web).view(scope_of(made, care), IncidentId(incident))
    assert view.next == views.NextStepView(
        what="next_step", due_at=NOON + timedelta(seconds=60), step=None, targets=("Bo",)
    )
    assert (view.step, view.steps) == (1, 2)


async def test_an_unknown_device_an_empty_chain_and_no_deadline_are_shown_as_they_are(made: Rooms) -> None:
    care = await made.town.committee("Omsorg")
    incident = await made.town.incident(care, chain='{"name": "", "steps": []}', next_step=0, due_in_s=None)
    view = await Reader(made.web).view(scope_of(made, care), IncidentId(incident))
    assert view.person is view.position is view.next is view.owner is None
    assert view.device is not None
    assert (view.device.id, view.device.account) == (None, "8660000001")
    assert (view.step, view.steps, view.responders) == (0, 0, ())


async def test_names_of_another_committee_are_not_told(made: Rooms) -> None:
    """A chain may name a person of another committee; who may not see him is not told who he is."""
    care, social = await made.town.committee("Omsorg"), await made.town.committee("Social")
    stranger = await made.town.person(social, "Sekretess")
    incident = await made.town.incident(
        care, steps=[step(DESK), step({"person": str(stranger)}, DESK)], responders={stranger: "notified"}
    )
    view = await Reader(made.web).view(scope_of(made, care), IncidentId(incident))
    assert view.next is not None
    assert view.next.targets == ("desk",)
    assert [one.name for one in view.responders] == [""]


async def test_detail_tells_the_account_oldest_first_with_names(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    bo = await town.person(care, "Bo")
    eva = await town.user("eva", "operator", care, name="Eva E")
    incident = await town.incident(care)
    await town.line(incident, "note", by=operator_pairs(eva), text="hej", at=NOON + timedelta(seconds=1))
    await town.line(incident, "on_the_way", by=responder_pairs(bo), at=NOON + timedelta(seconds=2))
    await town.notice(incident, bo, reason="BadDeviceToken", state="refused")
    await town.notice(incident, None, filed_at=NOON + timedelta(seconds=1))
    late = await town.signal(incident, care, at=NOON + timedelta(seconds=3), doubts=["old_fix"], lat=59.0, lon=17.0)
    first = await town.signal(incident, care, text="SOS")
    reader = Reader(made.web)
    detail = await reader.detail(scope_of(made, care), IncidentId(incident), by=an_operator(made, care, eva), now=NOON)
    assert [(entry.seq, entry.kind, entry.by.kind, entry.by.name) for entry in detail.timeline] == [
        (1, "opened", "system", None),
        (2, "note", "operator", "Eva E"),
        (3, "on_the_way", "responder", "Bo"),
    ]
    assert [(notice.channel, notice.person, notice.reason) for notice in detail.notices] == [
        ("apns", "Bo", "BadDeviceToken"),
        ("console", None, None),
    ]
    assert [signal.id for signal in detail.signals] == [first, late]
    assert detail.signals[1].doubts == ("old_fix",)
    assert [position.received_at for position in detail.trail] == [NOON + timedelta(seconds=3)]


async def test_what_is_not_there_and_what_one_may_not_see_are_the_same(made: Rooms) -> None:
    care, social = await made.town.committee("Omsorg"), await made.town.committee("Social")
    incident = await made.town.incident(social)
    for one in (incident, made.town.new_id()):
        with pytest.raises(NotFound):
            await Reader(made.web).view(scope_of(made, care), IncidentId(one))


async def test_a_queue_of_many_takes_as_many_queries_as_a_queue_of_one(made: Rooms) -> None:
    care = await made.town.committee("Omsorg")
    bo = await made.town.person(care, "Bo")
    await made.town.incident(care, responders={bo: "notified"})
    await queries_of_a_queue(made, care)  # the driver asks for types, once a connection
    one = await queries_of_a_queue(made, care)
    for _ in range(40):
        await made.town.incident(care, responders={bo: "notified"})
    assert await queries_of_a_queue(made, care) == one <= 7


async def queries_of_a_queue(made: Rooms, committee: UUID) -> int:
    async with made.web.connection() as connection:
        asked: list[object] = []
        connection.add_query_logger(asked.append)
    pool: Pool = made.web
    await Reader(pool).queue(scope_of(made, committee), now=NOON)
    connection.remove_query_logger(asked.append)
    return len(asked)
