"""Incidents as they are shown: every column in its place, in a handful of queries however many there are."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from escalation.ids import CommitteeId, IncidentId, OrganisationId, PersonId, UserId
from larmcentral.domain import views
from larmcentral.domain.errors import NotFound
from larmcentral.domain.feed import Touched
from larmcentral.domain.outbox import DeviceState
from larmcentral.domain.roles import Committee, Reach, Role, Scope, Viewer
from larmcentral.store.pool import Pool
from larmcentral.store.reading import Reader
from larmcentral.store.telemetry import fold
from tests.builders import DESK, NOON, operator_pairs, responder_pairs, step
from tests.larmcentral.store.rooms import Rooms, rooms
from tests.larmcentral.store.working import place


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
        place_id=await place(town, care, "Ekgatan 3"),
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
        place="Ekgatan 3",
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


async def test_a_place_of_another_committee_is_not_told(made: Rooms) -> None:
    care, social = await made.town.committee("Omsorg"), await made.town.committee("Social")
    incident = await made.town.incident(care, place_id=await place(made.town, social, "Skyddat boende"))
    viewer = an_operator(made, care, made.town.new_id())
    detail = await Reader(made.web).detail(scope_of(made, care), IncidentId(incident), by=viewer, now=NOON)
    assert (detail.incident.place, detail.place) == (None, None)


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


async def test_a_system_alarm_of_a_vigil_leads_to_no_incident(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    incident, loan = await town.incident(care), town.new_id()
    about_it = await town.system_alarm(care, "chain_used_up", incident_id=incident)
    missing = await town.system_alarm(care, "not_returned", incident_id=loan, vigil_id=loan)
    shown = await Reader(made.web).system_alarms(scope_of(made, care))
    assert {alarm.id: (alarm.fault, alarm.incident_id) for alarm in shown} == {
        about_it: ("chain_used_up", incident),
        missing: ("not_returned", None),
    }


async def test_a_worker_is_not_told_that_his_alarm_goes_on_in_another_that_may_be_silent(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    anna, bo = await town.person(care, "Anna"), await town.person(care, "Bo")
    silent = await town.incident(care, person=anna, silent=True, subject=f"covert/person:{anna}")
    visible = await town.incident(
        care,
        person=anna,
        state="stood_down",
        responders={bo: "going"},
        core=json.dumps({"merged_into": str(silent)}),
    )
    seq = await town.line(visible, "stood_down", outcome="other", note="hotad", merged_into=str(silent))
    reader, incident_id = Reader(made.web), IncidentId(visible)
    all_of_it = scope_of(made, care)
    own = replace(all_of_it, reach=Reach.OWN, person_id=PersonId(anna))
    told = replace(all_of_it, reach=Reach.TOLD, person_id=PersonId(bo))
    viewer = an_operator(made, care, await town.user("eva", "operator", care))
    touched = Touched(
        organisation_id=all_of_it.organisation_id,
        committee_id=CommitteeId(care),
        incident_id=incident_id,
        person_id=PersonId(anna),
        test=False,
        silent=False,
        told=frozenset({PersonId(bo)}),
        seqs=(seq,),
    )
    at_once = await reader.changed({scope: [touched] for scope in (own, all_of_it, told)})
    for scope, seen in ((all_of_it, True), (own, False), (told, False)):
        detail = await reader.detail(scope, incident_id, by=viewer, now=NOON)
        (changed,) = at_once[scope]
        assert (detail.incident.merged_into == silent) is seen
        assert (changed.incident.merged_into == silent) is seen
        for line in (detail.timeline[-1], changed.entries[-1]):
            words = {} if scope is own else {"note": "hotad"}
            assert line.detail == {"outcome": "other"} | words | ({"merged_into": str(silent)} if seen else {})
        assert str(silent) not in str(await reader.queue(scope, now=NOON, which=views.Which.PAST)) or seen


@pytest.mark.parametrize("reach", [Reach.OWN, Reach.TOLD])
@pytest.mark.parametrize("state", ["open", "stood_down"])
async def test_a_silent_press_moves_nothing_in_an_incident_that_a_phone_may_read(
    made: Rooms, reach: Reach, state: str
) -> None:
    """Her device is heard by it; of another alarm of hers neither she nor a colleague may see that it was."""
    town = made.town
    care = await town.committee("Omsorg")
    anna, bo = await town.person(care, "Anna"), await town.person(care, "Bo")
    watch = await town.device(care, "1", worn_by=anna, seen_at=NOON)
    visible = await town.incident(care, person=anna, device=watch, state=state, responders={bo: "going"})
    whose = anna if reach is Reach.OWN else bo
    scope = replace(scope_of(made, care), reach=reach, person_id=PersonId(whose))
    viewer = replace(
        an_operator(made, care, await town.user("eva", "operator", care)), person_id=PersonId(whose), role=Role.WORKER
    )
    reader = Reader(made.web)

    async def read() -> tuple[object, ...]:
        seen = await reader.detail(scope, IncidentId(visible), by=viewer, now=NOON)
        return (
            seen,
            await reader.queue(scope, now=NOON, which=views.Which.ALL),
            await reader.view(scope, IncidentId(visible)),
        )

    before = await read()
    pressed = DeviceState(
        organisation_id=OrganisationId(town.organisation),
        protocol="watch",
        account="1",
        receiver="watch",
        last_seen_at=NOON + timedelta(minutes=3),
        battery_pct=12,
        covert=True,
    )
    await fold(town.connection, [pressed], NOON + timedelta(minutes=3))
    assert await town.connection.fetchval("SELECT battery_pct FROM device_states") == 12
    assert await read() == before
