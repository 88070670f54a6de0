"""Operators' commands about their own place, beside what the journeys tell of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from escalation.events import Operator
from escalation.ids import UserId, VigilId
from escalation.incident import Refused, State
from larmcentral.domain.desk import AtDesk
from larmcentral.domain.errors import NotFound, StoreUnavailable
from protocols.signal import SignalKind
from tests.stories.world import KARIN, LARS, SIGHT, World
from tests.world import ANNA, CARE, ORGANISATION, SOCIAL, WATCH, an_id

MONA = Operator(UserId(an_id("mona")))
SPARE, OTHER = "8660000002", "999"


def seat(world: World, operator: Operator, *committees: object) -> AtDesk:
    now = world.clock.now()
    return AtDesk(
        organisation_id=ORGANISATION,
        committees=frozenset(committees or SIGHT),  # type: ignore[arg-type]
        operator=operator,
        name=str(operator.user_id),
        since=now,
        seen_at=now,
    )


def sits(world: World, operator: Operator, *committees: object) -> None:
    """Takes a place; no screen beats."""
    world.do(world.house.desk.sit_down(seat(world, operator, *committees)))


def leaves(world: World, operator: Operator) -> None:
    world.do(world.house.desk.leave(operator.user_id))


def cases(world: World, owner: Operator, *kinds: SignalKind) -> None:
    """So many open incidents of one owner, each about somebody else, gravest last."""
    for account, kind in zip((SPARE, OTHER, WATCH), kinds, strict=False):
        world.press(account, kind)
        world.run(seconds=1)
        world.do(world.server.escalate.acknowledge(world.incident_id, owner, frozenset({CARE, SOCIAL})))


def owners(world: World) -> list[Operator | None]:
    """Of every incident, gravest first."""
    return [record.incident.owner for record in sorted(world.incidents(), key=lambda one: one.incident.kind.gravity)]


def test_the_stores_clock_says_since_when_somebody_sits_there_and_not_his_own(world: World) -> None:
    early = world.clock.now() - timedelta(hours=3)
    world.do(world.house.desk.sit_down(replace(seat(world, KARIN), since=early, seen_at=early)))
    began = world.clock.now()
    world.run(seconds=30)
    sits(world, KARIN)
    (one,) = world.store.tables.desk.values()
    assert (one.since, one.seen_at) == (began, world.clock.now()), "sitting down again is a sign of life"


def test_who_has_no_place_gives_no_sign_and_leaves_nothing(world: World) -> None:
    world.do(world.house.desk.seen(KARIN.user_id))
    leaves(world, KARIN)
    leaves(world, KARIN)
    assert not world.store.tables.desk


def test_of_many_incidents_each_goes_to_whoever_has_least_then(world: World) -> None:
    for operator in (KARIN, LARS, MONA):
        sits(world, operator, CARE, SOCIAL)
    cases(world, KARIN, SignalKind.NO_MOTION, SignalKind.FALL, SignalKind.PANIC)
    leaves(world, KARIN)
    given = owners(world)
    assert sorted(given.count(one) for one in (LARS, MONA)) == [1, 2]
    assert KARIN not in given
    assert [record.incident.state for record in world.incidents()] == [State.ACKNOWLEDGED] * 3


def test_the_gravest_goes_to_the_least_laden(world: World) -> None:
    for operator in (KARIN, LARS, MONA):
        sits(world, operator, CARE, SOCIAL)
    cases(world, LARS, SignalKind.NO_MOTION)
    world.press(OTHER, SignalKind.FALL)
    world.run(seconds=1)
    world.do(world.server.escalate.acknowledge(world.incident_id, KARIN, frozenset({CARE, SOCIAL})))
    world.press()
    world.run(seconds=1)
    world.acknowledge(KARIN)
    leaves(world, KARIN)
    panic, fall, _ = owners(world)
    assert panic == MONA
    assert fall in {LARS, MONA}


def test_nobody_is_given_the_alarm_that_is_about_himself(world: World) -> None:
    herself = Operator(UserId(an_id("anna at the desk")), ANNA)
    sits(world, KARIN)
    sits(world, herself)
    sits(world, LARS)
    cases(world, LARS, SignalKind.NO_MOTION)
    world.press()
    world.acknowledge(KARIN)
    leaves(world, KARIN)
    panic = min(world.incidents(), key=lambda one: one.incident.kind.gravity)
    assert panic.incident.owner == LARS


def test_whoever_does_not_work_for_its_committee_is_given_nothing_of_it(world: World) -> None:
    sits(world, KARIN)
    sits(world, LARS, SOCIAL)
    world.press()
    world.acknowledge(KARIN)
    leaves(world, KARIN)
    assert (world.incident.owner, world.state) == (None, "open")


def test_without_a_store_he_still_sits_there_and_owns_what_he_has(world: World) -> None:
    sits(world, KARIN)
    world.press()
    world.acknowledge(KARIN)
    world.store.available = False
    for work in (world.house.desk.leave(KARIN.user_id), world.house.desk.seen(KARIN.user_id)):
        with pytest.raises(StoreUnavailable):
            world.do(work)
    world.store.available = True
    assert (world.incident.owner, set(world.store.tables.desk)) == (KARIN, {KARIN.user_id})


def test_a_log_off_whose_answer_was_lost_may_be_repeated(world: World) -> None:
    sits(world, KARIN)
    sits(world, LARS)
    world.press()
    world.acknowledge(KARIN)
    world.store.lost_answers = 1
    with pytest.raises(StoreUnavailable):
        leaves(world, KARIN)
    leaves(world, KARIN)
    assert world.incident.owner == LARS
    assert world.story.count("owner_left") == 1


def test_a_list_is_made_once_for_each_time_it_is_asked_for_and_signed_by_two(world: World) -> None:
    first, second = world.lists_cases(KARIN, LARS), world.lists_cases(KARIN)
    assert first != second
    world.signs(second, KARIN)
    world.signs(second, MONA)
    with pytest.raises(Refused, match="signed"):
        world.signs(second, LARS)
    world.signs(first, LARS)
    world.signs(first, KARIN)


def test_nobody_makes_a_list_for_himself_and_signs_none_that_is_not_there_or_not_a_list(world: World) -> None:
    with pytest.raises(Refused, match="same_person"):
        world.lists_cases(KARIN, KARIN)
    assert not world.store.tables.vigils
    world.start_session(minutes=30)
    (session_id,) = world.store.tables.vigils
    for vigil_id in (VigilId(an_id("none")), session_id):
        with pytest.raises(NotFound):
            world.signs(vigil_id, KARIN)
