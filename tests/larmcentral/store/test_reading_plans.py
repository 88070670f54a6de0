"""Action plans as people read them: as they stood when an incident ended, and with words that lost their step."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from escalation.action_plan import ActionPlan, PlanStep
from escalation.alarm import AlarmKind
from escalation.ids import CommitteeId, IncidentId, UserId
from larmcentral.domain.errors import Collision, NotFound
from larmcentral.domain.views_plans import ActionPlanView, IncidentStep
from larmcentral.store.reading_plans import ActionPlans
from tests.builders import NOON
from tests.larmcentral.store.rooms import Rooms, rooms
from tests.larmcentral.store.working import scope_of

PLAN, OTHER = UUID(int=91), UUID(int=92)
KARIN = UserId(UUID(int=93))


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


def plan(*keys: str, id: UUID = PLAN, version: int = 0, **more: Any) -> ActionPlan:
    steps = tuple(PlanStep(key, f"Gör {key}") for key in keys)
    return ActionPlan(id=id, version=version, steps=steps, **{"name": "Överfall"} | more)


async def save(made: Rooms, committee: UUID, plan: ActionPlan) -> ActionPlanView:
    plans = ActionPlans(made.web)
    return await plans.save(scope_of(made.town, committee), CommitteeId(committee), plan, by=KARIN)


async def test_plans_are_listed_by_name_with_the_unit_and_the_place_they_are_for(made: Rooms) -> None:
    care = await made.town.committee("Omsorg")
    unit = await made.town.unit(care)
    place = await made.town.place(care, "Storgatan 1", owner=await made.town.person(care, "Eva"))
    whole = await save(made, care, plan("a", name="Ö"))
    special = await save(made, care, plan("b", id=OTHER, name="A", kind=AlarmKind.FALL, unit_id=unit, place_id=place))
    assert (special.kind, special.unit, special.place) == ("fall", "Nord", "Storgatan 1")
    assert await ActionPlans(made.web).rows(scope_of(made.town, care)) == (special, whole)


async def test_a_plan_is_written_on_top_of_the_one_it_was_made_from_and_none_but_its_committees(made: Rooms) -> None:
    care, social = await made.town.committee("Omsorg"), await made.town.committee("Social")
    assert (await save(made, care, plan("a"))).version == 1
    assert (await save(made, care, plan("b", version=1))).version == 2
    for stale in (0, 1, 3):
        with pytest.raises(Collision):
            await save(made, care, plan("c", version=stale))
    with pytest.raises(Collision):
        await save(made, care, plan("c", id=OTHER))
    plans, elsewhere = ActionPlans(made.web), scope_of(made.town, social)
    with pytest.raises(NotFound):
        await save(made, social, plan("c", version=2))
    with pytest.raises(NotFound):
        await plans.save(elsewhere, CommitteeId(care), plan("c", version=2), by=KARIN)
    with pytest.raises(NotFound):
        await plans.remove(elsewhere, PLAN)
    assert await plans.rows(elsewhere) == ()
    [row] = await plans.rows(scope_of(made.town, care))
    assert [step.key for step in row.steps] == ["b"]


async def test_a_removed_plan_makes_room_for_another_and_does_not_come_back(made: Rooms) -> None:
    care = await made.town.committee("Omsorg")
    await save(made, care, plan("a"))
    await ActionPlans(made.web).remove(scope_of(made.town, care), PLAN)
    assert (await save(made, care, plan("a", id=OTHER))).version == 1
    for version in (0, 1):
        with pytest.raises(NotFound):
            await save(made, care, plan("a", version=version))


async def test_an_incident_that_is_over_shows_the_plan_as_it_stood_then(made: Rooms) -> None:
    town, care = made.town, await made.town.committee("Omsorg")
    plans, scope = ActionPlans(made.web), scope_of(made.town, care)
    await save(made, care, plan("a"))
    ended_at = await town.connection.fetchval("SELECT clock_timestamp()")
    over = await town.incident(care, state="stood_down", stood_down_at=ended_at, outcome="real", due_in_s=None)
    before = await town.incident(
        care, state="stood_down", stood_down_at=ended_at - timedelta(days=1), outcome="real", due_in_s=None
    )
    running = await town.incident(care)
    await save(made, care, plan("b", version=1, name="Ny"))
    now = await plans.of_incident(scope, IncidentId(running))
    assert (now.name, now.version, [step.key for step in now.steps]) == ("Ny", 2, ["b"])
    await plans.remove(scope, PLAN)
    then = await plans.of_incident(scope, IncidentId(over))
    assert (then.name, then.version, [step.key for step in then.steps]) == ("Överfall", 1, ["a"])
    assert (await plans.of_incident(scope, IncidentId(before))).name is None
    assert (await plans.of_incident(scope, IncidentId(running))).name is None


async def test_a_word_on_a_step_that_was_taken_out_since_is_still_read_in_its_own_words(made: Rooms) -> None:
    care = await made.town.committee("Omsorg")
    await save(made, care, plan("a", "b"))
    incident = await made.town.incident(care)
    said = {"plan_id": str(PLAN), "plan": "Överfall", "version": "1", "outcome": "done"}
    await made.town.line(incident, "step_recorded", **said, key="a", text="Gör a")
    await made.town.line(incident, "step_recorded", **said | {"plan_id": str(OTHER)}, key="b", text="Gör något annat")
    await save(made, care, plan("b", version=1))
    found = await ActionPlans(made.web).of_incident(scope_of(made.town, care), IncidentId(incident))
    assert [(step.key, step.text) for step in found.steps] == [("b", "Gör b"), ("a", "Gör a")]
    assert found.steps[0] == IncidentStep(key="b", text="Gör b", record=None)
    record = found.steps[1].record
    assert record is not None
    assert (record.outcome, record.note, record.at) == ("done", "", NOON)


async def test_no_plan_of_an_incident_elsewhere_is_shown(made: Rooms) -> None:
    care, social = await made.town.committee("Omsorg"), await made.town.committee("Social")
    await save(made, care, plan("a"))
    incident = await made.town.incident(care)
    with pytest.raises(NotFound):
        await ActionPlans(made.web).of_incident(scope_of(made.town, social), IncidentId(incident))
