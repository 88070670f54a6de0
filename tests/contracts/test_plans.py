"""What flows may rely on about action plans, words to people and answers at the end: the fake and PostgreSQL alike."""

from __future__ import annotations

from uuid import UUID

import pytest

from escalation.action_plan import ActionPlan, PlanStep, StepOutcome, StepRecord
from escalation.alarm import AlarmKind
from escalation.effects import About
from escalation.events import ClosingAnswer, MessageTo, Operator, Outcome
from escalation.ids import IncidentId, UserId
from escalation.incident import Refused, Unanswered
from larmcentral.domain.errors import NotFound
from larmcentral.domain.record import Record
from larmcentral.flows.escalate import Escalate
from tests.contracts.conftest import Kept
from tests.contracts.outgoing import alarm, claim
from tests.contracts.town import COTTAGE, begin_session, settle_places
from tests.world import ANNA, BO, CARE, CECILIA, HOME, ORGANISATION, SOCIAL, T0, UNIT, an_id

KARIN = Operator(UserId(an_id("karin")))
SIGHT = frozenset({CARE})
DONE, TRIED = StepRecord(StepOutcome.DONE), StepRecord(StepOutcome.NOT_POSSIBLE, "svarar inte")
WORDS = "Porten är öppen {inte} %s"


def plan(
    name: str, *keys: str, kind: AlarmKind | None = None, unit: UUID | None = None, place: UUID | None = None
) -> ActionPlan:
    steps = tuple(PlanStep(key, f"Gör {key}") for key in keys)
    return ActionPlan(id=an_id(name), name=name, version=1, steps=steps, kind=kind, unit_id=unit, place_id=place)


async def pressed(kept: Kept, *, silent: bool = False) -> IncidentId:
    """Anna's alarm."""
    incident_id = (await alarm(kept, silent=silent))[0].incident_id
    assert incident_id is not None
    return incident_id


async def standing(kept: Kept, incident_id: IncidentId) -> Record:
    async with kept.store.transaction() as tx:
        return (await tx.lock([incident_id])).records[incident_id]


async def test_plans_read_back_as_they_were_entered_and_only_their_own_committee_sees_them(kept: Kept) -> None:
    await settle_places(kept)
    entered = [plan("fall", "a", "b", kind=AlarmKind.FALL, unit=UNIT, place=COTTAGE), plan("whole", "a")]
    for one in entered:
        await kept.register.action_plan(HOME, one, T0)
        await kept.register.action_plan(HOME, one, T0)
    for sight in (None, SIGHT):
        async with kept.store.transaction(sight) as tx:
            found = await tx.action_plans(ORGANISATION, CARE)
            assert sorted(found, key=lambda one: one.name) == entered
            assert list(await tx.action_plans(ORGANISATION, SOCIAL)) == []
    async with kept.store.transaction(frozenset({SOCIAL})) as tx:
        assert list(await tx.action_plans(ORGANISATION, CARE)) == []


async def test_what_came_of_a_step_is_written_once_however_often_it_is_said(kept: Kept) -> None:
    await kept.register.action_plan(HOME, plan("panic", "call", "go", kind=AlarmKind.PANIC), T0)
    await kept.register.action_plan(HOME, plan("whole", "call"), T0)
    incident_id, commands = await pressed(kept), Escalate(kept.means)
    before = (await standing(kept, incident_id)).entries
    for record in (TRIED, TRIED, DONE, DONE, TRIED):
        await commands.record_step(incident_id, KARIN, "call", record, SIGHT)
    await commands.record_step(incident_id, KARIN, "go", DONE, SIGHT)
    assert (await standing(kept, incident_id)).entries == before + 4
    async with kept.store.transaction(SIGHT) as tx:
        assert await tx.newest_record(incident_id, an_id("panic"), "call") == TRIED
        assert await tx.newest_record(incident_id, an_id("panic"), "go") == DONE
        assert await tx.newest_record(incident_id, an_id("whole"), "call") is None
        assert await tx.newest_record(IncidentId(an_id("another")), an_id("panic"), "call") is None


async def test_a_step_that_the_plan_does_not_have_is_not_found(kept: Kept) -> None:
    incident_id, commands = await pressed(kept), Escalate(kept.means)
    with pytest.raises(NotFound):
        await commands.record_step(incident_id, KARIN, "call", DONE, SIGHT)
    await kept.register.action_plan(HOME, plan("panic", "call"), T0)
    with pytest.raises(NotFound):
        await commands.record_step(incident_id, KARIN, "go", DONE, SIGHT)
    with pytest.raises(NotFound):
        await commands.record_step(incident_id, KARIN, "call", DONE, frozenset({SOCIAL}))
    await commands.stand_down(incident_id, KARIN, Outcome.TEST, "", SIGHT)
    with pytest.raises(Refused, match="stood_down"):
        await commands.record_step(incident_id, KARIN, "call", DONE, SIGHT)


async def test_the_plan_of_the_place_counts_before_that_of_the_unit_and_of_the_kind(kept: Kept) -> None:
    await settle_places(kept)
    await begin_session(kept, COTTAGE)
    for one in (
        plan("panic", "kind", kind=AlarmKind.PANIC),
        plan("Nord", "unit", unit=UNIT),
        plan("the cottage", "place", place=COTTAGE),
    ):
        await kept.register.action_plan(HOME, one, T0)
    incident_id, commands = await pressed(kept), Escalate(kept.means)
    await commands.record_step(incident_id, KARIN, "place", DONE, SIGHT)
    for key in ("unit", "kind"):
        with pytest.raises(NotFound):
            await commands.record_step(incident_id, KARIN, key, DONE, SIGHT)


async def test_words_go_out_as_they_were_written_and_again_when_they_are_claimed_anew(kept: Kept) -> None:
    incident_id, commands = await pressed(kept), Escalate(kept.means)
    await commands.send_message(incident_id, KARIN, MessageTo.RESPONDERS, WORDS, SIGHT)
    await commands.send_message(incident_id, KARIN, MessageTo.WEARER, WORDS, SIGHT)
    said = [one for one in await claim(kept, 50) if one.text.about is About.MESSAGE]
    assert {(one.person_id, one.text.detail) for one in said} == {
        (BO, (("to", "responder"), ("words", WORDS))),
        (CECILIA, (("to", "responder"), ("words", WORDS))),
        (ANNA, (("to", "wearer"), ("words", WORDS))),
    }
    assert all(one.address for one in said)


async def test_words_to_the_wearer_of_a_silent_alarm_are_refused_and_nothing_is_filed(kept: Kept) -> None:
    incident_id, commands = await pressed(kept, silent=True), Escalate(kept.means)
    before = (await standing(kept, incident_id)).entries
    with pytest.raises(Refused, match="silent"):
        await commands.send_message(incident_id, KARIN, MessageTo.WEARER, WORDS, SIGHT)
    await commands.send_message(incident_id, KARIN, MessageTo.RESPONDERS, WORDS, SIGHT)
    said = [one for one in await claim(kept, 50) if one.text.about is About.MESSAGE]
    assert {one.person_id for one in said} == {BO, CECILIA}
    assert (await standing(kept, incident_id)).entries == before + 1 + len(said)


async def test_whoever_was_shown_the_form_ends_an_alarm_by_answering_it(kept: Kept) -> None:
    incident_id, commands = await pressed(kept), Escalate(kept.means)
    with pytest.raises(Unanswered) as refused:
        await commands.stand_down(incident_id, KARIN, Outcome.FALSE, "", SIGHT, ())
    assert refused.value.faults == {"cause": "missing"}
    assert (await standing(kept, incident_id)).incident.stood_down_at is None
    answers = (ClosingAnswer("cause", "by_mistake", "i fickan"),)
    await commands.stand_down(incident_id, KARIN, Outcome.FALSE, "", SIGHT, answers)
    assert (await standing(kept, incident_id)).incident.closing == answers
