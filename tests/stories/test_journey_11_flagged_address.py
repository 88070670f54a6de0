"""Journey 11: a social worker plans a visit to an address where evident risk of violence is recorded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from escalation.alarm import AlarmKind
from escalation.chain import Risk
from escalation.ids import PlaceId
from larmcentral.domain.errors import RefusedByRule
from larmcentral.domain.place import Place
from larmcentral.domain.register import Home, PlaceFlag
from tests.fakes.memory_store import MemoryRegister
from tests.stories.conftest import NewWorld
from tests.stories.world import World
from tests.world import ANNA, BO, DAVID, HOME, ORGANISATION, SOCIAL, an_id

FLAGGED = PlaceId(an_id("ringvägen 7"))
OTHERS = PlaceId(an_id("hamngatan 2"))
GROUND = "Knivhot mot personal"


def flag(world: World, review_on: date = date(2026, 5, 1)) -> None:
    """Two addresses with an evident risk: one of our own committee, one of another."""
    register, now = MemoryRegister(world.store), world.clock.now()
    for home, place_id, name in ((HOME, FLAGGED, "Ringvägen 7"), (Home(ORGANISATION, SOCIAL), OTHERS, "Hamngatan 2")):
        world.do(register.place(home, Place(id=place_id, name=name)))
        recorded = PlaceFlag(
            id=an_id(f"flag {name}"),
            place_id=place_id,
            risk=Risk.EVIDENT,
            owner_id=DAVID,
            ground=GROUND,
            review_on=review_on,
        )
        world.do(register.flag(home, recorded, now))


def test_a_session_of_one_is_refused_with_the_reason_the_rule_and_what_is_offered(world: World) -> None:
    flag(world)
    with pytest.raises(RefusedByRule) as refused:
        world.start_session(place_id=FLAGGED, minutes=30)
    assert refused.value.reason == "two_person_rule"
    assert refused.value.fields == {
        "rule": "AFS 2023:2",
        "ground": GROUND,
        "owner": str(DAVID),
        "review_on": "2026-05-01",
        "offer": "linked_session",
    }
    assert not world.store.tables.vigils


def test_naming_a_companion_is_not_enough_without_a_session_of_his_own(world: World) -> None:
    flag(world)
    with pytest.raises(RefusedByRule, match="not_linked"):
        world.start_session(place_id=FLAGGED, minutes=30, companions=(BO,))


def test_two_linked_sessions_begin_together_each_with_timers_of_its_own(new_world: NewWorld) -> None:
    world = new_world(hours=True)
    flag(world)
    world.start_session(place_id=FLAGGED, minutes=30, linked=(BO,))
    anna, bo = world.session_of(ANNA), world.session_of(BO)
    assert anna.group == bo.group is not None
    assert (anna.companions, bo.companions) == ((BO,), (ANNA,))
    assert anna.ends_at == bo.ends_at
    world.end_session(ANNA)
    world.run(seconds=35 * 60 + 1)
    assert world.incident.kind is AlarmKind.OVERDUE
    assert world.incident.subject == BO


def test_another_committees_danger_counts_and_its_ground_stays_a_secret(world: World) -> None:
    flag(world)
    with pytest.raises(RefusedByRule) as refused:
        world.start_session(place_id=OTHERS, minutes=30)
    assert refused.value.reason == "two_person_rule"
    assert refused.value.fields == {"rule": "AFS 2023:2", "offer": "linked_session"}


def test_an_address_without_a_signal_asks_for_a_memo_and_is_checked_more_often(world: World) -> None:
    flag(world)
    silent = PlaceId(an_id("skogen"))
    world.do(MemoryRegister(world.store).place(HOME, Place(id=silent, name="Skogstorpet")))

    async def no_signal() -> None:
        async with world.store.transaction() as tx:
            await tx.report_coverage(silent, world.clock.now(), good=False)

    world.do(no_signal())
    with pytest.raises(RefusedByRule, match="memo_wanted"):
        world.start_session(place_id=silent, check_in_every=timedelta(hours=1))
    world.start_session(place_id=silent, check_in_every=timedelta(hours=1), memo="Grusvägen förbi bommen")
    assert world.session_of().check_in_every == timedelta(minutes=10)
    assert world.session_of().shortened


def test_a_flag_past_its_review_still_counts_and_says_so(world: World) -> None:
    flag(world, review_on=date(2026, 3, 3))
    with pytest.raises(RefusedByRule) as refused:
        world.start_session(place_id=FLAGGED, minutes=30)
    assert refused.value.fields["review_overdue"] == "true"


def test_nobody_runs_two_sessions(world: World) -> None:
    world.start_session(minutes=30)
    with pytest.raises(RefusedByRule, match="session_runs"):
        world.start_session(minutes=30)
    with pytest.raises(RefusedByRule) as refused:
        world.start_session(BO, minutes=30, linked=(ANNA,))
    assert refused.value.fields == {"person": str(ANNA)}
