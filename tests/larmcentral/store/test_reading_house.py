"""The house at work: desk, shift changes, pool and ledger, each as far as one's own committees go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from escalation.alarm import AlarmKind
from escalation.events import Operator
from escalation.handover import CaseLine, Signed, decide_handover, start_handover
from escalation.ids import DeviceId, IncidentId, PersonId, UserId
from escalation.incident import State
from escalation.loan import start_loan
from escalation.vigil import VigilKind
from larmcentral.domain.views_house import (
    DeskPicture,
    DeskSeat,
    HandoverCase,
    HandoverView,
    LedgerRow,
    LoanView,
    PoolRow,
    SeatPressure,
)
from larmcentral.store.reading_house import HouseReads
from tests.builders import NOON, Town
from tests.larmcentral.store.rooms import Rooms, rooms
from tests.larmcentral.store.working import PLAN, scope_of, vigil

LATER = NOON + timedelta(minutes=5)


@pytest.fixture
async def made(database_dsn: str) -> AsyncIterator[Rooms]:
    async with rooms(database_dsn) as it:
        yield it


async def test_the_desk_shows_who_sits_there_and_how_much_of_ours_he_has_in_hand(made: Rooms) -> None:
    town = made.town
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    eva, ola, far = [await town.user(name, "operator", care, social) for name in ("eva", "ola", "far")]
    await sit(town, eva, "Eva", care, social)
    await sit(town, ola, "Ola", care)
    await sit(town, far, "Far", social)
    await town.incident(care, state="acknowledged", owner_user_id=eva)
    await town.incident(social, state="acknowledged", owner_user_id=eva)
    await town.incident(care, state="open")
    assert await HouseReads(made.web).desk(scope_of(town, care)) == (
        DeskSeat(user_id=ola, name="Ola", since=NOON, seen_at=LATER, load=0),
        DeskSeat(user_id=eva, name="Eva", since=NOON, seen_at=LATER, load=1),
    )
    both = await HouseReads(made.web).desk(scope_of(town, care, social))
    assert {seat.name: seat.load for seat in both} == {"Eva": 2, "Ola": 0, "Far": 0}


async def test_the_picture_counts_real_alarms_that_call_for_a_person(made: Rooms) -> None:
    town, reads = made.town, HouseReads(made.web)
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    eva, ola = [await town.user(name, "operator", care, social) for name in ("eva", "ola")]
    await sit(town, eva, "Eva", care, social)
    await sit(town, ola, "Ola", care)
    for minutes, values in (
        (1, {"state": "open"}),
        (2, {"state": "acknowledged", "owner_user_id": eva, "acknowledged_at": NOON - timedelta(minutes=1)}),
        (30, {"state": "acknowledged", "owner_user_id": eva, "acknowledged_at": NOON - timedelta(minutes=9)}),
        (40, {"state": "stood_down", "owner_user_id": eva, "acknowledged_at": NOON - timedelta(minutes=39)}),
        (3, {"state": "open", "purpose": "drill"}),
        (3, {"state": "open", "purpose": "test"}),
        (3, {"state": "open", "kind": "low_battery", "gravity": 4}),
    ):
        opened_at = NOON - timedelta(minutes=minutes)
        await town.incident(care, opened_at=opened_at, person=await town.person(care, "Anna"), **values)
    await town.incident(social, opened_at=NOON - timedelta(minutes=1))
    picture = await reads.picture(scope_of(town, care), now=NOON)
    assert picture == DeskPicture(
        at=NOON,
        seats=(
            SeatPressure(user_id=ola, name="Ola", since=NOON, load=0, alarms_10_min=0),
            SeatPressure(user_id=eva, name="Eva", since=NOON, load=2, alarms_10_min=2),
        ),
        opened_10_min=2,
        untaken=1,
        per_operator=1.0,
        flood=False,
    )


async def test_eleven_for_one_operator_are_a_flood_that_a_second_operator_ends(made: Rooms) -> None:
    town, reads = made.town, HouseReads(made.web)
    care = await town.committee("Omsorg")
    for minutes in range(1, 12):
        await town.incident(care, opened_at=NOON - timedelta(minutes=minutes / 2), due_in_s=None)
    assert (await reads.picture(scope_of(town, care), now=NOON)).flood, "an empty desk as well"
    for name in ("eva", "ola"):
        await sit(town, await town.user(name, "operator", care), name, care)
    picture = await reads.picture(scope_of(town, care), now=NOON)
    assert (picture.opened_10_min, picture.per_operator, picture.flood) == (11, 5.5, False)


async def test_units_are_listed_and_a_committee_without_any_stands_for_itself(made: Rooms) -> None:
    town = made.town
    care, social, far = [await town.committee(name) for name in ("Omsorg", "Social", "Annan")]
    north, south = await town.unit(care, "Nord"), await town.unit(care, "Syd")
    await town.unit(far, "Fjärran")
    units = await HouseReads(made.web).units(scope_of(town, care, social))
    assert [(one.committee_id, one.unit_id, one.name) for one in units] == [
        (care, north, "Nord"),
        (care, south, "Syd"),
        (social, None, "Social"),
    ]


async def test_a_shift_change_lists_its_cases_and_who_has_signed(made: Rooms) -> None:
    town = made.town
    care = await town.committee("Omsorg")
    eva, ola = [UserId(await town.user(name, "operator", care)) for name in ("eva", "ola")]
    anna = await town.person(care, "Anna")
    named = IncidentId(await town.incident(care, person=anna, state="acknowledged"))
    nobodys = IncidentId(await town.incident(care, kind="fall", opened_at=NOON - timedelta(minutes=9)))
    cases = (
        CaseLine(nobodys, AlarmKind.FALL, State.OPEN, timedelta(minutes=9)),
        CaseLine(named, AlarmKind.PANIC, State.ACKNOWLEDGED, timedelta(0)),
    )
    list_ = start_handover(Operator(eva), ola, cases, PLAN, NOON).core
    signed = decide_handover(list_, Signed(Operator(eva)), LATER).core
    made_id = await vigil(town, care, signed, VigilKind.HANDOVER)
    over = decide_handover(signed, Signed(Operator(ola)), LATER).core
    await vigil(town, care, over, VigilKind.HANDOVER)
    assert await HouseReads(made.web).handovers(scope_of(town, care)) == (
        HandoverView(
            id=made_id,
            made_at=NOON,
            from_user_id=eva,
            from_user="Eva",
            to_user_id=ola,
            to_user="Ola",
            signed_by=(eva,),
            cases=(
                HandoverCase(
                    incident_id=named, kind="panic", gravity=1, state="acknowledged", person="Anna", opened_at=NOON
                ),
                HandoverCase(
                    incident_id=nobodys,
                    kind="fall",
                    gravity=AlarmKind.FALL.gravity,
                    state="open",
                    person=None,
                    opened_at=NOON - timedelta(minutes=9),
                ),
            ),
        ),
    )


async def test_a_list_that_spans_committees_tells_each_its_own_cases_alone(made: Rooms) -> None:
    town = made.town
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    eva = UserId(await town.user("eva", "operator", care, social))
    ours, theirs = IncidentId(await town.incident(care)), IncidentId(await town.incident(social))
    cases = tuple(CaseLine(one, AlarmKind.PANIC, State.OPEN, timedelta(0)) for one in (ours, theirs))
    await vigil(town, care, start_handover(Operator(eva), None, cases, PLAN, NOON).core, VigilKind.HANDOVER)
    [view] = await HouseReads(made.web).handovers(scope_of(town, care))
    assert ([case.incident_id for case in view.cases], view.to_user) == ([ours], None)
    [both] = await HouseReads(made.web).handovers(scope_of(town, care, social))
    assert {case.incident_id for case in both.cases} == {ours, theirs}
    assert await HouseReads(made.web).handovers(scope_of(town, social)) == ()


async def test_the_pool_shows_what_the_gate_looks_at_and_who_has_a_device(made: Rooms) -> None:
    town = made.town
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    anna = PersonId(await town.person(care, "Anna"))
    out = DeviceId(await pooled(town, care, "B-2", seen=True))
    home = await pooled(town, care, "A-1")
    await pooled(town, social, "S-1")
    await town.device(care, "nobody lends this")
    for minutes, reached in ((1, True), (2, True), (3, False)):
        await ledger_line(town, care, device=out, minutes=minutes, reached=reached)
    due_back = NOON + timedelta(hours=8)
    loan = start_loan(out, anna, due_back, PLAN, NOON, Operator(UserId(town.new_id()))).core
    await vigil(town, care, loan, VigilKind.LOAN, person=anna, device=out)
    assert await HouseReads(made.web).pool(scope_of(town, care)) == (
        PoolRow(
            device_id=home,
            committee_id=care,
            tag="A-1",
            label="Klocka A-1",
            battery_pct=None,
            last_seen_at=None,
            tested_at=None,
            loan=None,
        ),
        PoolRow(
            device_id=out,
            committee_id=care,
            tag="B-2",
            label="Klocka B-2",
            battery_pct=71,
            last_seen_at=NOON,
            tested_at=NOON + timedelta(minutes=2),
            loan=LoanView(person_id=anna, person="Anna", out_at=NOON, due_back_at=due_back),
        ),
    )


async def test_the_ledger_has_the_newest_test_of_each_device_and_app_the_longest_ago_first(made: Rooms) -> None:
    town = made.town
    care, social = await town.committee("Omsorg"), await town.committee("Social")
    anna, secret = await town.person(care, "Anna"), await town.person(social, "Sekretess")
    watch, spare = await town.device(care, "1"), await town.device(care, "2")
    await ledger_line(town, care, device=watch, minutes=1, reached=True)
    newest = await ledger_line(town, care, device=watch, person=anna, minutes=9, reached=False)
    older = await ledger_line(town, care, device=spare, minutes=4, reached=True)
    await ledger_line(town, care, person=anna, minutes=2, reached=True)
    app = await ledger_line(town, care, person=anna, minutes=3, reached=True)
    await ledger_line(town, social, person=secret, minutes=5, reached=True)
    found = await HouseReads(made.web).tests(scope_of(town, care))
    assert found == (
        row_of(app, 3, None, None, "Anna"),
        row_of(older, 4, spare, "Klocka 2", None),
        row_of(newest, 9, watch, "Klocka 1", "Anna", reached=False),
    )


def row_of(
    incident: UUID, minutes: int, device: UUID | None, label: str | None, person: str | None, *, reached: bool = True
) -> LedgerRow:
    at = NOON + timedelta(minutes=minutes)
    return LedgerRow(
        incident_id=incident,
        device_id=device,
        label=label,
        person=person,
        pressed_at=at - timedelta(seconds=1),
        received_at=at,
        reached_desk_at=at + timedelta(seconds=1) if reached else None,
    )


async def sit(town: Town, user: UUID, name: str, *committees: UUID) -> None:
    for committee in committees:
        await town.insert(
            "desk_presences",
            organisation_id=town.organisation,
            committee_id=committee,
            user_id=user,
            name=name,
            since=NOON,
            seen_at=LATER,
        )


async def pooled(town: Town, committee: UUID, tag: str, *, seen: bool = False) -> UUID:
    device = await town.device(committee, tag, seen_at=NOON if seen else None)
    await town.connection.execute("UPDATE devices SET pool = true, tag = $2 WHERE id = $1", device, tag)
    return device


async def ledger_line(
    town: Town, committee: UUID, *, minutes: int, reached: bool, device: UUID | None = None, person: UUID | None = None
) -> UUID:
    """A line of the ledger; returns the incident's id."""
    incident, at = town.new_id(), NOON + timedelta(minutes=minutes)
    await town.insert(
        "test_alarms",
        organisation_id=town.organisation,
        committee_id=committee,
        signal_id=town.new_id(),
        incident_id=incident,
        device_id=device,
        person_id=person,
        pressed_at=at - timedelta(seconds=1),
        received_at=at,
        reached_desk_at=at + timedelta(seconds=1) if reached else None,
    )
    return incident
