"""One decision about one stored incident: held, decided, filed, and only then told."""

from __future__ import annotations

import asyncio

import pytest

from escalation.events import Operator, Responder
from escalation.ids import IncidentId
from escalation.incident import Refused, State
from larmcentral.domain.errors import NotFound, StoreUnavailable
from larmcentral.flows.deciding import hold
from tests.stories.world import KARIN, LARS, SIGHT, World
from tests.world import BO, SOCIAL, an_id


def taken_s(world: World) -> list[float]:
    """How soon incidents were taken, as it was measured."""
    return [told[1] for told in world.measures.told if told[0] == "acknowledged"]


def test_how_soon_it_was_taken_is_measured_once_by_whoever_takes_it_first(world: World) -> None:
    world.press()
    world.run(seconds=5)
    world.acknowledge(LARS)
    assert taken_s(world) == [pytest.approx(5, abs=0.3)]
    world.puts_back(LARS)
    world.run(seconds=5)
    world.acknowledge(KARIN)
    assert len(taken_s(world)) == 1, "the second one was not the first human being"


def test_of_two_who_take_it_at_the_same_moment_one_is_told_that_he_was_second(world: World) -> None:
    world.press()
    take = world.server.escalate.acknowledge

    async def both() -> list[object]:
        return await asyncio.gather(
            *(take(world.incident_id, by, SIGHT) for by in (KARIN, LARS)), return_exceptions=True
        )

    first, second = world.do(both())
    assert first is None
    assert isinstance(second, Refused)
    assert (str(second), world.incident.owner) == ("taken", KARIN)
    assert world.story.count("acknowledged") == 1
    assert len(taken_s(world)) == 1


def test_a_refusal_files_nothing_and_measures_nothing(world: World) -> None:
    world.press()
    world.stand_down()
    version, lines = world.record.version, len(world.story)
    with pytest.raises(Refused, match="stood_down"):
        world.acknowledge()
    assert (world.record.version, len(world.story)) == (version, lines)
    assert taken_s(world) == []


def test_without_a_store_the_person_hears_it_and_nothing_is_half_done(world: World) -> None:
    world.press()
    world.forget_calls()
    world.store.available = False
    with pytest.raises(StoreUnavailable):
        world.acknowledge()
    world.store.available = True
    assert (world.state, taken_s(world)) == ("open", [])


def test_a_command_whose_answer_was_lost_stands_and_is_told_to_whoever_asks_again(world: World) -> None:
    world.press()
    world.store.lost_answers = 1
    with pytest.raises(StoreUnavailable):
        world.going(BO)
    world.going(BO)
    assert world.story.count("on_the_way") == 1
    assert [one.person_id for one in world.incident.responders if one.state.value == "going"] == [BO]


def test_nobody_holds_what_is_not_there_or_not_for_him(world: World) -> None:
    world.press()

    async def held(incident_id: IncidentId, *, elsewhere: bool) -> State:
        sight = frozenset({SOCIAL}) if elsewhere else SIGHT
        async with world.store.transaction(sight) as tx:
            return (await hold(tx, incident_id, world.server.means)).record.incident.state

    assert world.do(held(world.incident_id, elsewhere=False)) is State.OPEN
    for incident_id, elsewhere in ((IncidentId(an_id("none")), False), (world.incident_id, True)):
        with pytest.raises(NotFound):
            world.do(held(incident_id, elsewhere=elsewhere))


def test_a_responders_word_about_a_case_of_another_committee_is_not_heard(world: World) -> None:
    world.press()
    with pytest.raises(NotFound):
        world.do(world.server.escalate.on_the_way(world.incident_id, Responder(BO), frozenset({SOCIAL})))
    with pytest.raises(NotFound):
        world.do(world.server.escalate.put_back(world.incident_id, Operator(KARIN.user_id), frozenset()))
    assert world.state == "open"
