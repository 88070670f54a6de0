"""What an incident waits for, in words the browser knows; and what became of one that was held or merged."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from escalation.ids import CommitteeId, IncidentId, OrganisationId, PersonId
from larmcentral.domain import views
from larmcentral.domain.errors import NotFound
from larmcentral.domain.roles import Reach, Scope
from larmcentral.store.reading import Reader
from tests.builders import DESK, NOON, Town, step
from tests.larmcentral.store.rooms import Rooms, rooms
from tests.larmcentral.store.working import scope_of

DUE = NOON + timedelta(seconds=60)


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


async def next_of(made: Rooms, incident: UUID, *committees: UUID) -> views.NextStepView | None:
    view = await Reader(made.web).view(scope_of(made.town, *committees), IncidentId(incident))
    return view.next


async def test_a_step_in_turn_waits_for_the_next_person_of_its_queue(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    bo, cecilia = await town.person(care, "Bo"), await town.person(care, "Cecilia")
    steps = [step({"person": str(bo)}, {"person": str(cecilia)}), step(DESK)]
    waiting = {"queue": [str(cecilia), str(bo)], "repeats_left": 2}
    incident = await town.incident(care, steps=steps, core=json.dumps(waiting))
    assert await next_of(made, incident, care) == views.NextStepView(
        what="next_turn", due_at=DUE, step=0, targets=("Cecilia",)
    )


async def test_a_step_that_is_begun_again_tells_the_same_people(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    bo = await town.person(care, "Bo")
    steps = [step(DESK), step({"person": str(bo)})]
    core = json.dumps({"queue": [], "repeats_left": 1})
    incident = await town.incident(care, steps=steps, next_step=2, core=core)
    assert await next_of(made, incident, care) == views.NextStepView(what="repeat", due_at=DUE, step=1, targets=("Bo",))


async def test_without_turns_or_repeats_the_next_step_comes(made: Rooms) -> None:
    care = await made.town.committee("Omsorg")
    core = json.dumps({"queue": [], "repeats_left": 0})
    incident = await made.town.incident(care, steps=[step(DESK), step(DESK)], core=core)
    assert await next_of(made, incident, care) == views.NextStepView(
        what="next_step", due_at=DUE, step=1, targets=("desk",)
    )


async def test_an_incident_in_hand_waits_for_its_lapse_and_not_for_an_operator_who_is_idle(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    bo = await town.person(care, "Bo")
    core = json.dumps({"queue": [str(bo)], "repeats_left": 1})
    incident = await town.incident(care, state="acknowledged", steps=[step(DESK), step(DESK)], core=core)
    await town.insert(
        "deadlines",
        organisation_id=town.organisation,
        committee_id=care,
        incident_id=incident,
        what="owner_idle",
        due_at=NOON,
        fence=2,
    )
    found = await next_of(made, incident, care)
    assert found is not None
    assert (found.what, found.due_at) == ("lapse", DUE)


async def test_each_kind_of_target_has_its_word(made: Rooms) -> None:
    town = made.town
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    rota, theirs = await a_rota(town, care, "Jour"), await a_rota(town, social, "Hemlig jour")
    targets = (
        {"oncall": str(rota)},
        {"oncall": str(theirs)},
        {"nearest": {"count": 3, "within_m": 2000}},
        {"building": True},
        {"manager": True},
        {"receiver": "Larmbolaget"},
        DESK,
    )
    incident = await town.incident(care, steps=[step(DESK), step(*targets)])
    found = await next_of(made, incident, care)
    assert found is not None
    assert found.targets == ("Jour", "nearest:3/2000", "building", "manager", "receiver:Larmbolaget", "desk")


async def test_a_merged_incident_names_the_one_that_goes_on_and_a_held_one_for_how_long(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    other = await town.incident(care)
    core = json.dumps({"merged_into": str(other), "held_s": 90.5})
    incident = await town.incident(care, state="stood_down", core=core)
    view = await Reader(made.web).view(scope_of(town, care), IncidentId(incident))
    assert (view.merged_into, view.held_s) == (other, 90.5)


async def test_a_covert_incident_is_nobodys_own_even_if_a_row_forgot_that_it_is_silent(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    anna = PersonId(await town.person(care, "Anna"))
    shown = await town.incident(care, person=anna)
    covert = IncidentId(await town.incident(care, person=anna, subject=f"covert/person:{anna}"))
    desk = scope_of(town, care)
    own = Scope(
        organisation_id=OrganisationId(town.organisation),
        committees=frozenset({CommitteeId(care)}),
        reach=Reach.OWN,
        person_id=anna,
    )
    for which in (views.Which.OPEN, views.Which.ALL):
        queue = await Reader(made.web).queue(own, now=NOON, which=which)
        assert [one.id for one in queue.incidents] == [shown]
        assert len((await Reader(made.web).queue(replace(desk, tests=True), now=NOON, which=which)).incidents) == 2
    with pytest.raises(NotFound):
        await Reader(made.web).view(own, covert)


async def a_rota(town: Town, committee: UUID, name: str) -> UUID:
    rota = town.new_id()
    await town.insert("rotas", organisation_id=town.organisation, committee_id=committee, id=rota, name=name, version=1)
    return rota
